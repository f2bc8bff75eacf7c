#include "index/vector/kernel.h"

#include <hwy/cache_control.h>

// Highway compiles this file once for each instruction set and picks one at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "index/vector/kernel.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace counterpart::index {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// int16 products added in pairs fit int32: 2 * 127 * 127 a step, 20,000 steps and more before it could overflow.
HWY_ATTR std::int32_t dot_half(const std::int16_t* HWY_RESTRICT query, const std::int8_t* HWY_RESTRICT row, std::size_t half) {
  const hn::CappedTag<std::int16_t, kHalfStep / 2> d16;
  const hn::Rebind<std::int8_t, decltype(d16)> d8;
  const hn::RepartitionToWide<decltype(d16)> d32;
  const std::size_t lanes = hn::Lanes(d16);
  auto sum0 = hn::Zero(d32), sum1 = hn::Zero(d32), sum2 = hn::Zero(d32), sum3 = hn::Zero(d32);
  for (std::size_t i = 0; i < half; i += 2 * lanes) {
    const auto a = hn::PromoteTo(d16, hn::LoadU(d8, row + i));
    const auto b = hn::PromoteTo(d16, hn::LoadU(d8, row + i + lanes));
    sum0 = hn::ReorderWidenMulAccumulate(d32, a, hn::LoadU(d16, query + i), sum0, sum1);
    sum2 = hn::ReorderWidenMulAccumulate(d32, b, hn::LoadU(d16, query + i + lanes), sum2, sum3);
  }
  const auto total = hn::Add(hn::Add(sum0, sum1), hn::Add(sum2, sum3));
  return hn::GetLane(hn::SumOfLanes(d32, total));
}

HWY_ATTR HalfDots dot_row(const std::int16_t* query, const std::int8_t* row, std::size_t half) {
  return {dot_half(query, row, half), dot_half(query + half, row + half, half)};
}

// A scan is bound by memory: scattered rows are fetched this many ahead.
constexpr std::size_t kAhead = 4;

HWY_ATTR void fetch(const std::int8_t* row, std::size_t bytes) {
  for (std::size_t offset = 0; offset < bytes; offset += 64) hwy::Prefetch(row + offset);
}

HWY_ATTR void dot_rows_impl(const std::int16_t* query, const VectorRows& rows, const std::uint32_t* which, std::size_t count,
                            HalfDots* out) {
  for (std::size_t i = 0; i < count; ++i) {
    if (i + kAhead < count) fetch(rows.row(which[i + kAhead]), 2 * rows.half);
    out[i] = dot_row(query, rows.row(which[i]), rows.half);
  }
}

HWY_ATTR void dot_range_impl(const std::int16_t* query, const VectorRows& rows, std::uint32_t first, std::size_t count,
                             HalfDots* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = dot_row(query, rows.row(first + i), rows.half);
}

HWY_ATTR void dot_vectors_impl(const std::int16_t* query, const std::int8_t* vectors, std::size_t length, std::size_t count,
                               std::int32_t* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = dot_half(query, vectors + i * length, length);
}

}  // namespace HWY_NAMESPACE
}  // namespace counterpart::index
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace counterpart::index {

HWY_EXPORT(dot_rows_impl);
HWY_EXPORT(dot_range_impl);
HWY_EXPORT(dot_vectors_impl);

void dot_rows(const QueryVector& query, const VectorRows& rows, std::span<const std::uint32_t> which, HalfDots* out) {
  HWY_DYNAMIC_DISPATCH(dot_rows_impl)(query.data(), rows, which.data(), which.size(), out);
}

void dot_range(const QueryVector& query, const VectorRows& rows, std::uint32_t first, std::size_t count, HalfDots* out) {
  HWY_DYNAMIC_DISPATCH(dot_range_impl)(query.data(), rows, first, count, out);
}

void dot_vectors(const std::int16_t* query, const std::int8_t* vectors, std::size_t length, std::size_t count,
                 std::int32_t* out) {
  HWY_DYNAMIC_DISPATCH(dot_vectors_impl)(query, vectors, length, count, out);
}

}  // namespace counterpart::index
#endif
