#include "index/model/int8_matrix.h"

#include <algorithm>
#include <cmath>

namespace counterpart::index {
namespace {

constexpr float kTop = 127.0F;

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

void CodedRows::assign(std::span<const float> values, std::size_t padding) {
  codes.assign(values.size() + 2 * padding, kZero);
  const float top = largest(values);
  scale = top / kTop;
  const float factor = top > 0 ? kTop / top : 0;
  std::uint8_t* out = codes.data() + padding;
  // Adding a half and cutting rounds to nearest, since the shifted value is positive.
  for (std::size_t i = 0; i < values.size(); ++i)
    out[i] = static_cast<std::uint8_t>(static_cast<int>(values[i] * factor + (static_cast<float>(kZero) + 0.5F)));
}

Int8Matrix::Int8Matrix(std::span<const float> weights, std::size_t inputs, std::size_t outputs)
    : Int8Matrix(beside(std::span(&weights, 1), inputs, outputs)) {}

Int8Matrix Int8Matrix::beside(std::span<const std::span<const float>> parts, std::size_t inputs, std::size_t outputs_each) {
  Int8Matrix matrix;
  const std::size_t outputs = parts.size() * outputs_each;
  std::vector<std::int8_t> codes(inputs * outputs);
  matrix.scales_.resize(outputs);
  matrix.column_sums_.resize(outputs);
  for (std::size_t part = 0; part < parts.size(); ++part) {
    float* scales = matrix.scales_.data() + part * outputs_each;
    std::int32_t* sums = matrix.column_sums_.data() + part * outputs_each;
    for (std::size_t i = 0; i < parts[part].size(); ++i)
      scales[i % outputs_each] = std::max(scales[i % outputs_each], std::fabs(parts[part][i]) / kTop);
    for (std::size_t row = 0; row < inputs; ++row)
      for (std::size_t column = 0; column < outputs_each; ++column) {
        const float weight = parts[part][row * outputs_each + column];
        const auto code = static_cast<std::int8_t>(scales[column] > 0 ? std::lround(weight / scales[column]) : 0);
        codes[row * outputs + part * outputs_each + column] = code;
        sums[column] += code;
      }
  }
  matrix.weights_.assign(codes.data(), Int8Layout::kInputsFirst, inputs, outputs);
  return matrix;
}

std::vector<float> Int8Matrix::rest_of(std::span<const float> weights) const {
  std::vector<float> rest(weights.size());
  for (std::size_t i = 0; i < rest.size(); ++i)
    rest[i] = weights[i] - static_cast<float>(weights_.at(i / outputs(), i % outputs())) * scales_[i % outputs()];
  return rest;
}

void Int8Matrix::apply_windows(const CodedRows& coded, std::size_t width, std::size_t first, std::size_t rows,
                               std::span<float> out) const {
  const std::size_t inputs = weights_.inputs(), outputs = weights_.outputs();
  std::vector<std::uint8_t> windows(rows * inputs);
  for (std::size_t row = 0; row < rows; ++row)
    std::copy_n(coded.codes.data() + (first + row) * width, inputs, windows.data() + row * inputs);
  std::vector<std::int32_t> sums(rows * outputs);
  multiply(windows.data(), rows, sums.data());
  std::vector<float> factors(outputs);
  for (std::size_t j = 0; j < outputs; ++j) factors[j] = coded.scale * scales_[j];
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t j = 0; j < outputs; ++j)
      out[row * outputs + j] = static_cast<float>(sums[row * outputs + j] - CodedRows::kZero * column_sums_[j]) * factors[j];
}

FineMatrix::FineMatrix(std::span<const float> weights, std::size_t inputs, std::size_t outputs) {
  const std::vector<float> rest = Int8Matrix(weights, inputs, outputs).rest_of(weights);
  const std::span<const float> both[]{weights, rest};
  both_ = Int8Matrix::beside(both, inputs, outputs);
}

void FineMatrix::apply(std::span<const float> row, std::span<float> out) const {
  CodedRows coarse, fine;
  coarse.assign(row);
  std::vector<float> left(row.size());
  for (std::size_t i = 0; i < row.size(); ++i)
    left[i] = row[i] - static_cast<float>(coarse.codes[i] - CodedRows::kZero) * coarse.scale;
  fine.assign(left);
  coarse.codes.insert(coarse.codes.end(), fine.codes.begin(), fine.codes.end());
  const std::size_t columns = both_.outputs(), outputs = out.size();
  std::vector<std::int32_t> sums(2 * columns);
  both_.multiply(coarse.codes.data(), 2, sums.data());
  const auto value = [&](std::size_t column) {
    const std::int32_t zero = CodedRows::kZero * both_.column_sum(column);
    return (static_cast<float>(sums[column] - zero) * coarse.scale +
            static_cast<float>(sums[columns + column] - zero) * fine.scale) *
           both_.scale(column);
  };
  for (std::size_t j = 0; j < outputs; ++j) out[j] = value(j) + value(outputs + j);
}

}  // namespace counterpart::index
