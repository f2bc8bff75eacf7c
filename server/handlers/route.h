// What an endpoint is: a row in the file of its handler. Dispatch, access, body limits, unknown query parameters, metrics and
// /openapi.json all read it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "server/access/rights.h"
#include "server/handlers/call.h"
#include "server/layer.h"
#include "server/service/limits.h"

namespace counterpart::server {

struct Parameter {
  enum class In : std::uint8_t { kQuery, kHeader };
  std::string_view name;
  std::variant<std::string_view, Limit> schema;  // JSON, or the limit of a whole number
  std::string_view help;
  bool required = false;
  In in = In::kQuery;
};

// One documented answer. `schema` names a component; empty: no body or not JSON.
struct Answer {
  int status;
  std::string_view media;
  std::string_view schema;
  std::string_view help;
};

// What a call takes beside its target.
struct Body {
  std::size_t limit = 0;                        // bytes; 0: the call takes none
  std::string_view media = {};                  // "application/json"
  std::string_view schema = {};                 // component
  double (*cost)(const Request&) = nullptr;     // in units of a budget, beside those of the call's right
  std::span<const std::string_view> also = {};  // other media types that it takes, each as plain bytes
};

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/v1/profiles/{id}"; at most two {…}, the second in the last segment; or ":{verb}" at the end
  Response (*handle)(const Call&);
  Right right;  // what its caller must have
  std::string_view summary;
  std::span<const Parameter> parameters;
  std::span<const Answer> answers;
  Body body = {};
  bool filters = false;    // takes every field of engine/corpus/field.h as a query parameter
  bool documented = true;  // false: the officers' page and its parts, which take any query
};

// What rows have in common.
using enum Parameter::In;
inline constexpr std::string_view kJson = "application/json";
inline constexpr std::string_view kLines = "application/x-ndjson";
inline constexpr std::string_view kCsvMedia = "text/csv";
inline constexpr std::string_view kWorkbookMedia = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
inline constexpr std::size_t kMiB = 1024 * 1024;
inline constexpr std::string_view kIdSchema = R"({"$ref":"#/components/schemas/Id"})";
inline constexpr std::string_view kProgrammeSchema = R"({"type":"string","minLength":1,"maxLength":64,"default":"open"})";

// What every documented call takes, whether its row names it or not; but where a call takes every field as a filter, `lang` is
// the language of profiles, and that of the answer is told by Accept-Language alone.
inline constexpr Parameter kLang = {"lang", R"({"type":"string","enum":"@un_languages"})",
                                    "of what is said in words; without it that of Accept-Language, else en"};

inline bool takes_lang(const Route& route) { return route.documented && !route.filters; }

// Each file's rows.
std::span<const Route> access_routes();      // tokens, the audit log, who the caller is
std::span<const Route> assemble_routes();    // the partners of a project
std::span<const Route> audience_routes();    // how many would see a profile
std::span<const Route> backup_routes();      // of the directory that this server holds
std::span<const Route> brief_routes();       // of countries
std::span<const Route> bulk_case_routes();   // one act on many cases
std::span<const Route> bulk_routes();        // many profiles at once: out, and erased for good
std::span<const Route> casework_routes();    // interests, introductions, reviews: any life cycle
std::span<const Route> check_routes();       // due diligence
std::span<const Route> condition_routes();   // a profile states a condition of its own, as a refusal taught it
std::span<const Route> coverage_routes();    // of programmes
std::span<const Route> desk_routes();        // what needs whom today, and letters
std::span<const Route> draft_act_routes();   // of owners without an account: handed in
std::span<const Route> draft_routes();       // and written
std::span<const Route> import_routes();      // many profiles in, and the tables that they come in
std::span<const Route> invitation_routes();  // to the seats of a panel
std::span<const Route> match_routes();       // who fits whom, and why
std::span<const Route> merge_routes();       // two profiles that are one, and two again
std::span<const Route> network_routes();     // of offices: who is in it, what they hand each other
std::span<const Route> office_routes();      // offices and desks
std::span<const Route> operation_routes();   // what operators ask for
std::span<const Route> page_routes();        // the officers' page
std::span<const Route> panel_routes();       // composed under a programme
std::span<const Route> portfolio_routes();   // of a project: money that is committed, and open
std::span<const Route> profile_routes();     // one by one, and searched
std::span<const Route> quality_routes();     // what a profile could still say, and which two are one
std::span<const Route> replica_routes();     // who owns the data, and who follows
std::span<const Route> shared_run_routes();  // match runs that copies help with
std::span<const Route> report_routes();      // figures of the offices' work, and the log that they are made of
std::span<const Route> run_routes();         // match runs: start and hold one, read what was published
std::span<const Route> session_routes();     // of people, in a browser
std::span<const Route> standing_routes();    // standing queries and their alerts
std::span<const Route> version_routes();     // of profiles: versions, drafts

inline constexpr std::span<const Route> (*kRouteFiles[])() = {
    profile_routes,  version_routes,   draft_routes,    draft_act_routes, import_routes,     bulk_routes,      match_routes,
    assemble_routes, quality_routes,   audience_routes, panel_routes,     invitation_routes, portfolio_routes, run_routes,
    standing_routes, coverage_routes,  brief_routes,    casework_routes,  bulk_case_routes,  desk_routes,      merge_routes,
    check_routes,    office_routes,    network_routes,  condition_routes, report_routes,     access_routes,    session_routes,
    backup_routes,   operation_routes, page_routes,     replica_routes,   shared_run_routes};

}  // namespace counterpart::server
