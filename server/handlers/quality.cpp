#include "engine/base/patience.h"
#include "server/handlers/received.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

Response advice(const Call& call) {
  const Result<std::string> language = language_of(call.request, "");
  if (!language) return problem(language.error(), call.request);
  if (const Status allowed = reachable(call, Right::kAdvise, call.id, "id"); !allowed)
    return problem(allowed.error(), call.request);
  const Result<StoredProfile> stored = call.service.get(call.id);
  if (!stored) return problem(stored.error(), call.request);
  const std::shared_ptr<const Corpus> corpus = call.data.corpus();
  const std::string& id = stored->profile.id;
  const std::optional<Row> row = corpus->find(id);
  AdviceAnswer answer = advice_on(stored->profile, call.data.advice, *language,
                                  row ? corpus->guessed_sectors(*row) : SectorGuess{}, call.data.taxonomy);
  add_places(answer, stored->profile, call.data.cases.places_taken(id), call.data.advice);
  return json_response(200, write_advice(answer));
}

Response duplicates(const Call& call) {
  const Result<std::uint64_t> since = number_of(call.request, "since", kAfter);
  if (!since) return problem(since.error(), call.request);
  const Result<std::uint64_t> limit = number_of(call.request, "limit", kDuplicatePairs);
  if (!limit) return problem(limit.error(), call.request);
  const Patience patience(call.request.stop);
  const Result<DuplicatesAnswer> answer = call.service.duplicates(*since, static_cast<std::size_t>(*limit));
  if (!answer) return problem(answer.error(), call.request);
  boost::json::object body = write_duplicates(*answer, call.speech);
  for (boost::json::value& pair : body["pairs"].as_array())
    for (const char* one : {"keep", "erase"})
      if (const Status told = tell_origin(call, std::string_view(pair.at(one).as_string()), pair.as_object(),
                                          std::string(one) + "_received_from");
          !told)
        return problem(told.error(), call.request);
  return json_response(200, std::move(body));
}

constexpr Parameter kAdvised[] = {{"lang", R"({"type":"string","enum":"@un_languages"})",
                                   "of the sentences; without it that of Accept-Language, else the profile's own"}};
constexpr Parameter kDuplicates[] = {{"since", kAfter, "only pairs of which one was written after this sequence"},
                                     {"limit", kDuplicatePairs, "pairs at most"}};

constexpr Answer kAdvice[] = {{200, kJson, "AdviceAnswer", "most helpful first"}, {404, {}, {}, "no such profile"}};
constexpr Answer kPairs[] = {{200, kJson, "Duplicates", "surest first; a human says which are one"}};

constexpr Route kRoutes[] = {
    {"GET", "/v1/profiles/{id}/advice", advice, Right::kAdvise, "How complete a profile is, and what to add to it", kAdvised,
     kAdvice},
    {"GET", "/v1/duplicates", duplicates, Right::kSurvey, "Profiles that may be one and the same", kDuplicates, kPairs}};

}  // namespace

std::span<const Route> quality_routes() { return kRoutes; }

}  // namespace counterpart::server
