// What stands beside a profile, as JSON: its versions, what is proposed, what differs between two, due diligence, good
// practice.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/caseload/acts.h"
#include "index/store/checks.h"
#include "index/store/versions.h"
#include "server/http/request.h"
#include "server/layer.h"
#include "server/wire/runs.h"

namespace counterpart::server {

// Ascending, the one in force last; without texts.
boost::json::object write_versions(std::string_view id, const std::vector<ProfileVersion>& versions);
// One, with its text.
boost::json::object write_version(std::string_view id, const ProfileVersion& version);
// What each member lost and gained from `before` to `after`, in the order of a profile's members; equal ones are left out. Both
// are public members as JSON.
boost::json::array write_difference(std::string_view before, std::string_view after);

// What was sent in and is held back.
boost::json::object write_submitted(const Submitted& submitted);
// A profile as it is proposed, with the private members that it has here.
boost::json::object write_proposal(const Proposal& proposal);

// {status, by, at, until}, and for whoever may know it {reason, listed}. For whoever may not, nothing of one that is excluded:
// null. `today`: days since 1970.
boost::json::value write_diligence(const Diligence& stated, std::int32_t today, bool sees_all);

// What both sides of a concluded introduction have let out of it, {case, partner, title, country, at, outcome, amount,
// currency, jobs, sdg}: `partner` is the other one than `profile`, `at` the day on which it was let out.
boost::json::object write_good_practice(const Case& released, std::string_view profile, const NameOf& name_of);

// The body of a check: {as, reason, until}. An exclusion has a reason; a day only what was checked. kInvalid names the member.
Result<Check> read_check(const Request& request);

}  // namespace counterpart::server
