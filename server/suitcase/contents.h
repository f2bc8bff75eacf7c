// What a desk takes along: what its caller is told by the calls that a page makes, and nothing else.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "server/handlers/call.h"
#include "server/layer.h"

namespace counterpart::server {

// So much of each at most; what stays behind is told in `left_out`.
inline constexpr std::size_t kCasesTaken = 150, kProfilesTaken = 60, kMatchesTaken = 8, kOthersTaken = 200, kBriefsTaken = 40;
inline constexpr std::size_t kBytesTaken = 6 * 1024 * 1024;

// {desk_view, cases, profiles, matches, advice, briefs, directory, programmes, left_out}, as `caller` may see them: an officer
// of `office`, with `desk` where one is named. In the language of `call`.
boost::json::object contents_of(const Call& call, const Caller& caller, const std::string& office, const std::string& desk);

}  // namespace counterpart::server
