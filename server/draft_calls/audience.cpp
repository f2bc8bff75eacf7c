#include "engine/match/audience.h"

#include <algorithm>

#include "engine/base/patience.h"
#include "server/draft_calls/drafts.h"
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

constexpr Parameter kReached[] = {{"programme", kProgrammeSchema, "under whose rules; `open`: the two sides' own conditions"}};

constexpr Answer kReach[] = {{200, kJson, "Reach", "counts alone, rounded, none under 3"},
                             {404, {}, {}, "no such profile or draft, or no such programme"}};

constexpr Route kRoutes[] = {
    {"GET", "/v1/profiles/{id}/reach", reach, Right::kAdvise,
     "How many counterparts admit a profile, and how many more each fact would bring", kReached, kReach},
    {"GET", "/v1/drafts/{id}/reach", reach, Right::kDraft, "The same of a draft", kReached, kReach}};

}  // namespace

std::span<const Route> audience_routes() { return kRoutes; }

}  // namespace counterpart::server
