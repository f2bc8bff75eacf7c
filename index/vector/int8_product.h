// Products of 8-bit matrices in int32, exact on every machine, through oneDNN.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>

#include "index/layer.h"

namespace counterpart::index {

// How the int8 matrix lies in memory: [inputs][outputs] as weights do, or [outputs][inputs] as rows of vectors do.
enum class Int8Layout : std::uint8_t { kInputsFirst, kOutputsFirst };

// oneDNN refused a product: `sums` is not to be used. Like std::bad_alloc, which multiply_int8() throws where oneDNN has no
// memory, it ends as an Error at the barrier (engine/base/barrier.h) of the task that embeds or matches.
class ProductFailed : public std::exception {
 public:
  const char* what() const noexcept override { return "oneDNN refused a product"; }
};

// sums[row][output] = sum over inputs of codes[row][input] * weights of (input, output). One thread. `sums` has
// rows * outputs places. rows, inputs and outputs >= 1.
void multiply_int8(const std::uint8_t* codes, std::size_t rows, const std::int8_t* weights, Int8Layout layout,
                   std::size_t inputs, std::size_t outputs, std::int32_t* sums);

}  // namespace counterpart::index
