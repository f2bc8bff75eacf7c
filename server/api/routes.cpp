#include "server/api/routes.h"

#include "engine/profile/profile_json.h"
#include "server/handlers/handlers.h"

namespace counterpart::server {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kLines = "application/x-ndjson";
constexpr std::string_view kText = "text/plain";
constexpr std::string_view kCsv = "text/csv";
constexpr std::size_t kMiB = 1024 * 1024;

using enum Parameter::In;
constexpr std::string_view kTags = R"({"type":"string","pattern":"^(\\*|(W/)?\"[!#-~]*\"( *, *(W/)?\"[!#-~]*\")*)$"})";
constexpr std::string_view kId = kIdSchema;
constexpr std::string_view kSlug = R"({"type":"string","minLength":1,"maxLength":64,"default":"open"})";

constexpr Parameter kWhole[] = {{"If-Match", kTags, "the version that must be stored; else 412", false, kHeader},
                                {"If-None-Match", kTags, "* : nothing must be stored; else 412", false, kHeader}};
constexpr Parameter kCached[] = {{"If-None-Match", kTags, "a version already known; 304 if it is still so", false, kHeader}};
constexpr Parameter kInsist = {"insist", R"({"type":"string","enum":["true","false"],"default":"false"})",
                               "true: store it although a public text seems to hold contact data"};
constexpr Parameter kKeyed[] = {
    kInsist,
    {"Idempotency-Key", R"({"type":"string","minLength":1,"maxLength":255,"pattern":"^[!-~]+$"})",
     "for a profile without an id: the id is derived from this key and the token, so that a repeated call finds the first "
     "one's profile; the same key with another body is refused with 409. Another token's equal key is another key",
     false, kHeader}};
constexpr Parameter kImporting[] = {
    {"replace_private", R"({"type":"string","enum":["true","false"],"default":"false"})",
     "true: a row without contact or legal name removes those that are stored; else it keeps them, as a public export taken in "
     "again must. Only for callers who see private members"}};
constexpr Parameter kSearch[] = {
    {"q", R"({"type":"string","maxLength":1000})",
     "a name, an id or words: those whom it names come first, then those whose texts hold most of the words; without it, all "
     "in id order"},
    {"facets", R"({"type":"array","items":{"$ref":"#/components/schemas/FieldName"},"minItems":1,"maxItems":32})",
     "fields to count, joined by commas"},
    {"cursor", R"({"type":"string","maxLength":200})", "`next_cursor` of the page before, with the same q and filters"},
    {"limit", R"({"type":"integer","minimum":1,"maximum":250,"default":20})", "profiles a page"}};
constexpr Parameter kPair[] = {
    {"a", kId, "the one who asks", true}, {"b", kId, "the other", true}, {"programme", kSlug, "by whose rules"}};

constexpr Parameter kAdvised[] = {
    {"lang", R"({"type":"string","enum":"@un_languages"})", "of the sentences; without it the profile's own"}};
constexpr Parameter kDuplicates[] = {
    {"since", R"({"type":"integer","minimum":0,"maximum":9223372036854775807,"default":0})",
     "only pairs of which one was written after this sequence"},
    {"limit", R"({"type":"integer","minimum":1,"maximum":1000,"default":100})", "pairs at most"}};

constexpr Parameter kCoverage[] = {
    {"shares", R"({"type":"string","minLength":1,"maxLength":4000})",
     "shares that keys ought to have, as in LDC=0.3,C=0.5; other keys are compared with all countries, or with all who could "
     "take part"},
    {"gaps", R"({"type":"integer","minimum":0,"maximum":200,"default":10})", "gaps at most"},
    {"fillers", R"({"type":"integer","minimum":0,"maximum":50,"default":3})", "profiles named for each gap at most"}};
constexpr Parameter kBrief[] = {{"lang", R"({"type":"string","enum":"@un_languages","default":"en"})", "of the titles"}};

constexpr Parameter kNewsPage[] = {{"programme", kSlug, "shown at first"},
                                   {"office", R"({"type":"string","maxLength":128})", "the same"}};
constexpr std::string_view kRun = R"({"type":"string","minLength":1,"maxLength":80,"pattern":"^[a-z0-9-]+-[0-9]+$"})";
constexpr Parameter kRunsOf[] = {{"programme", R"({"type":"string","minLength":1,"maxLength":64})", "only runs of this one"}};
constexpr Parameter kDigest[] = {
    {"office", R"({"type":"string","default":""})", "only profiles that answer to it; without it, all"},
    {"format", R"({"type":"string","enum":["json","csv","excel"],"default":"json"})",
     "csv: one change a line, as RFC 4180 has it; excel: the same as Excel reads it"},
    {"sep", R"({"type":"string","enum":["comma","semicolon","tab"]})",
     "between the cells of csv and excel; default: comma, and semicolon for excel"},
    {"since", kRun, "compared with this run of the same programme; without it, with the one before"},
    {"limit", R"({"type":"integer","minimum":1,"maximum":10000,"default":100})", "profiles at most"}};
constexpr Parameter kRunMatches[] = {
    {"programme", kSlug, "whose last published run"},
    {"since", kRun, "changes since this run of the same programme; without it, since the one before"},
    {"limit", R"({"type":"integer","minimum":1,"maximum":1000,"default":20})", "matches at most"}};

constexpr Parameter kAuditOf[] = {
    {"subject", kId, "only of this profile or token; without it, of all"},
    {"after", R"({"type":"integer","minimum":0,"maximum":9223372036854775807,"default":0})",
     "later than the entry of this number"},
    {"limit", R"({"type":"integer","minimum":1,"maximum":1000,"default":100})", "entries at most"}};
constexpr Parameter kAuditSeen[] = {
    {"head", R"({"type":"string","pattern":"^[0-9a-f]{64}$"})", "a head noted earlier, which must still be on the chain"}};
constexpr Parameter kQueriesOf[] = {
    {"office", R"({"type":"string","minLength":1})", "only its own; without it, all"},
    {"after", R"({"type":"string","minLength":1,"pattern":"^q[1-9][0-9]{0,17}$"})", "`after` of the page before"},
    {"limit", R"({"type":"integer","minimum":1,"maximum":1000,"default":100})", "queries a page"}};
constexpr Parameter kAlertsOf[] = {
    {"query", kId, "only of this standing query; without it, of all"},
    {"after", R"({"type":"integer","minimum":0,"maximum":9223372036854775807,"default":0})",
     "`after` of the page before: alerts are neither repeated nor skipped, however long ago that was"},
    {"limit", R"({"type":"integer","minimum":1,"maximum":1000,"default":100})", "alerts a page"}};

constexpr Parameter kReplacing[] = {kWhole[0], kWhole[1], kInsist};

constexpr Answer kCreated[] = {{201, kJson, "Written", "stored, on disk"},
                               {200, kJson, "Written", "the same profile was there already"},
                               {409, {}, {}, "there is another profile of this id or key"},
                               {422, {}, {}, "a public text tells who it is; `findings` says where"}};
constexpr Answer kGot[] = {{200, kJson, "ReadProfile", "its members, private ones for whom they are"},
                           {304, {}, {}, "unchanged"},
                           {404, {}, {}, "no such profile"}};
constexpr Answer kReplaced[] = {{200, kJson, "Written", "replaced, or the same was there already"},
                                {201, kJson, "Written", "stored, on disk"},
                                {409, {}, {}, "changed by another call at the same moment"},
                                {422, {}, {}, "a public text tells who it is; `findings` says where"},
                                {412, {}, {}, "the stored version is another"}};
constexpr Answer kErased[] = {
    {204, {}, {}, "gone"}, {404, {}, {}, "no such profile"}, {412, {}, {}, "the stored version is another"}};
constexpr Answer kFound[] = {{200, kJson, "SearchAnswer", "one page"}};
constexpr Answer kVerdicts[] = {{200, kLines, {}, "one Verdict a line, in order, each when its row is on disk"}};
constexpr Answer kExported[] = {{200, kLines, {}, "one PublicProfile a line, in id order"}};
constexpr Answer kMatched[] = {{200, kJson, "Matches", "best first"}, {404, {}, {}, "no such profile or programme"}};
constexpr Answer kExplained[] = {{200, kJson, "Explanation", "parts, reasons, conditions"},
                                 {404, {}, {}, "no such profile or programme"}};
constexpr Answer kAdvice[] = {{200, kJson, "AdviceAnswer", "most helpful first"}, {404, {}, {}, "no such profile"}};
constexpr Answer kPairs[] = {{200, kJson, "Duplicates", "surest first; a human says which are one"}};
constexpr Answer kAssembled[] = {{200, kJson, "Portfolio", "the smallest set, and what nobody covers"},
                                 {404, {}, {}, "no such project or programme"}};
constexpr Answer kPanel[] = {{200, kJson, "Panel", "the best that keeps the rules, or what had to give way"},
                             {404, {}, {}, "no such programme"}};
constexpr Answer kCovered[] = {{200, kJson, "Coverage", "who is in, who is missing, who could join"},
                               {404, {}, {}, "no such programme"}};
constexpr Answer kBriefed[] = {{200, kJson, "CountryBrief", "the country, and what is here of it"},
                               {404, {}, {}, "no such country"}};
constexpr Answer kStarted[] = {{202, kJson, "RunStatus", "it works in the background; GET /v1/runs tells how far it is"},
                               {404, {}, {}, "no such programme"},
                               {409, {}, {}, "a run is at work already"}};
constexpr Answer kHeld[] = {{200, kJson, "RunStatus", "what goes on now"}};
constexpr Answer kRuns[] = {{200, kJson, "Runs", "newest first"}, {404, {}, {}, "no such programme"}};
constexpr Answer kManifest[] = {{200, kJson, "RunManifest", "inputs, parameters, counts, timings, hash of the result"},
                                {404, {}, {}, "not published, or no longer kept"}};
constexpr Answer kDigested[] = {
    {200, kJson, "Digest", "by profile, or CSV"}, {200, kCsv, {}, {}}, {404, {}, {}, "not published, or no longer kept"}};
constexpr Answer kMatchedInRun[] = {{200, kJson, "RunMatches", "best first, and what changed"},
                                    {404, {}, {}, "no such profile or programme, or no run of it yet"}};
constexpr Answer kAdded[] = {{201, kJson, "StandingQueryAdded", "kept, on disk; later fits make alerts"},
                             {404, {}, {}, "no such programme"}};
constexpr Answer kQueries[] = {{200, kJson, "StandingQueries", "in order of creation"}};
constexpr Answer kStandingQuery[] = {{200, kJson, "StandingQuery", "as it was given"}, {404, {}, {}, "no such standing query"}};
constexpr Answer kRemoved[] = {{204, {}, {}, "gone, its alerts too"}, {404, {}, {}, "no such standing query"}};
constexpr Answer kAlerts[] = {{200, kJson, "Alerts", "oldest first"}, {404, {}, {}, "no such standing query"}};
constexpr Answer kMe[] = {{200, kJson, "Me", "role, reach and rights"}};
constexpr Answer kTokenMade[] = {{201, kJson, "TokenMade", "kept as a hash, on disk"}};
constexpr Answer kTokens[] = {{200, kJson, "Tokens", "by id, expired ones too"}};
constexpr Answer kRevoked[] = {
    {204, {}, {}, "it is refused from now on"}, {404, {}, {}, "no such token"}, {409, {}, {}, "it is the one that asks"}};
constexpr Answer kErasedForGood[] = {
    {200, kJson, "ErasureReceipt", "nothing is left: each place and its verdict; a repeated call gives the same receipt"},
    {202, kJson, "ErasureReceipt",
     "the profiles are gone, but not yet from all files: `pending` says why; it goes on by itself, and a repeated call goes "
     "on"},
    {404, {}, {}, "no such profile; nothing was erased"},
    {507,
     {},
     {},
     "the disk refused; with `pending` the profiles are gone all the same and a repeated call goes on, without it nothing was "
     "changed"}};
constexpr Answer kBackedUp[] = {{201, kJson, "Backup", "complete, and restored for a trial"},
                                {409, {}, {}, "another backup is at work"}};
constexpr Answer kAudit[] = {{200, kJson, "AuditEntries", "oldest first"}};
constexpr Answer kAuditChecked[] = {{200, kJson, "AuditVerdict", "and the head, to be noted elsewhere"}};
constexpr Answer kListed[] = {{200, kJson, "Programmes", "all of them"}};
constexpr Answer kChecked[] = {{200, kJson, "VerifyReport", "what differs, if anything"}};
constexpr Answer kAlive[] = {{200, kJson, "Health", "yes"}};
constexpr Answer kMetrics[] = {{200, kText, {}, "Prometheus text format"}};
constexpr Answer kDocument[] = {{200, kJson, {}, "this document"}};
constexpr Answer kPage[] = {{200, "text/html", {}, "the page"}};

// clang-format off
constexpr Route kRoutes[] = {
    {"POST", "/v1/profiles", create_profile, Right::kWrite, "Take one profile in. Whoever does not see private members is told of one that says any, under an id that is taken, 409 whatever is stored", kKeyed, kCreated, kMaxProfileBytes, kJson, "Profile"},
    {"GET", "/v1/profiles", search_profiles, Right::kRead, "Search, filter and count profiles", kSearch, kFound, 0, {}, {}, true},
    {"GET", "/v1/profiles/{id}", get_profile, Right::kRead, "One profile", kCached, kGot},
    {"PUT", "/v1/profiles/{id}", replace_profile, Right::kWrite,
     "Replace a whole profile: what is left out is removed, but private members that the caller does not see are kept unless null", kReplacing, kReplaced, kMaxProfileBytes, kJson, "Profile"},
    {"DELETE", "/v1/profiles/{id}", erase_profile, Right::kWrite, "Remove a profile", kWhole, kErased},
    {"GET", "/v1/profiles/{id}/advice", advice, Right::kAdvise, "How complete a profile is, and what to add to it", kAdvised, kAdvice},
    {"POST", "/v1/profiles:import", import_profiles, Right::kImport, "Take many profiles in, one a line; private members that are left out are kept, null removes them", kImporting, kVerdicts, 64 * kMiB, kLines, {}},
    {"GET", "/v1/profiles:export", export_profiles, Right::kExport, "All profiles' public members", {}, kExported},
    {"POST", "/v1/erasures", erase_for_good, Right::kErase, "Remove profiles and every trace of them, with a receipt", {}, kErasedForGood, 256 * 1024, kJson, "ErasureRequest"},
    {"POST", "/v1/match", match, Right::kMatch, "Ranked counterparts of a profile, a draft or a text", {}, kMatched, 2 * kMiB, kJson, "MatchRequest"},
    {"POST", "/v1/projects/{id}/assemble", assemble_project, Right::kSurvey,
     "Partners who together cover a project's needs and budget", {}, kAssembled, 64 * 1024, kJson, "PortfolioRequest"},
    {"GET", "/v1/explain", explain, Right::kMatch, "Why two profiles match, or why not", kPair, kExplained},
    {"GET", "/v1/duplicates", duplicates, Right::kSurvey, "Profiles that may be one and the same", kDuplicates, kPairs},
    {"POST", "/v1/panels", convene_panel, Right::kSurvey, "A panel that keeps a programme's quotas, with alternates", {}, kPanel, 256 * 1024, kJson, "PanelRequest"},
    {"POST", "/v1/runs", start_run, Right::kControl, "Match everybody with everybody anew", {}, kStarted, 64 * 1024, kJson, "RematchRequest"},
    {"GET", "/v1/runs", list_runs, Right::kRuns, "The run that works, and the published ones", kRunsOf, kRuns},
    {"POST", "/v1/runs:pause", pause_run, Right::kControl, "Hold the run that works", {}, kHeld},
    {"POST", "/v1/runs:resume", resume_run, Right::kControl, "Let it go on", {}, kHeld},
    {"POST", "/v1/runs:stop", stop_run, Right::kControl, "End it; the next run goes on where it was", {}, kHeld},
    {"GET", "/v1/runs/{id}", get_run, Right::kRuns, "A published run's manifest", {}, kManifest},
    {"GET", "/v1/runs/{id}/digest", run_digest, Right::kRuns, "What a run changed, for one office or all", kDigest, kDigested},
    {"GET", "/v1/profiles/{id}/matches", profile_matches, Right::kRunLists, "A profile's matches in the last published run, and what is new", kRunMatches, kMatchedInRun},
    {"POST", "/v1/standing-queries", add_standing_query, Right::kStanding, "Keep a search that new and changed profiles are tested against",
     {}, kAdded, 256 * 1024, kJson, "StandingQueryRequest"},
    {"GET", "/v1/standing-queries", list_standing_queries, Right::kStanding, "The standing queries, of one office or all", kQueriesOf, kQueries},
    {"GET", "/v1/standing-queries/{id}", get_standing_query, Right::kStanding, "One standing query", {}, kStandingQuery},
    {"DELETE", "/v1/standing-queries/{id}", erase_standing_query, Right::kStanding, "Remove a standing query and its alerts", {}, kRemoved},
    {"GET", "/v1/alerts", list_alerts, Right::kStanding, "Profiles that began to fit a standing query, each told once", kAlertsOf, kAlerts},
    {"GET", "/v1/programmes", list_programmes, Right::kLook, "Programmes by which one can match", {}, kListed},
    {"GET", "/v1/programmes/{programme}/coverage", coverage, Right::kSurvey, "Which members a programme has, lacks and could have", kCoverage, kCovered},
    {"GET", "/v1/countries/{country}/brief", brief, Right::kSurvey, "What to know of a country before writing to someone there", kBrief, kBriefed},
    {"GET", "/v1/me", who_am_i, Right::kLook, "Who the token is, and what it may", {}, kMe},
    {"POST", "/v1/tokens", create_token, Right::kGovern, "Make a token; the answer alone shows it", {}, kTokenMade, 64 * 1024, kJson, "TokenRequest"},
    {"GET", "/v1/tokens", list_tokens, Right::kGovern, "The tokens, without their secrets", {}, kTokens},
    {"DELETE", "/v1/tokens/{id}", revoke_token, Right::kGovern, "Put a token out of force", {}, kRevoked},
    {"GET", "/v1/audit", list_audit, Right::kGovern, "Who did what when to which profile", kAuditOf, kAudit},
    {"POST", "/v1/audit:verify", verify_audit, Right::kGovern, "Does each entry of the log follow from those before it?", kAuditSeen, kAuditChecked},
    {"POST", "/v1/backups", create_backup, Right::kOperate, "Back up the directory while it is served", {}, kBackedUp, 8 * 1024, kJson, "BackupRequest"},
    {"POST", "/v1/verify", verify, Right::kOperate, "Compare every index with the store", {}, kChecked},
    {"GET", "/healthz", healthz, Right::kOpen, "Does the process answer?", {}, kAlive},
    {"GET", "/readyz", readyz, Right::kOpen, "Does it take requests?", {}, kAlive},
    {"GET", "/metrics", metrics, Right::kMeasure, "Figures for Prometheus", {}, kMetrics},
    {"GET", "/openapi.json", openapi_document, Right::kOpen, "This description", {}, kDocument},
    {"GET", "/", page, Right::kOpen, "The officers' page", {}, kPage, 0, {}, {}, false, false},
    {"GET", "/app.js", page, Right::kOpen, "Its script", {}, kPage, 0, {}, {}, false, false},
    {"GET", "/news", page, Right::kOpen, "What the last match run changed", kNewsPage, kPage, 0, {}, {}, false, false},
    {"GET", "/news.js", page, Right::kOpen, "Its script", {}, kPage, 0, {}, {}, false, false},
    {"GET", "/common.js", page, Right::kOpen, "What both pages' scripts share", {}, kPage, 0, {}, {}, false, false},
    {"GET", "/words_news.js", page, Right::kOpen, "Words of what changed", {}, kPage, 0, {}, {}, false, false},
    {"GET", "/words.js", page, Right::kOpen, "Its words in six languages", {}, kPage, 0, {}, {}, false, false},
    {"GET", "/style.css", page, Right::kOpen, "Its style", {}, kPage, 0, {}, {}, false, false},
};
// clang-format on

}  // namespace

std::span<const Route> routes() { return kRoutes; }

}  // namespace counterpart::server
