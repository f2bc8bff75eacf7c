// The product of 8-bit codes with a matrix of 8-bit numbers that is laid out once for the machine's own instructions: a text
// model multiplies by the same weights for each text, a match run by the same vectors for each row, and laying them out anew
// takes longer than the product of a short text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "index/layer.h"
#include "index/vector/instructions.h"

namespace counterpart::index {

// How the numbers lie before that: [inputs][outputs] as weights do, or [outputs][inputs] as rows of vectors do.
enum class Int8Layout : std::uint8_t { kInputsFirst, kOutputsFirst };

// Safe from any thread while nothing is assigned.
class PackedMatrix {
 public:
  explicit PackedMatrix(Instructions with = instructions()) : with_(with) {}

  // `values`: inputs * outputs numbers, at most 32,768 inputs so that no sum overflows.
  void assign(const std::int8_t* values, Int8Layout layout, std::size_t inputs, std::size_t outputs);

  std::size_t inputs() const { return inputs_; }
  std::size_t outputs() const { return outputs_; }
  std::int8_t at(std::size_t input, std::size_t output) const { return packed_[place(input, output)]; }

  // sums[row][output] = sum over inputs of codes[row][input] * at(input, output), exact and the same with all instructions.
  // One thread. `sums` has rows * outputs places.
  void multiply(const std::uint8_t* codes, std::size_t rows, std::int32_t* sums) const;

 private:
  std::size_t place(std::size_t input, std::size_t output) const;

  Instructions with_;
  std::size_t inputs_ = 0, outputs_ = 0;
  // Panels of so many outputs as the instructions take at once, each [inputs / lane][outputs of the panel][lane]; zeros where
  // the matrix ends.
  std::vector<std::int8_t> packed_;
};

}  // namespace counterpart::index
