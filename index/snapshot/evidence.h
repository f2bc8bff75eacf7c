// What a counterpart says itself that speaks most to a seeker: a sentence to quote.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "engine/corpus/corpus.h"
#include "engine/match/matcher.h"
#include "engine/profile/profile.h"
#include "index/layer.h"

namespace counterpart::index {

inline constexpr std::size_t kQuoted = 160;  // characters, at most

// Telling stems of the seeker's two faces.
struct Wanted {
  std::set<std::string> need, offer;
};

// What the fine vectors say of a counterpart's best part.
struct BestPart {
  bool compared = false;                                         // false: they say nothing
  std::uint16_t passage = kNoPassage, reference = kNoReference;  // as in Candidate
};

// The sentence of `counterpart`'s offer (else of its summary) with most words of the seeker's need, looked for in the
// passage of that number where it has one, and else in its beginning; the first one where no words are shared, as between
// two languages. A reference is quoted where it is the best part or, where vectors say nothing, has more of these words in a
// sentence. One that states what it seeks alone is quoted with that, against the seeker's offer. nullopt: it has no such text.
// Private members are never read.
std::optional<Evidence> quote(const Profile& counterpart, const BestPart& best, const Wanted& wanted);

// Holds references; one thread.
class EvidenceFinder {
 public:
  EvidenceFinder(const Corpus& corpus, const Seeker& seeker);
  // `counterpart` as stored; its best passage is known where the corpus has its fine vectors.
  std::optional<Evidence> of(const Profile& counterpart) const;

 private:
  const Corpus& corpus_;
  Faces vectors_;  // without the words, which would be looked up anew for each counterpart
  Wanted wanted_;
};

}  // namespace counterpart::index
