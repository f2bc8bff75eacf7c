// Who would see a profile: how many counterparts under a programme admit it, and how many more would if it stated one thing
// more. Counts alone, for whoever owns it, who may be somebody whom nobody knows.
//
// What an asker who changes the profile again and again could learn from differences between two answers is held small:
// - No private member takes part, and no text. A counterpart is counted by what it demands, which stands in its public members.
// - Everybody under the programme is counted. The profile's own conditions on a counterpart are not applied: they would let the
//   asker cut the whole into parts as small as one, and tell who is in each.
// - Fewer than kLeastTold are never told, and not told from none: such a fact is left out of the list.
// - All other counts are rounded to a multiple of kRounded, gains too, so that one counterpart more or less shows seldom.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/phrase.h"
#include "engine/corpus/corpus.h"
#include "engine/profile/profile.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

inline constexpr std::uint64_t kLeastTold = 3;
inline constexpr std::uint64_t kRounded = 5;
inline constexpr std::size_t kMostFacts = 20;  // told

struct AudienceFact {
  std::string member;      // as in the contract: "organisation.languages"
  Phrase words;            // "if you also work in ..., state it in `sectors`"
  std::uint64_t more = 0;  // counterparts
};

struct Audience {
  std::optional<std::uint64_t> now;  // nothing: fewer than kLeastTold
  std::vector<AudienceFact> facts;   // those that bring the most first, then by member
};

// `profile` needs a kind and a country; one of that id is not counted. About a hundred counts of the corpus. Safe from any
// thread.
Audience audience_of(const Profile& profile, const Programme& programme, const Corpus& corpus, const Taxonomy& taxonomy,
                     std::int32_t today);

}  // namespace counterpart::engine
