#include "server/handlers_standing.h"

#include "server/arguments.h"
#include "server/wire.h"
#include "server/wire_standing.h"

namespace counterpart {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kMaxPage = 1000;

}  // namespace

Response add_standing_query(const Call& call) {
  Result<StandingQuery> asked = read_standing_query(call.request.body, call.service);
  if (!asked) return problem(asked.error(), call.request);
  const Result<StandingAdded> added = call.service.standing().add(std::move(*asked));
  if (!added) return problem(added.error(), call.request);
  json::object answer = write_standing_query(added->query);
  answer["fits"] = added->fits;
  Response response = json_response(201, std::move(answer));
  response.headers.emplace_back("Location", "/v1/standing-queries/" + added->query.id);
  return response;
}

Response list_standing_queries(const Call& call) {
  const Result<std::uint64_t> limit = number_of(call.request, "limit", 1, kMaxPage, 100);
  if (!limit) return problem(limit.error(), call.request);
  Result<std::vector<StandingQuery>> found = call.service.standing().list(
      text_of(call.request, "after"), static_cast<std::size_t>(*limit) + 1, text_of(call.request, "office"));
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
  const Result<StandingQuery> query = call.service.standing().get(call.id);
  if (!query) return problem(query.error(), call.request);
  return json_response(200, write_standing_query(*query));
}

Response erase_standing_query(const Call& call) {
  if (const Status erased = call.service.standing().erase(call.id); !erased) return problem(erased.error(), call.request);
  Response response;
  response.status = 204;
  return response;
}

Response list_alerts(const Call& call) {
  const Result<std::uint64_t> after = number_of(call.request, "after", 0, kMaxSequence, 0);
  if (!after) return problem(after.error(), call.request);
  const Result<std::uint64_t> limit = number_of(call.request, "limit", 1, kMaxPage, 100);
  if (!limit) return problem(limit.error(), call.request);
  const Result<AlertPage> page =
      call.service.standing().alerts(text_of(call.request, "query"), *after, static_cast<std::size_t>(*limit));
  if (!page) return problem(page.error(), call.request);
  json::array alerts;
  for (const Alert& alert : page->alerts) alerts.push_back(write_alert(alert));
  return json_response(200, json::object{{"alerts", std::move(alerts)}, {"after", page->after}, {"more", page->more}});
}

}  // namespace counterpart
