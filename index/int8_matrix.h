// A weight matrix in int8 and its product with float rows, through oneDNN.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace counterpart {

// Float rows made into 8-bit codes around a zero point, one scale a row.
struct CodedRows {
  static constexpr std::uint8_t kZero = 128;

  std::vector<std::uint8_t> codes;
  std::vector<float> scales;  // value = (code - kZero) * scale of its row

  // `padding` rows of zeros stand before and after the rows.
  void assign(std::span<const float> values, std::size_t width, std::size_t padding = 0);
};

// Weights [inputs][outputs], one scale an output. Immutable; safe from any thread.
class Int8Matrix {
 public:
  Int8Matrix() = default;
  // `block`: how many inputs are multiplied at once, a row of a window; 0: all.
  Int8Matrix(std::span<const float> weights, std::size_t inputs, std::size_t outputs, std::size_t block = 0);
  // Several matrices of the same `inputs` side by side.
  static Int8Matrix beside(std::span<const std::span<const float>> weights, std::size_t inputs, std::size_t outputs_each,
                           std::size_t block);

  // What int8 left over of `weights`, which this matrix was made of.
  std::vector<float> rest_of(std::span<const float> weights) const;

  std::size_t inputs() const { return inputs_; }
  std::size_t outputs() const { return outputs_; }
  float scale(std::size_t output) const { return scales_[output]; }
  std::int32_t column_sum(std::size_t output) const { return sums_[output] / CodedRows::kZero; }  // of the first block

  // sums[row][output] = sum over inputs from `from` on, `stride` of them, of codes[row * stride + input - from] * weight.
  // One thread. Without VNNI, oneDNN adds pairs of products in 16 bits: codes over 127 may then saturate.
  void multiply(const std::uint8_t* codes, std::size_t rows, std::size_t from, std::size_t stride,
                std::int32_t* sums) const;
  // out[row] += window(row) * weights, where a window is inputs() / width rows one after another, the first of them
  // `first` rows into `coded` for row 0.
  void apply_windows(const CodedRows& coded, std::size_t width, std::size_t first, std::size_t rows,
                     std::span<float> out) const;
 private:
  std::size_t inputs_ = 0, outputs_ = 0;
  std::vector<std::int8_t> weights_;
  std::vector<float> scales_;
  std::vector<std::int32_t> sums_;  // [block][output]: kZero times the sum of its weights
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
  Int8Matrix coarse_, rest_;
};

}  // namespace counterpart
