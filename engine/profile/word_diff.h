// What changed between two texts, word by word.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/taxonomy/vocabulary.h"

namespace counterpart::engine {

enum class Change : std::uint8_t { kKept, kRemoved, kAdded };
template <>
struct Vocabulary<Change> {
  static constexpr std::array<std::string_view, 3> kNames{"kept", "removed", "added"};
};

struct ChangedPart {
  Change change = Change::kKept;
  std::string text;
  bool operator==(const ChangedPart&) const = default;
};

// The kept and removed parts, joined, are `before`; the kept and added ones `after`. No two neighbours are of one kind, and
// what was removed comes before what stands in its place. Words are those of ICU in any script, with blanks and punctuation
// between them; a shortest script of edits is found by E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986).
// Texts that differ in more than some 2,000 words are told as one removed and one added between what they begin and end with
// alike. Valid UTF-8.
std::vector<ChangedPart> word_diff(std::string_view before, std::string_view after);

// The same of entries in order, as of a list; each is a part of its own.
std::vector<ChangedPart> entry_diff(const std::vector<std::string>& before, const std::vector<std::string>& after);

}  // namespace counterpart::engine
