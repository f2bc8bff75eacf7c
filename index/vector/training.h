// What is learnt of many vectors: centroids for inverted lists, and the directions in which they differ. FAISS is behind
// training.cpp alone.
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

// Principal components: the mean, and the axes by falling variance.
struct Directions {
  std::vector<float> mean;
  std::vector<float> variances;  // along each axis
  std::vector<float> axes;       // [axis][dimension], unit vectors at right angles
};
// Of the points in `sample`, at least two. kInternal: the library failed.
Result<Directions> directions(std::span<const float> sample, std::size_t dimensions);

}  // namespace counterpart::index
