// Minimum-cost circulation on plain arrays; the one place that knows the solver, LEMON, which needs C++17.
#pragma once

#include <cstdint>
#include <vector>

namespace counterpart::engine {

struct CirculationArc {
  std::int32_t from = 0, to = 0;
  std::int32_t capacity = 0;  // at least 0
  std::int64_t cost = 0;      // of a unit
};

struct Circulation {
  std::vector<std::int32_t> flow;       // by arc
  std::vector<std::int64_t> potential;  // by node; cost + potential[from] - potential[to] < 0 only on full arcs
};

// Deterministic in the order of `arcs`; any thread. The costs times the number of nodes must stay below 2^58.
// Source: cost scaling (Goldberg 1997) as LEMON 1.3.1 implements it.
Circulation solve_circulation(std::int32_t nodes, const std::vector<CirculationArc>& arcs);

}  // namespace counterpart::engine
