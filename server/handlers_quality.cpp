#include "server/handlers_quality.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "server/wire.h"

namespace counterpart {
namespace {

constexpr std::uint64_t kMaxPairs = 1000;
constexpr std::uint64_t kMaxSequence = std::numeric_limits<std::int64_t>::max();

// A whole number of the query from `least` to `most`; `otherwise` if it is not given.
Result<std::uint64_t> number_of(const Call& call, const std::string& name, std::uint64_t least, std::uint64_t most,
                                std::uint64_t otherwise) {
  const auto found = call.request.query.find(name);
  if (found == call.request.query.end()) return otherwise;
  const std::string& text = found->second;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size() && value >= least && value <= most) return value;
  return fail(ErrorCode::kInvalid, name, "`" + text.substr(0, 80) + "` is out of range",
              "give a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

}  // namespace

Response advice(const Call& call) {
  const auto given = call.request.query.find("lang");
  const std::string language = given == call.request.query.end() ? std::string{} : given->second;
  if (given != call.request.query.end() && std::ranges::find(kUnLanguages, language) == std::end(kUnLanguages))
    return problem({ErrorCode::kInvalid, "lang", "`" + language.substr(0, 80) + "` is not a language of the United Nations",
                    "give ar, zh, en, fr, ru or es"}, call.request);
  const Result<AdviceAnswer> answer = call.service.advice(call.id, language);
  if (!answer) return problem(answer.error(), call.request);
  return json_response(200, write_advice(*answer));
}

Response duplicates(const Call& call) {
  const Result<std::uint64_t> since = number_of(call, "since", 0, kMaxSequence, 0);
  if (!since) return problem(since.error(), call.request);
  const Result<std::uint64_t> limit = number_of(call, "limit", 1, kMaxPairs, 100);
  if (!limit) return problem(limit.error(), call.request);
  const Result<DuplicatesAnswer> answer = call.service.duplicates(*since, static_cast<std::size_t>(*limit));
  if (!answer) return problem(answer.error(), call.request);
  return json_response(200, write_duplicates(*answer));
}

}  // namespace counterpart
