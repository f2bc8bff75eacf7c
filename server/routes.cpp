#include "server/routes.h"

#include <algorithm>
#include <chrono>
#include <exception>

#include <spdlog/spdlog.h>

#include "engine/field.h"
#include "engine/profile_json.h"
#include "server/handlers_assemble.h"
#include "server/handlers_coverage.h"
#include "server/handlers_match.h"
#include "server/handlers_operations.h"
#include "server/handlers_panels.h"
#include "server/handlers_profiles.h"
#include "server/handlers_quality.h"
#include "server/handlers_runs.h"
#include "server/handlers_standing.h"
#include "server/openapi.h"
#include "server/wire.h"

namespace counterpart {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kLines = "application/x-ndjson";
constexpr std::string_view kText = "text/plain";
constexpr std::string_view kCsv = "text/csv";
constexpr std::size_t kMiB = 1024 * 1024;
constexpr std::size_t kIgnoredBody = 64 * 1024;  // where none is taken: read all the same, so that the connection goes on

using enum Parameter::In;
constexpr std::string_view kTags = R"({"type":"string","pattern":"^(\\*|(W/)?\"[!#-~]*\"( *, *(W/)?\"[!#-~]*\")*)$"})";
constexpr std::string_view kId = R"({"$ref":"#/components/schemas/Id"})";
constexpr std::string_view kSlug = R"({"type":"string","minLength":1,"maxLength":64,"default":"open"})";

constexpr Parameter kWhole[] = {
    {"If-Match", kTags, "the version that must be stored; else 412", false, kHeader},
    {"If-None-Match", kTags, "* : nothing must be stored; else 412", false, kHeader}};
constexpr Parameter kCached[] = {{"If-None-Match", kTags, "a version already known; 304 if it is still so", false, kHeader}};
constexpr Parameter kKeyed[] = {
    {"Idempotency-Key", R"({"type":"string","minLength":1,"maxLength":255,"pattern":"^[!-~]+$"})",
     "for a profile without an id: the id is derived from this key, so that a repeated call finds the first one's "
     "profile; the same key with another profile is refused with 409",
     false, kHeader}};
constexpr Parameter kSearch[] = {
    {"q", R"({"type":"string","maxLength":1000})", "what to look for, in words; without it, all in id order"},
    {"facets", R"({"type":"array","items":{"$ref":"#/components/schemas/FieldName"},"minItems":1,"maxItems":32})",
     "fields to count, joined by commas"},
    {"cursor", R"({"type":"string","maxLength":200})", "`next_cursor` of the page before, with the same q and filters"},
    {"limit", R"({"type":"integer","minimum":1,"maximum":250,"default":20})", "profiles a page"}};
constexpr Parameter kPair[] = {{"a", kId, "the one who asks", true},
                               {"b", kId, "the other", true},
                               {"programme", kSlug, "by whose rules"}};

constexpr Parameter kAdvised[] = {
    {"lang", R"({"type":"string","enum":["ar","zh","en","fr","ru","es"]})", "of the sentences; without it the profile's own"}};
constexpr Parameter kDuplicates[] = {
    {"since", R"({"type":"integer","minimum":0,"maximum":9223372036854775807,"default":0})",
     "only pairs of which one was written after this sequence"},
    {"limit", R"({"type":"integer","minimum":1,"maximum":1000,"default":100})", "pairs at most"}};

constexpr Parameter kCoverage[] = {
    {"shares", R"({"type":"string","minLength":1,"maxLength":4000})",
     "shares that keys ought to have, as in LDC=0.3,C=0.5; other keys are compared with all countries, or with all who could take part"},
    {"gaps", R"({"type":"integer","minimum":0,"maximum":200,"default":10})", "gaps at most"},
    {"fillers", R"({"type":"integer","minimum":0,"maximum":50,"default":3})", "profiles named for each gap at most"}};
constexpr Parameter kBrief[] = {
    {"lang", R"({"type":"string","enum":["ar","zh","en","fr","ru","es"],"default":"en"})", "of the titles"}};

constexpr Parameter kNewsPage[] = {{"programme", kSlug, "shown at first"},
                                   {"office", R"({"type":"string","maxLength":128})", "the same"}};
constexpr std::string_view kRun = R"({"type":"string","minLength":1,"maxLength":80,"pattern":"^[a-z0-9-]+-[0-9]+$"})";
constexpr Parameter kRunsOf[] = {{"programme", R"({"type":"string","minLength":1,"maxLength":64})", "only runs of this one"}};
constexpr Parameter kDigest[] = {
    {"office", R"({"type":"string","default":""})", "only profiles that answer to it; without it, all"},
    {"format", R"({"type":"string","enum":["json","csv"],"default":"json"})", "csv: one change a line, for a spreadsheet"},
    {"since", kRun, "compared with this run of the same programme; without it, with the one before"},
    {"limit", R"({"type":"integer","minimum":1,"maximum":10000,"default":100})", "profiles at most"}};
constexpr Parameter kRunMatches[] = {
    {"programme", kSlug, "whose last published run"},
    {"since", kRun, "changes since this run of the same programme; without it, since the one before"},
    {"limit", R"({"type":"integer","minimum":1,"maximum":1000,"default":20})", "matches at most"}};

constexpr Parameter kQueriesOf[] = {
    {"office", R"({"type":"string","minLength":1})", "only its own; without it, all"},
    {"after", R"({"type":"string","minLength":1,"pattern":"^q[1-9][0-9]{0,17}$"})", "`after` of the page before"},
    {"limit", R"({"type":"integer","minimum":1,"maximum":1000,"default":100})", "queries a page"}};
constexpr Parameter kAlertsOf[] = {
    {"query", kId, "only of this standing query; without it, of all"},
    {"after", R"({"type":"integer","minimum":0,"maximum":9223372036854775807,"default":0})",
     "`after` of the page before: alerts are neither repeated nor skipped, however long ago that was"},
    {"limit", R"({"type":"integer","minimum":1,"maximum":1000,"default":100})", "alerts a page"}};

constexpr Answer kCreated[] = {{201, kJson, "Written", "stored, on disk"},
                               {200, kJson, "Written", "the same profile was there already"},
                               {409, {}, {}, "there is another profile of this id or key"}};
constexpr Answer kGot[] = {{200, kJson, "PublicProfile", "its public members"},
                           {304, {}, {}, "unchanged"},
                           {404, {}, {}, "no such profile"}};
constexpr Answer kReplaced[] = {{200, kJson, "Written", "replaced, or the same was there already"},
                                {201, kJson, "Written", "stored, on disk"},
                                {409, {}, {}, "changed by another call at the same moment"},
                                {412, {}, {}, "the stored version is another"}};
constexpr Answer kErased[] = {{204, {}, {}, "gone"}, {404, {}, {}, "no such profile"}, {412, {}, {}, "the stored version is another"}};
constexpr Answer kFound[] = {{200, kJson, "SearchAnswer", "one page"}};
constexpr Answer kVerdicts[] = {{200, kLines, {}, "one Verdict a line, in order, each when its row is on disk"}};
constexpr Answer kExported[] = {{200, kLines, {}, "one PublicProfile a line, in id order"}};
constexpr Answer kMatched[] = {{200, kJson, "Matches", "best first"}, {404, {}, {}, "no such profile or programme"}};
constexpr Answer kExplained[] = {{200, kJson, "Explanation", "parts, reasons, conditions"}, {404, {}, {}, "no such profile or programme"}};
constexpr Answer kAdvice[] = {{200, kJson, "AdviceAnswer", "most helpful first"}, {404, {}, {}, "no such profile"}};
constexpr Answer kPairs[] = {{200, kJson, "Duplicates", "surest first; a human says which are one"}};
constexpr Answer kAssembled[] = {{200, kJson, "Portfolio", "the smallest set, and what nobody covers"},
                                 {404, {}, {}, "no such project or programme"}};
constexpr Answer kPanel[] = {{200, kJson, "Panel", "the best that keeps the rules, or what had to give way"},
                             {404, {}, {}, "no such programme"}};
constexpr Answer kCovered[] = {{200, kJson, "Coverage", "who is in, who is missing, who could join"},
                               {404, {}, {}, "no such programme"}};
constexpr Answer kBriefed[] = {{200, kJson, "CountryBrief", "the country, and what is here of it"}, {404, {}, {}, "no such country"}};
constexpr Answer kStarted[] = {{202, kJson, "RunStatus", "it works in the background; GET /v1/runs tells how far it is"},
                               {404, {}, {}, "no such programme"},
                               {409, {}, {}, "a run is at work already"}};
constexpr Answer kHeld[] = {{200, kJson, "RunStatus", "what goes on now"}};
constexpr Answer kRuns[] = {{200, kJson, "Runs", "newest first"}, {404, {}, {}, "no such programme"}};
constexpr Answer kManifest[] = {{200, kJson, "RunManifest", "inputs, parameters, counts, timings, hash of the result"},
                                {404, {}, {}, "not published, or no longer kept"}};
constexpr Answer kDigested[] = {{200, kJson, "Digest", "by profile, or CSV"}, {200, kCsv, {}, {}}, {404, {}, {}, "not published, or no longer kept"}};
constexpr Answer kMatchedInRun[] = {{200, kJson, "RunMatches", "best first, and what changed"},
                                    {404, {}, {}, "no such profile or programme, or no run of it yet"}};
constexpr Answer kStanding[] = {{201, kJson, "StandingQueryAdded", "kept, on disk; later fits make alerts"},
                                {404, {}, {}, "no such programme"}};
constexpr Answer kQueries[] = {{200, kJson, "StandingQueries", "in order of creation"}};
constexpr Answer kStandingQuery[] = {{200, kJson, "StandingQuery", "as it was given"}, {404, {}, {}, "no such standing query"}};
constexpr Answer kRemoved[] = {{204, {}, {}, "gone, its alerts too"}, {404, {}, {}, "no such standing query"}};
constexpr Answer kAlerts[] = {{200, kJson, "Alerts", "oldest first"}, {404, {}, {}, "no such standing query"}};
constexpr Answer kListed[] = {{200, kJson, "Programmes", "all of them"}};
constexpr Answer kChecked[] = {{200, kJson, "VerifyReport", "what differs, if anything"}};
constexpr Answer kAlive[] = {{200, kJson, "Health", "yes"}};
constexpr Answer kMetrics[] = {{200, kText, {}, "Prometheus text format"}};
constexpr Answer kDocument[] = {{200, kJson, {}, "this document"}};
constexpr Answer kPage[] = {{200, "text/html", {}, "the page"}};

constexpr Route kRoutes[] = {
    {"POST", "/v1/profiles", create_profile, "Take one profile in", kKeyed, kCreated, kMaxProfileBytes, kJson, "Profile"},
    {"GET", "/v1/profiles", search_profiles, "Search, filter and count profiles", kSearch, kFound, 0, {}, {}, true},
    {"GET", "/v1/profiles/{id}", get_profile, "One profile's public members", kCached, kGot},
    {"PUT", "/v1/profiles/{id}", replace_profile,
     "Replace a whole profile, private members included: what is left out is removed", kWhole, kReplaced, kMaxProfileBytes, kJson, "Profile"},
    {"DELETE", "/v1/profiles/{id}", erase_profile, "Remove a profile", kWhole, kErased},
    {"GET", "/v1/profiles/{id}/advice", advice, "How complete a profile is, and what to add to it", kAdvised, kAdvice},
    {"POST", "/v1/profiles:import", import_profiles, "Take many profiles in, one a line", {}, kVerdicts, 64 * kMiB, kLines, {}},
    {"GET", "/v1/profiles:export", export_profiles, "All profiles' public members", {}, kExported},
    {"POST", "/v1/match", match, "Ranked counterparts of a profile, a draft or a text", {}, kMatched, 2 * kMiB, kJson, "MatchRequest"},
    {"POST", "/v1/projects/{id}/assemble", assemble_project,
     "Partners who together cover a project's needs and budget", {}, kAssembled, 64 * 1024, kJson, "PortfolioRequest"},
    {"GET", "/v1/explain", explain, "Why two profiles match, or why not", kPair, kExplained},
    {"GET", "/v1/duplicates", duplicates, "Profiles that may be one and the same", kDuplicates, kPairs},
    {"POST", "/v1/panels", convene_panel, "A panel that keeps a programme's quotas, with alternates", {}, kPanel, 256 * 1024, kJson, "PanelRequest"},
    {"POST", "/v1/runs", start_run, "Match everybody with everybody anew", {}, kStarted, 64 * 1024, kJson, "RematchRequest"},
    {"GET", "/v1/runs", list_runs, "The run that works, and the published ones", kRunsOf, kRuns},
    {"POST", "/v1/runs:pause", pause_run, "Hold the run that works", {}, kHeld},
    {"POST", "/v1/runs:resume", resume_run, "Let it go on", {}, kHeld},
    {"POST", "/v1/runs:stop", stop_run, "End it; the next run goes on where it was", {}, kHeld},
    {"GET", "/v1/runs/{id}", get_run, "A published run's manifest", {}, kManifest},
    {"GET", "/v1/runs/{id}/digest", run_digest, "What a run changed, for one office or all", kDigest, kDigested},
    {"GET", "/v1/profiles/{id}/matches", profile_matches, "A profile's matches in the last published run, and what is new", kRunMatches, kMatchedInRun},
    {"POST", "/v1/standing-queries", add_standing_query, "Keep a search that new and changed profiles are tested against",
     {}, kStanding, 256 * 1024, kJson, "StandingQueryRequest"},
    {"GET", "/v1/standing-queries", list_standing_queries, "The standing queries, of one office or all", kQueriesOf, kQueries},
    {"GET", "/v1/standing-queries/{id}", get_standing_query, "One standing query", {}, kStandingQuery},
    {"DELETE", "/v1/standing-queries/{id}", erase_standing_query, "Remove a standing query and its alerts", {}, kRemoved},
    {"GET", "/v1/alerts", list_alerts, "Profiles that began to fit a standing query, each told once", kAlertsOf, kAlerts},
    {"GET", "/v1/programmes", list_programmes, "Programmes by which one can match", {}, kListed},
    {"GET", "/v1/programmes/{programme}/coverage", coverage, "Which members a programme has, lacks and could have", kCoverage, kCovered},
    {"GET", "/v1/countries/{country}/brief", brief, "What to know of a country before writing to someone there", kBrief, kBriefed},
    {"POST", "/v1/verify", verify, "Compare every index with the store", {}, kChecked},
    {"GET", "/healthz", healthz, "Does the process answer?", {}, kAlive},
    {"GET", "/readyz", readyz, "Does it take requests?", {}, kAlive},
    {"GET", "/metrics", metrics, "Figures for Prometheus", {}, kMetrics},
    {"GET", "/openapi.json", openapi_document, "This description", {}, kDocument},
    {"GET", "/", page, "The officers' page", {}, kPage, 0, {}, {}, false, false},
    {"GET", "/app.js", page, "Its script", {}, kPage, 0, {}, {}, false, false},
    {"GET", "/news", page, "What the last match run changed", kNewsPage, kPage, 0, {}, {}, false, false},
    {"GET", "/news.js", page, "Its script", {}, kPage, 0, {}, {}, false, false},
    {"GET", "/common.js", page, "What both pages' scripts share", {}, kPage, 0, {}, {}, false, false},
    {"GET", "/words_news.js", page, "Words of what changed", {}, kPage, 0, {}, {}, false, false},
    {"GET", "/words.js", page, "Its words in six languages", {}, kPage, 0, {}, {}, false, false},
    {"GET", "/style.css", page, "Its style", {}, kPage, 0, {}, {}, false, false},
};

// The {…} part may be anything but a further path segment.
bool matches(std::string_view pattern, std::string_view path, std::string& id) {
  const std::size_t brace = pattern.find('{');
  if (brace == std::string_view::npos) return pattern == path;
  if (!path.starts_with(pattern.substr(0, brace))) return false;
  const std::string_view tail = pattern.substr(pattern.find('}') + 1);  // "/advice"
  if (path.size() < brace + tail.size() || !path.ends_with(tail)) return false;
  const std::string_view rest = path.substr(brace, path.size() - brace - tail.size());
  if (rest.empty() || rest.find('/') != std::string_view::npos) return false;
  id = rest;
  return true;
}

std::string_view effective(std::string_view method) { return method == "HEAD" ? "GET" : method; }

struct Located {
  const Route* route = nullptr;
  std::string id;
  std::string allowed;  // methods of this path, empty: no such path
};
Located find(std::string_view method, std::string_view path) {
  Located found;
  for (const Route& route : kRoutes) {
    std::string id;
    if (!matches(route.pattern, path, id)) continue;
    found.allowed.append(route.method).append(route.method == "GET" ? ", HEAD, " : ", ");
    if (route.method == effective(method)) {
      found.route = &route;
      found.id = std::move(id);
    }
  }
  if (!found.allowed.empty()) found.allowed += "OPTIONS";
  return found;
}

bool is_id(std::string_view id) {
  return id.size() <= 128 && std::ranges::all_of(id, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' || c == '.' ||
                  c == '_' || c == '-';
         });
}

// A web page of another site must not reach this server through its visitor's browser: neither by a form or script
// (Origin) nor by a name of its own that resolves to this machine (Host).
bool is_foreign(const Request& request) {
  const auto host = request.headers.find("host");
  if (host == request.headers.end()) return false;
  if (const auto origin = request.headers.find("origin"); origin != request.headers.end())
    if (origin->second != "http://" + host->second && origin->second != "https://" + host->second) return true;
  const std::size_t bracket = host->second.find(']');
  const std::size_t colon = host->second.find(':', bracket == std::string::npos ? 0 : bracket);
  const std::string name = host->second.substr(0, colon);
  return name != "localhost" && name != "[::1]" && !(name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string::npos);
}

std::optional<Error> wrong_query(const Route& route, const Request& request) {
  std::string known;
  for (const auto& [key, value] : request.query) {
    const std::string& name = key;
    const auto is_named = [&](const Parameter& p) { return p.in == Parameter::In::kQuery && p.name == name; };
    const bool listed = std::ranges::any_of(route.parameters, is_named);
    if (listed && request.query.count(name) > 1)
      return Error{ErrorCode::kInvalid, name, "given twice", "give each parameter once"};
    // What its schema says is checked here where every call must say the same of it.
    const auto is_set = [&](const Parameter& p) { return is_named(p) && (p.schema == kId || p.schema.find(R"("minLength":1)") != p.schema.npos);
    };
    if (value.empty() && std::ranges::any_of(route.parameters, is_set))
      return Error{ErrorCode::kInvalid, name, "empty", "leave it out, or say which"};
    if (listed || (route.filters && find_field(name))) continue;
    for (const Parameter& p : route.parameters)
      if (p.in == Parameter::In::kQuery) known += (known.empty() ? "" : ", ") + std::string(p.name);
    if (route.filters)
      for (const Field& field : fields()) known += ", " + std::string(field.name);
    return Error{ErrorCode::kInvalid, name.empty() ? "query" : name.substr(0, 80), "no such query parameter",
                 known.empty() ? "this call takes none" : "there are " + known};
  }
  for (const Parameter& p : route.parameters)
    if (p.required && p.in == Parameter::In::kQuery && !request.query.contains(std::string(p.name)))
      return Error{ErrorCode::kInvalid, std::string(p.name), "missing", std::string(p.help)};
  return std::nullopt;
}

std::optional<Error> wrong_media(const Route& route, const Request& request) {
  if (route.body_media.empty()) return std::nullopt;
  const auto found = request.headers.find("content-type");
  std::string media = found == request.headers.end() ? std::string{} : found->second.substr(0, found->second.find(';'));
  while (media.ends_with(' ')) media.pop_back();
  std::ranges::transform(media, media.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (media == route.body_media) return std::nullopt;
  return Error{ErrorCode::kUnsupported, "Content-Type", "not the media type of this call", "send " + std::string(route.body_media)};
}

Response to_route(const Route& route, std::string id, const Api& api, Service& service, const Request& request) {
  if (!id.empty() && !is_id(id))
    return problem({ErrorCode::kInvalid, "id", "not an id", "1 to 128 of A-Z a-z 0-9 : . _ -"}, request);
  if (std::optional<Error> wrong = wrong_query(route, request)) return problem(*wrong, request);
  if (std::optional<Error> wrong = wrong_media(route, request)) return problem(*wrong, request);
  return route.handle({api, service, request, std::move(id)});
}

Response dispatch(const Located& found, const Api& api, Service& service, const Request& request) {
  if (!valid_utf8(request.path) || !std::ranges::all_of(request.query, [](const auto& p) { return valid_utf8(p.first) && valid_utf8(p.second); }))
    return problem({ErrorCode::kInvalid, "target", "not UTF-8", "percent-encode UTF-8"}, request);
  if (is_foreign(request))
    return problem(403, "foreign-origin", "Not from another site",
                   {{}, {}, "this server answers pages of its own only", "call it by the address it listens on"}, request.id);
  if (found.route) return to_route(*found.route, found.id, api, service, request);
  Response response;
  if (request.method == "OPTIONS" && (request.path == "*" || !found.allowed.empty())) {
    response.status = 204;
  } else if (found.allowed.empty()) {
    return problem(404, "not-found", "Not found", {{}, {}, "no such path", "see /openapi.json"}, request.id);
  } else {
    response = problem(405, "method-not-allowed", "Method not allowed", {{}, {}, "not a method of this path", "use " + found.allowed}, request.id);
  }
  if (!found.allowed.empty()) response.headers.emplace_back("Allow", found.allowed);
  return response;
}

// Counts and logs a request when its answer is complete: with the last piece, or when it is given up.
class Tally {
 public:
  Tally(Metrics& metrics, const Route* route, const Request& request)
      : metrics_(metrics), route_(route), method_(request.method), id_(request.id) {}
  ~Tally() {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    const auto index = route_ ? static_cast<std::size_t>(route_ - kRoutes) : std::size(kRoutes);
    metrics_.record(index, status, seconds);
    if (!id_.empty())
      spdlog::info("id={} method={} route={} status={} ms={:.2f}", id_, method_, route_ ? route_->pattern : "none", status,
                   seconds * 1e3);
  }
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;

  int status = 500;  // what the listener answers if the handler throws

 private:
  Metrics& metrics_;
  const Route* route_;
  std::string method_, id_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

std::vector<std::string> route_names() {
  std::vector<std::string> names;
  for (const Route& route : kRoutes) names.push_back(std::string(route.method) + " " + std::string(route.pattern));
  return names;
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

std::size_t Api::body_limit(std::string_view method, std::string_view path) {
  const Located found = find(method, path);
  return found.route && found.route->body_limit > 0 ? found.route->body_limit : kIgnoredBody;
}

Api::Api(Service& service) : service_(service), metrics_(route_names()) {}

HttpFigures Api::listener() const {
  const HttpServer* const server = server_;
  return server ? server->figures() : HttpFigures{};
}

const std::string& Api::openapi() const {
  std::call_once(described_, [this] { openapi_ = openapi_of(service_.taxonomy()); });
  return openapi_;
}

Response Api::answer(const Request& request) {
  const Located found = find(request.method, request.path);
  auto tally = std::make_shared<Tally>(metrics_, found.route, request);
  Response response = dispatch(found, *this, service_, request);
  tally->status = response.status;
  const bool has_etag = std::ranges::any_of(response.headers, [](const auto& header) { return header.first == "ETag"; });
  response.headers.emplace_back("Cache-Control", has_etag ? "no-cache" : "no-store");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  if (response.stream)
    response.stream = [tally, next = std::move(response.stream)](std::string& piece) { return next(piece); };
  return response;
}

}  // namespace counterpart
