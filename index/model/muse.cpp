#include "index/model/muse.h"

#include <sentencepiece_processor.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "engine/base/patience.h"
#include "index/model/int8_matrix.h"
#include "index/text/windows.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kWidth = 512;                     // of a token's embedding
constexpr std::size_t kTables = 17, kTableRows = 7530;  // token id -> row id / 17 of table id % 17
constexpr std::size_t kOrder = 256;                     // columns of one n-gram order
constexpr std::array<std::size_t, 3> kOrders{2, 3, 5};  // tokens in a window
constexpr std::array<std::size_t, 3> kLeft{0, 1, 2};    // of them before the token
constexpr std::size_t kProjected = kOrders.size() * kOrder;
constexpr std::size_t kJoined = kWidth + kProjected;
constexpr int kBegin = 1, kEnd = 2;
constexpr float kEpsilon = 1e-12F;

struct Convolution {
  Int8Matrix w1, w2;
  std::span<const float> b1, b2;
};

// Sums in a fixed number of lanes: quick, and the same order of additions everywhere.
template <class Term>
float sum_of(std::size_t count, Term term) {
  constexpr std::size_t kLanes = 16;
  float lanes[kLanes]{};
  for (std::size_t i = 0; i < count; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += term(i + lane);
  float total = 0;
  for (const float lane : lanes) total += lane;
  return total;
}

// Scales `row` to mean 0 and variance 1, then by gain and bias. The length is a multiple of 16.
void layer_norm(std::span<float> row, const float* gain, const float* bias) {
  const auto n = static_cast<float>(row.size());
  const float mean = sum_of(row.size(), [&](std::size_t i) { return row[i]; }) / n;
  const float variance = sum_of(row.size(), [&](std::size_t i) { return (row[i] - mean) * (row[i] - mean); }) / n;
  const float factor = 1.0F / std::sqrt(variance + kEpsilon);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = (row[i] - mean) * factor * gain[i] + bias[i];
}

void make_unit(std::span<float> vector) {
  const float length = std::sqrt(sum_of(vector.size(), [&](std::size_t i) { return vector[i] * vector[i]; }));
  if (length > 0)
    for (float& x : vector) x /= length;
}

}  // namespace

struct Muse::Impl {
  sentencepiece::SentencePieceProcessor pieces;
  std::string_view embedding;
  std::span<const float> low, scale, joined_gain, joined_bias, cnn_bias;
  std::vector<float> projected_bias, projected_gain, projected_shift;
  Int8Matrix project;
  FineMatrix cnn, d0, d1, p1, d2, p3, d3;
  std::array<Convolution, 3> convolutions;

  const std::uint8_t* codes_of(int id) const {
    const auto token = static_cast<std::size_t>(id);
    return reinterpret_cast<const std::uint8_t*>(embedding.data()) +
           ((token % kTables) * kTableRows + token / kTables) * kWidth;
  }

  void encode_window(std::span<const int> ids, std::span<float> out) const;
  std::vector<float> project_tokens(std::span<const int> ids) const;
  void convolve(const Convolution& convolution, std::size_t order, std::vector<float>& columns) const;
  void window_product(const Int8Matrix& weights, std::span<const float> bias, std::size_t order,
                      std::vector<float>& columns) const;
  void finish(std::span<const float> pooled, std::span<float> out) const;
};

// [tokens][768]: embedding times the three projections, normed. The embedding is 6-bit codes with one scale and offset
// a table; the offset's share is that of the int8 weights' column sums, for exact ones would not cancel their rounding.
std::vector<float> Muse::Impl::project_tokens(std::span<const int> ids) const {
  std::vector<std::uint8_t> codes(ids.size() * kWidth);
  for (std::size_t t = 0; t < ids.size(); ++t) std::copy_n(codes_of(ids[t]), kWidth, codes.data() + t * kWidth);
  std::vector<std::int32_t> sums(ids.size() * kProjected);
  project.multiply(codes.data(), ids.size(), sums.data());
  std::vector<float> tokens(ids.size() * kProjected);
  for (std::size_t t = 0; t < ids.size(); ++t) {
    const std::size_t table = static_cast<std::size_t>(ids[t]) % kTables;
    float* row = tokens.data() + t * kProjected;
    for (std::size_t j = 0; j < kProjected; ++j)
      row[j] = (static_cast<float>(sums[t * kProjected + j]) * scale[table] +
                low[table] * static_cast<float>(project.column_sum(j))) *
                   project.scale(j) +
               projected_bias[j];
    layer_norm({row, kProjected}, projected_gain.data(), projected_shift.data());
  }
  return tokens;
}

// columns += relu(window(columns) * weights + bias); beyond the text all is zero.
void Muse::Impl::window_product(const Int8Matrix& weights, std::span<const float> bias, std::size_t order,
                                std::vector<float>& columns) const {
  const std::size_t tokens = columns.size() / kOrder, padding = kOrders[order];
  CodedRows coded;
  coded.assign(columns, padding * kOrder);
  std::vector<float> product(columns.size());
  weights.apply_windows(coded, kOrder, padding - kLeft[order], tokens, product);
  for (std::size_t t = 0; t < tokens; ++t)
    for (std::size_t j = 0; j < kOrder; ++j) columns[t * kOrder + j] += std::max(product[t * kOrder + j] + bias[j], 0.0F);
}

void Muse::Impl::convolve(const Convolution& convolution, std::size_t order, std::vector<float>& columns) const {
  window_product(convolution.w1, convolution.b1, order, columns);
  window_product(convolution.w2, convolution.b2, order, columns);
}

// The deep averaging layers on one pooled row.
void Muse::Impl::finish(std::span<const float> m, std::span<float> out) const {
  std::array<float, 320> y0{}, y1{}, part1{};
  std::array<float, kWidth> y2{}, part3{};
  const auto relu = [](float& x) { x = std::max(x, 0.0F); };
  d0.apply(m, y0);
  std::ranges::for_each(y0, relu);
  p1.apply(m, part1);
  d1.apply(y0, y1);
  for (std::size_t i = 0; i < y1.size(); ++i) y1[i] = std::max(y1[i] + part1[i], 0.0F);
  d2.apply(y1, y2);
  std::ranges::for_each(y2, relu);
  p3.apply(y1, part3);
  d3.apply(y2, out);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::tanh(out[i] + part3[i]);
  make_unit(out);
}

void Muse::Impl::encode_window(std::span<const int> ids, std::span<float> out) const {
  const std::size_t tokens = ids.size();
  const std::vector<float> projected = project_tokens(ids);
  std::array<std::vector<float>, 3> orders;
  for (std::size_t order = 0; order < kOrders.size(); ++order) {
    orders[order].resize(tokens * kOrder);
    for (std::size_t t = 0; t < tokens; ++t)
      std::copy_n(projected.data() + t * kProjected + order * kOrder, kOrder, orders[order].data() + t * kOrder);
    convolve(convolutions[order], order, orders[order]);
  }
  std::vector<float> pooled(kJoined), row(kJoined);
  for (std::size_t t = 0; t < tokens; ++t) {
    const std::size_t table = static_cast<std::size_t>(ids[t]) % kTables;
    const std::uint8_t* codes = codes_of(ids[t]);
    for (std::size_t j = 0; j < kWidth; ++j) row[j] = static_cast<float>(codes[j]) * scale[table] + low[table];
    for (std::size_t order = 0; order < kOrders.size(); ++order)
      std::copy_n(orders[order].data() + t * kOrder, kOrder, row.data() + kWidth + order * kOrder);
    layer_norm(row, joined_gain.data(), joined_bias.data());
    for (std::size_t j = 0; j < kJoined; ++j) pooled[j] += row[j];
  }
  std::array<float, kWidth> m{};
  cnn.apply(pooled, m);
  const auto n = static_cast<float>(tokens);
  for (std::size_t j = 0; j < kWidth; ++j) m[j] = (m[j] + n * cnn_bias[j]) / std::sqrt(n);
  finish(m, out);
}

Muse::Muse(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Muse::~Muse() = default;

Result<std::unique_ptr<Muse>> Muse::load(const ModelFile& file) {
  auto impl = std::make_unique<Impl>();
  std::string missing;
  const auto floats = [&](const std::string& name, std::size_t count) {
    const std::span<const float> found = file.floats(name, count);
    if (found.empty()) missing = name;
    return found;
  };
  const auto matrix = [&](const std::string& name, std::size_t inputs, std::size_t outputs) {
    const std::span<const float> found = floats(name, inputs * outputs);
    return found.empty() ? Int8Matrix() : Int8Matrix(found, inputs, outputs);
  };
  const auto fine = [&](const std::string& name, std::size_t inputs, std::size_t outputs) {
    const std::span<const float> found = floats(name, inputs * outputs);
    return found.empty() ? FineMatrix() : FineMatrix(found, inputs, outputs);
  };
  std::vector<std::span<const float>> projections;
  for (std::size_t order = 0; order < kOrders.size(); ++order) {
    const std::string n = std::to_string(kOrders[order]);
    projections.push_back(floats("proj" + n, kWidth * kOrder));
    for (const auto& [section, out] :
         {std::pair{"proj_b", &impl->projected_bias}, {"ln_g", &impl->projected_gain}, {"ln_b", &impl->projected_shift}}) {
      const std::span<const float> values = floats(section + n, kOrder);
      out->insert(out->end(), values.begin(), values.end());
    }
    impl->convolutions[order] = {matrix("w1_" + n, kOrders[order] * kOrder, kOrder),
                                 matrix("w2_" + n, kOrders[order] * kOrder, kOrder), floats("b1_" + n, kOrder),
                                 floats("b2_" + n, kOrder)};
  }
  impl->low = floats("lo", kTables);
  impl->scale = floats("scale", kTables);
  impl->joined_gain = floats("ln_g", kJoined);
  impl->joined_bias = floats("ln_b", kJoined);
  impl->cnn = fine("cnn_W", kJoined, kWidth);
  impl->cnn_bias = floats("cnn_b", kWidth);
  impl->d0 = fine("d0", kWidth, 320);
  impl->d1 = fine("d1", 320, 320);
  impl->p1 = fine("p1", kWidth, 320);
  impl->d2 = fine("d2", 320, kWidth);
  impl->p3 = fine("p3", 320, kWidth);
  impl->d3 = fine("d3", kWidth, kWidth);
  impl->embedding = file.bytes("embedding");
  if (impl->embedding.size() != kTables * kTableRows * kWidth) missing = "embedding";
  if (missing.empty() && !impl->pieces.LoadFromSerializedProto(file.bytes("sp.model")).ok()) missing = "sp.model";
  if (!missing.empty())
    return fail(ErrorCode::kCorrupt, "the text model", "section `" + missing + "` is missing or has the wrong size",
                "remove it and run datasets/encoder/fetch_models.py again");
  impl->project = Int8Matrix::beside(projections, kWidth, kOrder);
  return std::unique_ptr<Muse>(new Muse(std::move(impl)));
}

std::vector<float> Muse::encode(std::string_view text, std::size_t at_once) const {
  std::vector<float> vector(kDimensions);
  std::vector<int> pieces;
  if (!impl_->pieces.Encode(absl::string_view(text.data(), text.size()), &pieces).ok() || pieces.empty()) return vector;
  std::array<float, kDimensions> window{};
  std::vector<int> ids;
  for (const std::size_t from : window_starts(pieces.size(), at_once, kMostWindows)) {
    if (Patience::over()) break;
    const std::size_t count = std::min(at_once, pieces.size() - from);
    ids.assign(1, kBegin);
    ids.insert(ids.end(), pieces.begin() + static_cast<std::ptrdiff_t>(from),
               pieces.begin() + static_cast<std::ptrdiff_t>(from + count));
    ids.push_back(kEnd);
    impl_->encode_window(ids, window);
    for (std::size_t j = 0; j < kDimensions; ++j) vector[j] += window[j] * static_cast<float>(count);
  }
  make_unit(vector);
  return vector;
}

}  // namespace counterpart::index
