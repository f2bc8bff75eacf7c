// How an owner and its copies speak of a match run whose groups they share.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>

#include "engine/base/result.h"
#include "index/run/shared_groups.h"
#include "server/layer.h"

namespace counterpart::server {

inline const std::string kSharedRunPath = "/v1/replica/run", kJoinPath = "/v1/replica/run:join",
                         kTakePath = "/v1/replica/run:take", kGivePath = "/v1/replica/run:give";

// Of the owner's answer. kNotFound: it asks for no help.
Result<SharedRun> read_shared_run(const boost::json::object& told, std::uint64_t& number);
Result<SharedGroups::Next> read_turn(const boost::json::object& told);

}  // namespace counterpart::server
