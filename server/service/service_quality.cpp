#include "server/service/service_quality.h"

namespace counterpart::server {

AdviceAnswer advice_on(const Profile& profile, const AdviceTexts& texts, const std::string& language) {
  const std::string_view given = language.empty() ? std::string_view(profile.lang) : std::string_view(language);
  return {profile.id, std::string(AdviceTexts::language_of(given)), completeness(profile), advise(profile, texts, given)};
}

DuplicatesAnswer duplicates_after(const std::vector<DuplicatePair>& all, std::uint64_t since, std::size_t limit,
                                  std::uint64_t sequence) {
  DuplicatesAnswer answer{.pairs = {}, .total = 0, .sequence = sequence};
  for (const DuplicatePair& pair : all) {
    if (pair.sequence <= since) continue;
    ++answer.total;
    if (answer.pairs.size() < limit) answer.pairs.push_back(pair);
  }
  return answer;
}

}  // namespace counterpart::server
