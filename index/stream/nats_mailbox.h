// A mailbox in NATS JetStream: one stream of all offices, in which each has a durable consumer of what is addressed to it.
#pragma once

#include <memory>
#include <string>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/stream/mailbox.h"

namespace counterpart::index {

struct NatsSettings {
  std::string url;               // nats://HOST:PORT, several joined by commas
  std::string ca;                // PEM file of who signed the server's certificate; empty: no TLS
  std::string certificate, key;  // PEM files of this office's own; both or none
  unsigned replicas = 1;         // of the stream, where it is not there yet: 1 or 3
};

// The largest message that the server must let through: a bundle is smaller.
inline constexpr std::int64_t kLeastPayload = 8 << 20;

// Makes stream and consumer where they are not there. kUnavailable: no server answers, or it has no JetStream. kInvalid: its
// stream has two replicas, is compressed, or is not kept in files; or the server lets no message of kLeastPayload through.
Result<std::unique_ptr<Mailbox>> open_nats(const NatsSettings& settings, const std::string& office);

}  // namespace counterpart::index
