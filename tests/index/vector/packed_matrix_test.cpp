#include "index/vector/packed_matrix.h"

#include <algorithm>
#include <random>
#include <vector>

#include "tests/support/catch.h"

using namespace counterpart::index;

namespace {

struct Shape {
  std::size_t rows, inputs, outputs;
};

std::vector<std::int32_t> plain_product(const std::vector<std::uint8_t>& codes, const std::vector<std::int8_t>& weights,
                                        const Shape& shape) {
  std::vector<std::int32_t> sums(shape.rows * shape.outputs);
  for (std::size_t row = 0; row < shape.rows; ++row)
    for (std::size_t input = 0; input < shape.inputs; ++input)
      for (std::size_t output = 0; output < shape.outputs; ++output)
        sums[row * shape.outputs + output] += codes[row * shape.inputs + input] * weights[input * shape.outputs + output];
  return sums;
}

}  // namespace

TEST_CASE("packed matrix: products equal plain integer arithmetic with all instructions", "[kernel]") {
  const auto with = GENERATE(Instructions::kPortable, Instructions::kAvx2, Instructions::kVnni);
  if (with > instructions()) return;
  std::mt19937 random(3);
  // Tiles of every number of rows; inputs that are no whole groups; outputs that end inside a panel.
  for (const Shape shape : {Shape{1, 4, 1}, Shape{2, 5, 17}, Shape{7, 64, 33}, Shape{11, 101, 37}, Shape{13, 384, 96},
                            Shape{25, 3, 31}, Shape{31, 32, 16}}) {
    std::vector<std::uint8_t> codes(shape.rows * shape.inputs);
    std::vector<std::int8_t> weights(shape.inputs * shape.outputs);
    for (std::uint8_t& code : codes) code = static_cast<std::uint8_t>(random());
    for (std::int8_t& weight : weights) weight = static_cast<std::int8_t>(random());
    PackedMatrix packed(with);
    packed.assign(weights.data(), Int8Layout::kInputsFirst, shape.inputs, shape.outputs);
    std::vector<std::int32_t> sums(shape.rows * shape.outputs);
    packed.multiply(codes.data(), shape.rows, sums.data());
    CHECK(sums == plain_product(codes, weights, shape));
    CHECK(packed.at(shape.inputs - 1, shape.outputs - 1) == weights.back());

    std::vector<std::int8_t> turned(weights.size());
    for (std::size_t i = 0; i < weights.size(); ++i) turned[i % shape.outputs * shape.inputs + i / shape.outputs] = weights[i];
    packed.assign(turned.data(), Int8Layout::kOutputsFirst, shape.inputs, shape.outputs);
    std::ranges::fill(sums, -1);
    packed.multiply(codes.data(), shape.rows, sums.data());
    CHECK(sums == plain_product(codes, weights, shape));
  }
}

TEST_CASE("packed matrix: the largest codes and weights do not saturate", "[kernel]") {
  const auto with = GENERATE(Instructions::kPortable, Instructions::kAvx2, Instructions::kVnni);
  if (with > instructions()) return;
  constexpr std::size_t kInputs = 1536, kOutputs = 16;
  const auto weight = GENERATE(std::int8_t{127}, std::int8_t{-128});
  const std::vector<std::int8_t> weights(kInputs * kOutputs, weight);
  PackedMatrix packed(with);
  packed.assign(weights.data(), Int8Layout::kInputsFirst, kInputs, kOutputs);
  const std::vector<std::uint8_t> codes(kInputs, 255);
  std::vector<std::int32_t> sums(kOutputs);
  packed.multiply(codes.data(), 1, sums.data());
  CHECK(sums == std::vector<std::int32_t>(kOutputs, 255 * weight * static_cast<std::int32_t>(kInputs)));
}
