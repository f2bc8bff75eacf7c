// What a side's references make of a similarity. The joined text dilutes the one thing that fits among twelve that do not, so
// the mean of the three best references counts as much as the joined text where they fit better. They never count against their
// owner: stating what was done harms nobody.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "index/layer.h"

namespace counterpart::index {

// The three best of so many similarities. `least`: what none of them lies below.
class BestReferences {
 public:
  explicit BestReferences(float least = 0) { best_.fill(least); }

  void add(float similarity) {
    for (float& place : best_)
      if (similarity > place) std::swap(similarity, place);
  }
  // Of `references` in all; those that were not added are at `least`. The joined text alone counts where there are none.
  float raise(float joined, std::size_t references) const {
    const std::size_t counted = std::min(references, best_.size());
    if (counted == 0) return joined;
    double sum = 0;
    for (std::size_t i = 0; i < counted; ++i) sum += static_cast<double>(best_[i]);
    const double mean = sum / static_cast<double>(counted);
    return std::max(joined, static_cast<float>((static_cast<double>(joined) + mean) / 2));
  }

 private:
  std::array<float, 3> best_{};  // falling
};

}  // namespace counterpart::index
