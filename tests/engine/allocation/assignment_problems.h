// Invented assignments, and the count of what a choice uses.
#pragma once

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <vector>

#include "engine/allocation/assignment.h"

namespace counterpart::engine {

struct Invented {
  std::uint32_t nodes = 0;
  double density = 0;  // share of all pairs
  std::uint32_t capacity_at_most = 3;
  std::uint32_t offices = 0;
  std::int32_t value_at_most = 1000;  // low values for ties
  std::uint32_t first_side = 0;       // nodes before it pair with those after it only; 0: one side
};

// Between two sides the even offices are of the first, the odd ones of the second.
inline AssignmentProblem invent(const Invented& rules, std::mt19937& random) {
  const auto below = [&](std::uint32_t limit) { return static_cast<std::uint32_t>(random() % limit); };
  AssignmentProblem problem;
  for (std::uint32_t i = 0; i < rules.nodes; ++i) {
    AssignmentNode node;
    node.capacity = below(rules.capacity_at_most + 1);
    if (rules.capacity_at_most == 1) node.capacity = 1;
    if (rules.offices > 1 && below(2) == 0) {
      node.office = below(rules.offices);
      if (rules.first_side > 0 && (node.office % 2 == 0) != (i < rules.first_side)) node.office ^= 1U;
      if (node.office >= rules.offices) node.office = kNoOffice;
    }
    problem.nodes.push_back(node);
  }
  for (std::uint32_t i = 0; i < rules.offices; ++i) problem.office_capacity.push_back(below(5));
  for (std::uint32_t a = 0; a < rules.nodes; ++a)
    for (std::uint32_t b = a + 1; b < rules.nodes; ++b) {
      if (rules.first_side > 0 && (a < rules.first_side) == (b < rules.first_side)) continue;
      if (below(1000) >= rules.density * 1000) continue;
      const auto value = 1 + below(static_cast<std::uint32_t>(rules.value_at_most));
      problem.edges.push_back({a, b, static_cast<std::int32_t>(value)});
    }
  return problem;
}

// Whether `chosen` keeps the capacity of each profile and office, by counting.
inline bool keeps_capacities(const AssignmentProblem& problem, const std::vector<std::uint32_t>& chosen) {
  std::vector<std::uint32_t> used(problem.nodes.size(), 0), used_office(problem.office_capacity.size(), 0);
  for (const std::uint32_t e : chosen)
    for (const std::uint32_t node : {problem.edges[e].a, problem.edges[e].b}) {
      ++used[node];
      if (problem.nodes[node].office != kNoOffice) ++used_office[problem.nodes[node].office];
    }
  for (std::size_t i = 0; i < used.size(); ++i)
    if (used[i] > problem.nodes[i].capacity) return false;
  for (std::size_t i = 0; i < used_office.size(); ++i)
    if (used_office[i] > problem.office_capacity[i]) return false;
  return true;
}

inline std::int64_t value_of(const AssignmentProblem& problem, const std::vector<std::uint32_t>& chosen) {
  return std::accumulate(chosen.begin(), chosen.end(), std::int64_t{0},
                         [&](std::int64_t sum, std::uint32_t e) { return sum + problem.edges[e].value; });
}

}  // namespace counterpart::engine
