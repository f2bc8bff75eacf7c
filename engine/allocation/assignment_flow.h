// The fractional optimum under an assignment, and a bound that holds whatever the solver says.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/allocation/assignment.h"

namespace counterpart::engine {

struct AssignmentFlow {
  std::vector<std::uint8_t> halves;  // by edge: 0, 1 or 2 halves of it are taken
  std::int64_t bound = 0;            // of the sum of `worth` over any choice that keeps capacities
};

// Pairs between two sides, each office on one of them: `halves` has no 1 and is the best choice. Otherwise the best
// where pairs may be taken by half: the bipartite double cover's flow, in which each profile gives and takes.
// `worth` by edge, above 0. The ends, offices and worths of `problem` are checked already.
AssignmentFlow solve_flow(const AssignmentProblem& problem, std::span<const std::int64_t> worth);

}  // namespace counterpart::engine
