// What is stated of a profile that somebody has looked into, as JSON.
#pragma once

#include <boost/json.hpp>
#include <cstdint>

#include "engine/base/result.h"
#include "index/store/checks.h"
#include "server/http/request.h"
#include "server/layer.h"

namespace counterpart::server {

// {status, by, at, until}, and for whoever may know it {reason, listed}. For whoever may not, nothing of one that is excluded:
// null. `today`: days since 1970.
boost::json::value write_diligence(const Diligence& stated, std::int32_t today, bool sees_all);

// The body of a check: {as, reason, until}. An exclusion has a reason; a day only what was checked. kInvalid names the member.
Result<Check> read_check(const Request& request);

}  // namespace counterpart::server
