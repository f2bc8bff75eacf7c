// Several segments, less their deleted rows, into one; large ones are cut into inverted lists.
#pragma once

#include <memory>
#include <span>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/segment/segment.h"

namespace counterpart::index {

// A segment and which of its rows have since been replaced or erased.
struct LiveSegment {
  std::shared_ptr<const Segment> segment;
  std::shared_ptr<const Bitmap> deleted;           // may be null: none
  std::shared_ptr<const SeenRows> seen = nullptr;  // its fine vectors in the corpus's space; null: there is none yet
};

enum class Lists : std::uint8_t {
  kNone,   // rows by kind, country, id
  kReuse,  // the first input's centroids, when it has any; else as kTrain
  kTrain,  // k-means, from kMinRowsForLists on
};
inline constexpr std::uint32_t kMinRowsForLists = 4096;

// Ids must differ among live rows. kInternal: the clustering failed. The inputs have equal dimensions. About as much
// memory as the result, and while training a sample in f32.
Result<std::shared_ptr<const Segment>> merge_segments(std::span<const LiveSegment> inputs, Lists lists);

}  // namespace counterpart::index
