// What operators and browsers ask for: health, metrics, the interface's description, the officers' page.
#pragma once

#include "server/api/routes.h"

namespace counterpart {

Response healthz(const Call& call);
Response readyz(const Call& call);
Response metrics(const Call& call);
Response openapi_document(const Call& call);
Response verify(const Call& call);
Response page(const Call& call);

}  // namespace counterpart
