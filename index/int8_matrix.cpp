#include "index/int8_matrix.h"

#include <dnnl.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace counterpart {
namespace {

// oneDNN spreads a product over OpenMP's threads; the callers are the threads here.
void use_one_thread() {
  thread_local const bool done = (omp_set_num_threads(1), true);
  static_cast<void>(done);
}

float largest(std::span<const float> values) {
  constexpr std::size_t kLanes = 16;
  float lanes[kLanes]{};
  std::size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] = std::max(lanes[lane], std::fabs(values[i + lane]));
  float top = *std::max_element(lanes, lanes + kLanes);
  for (; i < values.size(); ++i) top = std::max(top, std::fabs(values[i]));
  return top;
}

}  // namespace

void CodedRows::assign(std::span<const float> values, std::size_t width, std::size_t padding) {
  const std::size_t rows = values.size() / width;
  codes.assign((rows + 2 * padding) * width, kZero);
  scales.assign(rows + 2 * padding, 0.0F);
  for (std::size_t row = 0; row < rows; ++row) {
    const float* in = values.data() + row * width;
    const float top = largest({in, width});
    scales[row + padding] = top / 127.0F;
    const float factor = top > 0 ? 127.0F / top : 0;
    std::uint8_t* out = codes.data() + (row + padding) * width;
    // Adding a half and cutting rounds to nearest, since the shifted value is positive.
    for (std::size_t i = 0; i < width; ++i)
      out[i] = static_cast<std::uint8_t>(static_cast<int>(in[i] * factor + (static_cast<float>(kZero) + 0.5F)));
  }
}

Int8Matrix::Int8Matrix(std::span<const float> weights, std::size_t inputs, std::size_t outputs,
                       std::size_t block)
    : Int8Matrix(beside(std::span(&weights, 1), inputs, outputs, block == 0 ? inputs : block)) {}

Int8Matrix Int8Matrix::beside(std::span<const std::span<const float>> parts, std::size_t inputs,
                              std::size_t outputs_each, std::size_t block) {
  Int8Matrix matrix;
  matrix.inputs_ = inputs;
  matrix.outputs_ = parts.size() * outputs_each;
  matrix.weights_.resize(inputs * matrix.outputs_);
  matrix.scales_.resize(matrix.outputs_);
  matrix.sums_.resize(matrix.outputs_ * (inputs / block));
  for (std::size_t part = 0; part < parts.size(); ++part)
    for (std::size_t column = 0; column < outputs_each; ++column) {
      float top = 0;
      for (std::size_t row = 0; row < inputs; ++row)
        top = std::max(top, std::fabs(parts[part][row * outputs_each + column]));
      const std::size_t output = part * outputs_each + column;
      matrix.scales_[output] = top / 127.0F;
      for (std::size_t row = 0; row < inputs; ++row) {
        const float value = top > 0 ? parts[part][row * outputs_each + column] / matrix.scales_[output] : 0;
        const auto code = static_cast<std::int8_t>(std::lround(value));
        matrix.weights_[row * matrix.outputs_ + output] = code;
        matrix.sums_[row / block * matrix.outputs_ + output] += CodedRows::kZero * code;
      }
    }
  return matrix;
}

std::vector<float> Int8Matrix::rest_of(std::span<const float> weights) const {
  std::vector<float> rest(weights.size());
  for (std::size_t i = 0; i < rest.size(); ++i)
    rest[i] = weights[i] - static_cast<float>(weights_[i]) * scales_[i % outputs_];
  return rest;
}

void Int8Matrix::multiply(const std::uint8_t* codes, std::size_t rows, std::size_t from, std::size_t stride,
                          std::int32_t* sums) const {
  use_one_thread();
  const std::int32_t no_offset = 0;
  const dnnl_status_t status = dnnl_gemm_u8s8s32(
      'N', 'N', 'F', static_cast<dnnl_dim_t>(rows), static_cast<dnnl_dim_t>(outputs_), static_cast<dnnl_dim_t>(stride),
      1.0F, codes, static_cast<dnnl_dim_t>(stride), 0, weights_.data() + from * outputs_,
      static_cast<dnnl_dim_t>(outputs_), 0, 0.0F, sums, static_cast<dnnl_dim_t>(outputs_), &no_offset);
  if (status != dnnl_success) std::abort();  // wrong arguments, which are ours: a wrong vector must not be stored
}

void Int8Matrix::apply_windows(const CodedRows& coded, std::size_t width, std::size_t first, std::size_t rows,
                               std::span<float> out) const {
  std::vector<std::int32_t> sums(rows * outputs_);
  for (std::size_t step = 0; step < inputs_ / width; ++step) {
    multiply(coded.codes.data() + (first + step) * width, rows, step * width, width, sums.data());
    const std::int32_t* zeros = sums_.data() + step * outputs_;
    for (std::size_t row = 0; row < rows; ++row) {
      const float scale = coded.scales[first + step + row];
      for (std::size_t output = 0; output < outputs_; ++output)
        out[row * outputs_ + output] += static_cast<float>(sums[row * outputs_ + output] - zeros[output]) * scale * scales_[output];
    }
  }
}

FineMatrix::FineMatrix(std::span<const float> weights, std::size_t inputs, std::size_t outputs)
    : coarse_(weights, inputs, outputs), rest_(coarse_.rest_of(weights), inputs, outputs) {}

void FineMatrix::apply(std::span<const float> row, std::span<float> out) const {
  CodedRows coarse, fine;
  coarse.assign(row, row.size());
  std::vector<float> left(row.size());
  for (std::size_t i = 0; i < row.size(); ++i)
    left[i] = row[i] - static_cast<float>(coarse.codes[i] - CodedRows::kZero) * coarse.scales[0];
  fine.assign(left, left.size());
  std::fill(out.begin(), out.end(), 0.0F);
  coarse_.apply_windows(coarse, row.size(), 0, 1, out);
  coarse_.apply_windows(fine, row.size(), 0, 1, out);
  rest_.apply_windows(coarse, row.size(), 0, 1, out);
}

}  // namespace counterpart
