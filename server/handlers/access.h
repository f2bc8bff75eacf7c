// How calls about tokens and sessions tell whose they are.
#pragma once

#include <boost/json.hpp>

#include "server/access/tokens.h"
#include "server/handlers/call.h"
#include "server/layer.h"

namespace counterpart::server {

boost::json::object write_caller(const Caller& caller);
// Without its secret.
boost::json::object write_token(const Token& token);
// How far each right of the caller reaches.
boost::json::object write_rights(const Caller& caller);

// What follows a change of tokens, offices or desks: sessions that it ended go. A disk that refuses leaves their records, which
// let nobody in, until the next time.
void end_sessions(const Call& call);

}  // namespace counterpart::server
