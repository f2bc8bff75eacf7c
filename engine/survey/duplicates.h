// One company, project or expert under two ids: pairs that a human should look at, with what speaks for each.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/phrase.h"
#include "engine/profile/profile.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

struct DuplicatePair {
  // Which to keep is a proposal: the more complete one (engine/profile/advice.h), of equals the lower id.
  std::string keep, erase;
  std::string keep_title, erase_title;
  double score = 0;             // 0..1
  std::vector<Phrase> reasons;  // what speaks for it, then what against
  std::uint64_t sequence = 0;   // of the newer of the two
};

// Chosen on the sample profiles and on pairs made from them (tests/engine/survey/duplicates_test.cpp): a score from which a
// pair is worth a look. An equal name in one country, or an equal text, or an identifier alone reaches it.
inline constexpr double kDuplicateScore = 0.75;

// Fed with all profiles, answers once. Only profiles of one kind are compared: a company and its project are two finds.
//
// Candidates share an identifier, the whole name, the consonants of the whole name (which survive transliteration), one of
// the three rarest words of their names, or one of the four least hashes of their texts (engine/survey/sketch.h). A word that
// more than 20 names have finds nobody; of the other groups, members of more than 20 meet their next 8 neighbours, by country.
// So a profile meets at most about 20 others a key, and the cost grows with the number of profiles, not its square. What
// that can miss: spellings that share no rare word and differ in consonants, with different texts, without identifiers; the
// same text in two languages.
//
// A score joins independent evidence e as 1 - (1 - e1)(1 - e2)...: identifier 0.98 (project: 0.4, for a sponsor's projects
// share it); name 0.65 to 0.85 by similarity from 0.85 on, less where many have this name and in two countries; text up to
// 0.9. Against: another identifier of the same scheme, other numbers in the name.
//
// Not thread-safe. Takes about 1.5 kB a profile. Private members are never read.
class DuplicateFinder {
 public:
  // Keeps a reference to `taxonomy`.
  explicit DuplicateFinder(const Taxonomy& taxonomy);
  ~DuplicateFinder();
  DuplicateFinder(const DuplicateFinder&) = delete;
  DuplicateFinder& operator=(const DuplicateFinder&) = delete;

  // Ids are given once each; the order of calls does not matter.
  void add(const Profile& profile, std::uint64_t sequence);

  // Pairs of at least `threshold` of which one was written after `since`, best first, ties by ids.
  std::vector<DuplicatePair> pairs(std::uint64_t since = 0, double threshold = kDuplicateScore) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::engine
