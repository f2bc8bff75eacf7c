#include "index/model/e5_network.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace counterpart::index {
namespace {

constexpr std::size_t kBlock = 32, kBlockBytes = 18;

// Rows of the feed-forward part done at once: its wide rows stay in the cache, and fetching weights stays cheap.
constexpr std::size_t kRowsAtOnce = 256;

float from_half(std::uint16_t half) {
  const std::uint32_t exponent = (half >> 10U) & 31U, fraction = half & 1023U;
  const float sign = (half & 0x8000U) != 0 ? -1.0F : 1.0F;
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
  return sign * std::bit_cast<float>(((exponent + 112U) << 23U) | (fraction << 13U));
}

}  // namespace

void Q4Rows::read(std::size_t row, float* out) const {
  const char* at = bytes_.data() + row * bytes_of(width_);
  for (std::size_t i = 0; i < width_; i += kBlock, at += kBlockBytes) {
    std::uint16_t half = 0;
    std::memcpy(&half, at, sizeof half);
    const float scale = from_half(half);
    for (std::size_t j = 0; j < kBlock / 2; ++j) {
      const auto both = static_cast<unsigned char>(at[2 + j]);
      out[i + j] = static_cast<float>((both & 15) - 8) * scale;
      out[i + kBlock / 2 + j] = static_cast<float>((both >> 4) - 8) * scale;
    }
  }
}

struct E5Network::Work {
  RowCodes coded, inner;
  std::vector<std::int32_t> sums;
  std::vector<float> joined, mixed;

  // The product of the rows coded so far.
  const std::int32_t* multiply(const Dense& dense, const RowCodes& codes, std::size_t rows) {
    sums.resize(rows * dense.scales.size());
    dense.weights.multiply(codes.codes.data(), rows, sums.data());
    return sums.data();
  }
};

struct E5Network::Loader {
  const ModelFile& file;
  std::span<const float> adapter = {};  // what is left of it: matrices take theirs in the file's order
  std::size_t rank = 0;                 // 0: no adapter
  std::string missing = {};

  void take_adapter() {
    constexpr std::size_t kOfRank = kLayers * (4 * (kWidth + kWidth) + 2 * (kWidth + kInner));
    const std::size_t count = file.bytes("adapter").size() / sizeof(float);
    if (count == 0) return;
    rank = count / kOfRank;
    adapter = file.floats("adapter", kOfRank * rank);
    if (adapter.empty()) missing = "adapter";
  }

  std::span<const float> floats(const std::string& name, std::size_t count) {
    const std::span<const float> found = file.floats(name, count);
    if (found.empty()) missing = name;
    return found;
  }

  Q4Rows q4(const std::string& name, std::size_t rows, std::size_t width) {
    const std::string_view found = file.bytes(name);
    if (found.size() != Q4Rows::bytes_of(rows * width)) missing = name;
    return {found, width};
  }

  Norm norm(const std::string& name) { return {floats(name + ".w", kWidth).data(), floats(name + ".b", kWidth).data()}; }

  // The file has a row for each output, the product wants one for each input.
  std::vector<float> turned(const std::string& name, std::size_t inputs, std::size_t outputs) {
    std::vector<float> matrix(inputs * outputs), row(inputs);
    const Q4Rows packed = q4(name, outputs, inputs);
    if (!missing.empty()) return matrix;
    for (std::size_t j = 0; j < outputs; ++j) {
      packed.read(j, row.data());
      for (std::size_t i = 0; i < inputs; ++i) matrix[i * outputs + j] = row[i];
    }
    adapt(matrix, inputs, outputs);
    return matrix;
  }

  // Adds B A: A [rank][inputs], then B [outputs][rank].
  void adapt(std::vector<float>& matrix, std::size_t inputs, std::size_t outputs) {
    const float *a = adapter.data(), *b = a + rank * inputs;
    for (std::size_t i = 0; i < inputs; ++i)
      for (std::size_t j = 0; j < outputs; ++j)
        for (std::size_t r = 0; r < rank; ++r) matrix[i * outputs + j] += b[j * rank + r] * a[r * inputs + i];
    adapter = adapter.subspan(rank * (inputs + outputs));
  }

  Dense dense(std::span<const std::string> names, std::size_t inputs, std::size_t outputs_each) {
    Dense dense;
    std::vector<std::vector<float>> matrices;
    for (const std::string& name : names) {
      matrices.push_back(turned(name + ".w", inputs, outputs_each));
      const std::span<const float> biases = floats(name + ".b", outputs_each);
      dense.biases.insert(dense.biases.end(), biases.begin(), biases.end());
    }
    if (!missing.empty()) return dense;
    const std::vector<std::span<const float>> parts(matrices.begin(), matrices.end());
    dense.weights = Int8Matrix::beside(parts, inputs, outputs_each);
    for (std::size_t j = 0; j < dense.weights.outputs(); ++j) {
      dense.scales.push_back(dense.weights.scale(j));
      dense.sums.push_back(dense.weights.column_sum(j));
    }
    return dense;
  }
};

std::string E5Network::load(const ModelFile& file, bool adapted) {
  Loader loader{file};
  if (adapted) loader.take_adapter();
  words_ = loader.q4("emb.word", kVocabulary, kWidth);
  positions_ = loader.floats("emb.pos", kPositions * kWidth);
  types_ = loader.floats("emb.type", 2 * kWidth);
  norm_ = loader.norm("emb.ln");
  for (std::size_t i = 0; i < kLayers; ++i) {
    const std::string at = "l" + std::to_string(i) + ".";
    const std::string joined[]{at + "q", at + "k", at + "v"}, attended[]{at + "ao"}, inner[]{at + "fi"}, outer[]{at + "fo"};
    layers_[i] = {loader.dense(joined, kWidth, kWidth),
                  loader.dense(attended, kWidth, kWidth),
                  loader.dense(inner, kWidth, kInner),
                  loader.dense(outer, kInner, kWidth),
                  loader.norm(at + "aln"),
                  loader.norm(at + "oln")};
  }
  return loader.missing;
}

void E5Network::embed(std::span<const std::vector<int>> texts, std::vector<float>& rows) const {
  float* row = rows.data();
  for (const std::vector<int>& ids : texts)
    for (std::size_t t = 0; t < ids.size(); ++t, row += kWidth) {
      words_.read(static_cast<std::size_t>(ids[t]), row);
      for (std::size_t i = 0; i < kWidth; ++i) row[i] += positions_[t * kWidth + i] + types_[i];
    }
  norm_rows(rows.data(), rows.size() / kWidth, kWidth, norm_);
}

void E5Network::attend_all(const Layer& layer, std::span<const std::vector<int>> texts, std::vector<float>& rows,
                           Work& work) const {
  const std::size_t count = rows.size() / kWidth;
  code_rows(rows.data(), count, kWidth, work.coded);
  work.joined.resize(count * 3 * kWidth);
  work.mixed.resize(count * kWidth);
  decode_rows(work.multiply(layer.joined, work.coded, count), work.coded, count, layer.joined.columns(), work.joined.data());
  std::size_t first = 0;
  for (const std::vector<int>& ids : texts) {
    attend(work.joined.data() + first * 3 * kWidth, ids.size(), work.mixed.data() + first * kWidth);
    first += ids.size();
  }
  code_rows(work.mixed.data(), count, kWidth, work.coded);
  decode_onto(work.multiply(layer.attended, work.coded, count), work.coded, count, layer.attended.columns(),
              layer.attended_norm, rows.data());
}

void E5Network::feed_forward(const Layer& layer, std::vector<float>& rows, Work& work) const {
  const std::size_t all = rows.size() / kWidth;
  for (std::size_t first = 0; first < all; first += kRowsAtOnce) {
    const std::size_t count = std::min(kRowsAtOnce, all - first);
    float* block = rows.data() + first * kWidth;
    code_rows(block, count, kWidth, work.coded);
    decode_gelu(work.multiply(layer.inner, work.coded, count), work.coded, count, layer.inner.columns(), work.inner);
    decode_onto(work.multiply(layer.outer, work.inner, count), work.inner, count, layer.outer.columns(), layer.outer_norm,
                block);
  }
}

std::vector<float> E5Network::run(std::span<const std::vector<int>> texts) const {
  std::size_t count = 0;
  for (const std::vector<int>& ids : texts) count += ids.size();
  std::vector<float> rows(count * kWidth);
  embed(texts, rows);
  Work work;
  for (const Layer& layer : layers_) {
    attend_all(layer, texts, rows, work);
    feed_forward(layer, rows, work);
  }
  return rows;
}

}  // namespace counterpart::index
