// A ranked list made varied and fair: maximal marginal relevance, caps and exposure floors, as pure functions over what
// is known of each entry. Safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/programme_rules.h"

namespace counterpart {

// One that may stand in the list. "Better" means: a higher score or, of equal ones, the smaller id.
struct RankedEntry {
  double score = 0;  // >= 0
  std::string_view id;
  std::uint32_t country = 0;  // equal for equal countries
  std::string organisation;   // equal for one organisation
  std::uint64_t groups = 0;   // bit g: in exposure group g
};

// Of two entries, by their positions: 0 nothing in common, 1 the same. Symmetric.
using EntrySimilarity = std::function<double(std::size_t, std::size_t)>;

// Positions in a list of entries, in the order in which they are shown.
using RankedList = std::vector<std::size_t>;

// At most `limit` of `entries`, each step the one with the most of
//   (1 - lambda) * score / best score - lambda * similarity to the most similar one taken before,
// the better one of equals (maximal marginal relevance: Carbonell & Goldstein 1998, "The Use of MMR, Diversity-Based
// Reranking"; their lambda is 1 minus this one, and scores are shares of the best because odds of interest are small
// numbers). Caps are hard: where they leave fewer than `limit`, the list is shorter. `entries` in any order.
RankedList diversify(std::span<const RankedEntry> entries, std::size_t limit, const Diversity& rules,
                     const EntrySimilarity& similarity);

// Group `group` (a bit) is to have at least `share` of the list, rounded up to whole places.
struct GroupFloor {
  std::uint32_t group = 0;
  double share = 0;  // 0-1
};
std::size_t places_of(const GroupFloor& floor, std::size_t of);

// For each floor that is not met, in their order: the best entry of its group outside the list takes the place of the
// worst one in it that is of another group and may go; nobody may by whose going another floor is no longer met (or is
// met less than before), or a cap of `caps` is broken. A floor that cannot be met is met as far as it can be. One pass
// in the programme's order, which need not be the least cost of all ways. Returns how many it swapped.
std::size_t keep_floors(std::span<const RankedEntry> entries, std::span<const GroupFloor> floors, const Diversity& caps,
                        RankedList& list);

// Of a list; 0 for an empty one.
double mean_score(std::span<const RankedEntry> entries, std::span<const std::size_t> list);

}  // namespace counterpart
