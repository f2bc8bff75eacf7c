// The wire between offices, where an administrator configured one: NATS JetStream, which carries sealed bundles and is never
// asked what is true.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/stream/courier.h"
#include "index/stream/nats_mailbox.h"
#include "server/layer.h"

namespace counterpart::server {

struct NetworkSettings {
  NatsSettings nats;  // without a URL there is no wire
  // http://ADDRESS:PORT at which each server that keeps the stream tells of itself, several joined by commas.
  std::string monitor;
};

// What is seen without asking anybody. kInvalid; kForbidden: everybody may read the key.
Status check_network_settings(const NetworkSettings& settings);

// Of what a NATS server tells of itself (/varz). kInvalid: one that has lost acknowledged messages, or may: it is older
// than 2.14, does not sync each write, or has no name of its own. kUnavailable: it keeps none.
Status check_nats_server(std::string_view told);
// The same of each that answers. kUnavailable: none does, or none keeps messages.
Status ask_nats_servers(const std::string& monitors);

// Starts to hand over; where no server answers it is tried again and again, and logged. kInvalid: one answers that may not be
// used.
Result<std::unique_ptr<Courier>> start_courier(const Receiving& receiving, const NetworkSettings& settings);

}  // namespace counterpart::server
