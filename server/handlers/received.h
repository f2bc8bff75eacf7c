// How a profile is marked, wherever it is told of, that another office's server sent.
#pragma once

#include <boost/json.hpp>
#include <string_view>

#include "engine/base/result.h"
#include "server/handlers/call.h"
#include "server/layer.h"

namespace counterpart::server {

// Adds `received_from` to what is told of the profile `id`: the office, its name, and as of when; to an own one nothing.
Status tell_origin(const Call& call, std::string_view id, boost::json::object& told, std::string_view member = "received_from");
// The same of each of a list, by its `id`.
Status tell_origins(const Call& call, boost::json::array& list);
// The same of each of a list, and of each of the list `within` that an entry has.
Status tell_origins(const Call& call, boost::json::array& list, std::string_view within);

}  // namespace counterpart::server
