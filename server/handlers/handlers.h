// Every handler, by the file that it is in: a request to a response. THE table of endpoints (server/api/routes.cpp) names each.
#pragma once

#include "server/handlers/call.h"
#include "server/layer.h"

namespace counterpart::server {

// Who fits whom, and why.
Response match(const Call& call);
Response explain(const Call& call);
Response list_programmes(const Call& call);

// Profiles one by one, searched, and in bulk.
Response create_profile(const Call& call);
Response get_profile(const Call& call);
Response replace_profile(const Call& call);
Response erase_profile(const Call& call);
Response search_profiles(const Call& call);

// Handlers of many profiles at once: in and out, one JSON object a line.
Response import_profiles(const Call& call);
Response export_profiles(const Call& call);
Response erase_for_good(const Call& call);

// Standing queries and their alerts.
Response add_standing_query(const Call& call);
Response list_standing_queries(const Call& call);
Response get_standing_query(const Call& call);
Response erase_standing_query(const Call& call);
Response list_alerts(const Call& call);

// Match runs: start and hold one, read what was published.
Response start_run(const Call& call);
Response list_runs(const Call& call);
Response get_run(const Call& call);
Response pause_run(const Call& call);
Response resume_run(const Call& call);
Response stop_run(const Call& call);
Response run_digest(const Call& call);
Response profile_matches(const Call& call);

// Panels composed under a programme.
Response convene_panel(const Call& call);

// GET /v1/programmes/{programme}/coverage and GET /v1/countries/{country}/brief.
Response coverage(const Call& call);
Response brief(const Call& call);

// POST /v1/projects/{id}/assemble.
Response assemble_project(const Call& call);

// How good the profiles are: what one could still say, and which two are one.
Response advice(const Call& call);
Response duplicates(const Call& call);

// Backups of the directory that this server holds.
Response create_backup(const Call& call);

// Tokens, the audit log, and who the caller is.
Response create_token(const Call& call);
Response list_tokens(const Call& call);
Response revoke_token(const Call& call);
Response list_audit(const Call& call);
Response verify_audit(const Call& call);
Response who_am_i(const Call& call);

// What operators and browsers ask for: health, metrics, the interface's description, the officers' page.
Response healthz(const Call& call);
Response readyz(const Call& call);
Response metrics(const Call& call);
Response openapi_document(const Call& call);
Response verify(const Call& call);
Response page(const Call& call);

}  // namespace counterpart::server
