// POST /v1/projects/{id}/assemble.
#pragma once

#include "server/api/routes.h"

namespace counterpart {

Response assemble_project(const Call& call);

}  // namespace counterpart
