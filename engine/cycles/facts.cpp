#include "engine/cycles/facts.h"

#include <algorithm>

namespace counterpart::engine {
namespace {

// Facts that are the id of one profile; `alternates` are several.
struct NamedFact {
  std::string_view fact;
  std::string Facts::*profile;
};
constexpr NamedFact kNamedFacts[] = {{"implementer", &Facts::implementer},
                                     {"adviser", &Facts::adviser},
                                     {"mentor", &Facts::mentor},
                                     {"investor", &Facts::investor},
                                     {"seat", &Facts::seat}};

}  // namespace

std::string named_in(const Facts& facts, std::string_view fact) {
  const auto* const found = std::ranges::find(kNamedFacts, fact, &NamedFact::fact);
  return found != std::end(kNamedFacts) ? facts.*found->profile : std::string();
}

std::vector<std::string> named_profiles(const Facts& facts) {
  std::vector<std::string> named = facts.alternates;
  for (const NamedFact& row : kNamedFacts)
    if (const std::string& profile = facts.*row.profile; !profile.empty()) named.push_back(profile);
  return named;
}

void forget_profiles(const std::set<std::string>& profiles, Facts& facts) {
  std::erase_if(facts.alternates, [&](const std::string& profile) { return profiles.contains(profile); });
  for (const NamedFact& row : kNamedFacts)
    if (profiles.contains(facts.*row.profile)) (facts.*row.profile).clear();
}

}  // namespace counterpart::engine
