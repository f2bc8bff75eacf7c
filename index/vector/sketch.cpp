#include "index/vector/sketch.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace counterpart::index {
namespace {

constexpr std::size_t kWord = 64;
constexpr int kRounds = 3;  // of signs and Hadamard's transform: as good as a random rotation
constexpr float kTop = 127.0F;

// splitmix64: fixed, for sketches are stored.
std::uint64_t scrambled(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

// Hadamard's transform, without its factor.
void transform(std::span<float> values) {
  for (std::size_t step = 1; step < values.size(); step *= 2)
    for (std::size_t first = 0; first < values.size(); first += 2 * step)
      for (std::size_t i = first; i < first + step; ++i) {
        const float a = values[i], b = values[i + step];
        values[i] = a + b;
        values[i + step] = a - b;
      }
}

// `values`, padded with zeros to a power of two, turned.
std::vector<float> turned(std::span<const float> values) {
  std::vector<float> out(values.begin(), values.end());
  out.resize(sketch_words(values.size()) * kWord);
  const float factor = 1.0F / std::sqrt(static_cast<float>(out.size()));
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < out.size(); i += kWord) {
      const std::uint64_t signs = scrambled(static_cast<std::uint64_t>(round) << 32U | i);
      for (std::size_t j = 0; j < kWord; ++j) out[i + j] *= (signs >> j & 1U) != 0 ? -factor : factor;
    }
    transform(out);
  }
  return out;
}

float length_of(std::span<const float> values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value) * static_cast<double>(value);
  return static_cast<float>(std::sqrt(sum));
}

// out[i]: the sum of those codes whose bit is set in row which[i].
struct Rows {
  const std::int8_t* codes;
  std::size_t words;  // a row
  const std::uint64_t* bits;
  std::span<const std::uint32_t> which;
  const std::uint64_t* row(std::size_t i) const { return bits + which[i] * words; }
};

constexpr std::size_t kAhead = 8;  // rows lie apart where a condition passes some: fetched before their turn

void fetch_ahead(const Rows& rows, std::size_t i) {
  if (i + kAhead >= rows.which.size()) return;
  const std::uint64_t* const row = rows.row(i + kAhead);
  for (std::size_t word = 0; word < rows.words; word += 8) __builtin_prefetch(row + word);
}

void portable_sums(const Rows& rows, std::int32_t* out) {
  // By every half byte of a row, what its bits come to.
  constexpr std::size_t kBits = 4, kPlaces = kWord / kBits;
  std::vector<std::array<std::int32_t, 1U << kBits>> sums(rows.words * kPlaces);
  for (std::size_t place = 0; place < sums.size(); ++place)
    for (std::size_t bits = 0; bits < sums[place].size(); ++bits)
      for (std::size_t bit = 0; bit < kBits; ++bit)
        if ((bits >> bit & 1U) != 0) sums[place][bits] += rows.codes[place * kBits + bit];
  for (std::size_t i = 0; i < rows.which.size(); ++i) {
    std::int32_t sum = 0;
    for (std::size_t word = 0; word < rows.words; ++word)
      for (std::size_t place = 0; place < kPlaces; ++place)
        sum += sums[word * kPlaces + place][rows.row(i)[word] >> (place * kBits) & 15U];
    out[i] = sum;
  }
}

#if defined(__x86_64__)
#if !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // g++ 12 says so of its own intrinsics' _mm512_undefined_epi32()
#endif
__attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni"))) void vnni_sums(const Rows& rows, std::int32_t* out) {
  const __m512i ones = _mm512_set1_epi8(1);
  for (std::size_t i = 0; i < rows.which.size(); ++i) {
    fetch_ahead(rows, i);
    const std::uint64_t* const row = rows.row(i);
    __m512i sums = _mm512_setzero_si512();
    for (std::size_t word = 0; word < rows.words; ++word)
      sums = _mm512_dpbusd_epi32(sums, ones, _mm512_maskz_loadu_epi8(row[word], rows.codes + word * kWord));
    out[i] = _mm512_reduce_add_epi32(sums);
  }
}
#if !defined(__clang__)
#pragma GCC diagnostic pop
#endif

__attribute__((target("avx2"))) void avx2_sums(const Rows& rows, std::int32_t* out) {
  constexpr std::size_t kLanes = 32;
  // Pairs of codes are added in 16 bits; so many steps before these could overflow.
  constexpr std::size_t kSteps = 128;
  const __m256i ones = _mm256_set1_epi8(1), wide_ones = _mm256_set1_epi16(1);
  const __m256i byte_of_lane =
      _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
  const __m256i bit_of_lane = _mm256_set1_epi64x(static_cast<long long>(0x8040201008040201ULL));
  for (std::size_t i = 0; i < rows.which.size(); ++i) {
    fetch_ahead(rows, i);
    const auto* const row = reinterpret_cast<const unsigned char*>(rows.row(i));
    __m256i sums = _mm256_setzero_si256(), pairs = sums;
    const std::size_t steps = rows.words * 2;
    for (std::size_t step = 0; step < steps; ++step) {
      std::int32_t bits = 0;
      __builtin_memcpy(&bits, row + 4 * step, sizeof bits);
      const __m256i spread = _mm256_and_si256(_mm256_shuffle_epi8(_mm256_set1_epi32(bits), byte_of_lane), bit_of_lane);
      const __m256i codes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rows.codes + step * kLanes));
      const __m256i set = _mm256_and_si256(_mm256_cmpeq_epi8(spread, bit_of_lane), codes);
      pairs = _mm256_add_epi16(pairs, _mm256_maddubs_epi16(ones, set));
      if (step % kSteps != kSteps - 1 && step + 1 != steps) continue;
      sums = _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, wide_ones));
      pairs = _mm256_setzero_si256();
    }
    const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    const __m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    out[i] = _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0xb1)));
  }
}
constexpr std::array kSums{portable_sums, avx2_sums, vnni_sums};
#else
constexpr std::array kSums{portable_sums, portable_sums, portable_sums};
#endif

}  // namespace

std::size_t sketch_words(std::size_t components) { return std::bit_ceil(std::max(components, kWord)) / kWord; }

SketchScale make_sketch(std::span<const float> residual, std::uint64_t* words) {
  const std::vector<float> point = turned(residual);
  double magnitude = 0;
  for (std::size_t i = 0; i < point.size(); i += kWord) {
    std::uint64_t word = 0;
    for (std::size_t j = 0; j < kWord; ++j) {
      word |= std::uint64_t{point[i + j] > 0} << j;
      magnitude += std::abs(static_cast<double>(point[i + j]));
    }
    words[i / kWord] = word;
  }
  const double length = static_cast<double>(length_of(point));
  if (length == 0) return {};
  // The signs, as a unit vector, point this far the residual's way.
  const auto count = static_cast<double>(point.size());
  const double likeness = magnitude / (length * std::sqrt(count));
  return {static_cast<float>(length / (likeness * std::sqrt(count))),
          static_cast<float>(length * std::sqrt(std::max(1 - likeness * likeness, 0.0)) / (likeness * std::sqrt(count - 1)))};
}

SketchQuery::SketchQuery(std::span<const float> query, Instructions with) : with_(with), length_(length_of(query)) {
  const std::vector<float> point = turned(query);
  float largest = 0;
  for (const float value : point) largest = std::max(largest, std::abs(value));
  scale_ = largest / kTop;
  for (const float value : point) codes_.push_back(static_cast<std::int8_t>(scale_ > 0 ? std::lround(value / scale_) : 0));
  for (const std::int8_t code : codes_) total_ += code;
}

void SketchQuery::bounds(const Sketches& rows, std::span<const std::uint32_t> which, float deviations,
                         std::span<float> out) const {
  constexpr std::size_t kBlock = 256;
  std::array<std::int32_t, kBlock> sums;
  for (std::size_t first = 0; first < which.size(); first += kBlock) {
    const auto block = which.subspan(first, std::min(kBlock, which.size() - first));
    kSums[static_cast<std::size_t>(with_)]({codes_.data(), codes_.size() / kWord, rows.words, block}, sums.data());
    for (std::size_t i = 0; i < block.size(); ++i) {
      const SketchScale& scale = rows.scales[block[i]];
      // A set bit is +1, others -1.
      out[first + i] = scale.estimate * scale_ * static_cast<float>(2 * sums[i] - total_) + deviations * scale.error * length_;
    }
  }
}

}  // namespace counterpart::index
