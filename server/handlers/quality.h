// How good the profiles are: what one could still say, and which two are one.
#pragma once

#include "server/api/routes.h"

namespace counterpart {

Response advice(const Call& call);
Response duplicates(const Call& call);

}  // namespace counterpart
