// Tokens, the audit log, and who the caller is.
#pragma once

#include "server/api/routes.h"

namespace counterpart {

Response create_token(const Call& call);
Response list_tokens(const Call& call);
Response revoke_token(const Call& call);
Response list_audit(const Call& call);
Response verify_audit(const Call& call);
Response who_am_i(const Call& call);

}  // namespace counterpart
