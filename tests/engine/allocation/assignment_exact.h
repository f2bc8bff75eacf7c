// Exact answers to compare assign() with, by other algorithms of LEMON than the one it uses; compiled as C++17.
#pragma once

#include <cstdint>
#include <vector>

namespace counterpart::engine {

struct ExactPair {
  int a = 0, b = 0;
  std::int64_t value = 0;
};

struct ExactSides {
  std::vector<int> left, right;                // capacities
  std::vector<int> left_office, right_office;  // by profile, -1: none
  std::vector<int> office_left, office_right;  // capacities
  std::vector<ExactPair> pairs;                // a of left, b of right
};

// Greatest value between two sides, by network simplex.
std::int64_t exact_between(const ExactSides& sides);

// Greatest value where everybody has one partner at most, by weighted matching in general graphs.
std::int64_t exact_matching(int nodes, const std::vector<ExactPair>& pairs);

}  // namespace counterpart::engine
