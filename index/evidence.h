// What a counterpart says itself that speaks most to a seeker's need: a sentence to quote.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "engine/corpus.h"
#include "engine/matcher.h"
#include "engine/profile.h"

namespace counterpart {

inline constexpr std::size_t kQuoted = 160;  // characters, at most

// The sentence of `counterpart`'s offer (else of its summary) with most words of `wanted`, looked for in the passage of
// that number where it has one, and else in its beginning; the first one where no words are shared, as between two
// languages. nullopt: it has neither text. Private members are never read.
std::optional<Evidence> quote(const Profile& counterpart, std::uint16_t passage, const std::set<std::string>& wanted);

// Holds references; one thread.
class EvidenceFinder {
 public:
  EvidenceFinder(const Corpus& corpus, const Seeker& seeker);
  // `counterpart` as stored; its best passage is known where the corpus has its fine vectors.
  std::optional<Evidence> of(const Profile& counterpart) const;

 private:
  const Corpus& corpus_;
  Faces vectors_;  // without the words, which would be looked up anew for each counterpart
  std::set<std::string> wanted_;
};

}  // namespace counterpart
