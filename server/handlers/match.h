// Who fits whom, and why.
#pragma once

#include "server/api/routes.h"

namespace counterpart {

Response match(const Call& call);
Response explain(const Call& call);
Response list_programmes(const Call& call);

}  // namespace counterpart
