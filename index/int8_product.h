// Products of 8-bit matrices in int32, exact on every machine, through oneDNN.
#pragma once

#include <cstddef>
#include <cstdint>

namespace counterpart {

// How the int8 matrix lies in memory: [inputs][outputs] as weights do, or [outputs][inputs] as rows of vectors do.
enum class Int8Layout : std::uint8_t { kInputsFirst, kOutputsFirst };

// sums[row][output] = sum over inputs of codes[row][input] * weights of (input, output). One thread. `sums` has
// rows * outputs places.
void multiply_int8(const std::uint8_t* codes, std::size_t rows, const std::int8_t* weights, Int8Layout layout,
                   std::size_t inputs, std::size_t outputs, std::int32_t* sums);

}  // namespace counterpart
