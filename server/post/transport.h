// A way that letters leave by.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "index/caseload/outbox.h"
#include "server/layer.h"

namespace counterpart::server {

// A message with the letters that are in it: one, or several reminders to one reader.
struct Outgoing {
  std::vector<std::uint64_t> letters;  // numbers
  std::string from, to;                // addresses
  std::string message;                 // as message_of() has it
};

struct Carried {
  Delivery::Outcome outcome = Delivery::Outcome::kSent;  // never kLater
  std::string words = {};                                // where it was not sent: as the system or the server said them
};

// One thread at a time.
class Transport {
 public:
  virtual ~Transport() = default;
  // Is that letter known to have left, whatever its state in the store is?
  virtual bool has_left(std::uint64_t letter) = 0;
  virtual Carried carry(const Outgoing& mail) = 0;
  // The address of whoever hands mail in; empty: the writers do so themselves.
  virtual std::string sender() const { return {}; }
};

}  // namespace counterpart::server
