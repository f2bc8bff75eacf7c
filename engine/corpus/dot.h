// The dot product of two vectors; of unit vectors, their cosine.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace counterpart::engine {

// What one has and the other lacks counts as 0.
inline double dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

}  // namespace counterpart::engine
