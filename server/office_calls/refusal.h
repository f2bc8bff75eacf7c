// A helpful no: what the answer about a refused interest tells besides, to whom it is of use.
#pragma once

#include <boost/json.hpp>

#include "engine/casework/case.h"
#include "server/handlers/call.h"
#include "server/layer.h"

namespace counterpart::server {

// Of an interest that is refused, for the side that asked: `instead`, the best three whom it has not asked yet and to whom the
// reason does not apply. Computed now and kept nowhere.
void add_instead(const Call& call, const Case& of, boost::json::object& body);

// For the side that refuses, with the act and its preview: `condition_offer`, the condition that says the same as the reason,
// as POST /v1/profiles/{id}:state-condition takes it. Nothing is stated by itself.
void add_condition_offer(const Call& call, const Case& of, boost::json::object& body);

}  // namespace counterpart::server
