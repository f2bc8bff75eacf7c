// Operations of a suitcase, done: each by the call that it stands for, with the rights of whoever packed it.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "server/handlers/call.h"
#include "server/layer.h"
#include "server/suitcase/answers.h"

namespace counterpart::server {

// Which verdicts there are.
inline constexpr std::string_view kVerdicts[] = {"done", "already_done", "conflict", "refused", "given_up"};

// The verdict on one as JSON. What was done before is never done again. A choice is made by whoever hands it in: with the
// rights of `call`.
boost::json::object verdict_on(const Call& call, const Caller& packer, const Suitcase& suitcase, const Operation& operation,
                               const Choice* choice);

// Where two have changed the same, by member: what it was, what each made of it, and which of them has changed it.
boost::json::array members_apart(const boost::json::value& base, const boost::json::value& yours,
                                 const boost::json::value& theirs);

}  // namespace counterpart::server
