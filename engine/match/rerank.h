// A ranked list made varied and fair, place by place, as pure functions over what is known of each entry: maximal
// marginal relevance, caps and exposure floors. What stands at a place follows from what stands before it alone, never
// from how long the list is to be: a list of n begins every longer one. Safe from any thread.
//
// Floors are those of representative ranking (Geyik, Ambler, Kenthapadi, "Fairness-Aware Ranking in Search &
// Recommendation Systems with Application to LinkedIn Talent Search", KDD 2019): in every prefix a group has at least its
// share of the places, rounded down, and the best entry is first whatever its group. Theirs are shares of disjoint
// groups; here groups overlap, a floor may count on one side of a programme only, and several floors that fall due
// together are prepared for in the places before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace counterpart::engine {

// One that may stand in the list. "Better" means: a higher score or, of equal ones, the smaller id.
struct RankedEntry {
  double score = 0;  // >= 0
  std::string_view id;
  std::uint32_t country = 0;     // equal for equal countries
  std::string organisation;      // by its name: equal for one organisation, of which the list has one entry
  std::uint64_t identifier = 0;  // of the organisation, whatever its name; two that differ are two of one name. 0: none
};

// What an entry counts for. Bit f of `scope`: its place is one of those that floor f has a share of; bit f of `in`, which
// is within `scope`: it is of the group.
struct EntryKind {
  std::uint64_t in = 0, scope = 0;
  auto operator<=>(const EntryKind&) const = default;
};

// Entries by kind, in each kind best first. Whoever implements it may sort no further than is asked for.
class RankedEntries {
 public:
  virtual ~RankedEntries() = default;
  virtual std::span<const EntryKind> kinds() const = 0;
  virtual std::size_t size(std::size_t kind) const = 0;
  virtual const RankedEntry& at(std::size_t kind, std::size_t rank) = 0;  // stays where it is
};

struct EntryAt {
  std::size_t kind = 0, rank = 0;  // rank: among those of its kind, from 0
  bool operator==(const EntryAt&) const = default;
};

// Of two entries: 0 nothing in common, 1 the same. Symmetric.
using EntrySimilarity = std::function<double(EntryAt, EntryAt)>;

// One place of the list.
struct ListedEntry {
  EntryAt entry;
  std::uint64_t brought_in = 0;    // floors for whose sake it stands before a better one
  std::vector<EntryAt> also = {};  // the same organisation's other entries met on the way, best first
};

// How many places one country may have.
struct CountryCap {
  std::size_t at_most = 0;  // 0: no limit
  // Then `at_most` is meant of ten places, is more where `countries` are too few, and gives way where nobody else is left.
  bool of_ten = false;
  std::size_t countries = 0;  // of the entries; of_ten's

  std::size_t of(std::size_t places) const;  // of a list of so many; 0: no limit
};

struct ListRules {
  std::size_t limit = 10;
  double lambda = 0;  // 0: by score alone; 1: by difference alone
  CountryCap country = {};
  std::vector<double> floors = {};  // shares from 0 to 1, by bit
};

// At most `limit` entries. At each place the one with the most of
//   (1 - lambda) * score / best score - lambda * similarity to the most similar one before it,
// the better one of equals (Carbonell & Goldstein 1998, "The Use of MMR, Diversity-Based Reranking"; their lambda is 1
// minus this one, and scores are shares of the best because odds of interest are small numbers); unless a floor could then
// no longer be kept: then the one with the most of it among those who keep it. Where not all floors can be kept, as few
// places as can be are missing, the nearest places first. A cap that does not give way leaves a shorter list.
std::vector<ListedEntry> rank_entries(RankedEntries& entries, const ListRules& rules, const EntrySimilarity& similarity);

// The places that a floor wants of so many that count for it.
std::size_t places_of(double share, std::size_t of);

}  // namespace counterpart::engine
