// The inner loop of the nightly product: from int8 sums of one seeker with many columns to the few that are good enough.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "index/layer.h"

namespace counterpart::index {

// Of one text model, for one tile of columns. Sums are of codes = value + 128, so 128 times the sum of a column's values
// is taken off.
struct ScanPlane {
  const std::int32_t* forward = nullptr;         // by column: codes of what the seeker seeks . the column's offer
  const std::int32_t* backward = nullptr;        // codes of what the seeker offers . the column's need
  const std::int32_t* forward_excess = nullptr;  // 128 * sum of the column's offer
  const std::int32_t* backward_excess = nullptr;
  const float* scales = nullptr;  // by column; NaN: not admissible
  float forward_weight = 0;       // times the seeker's scale
  float backward_weight = 0;
};

struct Scanned {
  std::uint32_t column = 0;
  float key = 0;
};

// Appends the columns below `count` whose key is at least `least`, ascending. The key is the sum over planes of
//   (forward_weight * forward + backward_weight * backward) * scale,
// in float, in this order of operations: equal on every machine. `fine` may be null. `count` is a multiple of 16.
void scan_columns(const ScanPlane& fast, const ScanPlane* fine, std::size_t count, float least, std::vector<Scanned>& out);
inline constexpr std::size_t kScanStep = 16;
// The same with a bar for each column; NaN: none is good enough.
void scan_columns_over(const ScanPlane& fast, const ScanPlane* fine, std::size_t count, const float* bars,
                       std::vector<Scanned>& out);

}  // namespace counterpart::index
