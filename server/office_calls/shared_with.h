// What a case that is shared with another office of the network says of that office.
#pragma once

#include <boost/json.hpp>

#include "engine/base/result.h"
#include "index/caseload/shared_cases.h"
#include "server/handlers/call.h"
#include "server/layer.h"

namespace counterpart::server {

// What is known of the other office, whether it has what was said here, and what of this side's acts it did not do, and why.
Status add_shared_with(const Call& call, const SharedCase& shared, boost::json::object& out);

}  // namespace counterpart::server
