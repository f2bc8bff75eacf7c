#include "index/space/sector_model.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <numeric>

namespace counterpart::index {
namespace {

constexpr float kScales[] = {5, 10, 15, 20, 25, 30, 40, 60};
constexpr double kLeastShare = 0.05;  // less likely ones are not told
constexpr double kFloor = 1e-6;       // a stated class that the others do not know costs no more than this

// In several sums at once: one alone would wait for itself.
float dot(std::span<const float> a, std::span<const float> b) {
  constexpr std::size_t kLanes = 8;
  float lanes[kLanes]{};
  std::size_t i = 0;
  for (; i + kLanes <= a.size(); i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += a[i + lane] * b[i + lane];
  return std::inner_product(a.begin() + static_cast<std::ptrdiff_t>(i), a.end(), b.begin() + static_cast<std::ptrdiff_t>(i),
                            std::accumulate(std::begin(lanes), std::end(lanes), 0.0F));
}

// In place.
void softmax(std::vector<double>& values) {
  const double most = std::ranges::max(values);
  double sum = 0;
  for (double& value : values) sum += value = std::exp(value - most);
  for (double& value : values) value /= sum;
}

// One of whom the model is learnt: what it counts for each of its classes, and how near it lies to the sums.
struct Learnt {
  const TaggedVector* tagged;
  std::vector<std::size_t> classes = {};
  std::vector<float> dots = {};  // with the sum of each class
  double part() const { return 1 / static_cast<double>(classes.size()); }
};

// The sums over the vectors of each class; a vector of several counts in each by its part.
class Sums {
 public:
  Sums(std::span<const TaggedVector> tagged, std::size_t dimensions) : dimensions_(dimensions) {
    std::map<std::string, std::size_t> counts;
    for (const TaggedVector& one : tagged)
      for (const std::string& code : one.codes) ++counts[code];
    for (const auto& [code, count] : counts)
      if (count >= SectorModel::kLeastOfOne) codes_.push_back(code);
    sums_.assign(codes_.size() * dimensions, 0);
    squares_.assign(codes_.size(), 0);
    weights_.assign(codes_.size(), 0);
    for (const TaggedVector& one : tagged) add(one);
    for (std::size_t c = 0; c < codes_.size(); ++c) squares_[c] = dot(of(c), of(c));
    for (Learnt& one : learnt_)
      for (std::size_t c = 0; c < codes_.size(); ++c) one.dots.push_back(dot(of(c), one.tagged->vector));
  }

  const std::vector<std::string>& codes() const { return codes_; }
  const std::vector<Learnt>& learnt() const { return learnt_; }
  std::span<const float> of(std::size_t c) const { return std::span(sums_).subspan(c * dimensions_, dimensions_); }
  double share(std::size_t c) const { return weights_[c] / static_cast<double>(learnt_.size()); }

  // How likely each class is for `one`, told by all others.
  std::vector<double> without(const Learnt& one, double scale) const {
    std::vector<double> odds;
    for (std::size_t c = 0; c < codes_.size(); ++c) {
      const bool own = std::ranges::count(one.classes, c) > 0;
      const double part = own ? one.part() : 0, along = static_cast<double>(one.dots[c]);
      const double square = static_cast<double>(squares_[c]) - 2 * part * along + part * part;
      const double cosine = square > kFloor ? (along - part) / std::sqrt(square) : 0;
      odds.push_back(scale * cosine + std::log(std::max(weights_[c] - part, kFloor)));
    }
    softmax(odds);
    return odds;
  }

 private:
  void add(const TaggedVector& tagged) {
    Learnt one{&tagged};
    for (const std::string& code : tagged.codes)
      if (const auto found = std::ranges::lower_bound(codes_, code); found != codes_.end() && *found == code)
        one.classes.push_back(static_cast<std::size_t>(found - codes_.begin()));
    if (one.classes.empty()) return;
    for (const std::size_t c : one.classes) {
      weights_[c] += one.part();
      for (std::size_t i = 0; i < dimensions_; ++i)
        sums_[c * dimensions_ + i] += static_cast<float>(one.part()) * tagged.vector[i];
    }
    learnt_.push_back(std::move(one));
  }

  std::size_t dimensions_;
  std::vector<std::string> codes_;
  std::vector<float> sums_, squares_;
  std::vector<double> weights_;
  std::vector<Learnt> learnt_;
};

// How well the classes that are stated are told with a scale.
struct Told {
  double likelihood = 0;  // sum of logarithms
  std::size_t right = 0;
};

Told told(const Sums& sums, double scale) {
  Told found;
  for (const Learnt& one : sums.learnt()) {
    const std::vector<double> odds = sums.without(one, scale);
    double stated = 0;
    for (const std::size_t c : one.classes) stated += odds[c];
    found.likelihood += std::log(std::max(stated, kFloor));
    const auto likeliest = static_cast<std::size_t>(std::ranges::max_element(odds) - odds.begin());
    found.right += std::ranges::count(one.classes, likeliest) > 0 ? 1 : 0;
  }
  return found;
}

template <class T>
void append(std::string& bytes, std::span<const T> values) {
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

constexpr std::size_t kCode = 3;  // bytes, a section's filled up with zeros

}  // namespace

SectorModel SectorModel::of(std::span<const TaggedVector> tagged, std::size_t dimensions) {
  SectorModel model;
  const Sums sums(tagged, dimensions);
  if (sums.learnt().size() < kLeastTagged || sums.codes().size() < 2) return model;
  double best = -std::numeric_limits<double>::infinity();
  for (const float scale : kScales) {
    const Told found = told(sums, static_cast<double>(scale));
    if (found.likelihood <= best) continue;
    best = found.likelihood;
    model.scale_ = scale;
    model.right_ = static_cast<float>(found.right) / static_cast<float>(sums.learnt().size());
  }
  model.codes_ = sums.codes();
  for (std::size_t c = 0; c < model.codes_.size(); ++c) {
    const std::span<const float> sum = sums.of(c);
    const float length = std::sqrt(dot(sum, sum));
    for (const float x : sum) model.means_.push_back(length > 0 ? x / length : 0);
    model.priors_.push_back(static_cast<float>(std::log(sums.share(c))));
  }
  return model;
}

SectorGuess SectorModel::guess(std::span<const float> vector) const {
  SectorGuess guess;
  if (codes_.empty() || vector.size() != dimensions()) return guess;
  std::vector<double> odds;
  for (std::size_t c = 0; c < codes_.size(); ++c)
    odds.push_back(
        static_cast<double>(scale_ * dot(std::span(means_).subspan(c * vector.size(), vector.size()), vector) + priors_[c]));
  softmax(odds);
  std::vector<std::size_t> order(codes_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(order.size(), std::size(guess.likeliest)));
  std::partial_sort(order.begin(), end, order.end(),
                    [&](std::size_t a, std::size_t b) { return odds[a] != odds[b] ? odds[a] > odds[b] : a < b; });
  auto* out = std::begin(guess.likeliest);
  for (auto at = order.begin(); at != end && odds[*at] >= kLeastShare; ++at, ++out) {
    std::ranges::copy(codes_[*at], out->code);
    out->share = static_cast<std::uint8_t>(std::lround(255 * odds[*at]));
  }
  return guess;
}

// u32 classes, f32 scale, f32 right; then by class: 3 bytes each the codes, f32 each the priors, f32s the means. No class:
// nothing.
std::string SectorModel::encode() const {
  std::string bytes;
  if (codes_.empty()) return bytes;
  const auto count = static_cast<std::uint32_t>(codes_.size());
  append(bytes, std::span(&count, 1));
  append(bytes, std::span(&scale_, 1));
  append(bytes, std::span(&right_, 1));
  for (const std::string& code : codes_) {
    bytes += code;
    bytes.append(kCode - code.size(), '\0');
  }
  append(bytes, std::span<const float>(priors_));
  append(bytes, std::span<const float>(means_));
  return bytes;
}

Result<SectorModel> SectorModel::decode(std::string_view bytes, std::size_t dimensions) {
  SectorModel model;
  if (bytes.empty()) return model;
  const Error damaged{ErrorCode::kCorrupt, "the sectors of the corpus's space", "the file is damaged",
                      "remove it: the next night makes it anew"};
  std::uint32_t count = 0;
  constexpr std::size_t kHead = sizeof count + 2 * sizeof(float);
  if (bytes.size() < kHead) return tl::unexpected(damaged);
  std::memcpy(&count, bytes.data(), sizeof count);
  std::memcpy(&model.scale_, bytes.data() + sizeof count, sizeof(float));
  std::memcpy(&model.right_, bytes.data() + sizeof count + sizeof(float), sizeof(float));
  const std::size_t numbers = std::size_t{count} * (1 + dimensions);
  if (count == 0 || bytes.size() != kHead + count * kCode + numbers * sizeof(float)) return tl::unexpected(damaged);
  for (std::uint32_t c = 0; c < count; ++c) {
    std::string code(bytes.substr(kHead + c * kCode, kCode));
    if (code[1] == '\0') code.resize(1);
    model.codes_.push_back(std::move(code));
  }
  std::vector<float> values(numbers);
  std::memcpy(values.data(), bytes.data() + kHead + count * kCode, numbers * sizeof(float));
  model.priors_.assign(values.begin(), values.begin() + count);
  model.means_.assign(values.begin() + count, values.end());
  return model;
}

}  // namespace counterpart::index
