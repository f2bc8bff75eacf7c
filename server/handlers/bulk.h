// Handlers of many profiles at once: in and out, one JSON object a line.
#pragma once

#include "server/api/routes.h"

namespace counterpart {

Response import_profiles(const Call& call);
Response export_profiles(const Call& call);
Response erase_for_good(const Call& call);

}  // namespace counterpart
