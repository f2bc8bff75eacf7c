#include <algorithm>

#include "engine/base/patience.h"
#include "engine/match/audience.h"
#include "server/draft_calls/drafts.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/service/rules.h"
#include "server/wire/arguments.h"
#include "server/wire/drafts.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

Result<Profile> stored(const Call& call) {
  if (Status allowed = reachable(call, Right::kAdvise, call.id, "id"); !allowed)
    return tl::unexpected(std::move(allowed.error()));
  return call.service.get(call.id).map([](StoredProfile found) { return std::move(found.profile); });
}

Result<Profile> drafted(const Call& call) {
  const Result<OwnDraft> draft = own_draft(call);
  if (!draft) return tl::unexpected(draft.error());
  std::vector<Error> faults;
  Profile profile = profile_of(call, *draft, faults);
  for (const std::string_view needed : {"kind", "country"})
    if (const auto fault = std::ranges::find(faults, needed, &Error::place); fault != faults.end())
      return tl::unexpected(*fault);
  return profile;
}

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
  return json_response(200, write_duplicates(*answer, call.speech));
}

// Of a stored profile for who may advise it, of a draft for who has its secret.
Response reach(const Call& call) {
  const Result<const Programme*> programme = find_programme(call.data.programmes, text_of(call.request, "programme", "open"));
  if (!programme) return problem(programme.error(), call.request);
  Result<Profile> profile = call.caller.has_draft ? drafted(call) : stored(call);
  if (!profile) return problem(profile.error(), call.request);
  const Patience patience(call.request.stop);
  const std::shared_ptr<const Corpus> corpus = call.data.corpus();
  const Audience found = audience_of(*profile, **programme, *corpus, call.data.taxonomy, call.data.today());
  return json_response(200, write_audience(found, (*programme)->slug, call.speech));
}

constexpr Parameter kAdvised[] = {{"lang", R"({"type":"string","enum":"@un_languages"})",
                                   "of the sentences; without it that of Accept-Language, else the profile's own"}};
constexpr Parameter kDuplicates[] = {{"since", kAfter, "only pairs of which one was written after this sequence"},
                                     {"limit", kDuplicatePairs, "pairs at most"}};

constexpr Parameter kReached[] = {{"programme", kProgrammeSchema, "under whose rules; `open`: the two sides' own conditions"}};

constexpr Answer kAdvice[] = {{200, kJson, "AdviceAnswer", "most helpful first"}, {404, {}, {}, "no such profile"}};
constexpr Answer kReach[] = {{200, kJson, "Reach", "counts alone, rounded, none under 3"},
                             {404, {}, {}, "no such profile or draft, or no such programme"}};
constexpr Answer kPairs[] = {{200, kJson, "Duplicates", "surest first; a human says which are one"}};

constexpr Route kRoutes[] = {
    {"GET", "/v1/profiles/{id}/advice", advice, Right::kAdvise, "How complete a profile is, and what to add to it", kAdvised,
     kAdvice},
    {"GET", "/v1/profiles/{id}/reach", reach, Right::kAdvise,
     "How many counterparts admit a profile, and how many more each fact would bring", kReached, kReach},
    {"GET", "/v1/drafts/{id}/reach", reach, Right::kDraft, "The same of a draft", kReached, kReach},
    {"GET", "/v1/duplicates", duplicates, Right::kSurvey, "Profiles that may be one and the same", kDuplicates, kPairs}};

}  // namespace

std::span<const Route> quality_routes() { return kRoutes; }

}  // namespace counterpart::server
