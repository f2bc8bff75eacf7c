// Standing queries and their alerts.
#pragma once

#include "server/api/routes.h"

namespace counterpart {

Response add_standing_query(const Call& call);
Response list_standing_queries(const Call& call);
Response get_standing_query(const Call& call);
Response erase_standing_query(const Call& call);
Response list_alerts(const Call& call);

}  // namespace counterpart
