// Profiles one by one, searched, and in bulk.
#pragma once

#include "server/api/routes.h"

namespace counterpart {

Response create_profile(const Call& call);
Response get_profile(const Call& call);
Response replace_profile(const Call& call);
Response erase_profile(const Call& call);
Response search_profiles(const Call& call);

}  // namespace counterpart
