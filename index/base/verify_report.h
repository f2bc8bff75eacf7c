// How what is derived from the store differs from it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "index/layer.h"

namespace counterpart::index {

struct VerifyReport {
  std::uint64_t stored = 0;              // live profiles in the store
  std::uint64_t indexed = 0;             // live rows of the snapshot
  std::uint64_t awaiting = 0;            // stored profiles without a vector of the current model
  std::vector<std::string> differences;  // at most 100, in words; empty: equal
  std::uint64_t difference_count = 0;

  void differs(std::string what);  // counts it, and spells it out while there are few
};

}  // namespace counterpart::index
