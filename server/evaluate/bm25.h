// BM25's two factors (Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework"), k1 = 1.2, b = 0.75: the
// values that the literature starts from, not tuned here.
#pragma once

#include <algorithm>
#include <cmath>

#include "server/layer.h"

namespace counterpart::server {

// What `times` occurrences count for in a text of `length` words, where texts have `average` of them.
inline double saturated(double times, double length, double average) {
  constexpr double kSaturation = 1.2, kLengthWeight = 0.75;  // k1, b
  const double norm = kSaturation * (1 - kLengthWeight + kLengthWeight * length / std::max(average, 1.0));
  return times * (kSaturation + 1) / (times + norm);
}

// How much a word counts that stands `times` in the asking text.
inline double asked(double times) { return std::sqrt(std::min(times, 3.0)); }

}  // namespace counterpart::server
