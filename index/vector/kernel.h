// The inner loop of every comparison: int8 dot products in int32, the same to the last bit on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/layer.h"

namespace counterpart::index {

// Each half of a vector is padded with zeros to a multiple of this many components.
inline constexpr std::size_t kHalfStep = 64;
constexpr std::size_t padded_half(std::size_t dimensions) { return (dimensions + kHalfStep - 1) / kHalfStep * kHalfStep; }

// Rows of [offers | seeks], each half padded; `half` components a half. Borrowed, 64-byte aligned.
struct VectorRows {
  const std::int8_t* values = nullptr;
  std::size_t half = 0;
  const std::int8_t* row(std::size_t index) const { return values + index * 2 * half; }
};

// A query widened once so that the loop need not: what it seeks (against offers), then what it offers (against seeks).
// Components lie in -127..127.
using QueryVector = std::vector<std::int16_t>;

struct HalfDots {
  std::int32_t forward = 0;   // query.first half . row.offers
  std::int32_t backward = 0;  // query.second half . row.seeks
};

// out[i] for rows.row(which[i]). `query` has 2 * rows.half components.
void dot_rows(const QueryVector& query, const VectorRows& rows, std::span<const std::uint32_t> which, HalfDots* out);
// The same for the rows first .. first + count - 1.
void dot_range(const QueryVector& query, const VectorRows& rows, std::uint32_t first, std::size_t count, HalfDots* out);
// out[i]: the product with the i-th of `count` vectors of `length` components, a multiple of kHalfStep, one behind the other.
// `query` has so many.
void dot_vectors(const std::int16_t* query, const std::int8_t* vectors, std::size_t length, std::size_t count,
                 std::int32_t* out);

}  // namespace counterpart::index
