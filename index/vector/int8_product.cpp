#include "index/vector/int8_product.h"

#include <dnnl.h>
#include <omp.h>

#include <algorithm>
#include <new>
#include <span>
#include <vector>

namespace counterpart::index {
namespace {

// oneDNN spreads a product over OpenMP's threads; the callers are the threads here.
void use_one_thread() {
  thread_local const bool done = (omp_set_num_threads(1), true);
  static_cast<void>(done);
}

struct Weights {
  const std::int8_t* values;
  Int8Layout layout;
  std::size_t inputs, outputs;
};

void product(const std::uint8_t* codes, std::size_t rows, const Weights& weights, std::int32_t* sums) {
  const std::int32_t no_offset = 0;
  const bool inputs_first = weights.layout == Int8Layout::kInputsFirst;
  const auto width = static_cast<dnnl_dim_t>(weights.outputs), depth = static_cast<dnnl_dim_t>(weights.inputs);
  const dnnl_status_t status =
      dnnl_gemm_u8s8s32('N', inputs_first ? 'N' : 'T', 'F', static_cast<dnnl_dim_t>(rows), width, depth, 1.0F, codes, depth, 0,
                        weights.values, inputs_first ? width : depth, 0, 0.0F, sums, width, &no_offset);
  if (status == dnnl_out_of_memory) throw std::bad_alloc();
  if (status != dnnl_success) throw ProductFailed();
}

// Without VNNI instructions, oneDNN adds pairs of products in 16 bits, where large codes saturate.
bool saturates() {
  constexpr std::size_t kRows = 32, kInputs = 64, kColumns = 64;
  const std::vector<std::uint8_t> codes(kRows * kInputs, 255);
  const std::vector<std::int8_t> weights(kInputs * kColumns, 127);
  constexpr std::int32_t kExact = 255 * 127 * static_cast<std::int32_t>(kInputs);
  for (const std::size_t rows : {std::size_t{1}, std::size_t{2}, kRows})
    for (const Int8Layout layout : {Int8Layout::kInputsFirst, Int8Layout::kOutputsFirst}) {
      std::vector<std::int32_t> sums(rows * kColumns);
      product(codes.data(), rows, {weights.data(), layout, kInputs, kColumns}, sums.data());
      if (std::ranges::any_of(sums, [&](std::int32_t sum) { return sum != kExact; })) return true;
    }
  return false;
}

}  // namespace

void multiply_int8(const std::uint8_t* codes, std::size_t rows, const std::int8_t* values, Int8Layout layout,
                   std::size_t inputs, std::size_t outputs, std::int32_t* sums) {
  use_one_thread();
  static const bool halve = saturates();
  const Weights weights{values, layout, inputs, outputs};
  const std::span<const std::uint8_t> all(codes, rows * inputs);
  if (!halve || std::ranges::none_of(all, [](std::uint8_t code) { return code > 127; })) {
    product(codes, rows, weights, sums);
    return;
  }
  // The same sums in two products of codes that cannot saturate: code = 2 * (code / 2) + code % 2.
  std::vector<std::uint8_t> half(all.size());
  std::vector<std::int32_t> odd(rows * outputs);
  std::ranges::transform(all, half.begin(), [](std::uint8_t code) { return static_cast<std::uint8_t>(code & 1U); });
  product(half.data(), rows, weights, odd.data());
  std::ranges::transform(all, half.begin(), [](std::uint8_t code) { return static_cast<std::uint8_t>(code >> 1U); });
  product(half.data(), rows, weights, sums);
  for (std::size_t i = 0; i < odd.size(); ++i) sums[i] = 2 * sums[i] + odd[i];
}

}  // namespace counterpart::index
