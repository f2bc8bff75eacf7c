#include "server/service/service_quality.h"

#include "engine/base/patience.h"
#include "index/store/checks.h"

namespace counterpart::server {

AdviceAnswer advice_on(const Profile& profile, const AdviceTexts& texts, const std::string& language, const SectorGuess& guess,
                       const Taxonomy& taxonomy) {
  const std::string_view given = language.empty() ? std::string_view(profile.lang) : std::string_view(language);
  const std::string_view told = AdviceTexts::language_of(given);
  AdviceAnswer answer{profile.id, std::string(told), completeness(profile), advise(profile, texts, given)};
  if (!profile.sectors.empty()) return answer;
  for (std::size_t i = 0; i < guess.size(); ++i) {
    const SectorGuess::One& one = guess.likeliest[i];
    answer.inferred.push_back(
        {std::string(one.name()), std::string(taxonomy.sectors.title(one.name(), told)), one.share / 255.0});
  }
  return answer;
}

void add_places(AdviceAnswer& answer, const Profile& profile, unsigned taken, const AdviceTexts& texts) {
  answer.places = places_of(profile, taken);
  if (!answer.places->full()) return;
  answer.advice.insert(answer.advice.begin(), {"capacity", std::string(texts.sentence("no_free_place", answer.language)), 0});
}

Result<std::vector<DuplicatePair>> duplicates_in(const Store& store, const Taxonomy& taxonomy, std::uint64_t since) {
  const auto excluded = excluded_ids(store.database());
  if (!excluded) return tl::unexpected(excluded.error());
  DuplicateFinder finder(taxonomy);
  const Status read = store.for_each(false, [&](const StoredProfile& stored, const std::optional<Embedding>&) {
    if (!excluded->contains(stored.profile.id)) finder.add(stored.profile, stored.sequence);
    return !Patience::over();
  });
  if (!read) return tl::unexpected(read.error());
  if (Patience::over()) return given_up();
  return finder.pairs(since);
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
