#include "server/wire/runs.h"

#include "server/handlers/received.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

// The run to compare with: `since`, or the one before.
Result<std::shared_ptr<const PublishedRun>> base_of(const Call& call, const PublishedRun& run) {
  const std::string since = text_of(call.request, "since");
  if (since.empty()) return call.data.runs.before(run);
  Result<std::shared_ptr<const PublishedRun>> base = call.data.runs.open(since);
  if (base && (*base)->manifest().programme != run.manifest().programme)
    return fail(ErrorCode::kInvalid, "since", "`" + since.substr(0, 80) + "` is a run of another programme",
                "name one of " + run.manifest().programme);
  return base;
}

Response start_run(const Call& call) {
  const Result<RematchCall> asked = read_rematch_call(call.request);
  if (!asked) return problem(asked.error(), call.request);
  const Result<RunStatus> started = call.data.runs.start(*asked);
  if (!started) return problem(started.error(), call.request);
  return json_response(202, write_status(*started));
}

Response list_runs(const Call& call) {
  const std::string programme = text_of(call.request, "programme");
  if (!programme.empty() && !call.data.programmes.contains(programme))
    return problem({ErrorCode::kNotFound, "programme", "`" + programme.substr(0, 80) + "` is no programme",
                    "GET /v1/programmes lists them"},
                   call.request);
  json::array runs;
  for (const RunManifest& run : call.data.runs.list(programme)) runs.push_back(write_manifest(run));
  return json_response(200, json::object{{"status", write_status(call.data.runs.status())}, {"runs", std::move(runs)}});
}

Response get_run(const Call& call) {
  const auto run = call.data.runs.open(call.id);
  if (!run) return problem(run.error(), call.request);
  return json_response(200, write_manifest((*run)->manifest()));
}

Response pause_run(const Call& call) { return json_response(200, write_status(call.data.runs.pause(true))); }
Response resume_run(const Call& call) { return json_response(200, write_status(call.data.runs.pause(false))); }
Response stop_run(const Call& call) { return json_response(200, write_status(call.data.runs.stop())); }

Response run_digest(const Call& call) {
  const auto run = call.data.runs.open(call.id);
  if (!run) return problem(run.error(), call.request);
  const auto base = base_of(call, **run);
  if (!base) return problem(base.error(), call.request);
  const Result<std::uint64_t> limit = number_of(call.request, "limit", kDigestProfiles);
  if (!limit) return problem(limit.error(), call.request);
  const std::string format = text_of(call.request, "format", "json"), office = text_of(call.request, "office");
  CsvStyle style;
  if (format != "json" || call.request.query.contains("sep")) {
    const Result<CsvStyle> csv = csv_style(format == "json" ? "csv" : format, text_of(call.request, "sep"));
    if (!csv)
      return problem({ErrorCode::kInvalid, csv.error().place, csv.error().message,
                      csv.error().place == "format" ? "give json, csv or excel" : csv.error().remedy},
                     call.request);
    style = *csv;
  }
  Digest digest = digest_of(**run, base->get(), office, *limit);
  const auto left = left_since(call);
  for (auto& profile : digest.profiles)
    std::erase_if(profile.changes, [&](const MatchChange& change) { return left(change.counterpart); });
  std::erase_if(digest.profiles, [&](const auto& profile) { return profile.changes.empty() || left(profile.id); });
  json::object body = write_digest(**run, base->get(), office, digest, names_of(call), call.speech);
  if (const Status told = tell_origins(call, body["profiles"].as_array(), "changes"); !told)
    return problem(told.error(), call.request);
  if (format == "json") return json_response(200, std::move(body));
  Response response;
  response.content_type = "text/csv; charset=utf-8";
  response.body = write_digest_csv(body["profiles"].as_array(), style, call.speech);
  return response;
}

Response profile_matches(const Call& call) {
  if (const Status allowed = reachable(call, Right::kRunLists, call.id, "id"); !allowed)
    return problem(allowed.error(), call.request);
  const auto run = call.data.runs.newest(text_of(call.request, "programme", "open"));
  if (!run) return problem(run.error(), call.request);
  const auto base = base_of(call, **run);
  if (!base) return problem(base.error(), call.request);
  const Result<std::uint64_t> limit = number_of(call.request, "limit", kRunMatchList);
  if (!limit) return problem(limit.error(), call.request);
  const Result<bool> weak = flag_of(call.request, "weak");
  if (!weak) return problem(weak.error(), call.request);
  const Result<std::string> id = survivor_of(call.data.store.database(), call.id);
  if (!id) return problem(id.error(), call.request);
  if (const Status may = check_not_excluded(call.data.store.database(), *id, "id"); !may)
    return problem(as_known(call, may.error()), call.request);
  const bool listed = (*run)->find(*id).has_value();
  if (!listed && !(*base && (*base)->find(*id)))
    if (const auto stored = call.service.get(*id); !stored) return problem(stored.error(), call.request);
  json::object body =
      write_run_matches(**run, base->get(), {*id, *limit, *weak, left_since(call)}, names_of(call), call.speech);
  for (const char* list : {"matches", "changes"})
    if (const Status told = tell_origins(call, body[list].as_array()); !told) return problem(told.error(), call.request);
  return json_response(200, std::move(body));
}

constexpr std::string_view kRun = R"({"type":"string","minLength":1,"maxLength":80,"pattern":"^[a-z0-9-]+-[0-9]+$"})";
constexpr Parameter kRunsOf[] = {{"programme", R"({"type":"string","minLength":1,"maxLength":64})", "only runs of this one"}};
constexpr Parameter kDigest[] = {
    {"office", R"({"type":"string","default":""})", "only profiles that answer to it; without it, all"},
    {"format", R"({"type":"string","enum":["json","csv","excel"],"default":"json"})",
     "csv: one change a line, as RFC 4180 has it; excel: the same as Excel reads it"},
    {"sep", R"({"type":"string","enum":["comma","semicolon","tab"]})",
     "between the cells of csv and excel; default: comma, and semicolon for excel"},
    {"since", kRun, "compared with this run of the same programme; without it, with the one before"},
    {"limit", kDigestProfiles, "profiles at most"}};

constexpr Parameter kRunMatches[] = {
    {"programme", kProgrammeSchema, "whose last published run"},
    {"since", kRun, "changes since this run of the same programme; without it, since the one before"},
    {"weak", R"({"type":"string","enum":["true","false"],"default":"false"})", "true: weak matches are listed too"},
    {"limit", kRunMatchList, "matches at most"}};

constexpr Answer kStarted[] = {{202, kJson, "RunStatus", "it works in the background; GET /v1/runs tells how far it is"},
                               {404, {}, {}, "no such programme"},
                               {409, {}, {}, "a run is at work already"}};
constexpr Answer kHeld[] = {{200, kJson, "RunStatus", "what goes on now"}};
constexpr Answer kRuns[] = {{200, kJson, "Runs", "newest first"}, {404, {}, {}, "no such programme"}};
constexpr Answer kManifest[] = {{200, kJson, "RunManifest", "inputs, parameters, counts, timings, hash of the result"},
                                {404, {}, {}, "not published, or no longer kept"}};
constexpr Answer kDigested[] = {
    {200, kJson, "Digest", "by profile, or CSV"}, {200, "text/csv", {}, {}}, {404, {}, {}, "not published, or no longer kept"}};
constexpr Answer kMatchedInRun[] = {{200, kJson, "RunMatches", "best first, and what changed"},
                                    {404, {}, {}, "no such profile or programme, or no run of it yet"}};

constexpr Route kRoutes[] = {
    {"POST",
     "/v1/runs",
     start_run,
     Right::kControl,
     "Match everybody with everybody anew",
     {},
     kStarted,
     {64 * 1024, kJson, "RematchRequest"}},
    {"GET", "/v1/runs", list_runs, Right::kRuns, "The run that works, and the published ones", kRunsOf, kRuns},
    {"POST", "/v1/runs:pause", pause_run, Right::kControl, "Hold the run that works", {}, kHeld},
    {"POST", "/v1/runs:resume", resume_run, Right::kControl, "Let it go on", {}, kHeld},
    {"POST", "/v1/runs:stop", stop_run, Right::kControl, "End it; the next run goes on where it was", {}, kHeld},
    {"GET", "/v1/runs/{id}", get_run, Right::kRuns, "A published run's manifest", {}, kManifest},
    {"GET", "/v1/runs/{id}/digest", run_digest, Right::kRuns, "What a run changed, for one office or all", kDigest, kDigested},
    {"GET", "/v1/profiles/{id}/matches", profile_matches, Right::kRunLists,
     "A profile's matches in the last published run, and what is new", kRunMatches, kMatchedInRun}};

}  // namespace

std::span<const Route> run_routes() { return kRoutes; }

}  // namespace counterpart::server
