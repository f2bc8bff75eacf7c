// Match runs: start and hold one, read what was published.
#pragma once

#include "server/api/routes.h"

namespace counterpart {

Response start_run(const Call& call);
Response list_runs(const Call& call);
Response get_run(const Call& call);
Response pause_run(const Call& call);
Response resume_run(const Call& call);
Response stop_run(const Call& call);
Response run_digest(const Call& call);
Response profile_matches(const Call& call);

}  // namespace counterpart
