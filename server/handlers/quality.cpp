#include <algorithm>

#include "engine/base/nearest.h"
#include "engine/base/patience.h"
#include "engine/taxonomy/un_language.h"
#include "server/handlers/handlers.h"
#include "server/handlers/scope.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

constexpr std::uint64_t kMaxPairs = 1000;

}  // namespace

Response advice(const Call& call) {
  const auto given = call.request.query.find("lang");
  const std::string language = given == call.request.query.end() ? std::string{} : given->second;
  if (given != call.request.query.end() && !un_language(language))
    return problem({ErrorCode::kInvalid, "lang", "`" + language.substr(0, 80) + "` is not a language of the United Nations",
                    "give " + joined_with_or(kUnLanguages)},
                   call.request);
  if (const Status allowed = reachable(call, Right::kAdvise, call.id, "id"); !allowed)
    return problem(allowed.error(), call.request);
  const Result<StoredProfile> stored = call.service.get(call.id);
  if (!stored) return problem(stored.error(), call.request);
  return json_response(200, write_advice(advice_on(stored->profile, call.data.advice, language)));
}

Response duplicates(const Call& call) {
  const Result<std::uint64_t> since = number_of(call.request, "since", 0, kMaxSequence, 0);
  if (!since) return problem(since.error(), call.request);
  const Result<std::uint64_t> limit = number_of(call.request, "limit", 1, kMaxPairs, 100);
  if (!limit) return problem(limit.error(), call.request);
  const Patience patience(call.request.stop);
  const Result<DuplicatesAnswer> answer = call.service.duplicates(*since, static_cast<std::size_t>(*limit));
  if (!answer) return problem(answer.error(), call.request);
  return json_response(200, write_duplicates(*answer));
}

}  // namespace counterpart::server
