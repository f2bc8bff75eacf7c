// How a follower says in a request where it stands, and how its owner reads that.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "index/replica/replication.h"
#include "server/http/request.h"
#include "server/layer.h"

namespace counterpart::server {

inline constexpr const char* kTailPath = "/v1/replica/tail";

std::string target_of(const TailCall& call);
// kInvalid.
Result<TailCall> read_tail_call(const Request& request);

}  // namespace counterpart::server
