// GET /v1/programmes/{programme}/coverage and GET /v1/countries/{country}/brief.
#pragma once

#include "server/api/routes.h"

namespace counterpart {

Response coverage(const Call& call);
Response brief(const Call& call);

}  // namespace counterpart
