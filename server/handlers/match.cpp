#include <algorithm>

#include "engine/base/patience.h"
#include "server/access/cost.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

Response match(const Call& call) {
  Result<MatchCall> asked = read_match_call(call.request, call.data.taxonomy);
  if (!asked) return problem(asked.error(), call.request);
  if (!asked->profile_id.empty())
    if (const Status allowed = reachable(call, Right::kMatch, asked->profile_id, "profile"); !allowed)
      return problem(allowed.error(), call.request);
  asked->within = call.caller.filter;
  const Patience patience(call.request.stop);
  const Result<Matches> matches = call.service.match(*asked);
  if (!matches) return problem(as_known(call, matches.error()), call.request);
  call.metrics.record_match(matches->seconds);
  boost::json::object body = write_matches(*matches, *asked, call.speech);
  for (boost::json::value& one : body["matches"].as_array())
    if (const Status told = tell_beside(call, std::string(one.at("id").as_string()), one.as_object()); !told)
      return problem(told.error(), call.request);
  return json_response(200, std::move(body));
}

Response explain(const Call& call) {
  const std::string a = text_of(call.request, "a"), b = text_of(call.request, "b");
  if (const Status allowed = reachable(call, Right::kMatch, a, "a"); !allowed) return problem(allowed.error(), call.request);
  if (const Status allowed = reachable(call, Right::kRead, b, "b"); !allowed) return problem(allowed.error(), call.request);
  const Patience patience(call.request.stop);
  const Result<ExplainAnswer> answer =
      call.service.explain(a, b, text_of(call.request, "programme", "open"), call.caller.filter);
  if (!answer) return problem(as_known(call, answer.error()), call.request);
  boost::json::object body = write_explanation(*answer, call.speech);
  if (const Status told = tell_beside(call, b, body); !told) return problem(told.error(), call.request);
  return json_response(200, std::move(body));
}

Response list_programmes(const Call& call) {
  boost::json::array list;
  for (const auto& [slug, programme] : call.data.programmes) {
    boost::json::array sides;
    for (const ProgrammeSide& side : programme.sides)
      sides.push_back({{"name", side.name}, {"label", call.speech.authored(side.label)}});
    list.push_back({{"slug", slug},
                    {"name", call.speech.authored(programme.name)},
                    {"description", call.speech.authored(programme.description)},
                    {"sides", std::move(sides)}});
  }
  return json_response(200, boost::json::object{{"programmes", std::move(list)}});
}

// By what the body of a match says of its list; one that is wrong is refused before it costs anything.
double list_cost(const Request& request) {
  const Result<boost::json::object>& asked = json_body(request);
  if (!asked) return 0;
  const auto flag = [&](std::string_view name) {
    const boost::json::value* value = asked->if_contains(name);
    return value && value->is_bool() && value->as_bool();
  };
  const auto number = [&](std::string_view name, const Limit& limit) {
    const boost::json::value* value = asked->if_contains(name);
    return value && value->is_number() ? std::clamp(value->to_number<double>(), 0.0, static_cast<double>(limit.most))
                                       : static_cast<double>(limit.standard.value());
  };
  const double places = number("limit", kMatchList);
  // To vary a later page is to vary all that comes before it.
  return cost_of_list(places, flag("diversify"), flag("explain")) +
         cost_of_list(number("after", kMatchAfter), flag("diversify"), false);
}

constexpr Parameter kPair[] = {{"a", kIdSchema, "the one who asks", true},
                               {"b", kIdSchema, "the other", true},
                               {"programme", kProgrammeSchema, "by whose rules"}};
constexpr Answer kMatched[] = {{200, kJson, "Matches", "best first"},
                               {404, {}, {}, "no such profile or programme"},
                               {409, {}, {}, "the profile is excluded"}};
constexpr Answer kExplained[] = {{200, kJson, "Explanation", "parts, reasons, conditions"},
                                 {404, {}, {}, "no such profile or programme"},
                                 {409, {}, {}, "one of them is excluded"}};
constexpr Answer kListed[] = {{200, kJson, "Programmes", "all of them"}};

constexpr Route kRoutes[] = {
    {"POST",
     "/v1/match",
     match,
     Right::kMatch,
     "Ranked counterparts of a profile, a draft or a text",
     {},
     kMatched,
     {2 * kMiB, kJson, "MatchRequest", list_cost}},
    {"GET", "/v1/explain", explain, Right::kMatch, "Why two profiles match, or why not", kPair, kExplained},
    {"GET", "/v1/programmes", list_programmes, Right::kLook, "Programmes by which one can match", {}, kListed}};

}  // namespace

std::span<const Route> match_routes() { return kRoutes; }

}  // namespace counterpart::server
