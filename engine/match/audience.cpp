#include "engine/match/audience.h"

#include <algorithm>
#include <utility>

#include "engine/base/patience.h"
#include "engine/corpus/field.h"
#include "engine/match/would_help_edits.h"
#include "engine/programme/eligibility.h"

namespace counterpart::engine {
namespace {

constexpr std::size_t kValuesTried = 25;  // of each field, those that most counterparts ask for

std::optional<std::uint64_t> told(std::uint64_t count) {
  if (count < kLeastTold) return std::nullopt;
  return std::max((count + kRounded / 2) / kRounded * kRounded, kRounded);
}

// What counterparts ask for, as one counterpart who asks for it all: what moves the profile towards that one may bring many.
Profile who_asks_for_all(const Corpus& corpus, std::int32_t today) {
  Profile all;
  const auto asked = [&](std::string_view field) {
    auto values = corpus.facet({}, today, demand_field(field));
    std::erase_if(values, [](const auto& value) { return value.first == kAnyKey; });
    std::ranges::stable_sort(values, [](const auto& x, const auto& y) { return x.second > y.second; });
    values.resize(std::min(values.size(), kValuesTried));
    return values;
  };
  const auto take = [&]<class Word>(std::string_view field, std::vector<Word>& list) {
    for (const auto& [value, count] : asked(field))
      if (const std::optional<Word> word = parse_word<Word>(value)) list.push_back(*word);
  };
  take("roles", all.partner.roles);
  take("size", all.partner.sizes);
  for (const auto& [value, count] : asked("languages")) all.partner.languages.push_back(value);
  for (const auto& [value, count] : asked("sectors")) all.partner.sectors.push_back(value);
  return all;
}

}  // namespace

Audience audience_of(const Profile& profile, const Programme& programme, const Corpus& corpus, const Taxonomy& taxonomy,
                     std::int32_t today) {
  Profile asker = profile;
  asker.partner = {};
  const auto count = [&](const Profile& one) {
    return count_others(corpus, filter_for({one}, programme, {}, taxonomy), today, profile.id);
  };
  const std::uint64_t now = count(asker);
  Audience audience{told(now), {}};
  for (const ProfileEdit& edit : edits_towards(asker, who_asks_for_all(corpus, today), programme, taxonomy)) {
    if (Patience::over()) break;
    Profile edited = asker;
    edit.apply(edited);
    const std::uint64_t then = count(edited);
    if (const auto more = told(then > now ? then - now : 0)) audience.facts.push_back({edit.member, edit.words, *more});
  }
  std::ranges::stable_sort(audience.facts, [](const AudienceFact& x, const AudienceFact& y) {
    return x.more != y.more ? x.more > y.more : x.member < y.member;
  });
  if (audience.facts.size() > kMostFacts) audience.facts.resize(kMostFacts);
  return audience;
}

}  // namespace counterpart::engine
