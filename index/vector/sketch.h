// Rows at one bit a component: a first look at a row for an eighth of its bytes, so that few of those that a probe passes are
// read as they are. What a row has beyond its list's centroid is turned by a fixed random rotation, and the signs are kept
// (RaBitQ: J. Gao and C. Long, "RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error Bound for Approximate
// Nearest Neighbor Search", SIGMOD 2024). Estimates are the same to the last bit on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/layer.h"
#include "index/vector/instructions.h"
#include "index/vector/kernel.h"

namespace counterpart::index {

// 64-bit words of a sketch of so many components.
std::size_t sketch_words(std::size_t components);

// What makes sums over signs into products.
struct SketchScale {
  float estimate = 0;  // of the product with a vector, per unit of the sum
  float error = 0;     // standard deviation of that estimate, per unit of the vector's length
};

// Writes sketch_words(residual.size()) words.
SketchScale make_sketch(std::span<const float> residual, std::uint64_t* words);

// Sketches of rows, one behind the other. Borrowed.
struct Sketches {
  const std::uint64_t* words = nullptr;
  const SketchScale* scales = nullptr;
};

// A query, ready to be compared with sketches. Immutable; safe from any thread.
class SketchQuery {
 public:
  explicit SketchQuery(std::span<const float> query, Instructions with = instructions());

  // out[i]: what the product of the query with the residual of row which[i] hardly exceeds, by `deviations` of the estimate.
  void bounds(const Sketches& rows, std::span<const std::uint32_t> which, float deviations, std::span<float> out) const;

 private:
  Instructions with_;
  std::vector<std::int8_t> codes_;  // of the turned query
  std::int32_t total_ = 0;          // of the codes
  float scale_ = 0, length_ = 0;
};

}  // namespace counterpart::index
