#include "index/vector/packed_matrix.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace counterpart::index {
namespace {

// Inputs are padded to whole groups, so many as one 32-bit lane multiplies at once by vpdpbusd.
constexpr std::size_t kGroup = 4;

// What a tile of rows by one panel needs. `inputs` of whole groups; rows of codes lie `stride` bytes apart.
struct Tile {
  const std::uint8_t* codes;
  std::size_t stride, inputs;
  const std::int8_t* panel;
  std::int32_t* sums;
  std::size_t sums_stride, columns;  // of the panel, in the matrix
};

using TileProduct = void (*)(const Tile&);

struct Kernel {
  std::size_t panel;                     // outputs
  std::size_t lane;                      // inputs of one output that lie together
  std::span<const TileProduct> by_rows;  // for tiles of 1, 2, … rows
};

constexpr std::size_t kPortablePanel = 16;

void portable_tile(const Tile& tile) {
  std::array<std::int32_t, kPortablePanel> sums{};
  for (std::size_t input = 0; input < tile.inputs; ++input)
    for (std::size_t column = 0; column < sums.size(); ++column)
      sums[column] += tile.codes[input] * tile.panel[input * sums.size() + column];
  std::copy_n(sums.begin(), tile.columns, tile.sums);
}
constexpr std::array<TileProduct, 1> kPortable{portable_tile};

#if defined(__x86_64__)

std::int32_t group_of(const Tile& tile, std::size_t row, std::size_t group) {
  std::int32_t codes = 0;
  __builtin_memcpy(&codes, tile.codes + row * tile.stride + group * kGroup, kGroup);
  return codes;
}

// Two registers of sums a row, in which vpdpbusd adds four products to a lane.
constexpr std::size_t kVnniPanel = 32, kVnniRows = 12;

template <std::size_t Rows>
__attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni"))) void vnni_tile(const Tile& tile) {
  __m512i left[Rows], right[Rows];
#pragma GCC unroll 12
  for (std::size_t row = 0; row < Rows; ++row) left[row] = right[row] = _mm512_setzero_si512();
  for (std::size_t group = 0; group < tile.inputs / kGroup; ++group) {
    const std::int8_t* at = tile.panel + group * kVnniPanel * kGroup;
    const __m512i first = _mm512_loadu_si512(at), second = _mm512_loadu_si512(at + 64);
#pragma GCC unroll 12
    for (std::size_t row = 0; row < Rows; ++row) {
      const __m512i codes = _mm512_set1_epi32(group_of(tile, row, group));
      left[row] = _mm512_dpbusd_epi32(left[row], codes, first);
      right[row] = _mm512_dpbusd_epi32(right[row], codes, second);
      // Row by row: g++ 12 would begin all rows' products at once, and keep sums in memory for want of registers.
      asm("" : "+v"(left[row]), "+v"(right[row]));
    }
  }
  const auto all = static_cast<std::uint32_t>((1ULL << tile.columns) - 1);
#pragma GCC unroll 12
  for (std::size_t row = 0; row < Rows; ++row) {
    std::int32_t* out = tile.sums + row * tile.sums_stride;
    _mm512_mask_storeu_epi32(out, static_cast<__mmask16>(all), left[row]);
    _mm512_mask_storeu_epi32(out + 16, static_cast<__mmask16>(all >> 16U), right[row]);
  }
}

// Without VNNI, products of bytes are added in pairs in 16 bits, where codes above 127 saturate. Widened to 16 bits first they
// are added in 32, at half the products an instruction, but in one pass.
constexpr std::size_t kAvx2Panel = 16, kAvx2Rows = 6;

template <std::size_t Rows>
__attribute__((target("avx2"))) void avx2_tile(const Tile& tile) {
  __m256i left[Rows], right[Rows];
#pragma GCC unroll 6
  for (std::size_t row = 0; row < Rows; ++row) left[row] = right[row] = _mm256_setzero_si256();
  for (std::size_t pair = 0; pair < tile.inputs / 2; ++pair) {
    const auto* at = reinterpret_cast<const __m128i*>(tile.panel + pair * kAvx2Panel * 2);
    const __m256i first = _mm256_cvtepi8_epi16(_mm_loadu_si128(at)), second = _mm256_cvtepi8_epi16(_mm_loadu_si128(at + 1));
#pragma GCC unroll 6
    for (std::size_t row = 0; row < Rows; ++row) {
      std::int32_t both = 0;  // two codes, widened by widen()
      __builtin_memcpy(&both, tile.codes + row * tile.stride + pair * 4, 4);
      const __m256i codes = _mm256_set1_epi32(both);
      left[row] = _mm256_add_epi32(left[row], _mm256_madd_epi16(codes, first));
      right[row] = _mm256_add_epi32(right[row], _mm256_madd_epi16(codes, second));
    }
  }
#pragma GCC unroll 6
  for (std::size_t row = 0; row < Rows; ++row) {
    std::int32_t* out = tile.sums + row * tile.sums_stride;
    if (tile.columns == kAvx2Panel) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), left[row]);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 8), right[row]);
      continue;
    }
    alignas(32) std::array<std::int32_t, kAvx2Panel> last;
    _mm256_store_si256(reinterpret_cast<__m256i*>(last.data()), left[row]);
    _mm256_store_si256(reinterpret_cast<__m256i*>(last.data() + 8), right[row]);
    std::copy_n(last.begin(), tile.columns, out);
  }
}

__attribute__((target("avx2"))) void widen(const std::uint8_t* codes, std::size_t count, std::uint8_t* out) {
  std::size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const __m256i wide = _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(codes + i)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 2 * i), wide);
  }
  for (; i < count; ++i) out[2 * i] = codes[i];
}

template <std::size_t... Rows>
constexpr std::array<TileProduct, sizeof...(Rows)> vnni_tiles(std::index_sequence<Rows...>) {
  return {vnni_tile<Rows + 1>...};
}
template <std::size_t... Rows>
constexpr std::array<TileProduct, sizeof...(Rows)> avx2_tiles(std::index_sequence<Rows...>) {
  return {avx2_tile<Rows + 1>...};
}
constexpr auto kVnni = vnni_tiles(std::make_index_sequence<kVnniRows>());
constexpr auto kAvx2 = avx2_tiles(std::make_index_sequence<kAvx2Rows>());

constexpr Kernel kKernels[] = {{kPortablePanel, 1, kPortable}, {kAvx2Panel, 2, kAvx2}, {kVnniPanel, kGroup, kVnni}};
#else
void widen(const std::uint8_t*, std::size_t, std::uint8_t*) {}  // for avx2 alone
constexpr Kernel kPlain{kPortablePanel, 1, kPortable};
constexpr Kernel kKernels[] = {kPlain, kPlain, kPlain};
#endif

const Kernel& kernel_of(Instructions with) { return kKernels[static_cast<std::size_t>(with)]; }

std::size_t whole_groups(std::size_t inputs) { return (inputs + kGroup - 1) / kGroup * kGroup; }

void copy(const std::uint8_t* codes, std::size_t count, std::uint8_t* out) { std::copy_n(codes, count, out); }

}  // namespace

void PackedMatrix::assign(const std::int8_t* values, Int8Layout layout, std::size_t inputs, std::size_t outputs) {
  inputs_ = inputs;
  outputs_ = outputs;
  const auto& [panel, lane, by_rows] = kernel_of(with_);
  packed_.assign((outputs + panel - 1) / panel * panel * whole_groups(inputs), 0);
  const bool inputs_first = layout == Int8Layout::kInputsFirst;
  const std::size_t by_input = inputs_first ? outputs : 1, by_output = inputs_first ? 1 : inputs;
  for (std::size_t output = 0; output < outputs; ++output) {
    std::int8_t* at = packed_.data() + place(0, output);
    for (std::size_t input = 0; input < inputs; input += lane, at += lane * panel)
      for (std::size_t i = 0; i < std::min(lane, inputs - input); ++i)
        at[i] = values[(input + i) * by_input + output * by_output];
  }
}

std::size_t PackedMatrix::place(std::size_t input, std::size_t output) const {
  const auto& [panel, lane, by_rows] = kernel_of(with_);
  return output / panel * panel * whole_groups(inputs_) + input / lane * lane * panel + output % panel * lane + input % lane;
}

void PackedMatrix::multiply(const std::uint8_t* codes, std::size_t rows, std::int32_t* sums) const {
  const Kernel& kernel = kernel_of(with_);
  const std::size_t depth = whole_groups(inputs_);
  // Rows of whole groups; two bytes a code where the kernel has no products of bytes.
  const bool wide = with_ == Instructions::kAvx2;
  thread_local std::vector<std::uint8_t> laid_out;
  std::size_t stride = inputs_;
  if (wide || depth != inputs_) {
    stride = depth * (wide ? 2 : 1);
    laid_out.assign(rows * stride, 0);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::uint8_t* from = codes + row * inputs_;
      (wide ? widen : copy)(from, inputs_, laid_out.data() + row * stride);
    }
    codes = laid_out.data();
  }
  const std::size_t most = kernel.by_rows.size();
  for (std::size_t first = 0; first < outputs_; first += kernel.panel) {
    Tile tile{
        codes, stride, depth, packed_.data() + first * depth, sums + first, outputs_, std::min(kernel.panel, outputs_ - first)};
    for (std::size_t row = 0; row < rows;) {
      // What is left is shared out evenly: 13 rows are 7 and 6, not 12 and 1.
      const std::size_t tiles = (rows - row + most - 1) / most, count = (rows - row + tiles - 1) / tiles;
      tile.codes = codes + row * stride;
      tile.sums = sums + row * outputs_ + first;
      kernel.by_rows[count - 1](tile);
      row += count;
    }
  }
}

}  // namespace counterpart::index
