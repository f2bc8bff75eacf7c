#include "server/wire/standing.h"

#include <algorithm>
#include <map>

#include "engine/base/patience.h"
#include "engine/corpus/dot.h"
#include "engine/match/chance.h"
#include "engine/programme/eligibility.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

// The office whose queries alone this call may touch, given what it asks for; empty: any.
Result<std::string> office_for(const Call& call, std::string asked) {
  if (call.caller.reach(Right::kStanding) == Reach::kAll) return asked;
  if (asked.empty() || asked == call.caller.office) return call.caller.office;
  return tl::unexpected(out_of_reach(call.caller, Right::kStanding, "office"));
}

// With what to do about what the index does not find: it knows no addresses.
Error with_remedy(Error error) {
  if (error.code != ErrorCode::kNotFound) return error;
  if (error.place == "query") error.remedy = "GET /v1/standing-queries lists them";
  if (error.place == "programme") error.remedy = "GET /v1/programmes lists them";
  return error;
}

// The query `id`, if it is the caller's to see; kNotFound as for one that is not there.
Result<StandingQuery> query_for(const Call& call, const std::string& id) {
  Result<StandingQuery> query = call.data.standing.get(id);
  if (!query) return tl::unexpected(with_remedy(query.error()));
  if (call.caller.reach(Right::kStanding) == Reach::kAll || query->office == call.caller.office) return query;
  return fail(ErrorCode::kNotFound, id, "there is no such standing query of your office");
}

// Drops the alerts of other offices' queries. Each page may be shorter for it; `after` and `more` stay as they are.
Status keep_own(const Call& call, std::vector<Alert>& alerts) {
  if (call.caller.reach(Right::kStanding) == Reach::kAll) return {};
  std::map<std::string, bool> own;
  for (const Alert& alert : alerts) {
    if (own.contains(alert.query)) continue;
    const Result<StandingQuery> query = query_for(call, alert.query);
    if (!query && query.error().code != ErrorCode::kNotFound) return tl::unexpected(query.error());
    own[alert.query] = query.has_value();
  }
  std::erase_if(alerts, [&](const Alert& alert) { return !own[alert.query]; });
  return {};
}

// From which similarity on a profile has this band among those who qualify now.
double minimum_of(const Call& call, const StandingQuery& query, Band band) {
  const std::shared_ptr<const Corpus> corpus = call.data.corpus();
  const UnrelatedTexts* unrelated = corpus->unrelated();
  const auto programme = call.data.programmes.find(query.programme);
  if (!unrelated || programme == call.data.programmes.end()) return kStandingMinimum;
  const std::uint64_t among =
      corpus->count(filter_for({Profile{}, true}, programme->second, query.where, call.data.taxonomy), call.data.today());
  const auto mean = [&](const std::string& text, const std::vector<float>& others) {
    return dot(call.data.embedder.embed(text, {}), others);
  };
  const double unlike = query.text.empty() ? mean(query.offering, unrelated->mean.seeks)
                        : query.offering.empty()
                            ? mean(query.text, unrelated->mean.offers)
                            : (mean(query.text, unrelated->mean.offers) + mean(query.offering, unrelated->mean.seeks)) / 2;
  const double expected = std::min(bands()[static_cast<std::size_t>(band)].expected, 1.0);
  return std::clamp(unlike + nearness_of(expected, among) * unrelated->fast_spread, kStandingMinimum, 1.0);
}

Response add_standing_query(const Call& call) {
  Result<StandingCall> given = read_standing_call(call.request, call.data.taxonomy);
  if (!given) return problem(given.error(), call.request);
  StandingQuery* asked = &given->query;
  if (given->from && !(asked->text.empty() && asked->offering.empty())) asked->minimum = minimum_of(call, *asked, *given->from);
  Result<std::string> office = office_for(call, asked->office);
  if (!office) return problem(office.error(), call.request);
  asked->office = std::move(*office);
  const Patience patience(call.request.stop);
  const Result<StandingAdded> added = call.data.standing.add(std::move(*asked));
  if (!added) return problem(with_remedy(added.error()), call.request);
  json::object answer = write_standing_query(added->query);
  answer["fits"] = added->fits;
  Response response = json_response(201, std::move(answer));
  response.headers.emplace_back("Location", "/v1/standing-queries/" + added->query.id);
  return response;
}

Response list_standing_queries(const Call& call) {
  const Result<std::uint64_t> limit = number_of(call.request, "limit", kPage);
  if (!limit) return problem(limit.error(), call.request);
  const Result<std::string> office = office_for(call, text_of(call.request, "office"));
  if (!office) return problem(office.error(), call.request);
  Result<std::vector<StandingQuery>> found =
      call.data.standing.list(text_of(call.request, "after"), static_cast<std::size_t>(*limit) + 1, *office);
  if (!found) return problem(found.error(), call.request);
  const bool more = found->size() > *limit;
  if (more) found->pop_back();
  json::array queries;
  for (const StandingQuery& query : *found) queries.push_back(write_standing_query(query));
  json::object answer{{"queries", std::move(queries)}, {"more", more}};
  if (!found->empty()) answer["after"] = found->back().id;
  return json_response(200, std::move(answer));
}

Response get_standing_query(const Call& call) {
  const Result<StandingQuery> query = query_for(call, call.id);
  if (!query) return problem(query.error(), call.request);
  return json_response(200, write_standing_query(*query));
}

Response erase_standing_query(const Call& call) {
  if (const Result<StandingQuery> query = query_for(call, call.id); !query) return problem(query.error(), call.request);
  if (const Status erased = call.data.standing.erase(call.id); !erased)
    return problem(with_remedy(erased.error()), call.request);
  Response response;
  response.status = 204;
  return response;
}

Response list_alerts(const Call& call) {
  const Result<std::uint64_t> after = number_of(call.request, "after", kAfter);
  if (!after) return problem(after.error(), call.request);
  const Result<std::uint64_t> limit = number_of(call.request, "limit", kPage);
  if (!limit) return problem(limit.error(), call.request);
  const std::string only = text_of(call.request, "query");
  if (!only.empty())
    if (const Result<StandingQuery> query = query_for(call, only); !query) return problem(query.error(), call.request);
  Result<AlertPage> page = call.data.standing.alerts(only, *after, static_cast<std::size_t>(*limit));
  if (!page) return problem(page.error(), call.request);
  if (const Status kept = keep_own(call, page->alerts); !kept) return problem(kept.error(), call.request);
  json::array alerts;
  for (const Alert& alert : page->alerts) alerts.push_back(write_alert(alert));
  return json_response(200, json::object{{"alerts", std::move(alerts)}, {"after", page->after}, {"more", page->more}});
}

constexpr Parameter kQueriesOf[] = {
    {"office", R"({"type":"string","minLength":1})", "only its own; without it, all"},
    {"after", R"({"type":"string","minLength":1,"pattern":"^q[1-9][0-9]{0,17}$"})", "`after` of the page before"},
    {"limit", kPage, "queries a page"}};

constexpr Parameter kAlertsOf[] = {
    {"query", kIdSchema, "only of this standing query; without it, of all"},
    {"after", kAfter, "`after` of the page before: alerts are neither repeated nor skipped, however long ago that was"},
    {"limit", kPage, "alerts a page"}};

constexpr Answer kAdded[] = {{201, kJson, "StandingQueryAdded", "kept, on disk; later fits make alerts"},
                             {404, {}, {}, "no such programme"}};
constexpr Answer kQueries[] = {{200, kJson, "StandingQueries", "in order of creation"}};
constexpr Answer kStandingQuery[] = {{200, kJson, "StandingQuery", "as it was given"}, {404, {}, {}, "no such standing query"}};
constexpr Answer kRemoved[] = {{204, {}, {}, "gone, its alerts too"}, {404, {}, {}, "no such standing query"}};
constexpr Answer kAlerts[] = {{200, kJson, "Alerts", "oldest first"}, {404, {}, {}, "no such standing query"}};

constexpr Route kRoutes[] = {
    {"POST",
     "/v1/standing-queries",
     add_standing_query,
     Right::kStanding,
     "Keep a search that new and changed profiles are tested against",
     {},
     kAdded,
     {256 * 1024, kJson, "StandingQueryRequest"}},
    {"GET", "/v1/standing-queries", list_standing_queries, Right::kStanding, "The standing queries, of one office or all",
     kQueriesOf, kQueries},
    {"GET", "/v1/standing-queries/{id}", get_standing_query, Right::kStanding, "One standing query", {}, kStandingQuery},
    {"DELETE",
     "/v1/standing-queries/{id}",
     erase_standing_query,
     Right::kStanding,
     "Remove a standing query and its alerts",
     {},
     kRemoved},
    {"GET", "/v1/alerts", list_alerts, Right::kStanding, "Profiles that began to fit a standing query, each told once",
     kAlertsOf, kAlerts}};

}  // namespace

std::span<const Route> standing_routes() { return kRoutes; }

}  // namespace counterpart::server
