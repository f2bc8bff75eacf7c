// Clustering of a segment's vectors into inverted lists. FAISS is behind clusters.cpp alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

// `count` centroids of the `dimensions`-component points in `sample` (k-means, L2, fixed seed). The sample must hold at
// least `count` points. Same sample, same centroids on the same machine. kInternal: the library failed.
Result<std::vector<float>> cluster(std::span<const float> sample, std::size_t dimensions, std::size_t count);

}  // namespace counterpart::index
