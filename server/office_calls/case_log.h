// Cases as reports read them: those of the caller's reach, at one moment, with the lines that the log of them has.
#pragma once

#include <array>
#include <boost/json.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/report/case_line.h"
#include "index/casework/case_store.h"
#include "server/handlers/call.h"
#include "server/layer.h"

namespace counterpart::server {

struct LoggedCase {
  std::optional<Case> of;  // nothing: a profile of it was erased, and all of it with it
  std::array<PartyTraits, 2> traits = {};
  std::string line;  // without its end
};

// One reader's; must not outlive what the call is made to.
class CaseLog {
 public:
  // With `right`, an officer's are the cases that its office is a side of, everybody else's all.
  CaseLog(const Call& call, Right right);

  // Of kinds that reports read; nothing: there are no more. kCorrupt.
  Result<std::optional<LoggedCase>> next();
  // {cases, acts, erased, head, audit {entries, head}} of what was read: a figure can be tied to it. `head`: BLAKE2b of 32
  // bytes over the head before (32 zero bytes at first) and the line, for each line. kCorrupt.
  Result<boost::json::object> told() const;

 private:
  PartyTraits traits_of(std::string_view profile) const;

  const Taxonomy& taxonomy_;
  std::shared_ptr<const Corpus> corpus_;
  std::unique_ptr<CaseReader> reader_;
  std::string office_;  // empty: of all
  std::uint64_t cases_ = 0, acts_ = 0, erased_ = 0;
  std::string head_;
};

}  // namespace counterpart::server
