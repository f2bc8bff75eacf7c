// Who is introduced to whom: of scored pairs a set that keeps every capacity and has the greatest total value, so that
// the same few are not offered to everybody. Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace counterpart::engine {

inline constexpr std::uint32_t kNoOffice = 0xffffffff;

struct AssignmentNode {
  std::uint32_t capacity = 0;        // introductions at once
  std::uint32_t office = kNoOffice;  // in AssignmentProblem::office_capacity
  std::uint64_t groups = 0;          // bit g: of the group of floors[g]
  std::uint64_t outside = 0;         // bit g: its places are none of those that floors[g] is a share of
};

struct AssignmentEdge {
  std::uint32_t a = 0, b = 0;  // nodes, a < b; each pair once
  std::int32_t value = 0;      // 1..kMaxPairValue, millionths of a score
};
inline constexpr std::int32_t kMaxPairValue = 1'000'000;
inline constexpr std::size_t kMaxAssignmentNodes = 10'000'000;
inline constexpr std::size_t kMaxAssignmentEdges = 200'000'000;
inline constexpr std::size_t kMaxAssignmentFloors = 64;

// Of all places given, two a chosen pair since each is shown to the other, less those of nodes outside: at least this
// share goes to the group. Its
// members are preferred where places are scarce; no pair of others is refused merely to raise the share.
struct AssignmentFloor {
  std::string group = {};
  double share = 0;  // 0-1
};

struct AssignmentProblem {
  std::vector<AssignmentNode> nodes = {};           // in the order of profile ids, by which ties are settled
  std::vector<std::uint32_t> office_capacity = {};  // places of its profiles; a pair within the office takes two
  std::vector<AssignmentEdge> edges = {};
  std::vector<AssignmentFloor> floors = {};  // at most kMaxAssignmentFloors
};

struct FloorResult {
  std::string group = {};
  double wanted = 0, reached = 0;  // shares; `reached` is 0 where nothing is chosen
  std::uint64_t short_by = 0;      // places that are missing to `wanted`, of as many as were given
};

struct Assignment {
  std::vector<std::uint32_t> chosen = {};  // of `edges`, ascending
  std::int64_t value = 0;                  // sum of the chosen
  // No choice has more that keeps the capacities and gives each group that was preferred no fewer places than this one.
  // From dual prices, not the solver's word.
  std::int64_t bound = 0;
  double gap = 0;                    // (bound - value) / bound
  std::uint64_t blocking_pairs = 0;  // not chosen, though each end has room or a chosen pair of lower value
  std::vector<FloorResult> floors = {};
  std::int64_t floors_cost = 0;  // value without floors less value with them
};

// Optimal (gap 0) where the pairs go between two sides and no office stands on both; else near it, as `gap` tells.
// Independent of the order of `edges`. Floors take up to kFloorSolves flows instead of one.
// kInvalid: an end, office, value or share out of range, a pair twice or with itself. kTooLarge: over a limit above.
// Source: minimum-cost circulation by cost scaling (Goldberg 1997, as LEMON implements it), for pairs within one side
// on the bipartite double cover, whose optimum is twice that of the fractional problem; floors by Lagrangian bonus.
inline constexpr int kFloorSolves = 8;
Result<Assignment> assign(const AssignmentProblem& problem);

}  // namespace counterpart::engine
