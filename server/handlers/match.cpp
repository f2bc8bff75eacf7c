#include "engine/base/patience.h"
#include "server/handlers/handlers.h"
#include "server/handlers/scope.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

std::string query_value(const Request& request, const std::string& name, std::string otherwise = {}) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? otherwise : found->second;
}

}  // namespace

Response match(const Call& call) {
  Result<MatchCall> asked = read_match_call(call.request.body, call.data.taxonomy);
  if (!asked) return problem(asked.error(), call.request);
  if (!asked->profile_id.empty())
    if (const Status allowed = reachable(call, Right::kMatch, asked->profile_id, "profile"); !allowed)
      return problem(allowed.error(), call.request);
  asked->within = call.caller.filter;
  const Patience patience(call.request.stop);
  const Result<Matches> matches = call.service.match(*asked);
  if (!matches) return problem(matches.error(), call.request);
  call.metrics.record_match(matches->seconds);
  return json_response(200, write_matches(*matches, *asked));
}

Response explain(const Call& call) {
  const std::string a = query_value(call.request, "a"), b = query_value(call.request, "b");
  if (const Status allowed = reachable(call, Right::kMatch, a, "a"); !allowed) return problem(allowed.error(), call.request);
  if (const Status allowed = reachable(call, Right::kRead, b, "b"); !allowed) return problem(allowed.error(), call.request);
  const Patience patience(call.request.stop);
  const Result<ExplainAnswer> answer =
      call.service.explain(a, b, query_value(call.request, "programme", "open"), call.caller.filter);
  if (!answer) return problem(answer.error(), call.request);
  return json_response(200, write_explanation(*answer));
}

Response list_programmes(const Call& call) {
  boost::json::array list;
  for (const auto& [slug, programme] : call.data.programmes) {
    boost::json::array sides;
    for (const Side& side : programme.sides) sides.push_back({{"name", side.name}, {"label", side.label}});
    list.push_back(
        {{"slug", slug}, {"name", programme.name}, {"description", programme.description}, {"sides", std::move(sides)}});
  }
  return json_response(200, boost::json::object{{"programmes", std::move(list)}});
}

}  // namespace counterpart::server
