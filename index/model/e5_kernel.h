// The loops of the text model `e5` around its int8 products: rows of floats into codes and sums back into floats, layer
// norms, attention. The same bits on every machine with AVX2 or better, and whatever other rows stand beside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "index/layer.h"

namespace counterpart::index {

// Rows made into 8-bit codes, each with its own scale and zero point: value = (code - zero) * scale.
struct RowCodes {
  std::vector<std::uint8_t> codes;
  std::vector<float> scales;
  std::vector<std::int32_t> zeros;

  void resize(std::size_t rows, std::size_t width);
};

// What turns the int32 sums of a product with int8 weights back into floats, by column. Borrowed.
struct Columns {
  std::size_t count = 0;  // a multiple of 16
  const float* scales = nullptr;
  const float* biases = nullptr;
  const std::int32_t* sums = nullptr;  // of the int8 weights
};

struct Norm {
  const float* gain = nullptr;
  const float* bias = nullptr;
};

// Widths of rows are multiples of 16 and at most this.
inline constexpr std::size_t kWidestRow = 2048;

// `out` is resized.
void code_rows(const float* rows, std::size_t count, std::size_t width, RowCodes& out);
// out = product + bias.
void decode_rows(const std::int32_t* sums, const RowCodes& from, std::size_t count, const Columns& columns, float* out);
// rows = norm(rows + product + bias).
void decode_onto(const std::int32_t* sums, const RowCodes& from, std::size_t count, const Columns& columns, const Norm& norm,
                 float* rows);
// out = codes of gelu(product + bias); gelu(x) = x/2 (1 + erf(x / sqrt 2)), erf to 3e-7. `out` is resized.
void decode_gelu(const std::int32_t* sums, const RowCodes& from, std::size_t count, const Columns& columns, RowCodes& out);
// Each row to mean 0 and variance 1, then times gain plus bias.
void norm_rows(float* rows, std::size_t count, std::size_t width, const Norm& norm);

inline constexpr std::size_t kHeads = 12, kHeadWidth = 32, kHeadsWidth = kHeads * kHeadWidth;
// Softmax attention of one text: a row of `joined` is [queries | keys | values], kHeadsWidth each; one of `out` is
// kHeadsWidth.
void attend(const float* joined, std::size_t tokens, float* out);

}  // namespace counterpart::index
