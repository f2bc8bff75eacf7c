// Panels composed under a programme.
#pragma once

#include "server/api/routes.h"

namespace counterpart {

Response convene_panel(const Call& call);

}  // namespace counterpart
