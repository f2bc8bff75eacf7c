// A weight matrix in int8 and its product with float rows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/layer.h"
#include "index/vector/packed_matrix.h"

namespace counterpart::index {

// Floats made into 8-bit codes around a zero point, one scale for all of them.
struct CodedRows {
  static constexpr std::uint8_t kZero = 128;

  std::vector<std::uint8_t> codes;
  float scale = 0;  // value = (code - kZero) * scale

  // `padding` zeros stand before and after the values.
  void assign(std::span<const float> values, std::size_t padding = 0);
};

// Weights [inputs][outputs], one scale an output. Immutable; safe from any thread.
class Int8Matrix {
 public:
  Int8Matrix() = default;
  Int8Matrix(std::span<const float> weights, std::size_t inputs, std::size_t outputs);
  // Several matrices of the same `inputs` side by side.
  static Int8Matrix beside(std::span<const std::span<const float>> weights, std::size_t inputs, std::size_t outputs_each);

  // What int8 left over of `weights`, which this matrix was made of.
  std::vector<float> rest_of(std::span<const float> weights) const;

  std::size_t outputs() const { return weights_.outputs(); }
  float scale(std::size_t output) const { return scales_[output]; }
  std::int32_t column_sum(std::size_t output) const { return column_sums_[output]; }  // of the int8 weights

  // sums[row][output] = sum of codes[row][input] * weight, exact. One thread.
  void multiply(const std::uint8_t* codes, std::size_t rows, std::int32_t* sums) const { weights_.multiply(codes, rows, sums); }
  // out[row] = window(row) * weights; a window is as many rows of `width` codes as the matrix has inputs for, and that
  // of row 0 starts `first` rows into `coded`.
  void apply_windows(const CodedRows& coded, std::size_t width, std::size_t first, std::size_t rows,
                     std::span<float> out) const;

 private:
  PackedMatrix weights_;
  std::vector<float> scales_;
  std::vector<std::int32_t> column_sums_;
};

// For the product of a single row, where accuracy matters and time goes into fetching weights: row and weights are both
// coded twice, once coarsely and once what that left over, which comes near to float at half its memory.
class FineMatrix {
 public:
  FineMatrix() = default;
  FineMatrix(std::span<const float> weights, std::size_t inputs, std::size_t outputs);

  // out = row * weights.
  void apply(std::span<const float> row, std::span<float> out) const;

 private:
  Int8Matrix both_;  // the coarse columns, then the rest's
};

}  // namespace counterpart::index
