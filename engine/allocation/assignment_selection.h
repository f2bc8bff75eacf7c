// A set of pairs that keeps every capacity at all times, and its improvement by exchanges.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "engine/allocation/assignment.h"

namespace counterpart::engine {

// For a problem that is checked; refers to it and to `worth`, by edge and above 0. One thread at a time.
// Of equal worth the earlier edge is preferred.
class ChosenPairs {
 public:
  ChosenPairs(const AssignmentProblem& problem, std::span<const std::int64_t> worth);

  bool fits(std::uint32_t edge) const;
  void take(std::uint32_t edge);  // must fit
  bool holds(std::uint32_t edge) const { return chosen_[edge] != 0; }

  // Adds where there is room, and exchanges chosen pairs for one that stands in their place, with what then finds room,
  // until no such exchange gains.
  void improve();

  // Pairs not held, though each end has room or a chosen pair of lower worth.
  std::uint64_t blocking_pairs() const;

 private:
  struct Adjacency;
  struct Exchange;

  std::uint32_t office_of(std::uint32_t node) const { return problem_.nodes[node].office; }
  std::uint32_t places_in(std::uint32_t edge, std::uint32_t office) const;
  void drop(std::uint32_t edge);
  bool displaced_by(std::uint32_t edge, std::vector<std::uint32_t>& out) const;
  bool displaced_in(std::uint32_t office, std::uint32_t edge, std::vector<std::uint32_t>& out) const;
  bool promises(std::uint32_t edge, const Adjacency& adjacency, const std::vector<std::uint32_t>& displaced) const;
  bool exchange(std::uint32_t edge, const Adjacency& adjacency, Exchange& work);
  bool blocks(std::uint32_t edge) const;
  bool before(std::uint32_t one, std::uint32_t other) const {
    return worth_[one] != worth_[other] ? worth_[one] > worth_[other] : one < other;
  }
  std::vector<std::uint32_t> by_worth() const;

  const AssignmentProblem& problem_;
  std::span<const std::int64_t> worth_;
  std::vector<std::uint8_t> chosen_;                                 // by edge
  std::vector<std::vector<std::uint32_t>> at_node_;                  // held pairs, best first
  std::vector<std::int64_t> room_;                                   // by node
  std::vector<std::int64_t> office_room_;                            // places
  using Cheapest = std::set<std::pair<std::int64_t, std::int64_t>>;  // worth, minus the edge
  std::vector<Cheapest> at_office_;
};

}  // namespace counterpart::engine
