#include "index/model/e5_kernel.h"

#include <algorithm>
#include <cmath>

// Highway compiles this file once for each instruction set and picks one at run time. Most loops are plain ones that
// the compiler makes vectors of; they add in 16 fixed lanes and without contraction (see CMakeLists.txt), so that the
// width of the machine's vectors does not show in a result.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "index/model/e5_kernel.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace counterpart::index {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kLanes = 16;
constexpr float kEpsilon = 1e-12F;

HWY_ATTR inline float total(const float* lanes) {
  float sum = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) sum += lanes[lane];
  return sum;
}

HWY_ATTR inline void norm_row(float* HWY_RESTRICT row, std::size_t width, const Norm& norm) {
  const auto n = static_cast<float>(width);
  float sums[kLanes]{}, squares[kLanes]{};
  for (std::size_t i = 0; i < width; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += row[i + lane];
  const float mean = total(sums) / n;
  for (std::size_t i = 0; i < width; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) squares[lane] += (row[i + lane] - mean) * (row[i + lane] - mean);
  const float factor = 1.0F / std::sqrt(total(squares) / n + kEpsilon);
  for (std::size_t i = 0; i < width; ++i) row[i] = (row[i] - mean) * factor * norm.gain[i] + norm.bias[i];
}

// The least and the largest of the row and zero. In whatever order these are found, they are the same.
HWY_ATTR inline void range_of(const float* row, std::size_t width, float& low, float& high) {
  const hn::CappedTag<float, kLanes> d;
  auto lows = hn::Zero(d), highs = lows;
  for (std::size_t i = 0; i < width; i += hn::Lanes(d)) {
    const auto x = hn::LoadU(d, row + i);
    lows = hn::Min(lows, x);
    highs = hn::Max(highs, x);
  }
  low = hn::GetLane(hn::MinOfLanes(d, lows));
  high = hn::GetLane(hn::MaxOfLanes(d, highs));
}

HWY_ATTR inline float largest_of(const float* row, std::size_t width) {
  const hn::CappedTag<float, kLanes> d;
  auto tops = hn::LoadU(d, row);
  for (std::size_t i = hn::Lanes(d); i < width; i += hn::Lanes(d)) tops = hn::Max(tops, hn::LoadU(d, row + i));
  return hn::GetLane(hn::MaxOfLanes(d, tops));
}

// The range always holds zero, which therefore has a code of its own.
HWY_ATTR inline void code_row(const float* HWY_RESTRICT row, std::size_t width, std::uint8_t* HWY_RESTRICT codes, float& scale,
                              std::int32_t& zero) {
  float low = 0, high = 0;
  range_of(row, width, low, high);
  constexpr float kTop = 255.0F;
  const float range = high - low;
  scale = range / kTop;
  const float factor = range > 0 ? kTop / range : 0;
  zero = static_cast<std::int32_t>(-low * factor + 0.5F);
  // Adding a half and cutting rounds to nearest, since the shifted value is positive.
  const float shift = static_cast<float>(zero) + 0.5F;
  for (std::size_t i = 0; i < width; ++i) {
    float code = row[i] * factor + shift;
    code = code > kTop ? kTop : code;
    code = code < 0 ? 0 : code;
    codes[i] = static_cast<std::uint8_t>(static_cast<std::int32_t>(code));
  }
}

HWY_ATTR inline void decode_row(const std::int32_t* HWY_RESTRICT sums, const Columns& columns, float scale, std::int32_t zero,
                                float* HWY_RESTRICT out) {
  const float* HWY_RESTRICT scales = columns.scales;
  const float* HWY_RESTRICT biases = columns.biases;
  const std::int32_t* HWY_RESTRICT column_sums = columns.sums;
  for (std::size_t i = 0; i < columns.count; ++i)
    out[i] = static_cast<float>(sums[i] - zero * column_sums[i]) * (scale * scales[i]) + biases[i];
}

// erf as an odd rational function on -4..4, the coefficients of Eigen and XLA.
HWY_ATTR inline void gelu_row(float* HWY_RESTRICT row, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) {
    float x = row[i] * 0.70710678F;
    x = x > 4.0F ? 4.0F : x;
    x = x < -4.0F ? -4.0F : x;
    const float s = x * x;
    float p = s * -2.72614225801306e-10F + 2.77068142495902e-08F;
    p = p * s + -2.10102402082508e-06F;
    p = p * s + -5.69250639462346e-05F;
    p = p * s + -7.34990630326855e-04F;
    p = p * s + -2.95459980854025e-03F;
    p = p * s + -1.60960333262415e-02F;
    float q = s * -1.45660718464996e-05F + -2.13374055278905e-04F;
    q = q * s + -1.68282697438203e-03F;
    q = q * s + -7.37332916720468e-03F;
    q = q * s + -1.42647390514189e-02F;
    row[i] = 0.5F * row[i] * (1.0F + x * p / q);
  }
}

// row = exp(row - its maximum); returns the sum. Cephes' expf: the power of two apart, a polynomial for the rest.
HWY_ATTR inline float exponentiate(float* HWY_RESTRICT row, std::size_t padded) {
  const float top = largest_of(row, padded);
  const hn::CappedTag<float, kLanes> d;
  const hn::RebindToSigned<decltype(d)> whole_d;
  for (std::size_t i = 0; i < padded; i += hn::Lanes(d)) {
    const auto x = hn::Max(hn::Sub(hn::LoadU(d, row + i), hn::Set(d, top)), hn::Set(d, -87.0F));
    const auto power = hn::ConvertTo(whole_d, hn::Sub(hn::Mul(x, hn::Set(d, 1.44269504F)), hn::Set(d, 0.5F)));
    const auto whole = hn::ConvertTo(d, power);
    const auto coarse = hn::Sub(x, hn::Mul(whole, hn::Set(d, 0.693359375F)));
    const auto r = hn::Add(coarse, hn::Mul(whole, hn::Set(d, 2.12194440e-4F)));
    auto p = hn::Set(d, 1.9875691500e-4F);
    for (const float term : {1.3981999507e-3F, 8.3334519073e-3F, 4.1665795894e-2F, 1.6666665459e-1F, 5.0000001201e-1F})
      p = hn::Add(hn::Mul(p, r), hn::Set(d, term));
    const auto fraction = hn::Add(hn::Add(hn::Mul(hn::Mul(p, r), r), r), hn::Set(d, 1.0F));
    const auto two_to = hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(power, hn::Set(whole_d, 127))));
    hn::StoreU(hn::Mul(fraction, two_to), d, row + i);
  }
  float sums[kLanes]{};
  for (std::size_t i = 0; i < padded; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += row[i + lane];
  return total(sums);
}

constexpr std::size_t kTile = 4;       // rows of a tile
constexpr std::size_t kTileWide = 32;  // to whose multiples columns are padded

// out[kTile][columns] = a[kTile][depth] * b[depth][columns], all row by row; columns a multiple of kTileWide.
HWY_ATTR inline void tile_product(const float* HWY_RESTRICT a, std::size_t depth, std::size_t a_stride,
                                  const float* HWY_RESTRICT b, std::size_t columns, float* HWY_RESTRICT out) {
  const hn::CappedTag<float, kLanes> d;
  const std::size_t n = hn::Lanes(d);
  for (std::size_t j = 0; j < columns; j += 2 * n) {
    auto c00 = hn::Zero(d), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
    for (std::size_t k = 0; k < depth; ++k) {
      const auto b0 = hn::LoadU(d, b + k * columns + j), b1 = hn::LoadU(d, b + k * columns + j + n);
      const auto a0 = hn::Set(d, a[k]), a1 = hn::Set(d, a[a_stride + k]);
      const auto a2 = hn::Set(d, a[2 * a_stride + k]), a3 = hn::Set(d, a[3 * a_stride + k]);
      c00 = hn::MulAdd(a0, b0, c00);
      c01 = hn::MulAdd(a0, b1, c01);
      c10 = hn::MulAdd(a1, b0, c10);
      c11 = hn::MulAdd(a1, b1, c11);
      c20 = hn::MulAdd(a2, b0, c20);
      c21 = hn::MulAdd(a2, b1, c21);
      c30 = hn::MulAdd(a3, b0, c30);
      c31 = hn::MulAdd(a3, b1, c31);
    }
    hn::StoreU(c00, d, out + j);
    hn::StoreU(c01, d, out + j + n);
    hn::StoreU(c10, d, out + columns + j);
    hn::StoreU(c11, d, out + columns + j + n);
    hn::StoreU(c20, d, out + 2 * columns + j);
    hn::StoreU(c21, d, out + 2 * columns + j + n);
    hn::StoreU(c30, d, out + 3 * columns + j);
    hn::StoreU(c31, d, out + 3 * columns + j + n);
  }
}

// One head's keys by column, scaled, and its values by row; what is beyond the text is zero.
struct Head {
  std::vector<float> queries, keys, values, scores;
};

HWY_ATTR void pack_head(const float* joined, std::size_t tokens, std::size_t padded, Head& head) {
  constexpr float kScale = 0.17677669529663687F;  // 1 / sqrt(kHeadWidth)
  for (std::size_t t = 0; t < tokens; ++t) {
    const float* row = joined + t * 3 * kHeadsWidth;
    for (std::size_t i = 0; i < kHeadWidth; ++i) {
      head.queries[t * kHeadWidth + i] = row[i] * kScale;
      head.values[t * kHeadWidth + i] = row[2 * kHeadsWidth + i];
    }
    for (std::size_t i = 0; i < kHeadWidth; ++i) head.keys[i * padded + t] = row[kHeadsWidth + i];
  }
}

HWY_ATTR void attend_impl(const float* joined, std::size_t tokens, float* out) {
  constexpr float kNever = -1e30F;
  const std::size_t padded = (tokens + kTileWide - 1) / kTileWide * kTileWide;
  Head head;
  head.queries.resize((tokens + kTile) * kHeadWidth);
  head.keys.resize(kHeadWidth * padded);
  head.values.resize(padded * kHeadWidth);
  head.scores.resize(kTile * padded);
  float mixed[kTile * kHeadWidth], sums[kTile];
  for (std::size_t h = 0; h < kHeads; ++h) {
    pack_head(joined + h * kHeadWidth, tokens, padded, head);
    for (std::size_t t = 0; t < tokens; t += kTile) {
      float* scores = head.scores.data();
      tile_product(head.queries.data() + t * kHeadWidth, kHeadWidth, kHeadWidth, head.keys.data(), padded, scores);
      for (std::size_t r = 0; r < kTile; ++r) {
        for (std::size_t j = tokens; j < padded; ++j) scores[r * padded + j] = kNever;
        sums[r] = exponentiate(scores + r * padded, padded);
      }
      tile_product(scores, tokens, padded, head.values.data(), kHeadWidth, mixed);
      for (std::size_t r = 0; r < std::min(kTile, tokens - t); ++r)
        for (std::size_t i = 0; i < kHeadWidth; ++i)
          out[(t + r) * kHeadsWidth + h * kHeadWidth + i] = mixed[r * kHeadWidth + i] / sums[r];
    }
  }
}

HWY_ATTR void code_rows_impl(const float* rows, std::size_t count, std::size_t width, RowCodes& out) {
  for (std::size_t r = 0; r < count; ++r)
    code_row(rows + r * width, width, out.codes.data() + r * width, out.scales[r], out.zeros[r]);
}

HWY_ATTR void decode_rows_impl(const std::int32_t* sums, const RowCodes& from, std::size_t count, const Columns& columns,
                               float* out) {
  for (std::size_t r = 0; r < count; ++r)
    decode_row(sums + r * columns.count, columns, from.scales[r], from.zeros[r], out + r * columns.count);
}

HWY_ATTR void decode_onto_impl(const std::int32_t* sums, const RowCodes& from, std::size_t count, const Columns& columns,
                               const Norm& norm, float* rows) {
  const std::size_t width = columns.count;
  float product[kWidestRow];
  for (std::size_t r = 0; r < count; ++r) {
    float* row = rows + r * width;
    decode_row(sums + r * width, columns, from.scales[r], from.zeros[r], product);
    for (std::size_t i = 0; i < width; ++i) row[i] += product[i];
    norm_row(row, width, norm);
  }
}

HWY_ATTR void decode_gelu_impl(const std::int32_t* sums, const RowCodes& from, std::size_t count, const Columns& columns,
                               RowCodes& out) {
  const std::size_t width = columns.count;
  float row[kWidestRow];
  for (std::size_t r = 0; r < count; ++r) {
    decode_row(sums + r * width, columns, from.scales[r], from.zeros[r], row);
    gelu_row(row, width);
    code_row(row, width, out.codes.data() + r * width, out.scales[r], out.zeros[r]);
  }
}

HWY_ATTR void norm_rows_impl(float* rows, std::size_t count, std::size_t width, const Norm& norm) {
  for (std::size_t r = 0; r < count; ++r) norm_row(rows + r * width, width, norm);
}

}  // namespace HWY_NAMESPACE
}  // namespace counterpart::index
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace counterpart::index {

HWY_EXPORT(attend_impl);
HWY_EXPORT(code_rows_impl);
HWY_EXPORT(decode_gelu_impl);
HWY_EXPORT(decode_onto_impl);
HWY_EXPORT(decode_rows_impl);
HWY_EXPORT(norm_rows_impl);

void RowCodes::resize(std::size_t rows, std::size_t width) {
  codes.resize(rows * width);
  scales.resize(rows);
  zeros.resize(rows);
}

void code_rows(const float* rows, std::size_t count, std::size_t width, RowCodes& out) {
  out.resize(count, width);
  HWY_DYNAMIC_DISPATCH(code_rows_impl)(rows, count, width, out);
}

void decode_rows(const std::int32_t* sums, const RowCodes& from, std::size_t count, const Columns& columns, float* out) {
  HWY_DYNAMIC_DISPATCH(decode_rows_impl)(sums, from, count, columns, out);
}

void decode_onto(const std::int32_t* sums, const RowCodes& from, std::size_t count, const Columns& columns, const Norm& norm,
                 float* rows) {
  HWY_DYNAMIC_DISPATCH(decode_onto_impl)(sums, from, count, columns, norm, rows);
}

void decode_gelu(const std::int32_t* sums, const RowCodes& from, std::size_t count, const Columns& columns, RowCodes& out) {
  out.resize(count, columns.count);
  HWY_DYNAMIC_DISPATCH(decode_gelu_impl)(sums, from, count, columns, out);
}

void norm_rows(float* rows, std::size_t count, std::size_t width, const Norm& norm) {
  HWY_DYNAMIC_DISPATCH(norm_rows_impl)(rows, count, width, norm);
}

void attend(const float* joined, std::size_t tokens, float* out) { HWY_DYNAMIC_DISPATCH(attend_impl)(joined, tokens, out); }

}  // namespace counterpart::index
#endif
