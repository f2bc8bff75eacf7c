#include "index/space/corpus_space.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "index/base/files.h"
#include "index/vector/embedding.h"
#include "index/vector/training.h"

namespace counterpart::index {
namespace {

// Chosen on the training halves of the pair sets: shares of .3 and .6 tell apart what they tell apart alike, and so does the
// mean taken off by half; taken off whole it loses what seekers and counterparts of one genre do not share.
constexpr double kShrinkage = 0.3, kMeanShare = 0.5;
// A matrix product is quick by so many halves at once.
constexpr std::size_t kAtOnce = 512;

constexpr std::string_view kMagic = "CPSPACE2";

void append_floats(std::string& bytes, std::span<const float> values) {
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

// Of two halves in whole numbers.
template <class T>
std::vector<float> unit_sum(std::span<const T> a, std::span<const T> b) {
  std::vector<float> sum;
  std::int64_t square = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const int both = a[i] + b[i];
    square += std::int64_t{both} * both;
    sum.push_back(static_cast<float>(both));
  }
  if (square == 0) return {};
  const float length = std::sqrt(static_cast<float>(square));
  for (float& x : sum) x /= length;
  return sum;
}

}  // namespace

CorpusSpace::CorpusSpace(std::string fine, std::uint64_t made_of, std::vector<float> mean, std::vector<float> matrix)
    : fine_(std::move(fine)), made_of_(made_of), mean_(std::move(mean)), matrix_(std::move(matrix)) {
  const std::size_t dimensions = mean_.size();
  shift_.assign(dimensions, 0);
  for (std::size_t i = 0; i < dimensions; ++i)
    for (std::size_t j = 0; j < dimensions; ++j) shift_[j] += mean_[i] * matrix_[i * dimensions + j];
  product_ = Int8Matrix(matrix_, dimensions, dimensions);
  give_name();
}

void CorpusSpace::give_name() {
  constexpr std::size_t kNameDigits = 8;
  name_ = sha256(encode()).substr(0, kNameDigits);
}

std::shared_ptr<const CorpusSpace> CorpusSpace::with(SectorModel sectors) const {
  std::shared_ptr<CorpusSpace> made(new CorpusSpace(*this));
  made->sectors_ = std::move(sectors);
  made->give_name();
  return made;
}

Result<std::shared_ptr<const CorpusSpace>> CorpusSpace::of(std::span<const float> vectors, std::size_t dimensions,
                                                           std::string fine, std::uint64_t all) {
  const std::size_t count = vectors.size() / dimensions;
  if (count < kLeastVectors)
    return fail(ErrorCode::kUnavailable, "the corpus's space", "too few profiles have their fine vectors",
                "nothing need be done: vectors are compared as they are until there are more");
  const Result<Directions> found = directions(vectors, dimensions);
  if (!found) return tl::unexpected(found.error());
  // The fewer vectors, the less is known of the directions, and the nearer to a ball their covariance is taken to be.
  const double few = static_cast<double>(dimensions) / static_cast<double>(dimensions + count);
  const double shrinkage = kShrinkage + (1 - kShrinkage) * few;
  double sum = 0;
  for (const float variance : found->variances) sum += std::max(static_cast<double>(variance), 0.0);
  const double ball = sum / static_cast<double>(dimensions);
  std::vector<float> mean(dimensions), matrix(dimensions * dimensions);
  for (std::size_t i = 0; i < dimensions; ++i) mean[i] = static_cast<float>(kMeanShare) * found->mean[i];
  for (std::size_t j = 0; j < dimensions; ++j) {
    const double variance = std::max(static_cast<double>(found->variances[j]), 0.0);
    const double factor = 1 / std::sqrt(std::sqrt((1 - shrinkage) * variance / ball + shrinkage));
    for (std::size_t i = 0; i < dimensions; ++i)
      matrix[i * dimensions + j] = static_cast<float>(factor * static_cast<double>(found->axes[j * dimensions + i]));
  }
  return std::shared_ptr<const CorpusSpace>(new CorpusSpace(std::move(fine), all, std::move(mean), std::move(matrix)));
}

// magic, u32 dimensions, u32 length of the model's name, name, u64 vectors, then f32s: m, A; then the model of sectors.
std::string CorpusSpace::encode() const {
  std::string bytes(kMagic);
  for (const auto number : {static_cast<std::uint32_t>(mean_.size()), static_cast<std::uint32_t>(fine_.size())})
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  bytes += fine_;
  bytes.append(reinterpret_cast<const char*>(&made_of_), sizeof made_of_);
  append_floats(bytes, mean_);
  append_floats(bytes, matrix_);
  return bytes + sectors_.encode();
}

Result<std::shared_ptr<const CorpusSpace>> CorpusSpace::decode(std::string_view bytes) {
  std::uint32_t dimensions = 0, length = 0;
  std::uint64_t made_of = 0;
  constexpr std::size_t kHead = kMagic.size() + 2 * sizeof dimensions;
  constexpr std::uint32_t kMostDimensions = 4'096;
  const bool known = bytes.size() >= kHead && bytes.starts_with(kMagic);
  if (known) {
    std::memcpy(&dimensions, bytes.data() + kMagic.size(), sizeof dimensions);
    std::memcpy(&length, bytes.data() + kMagic.size() + sizeof dimensions, sizeof length);
  }
  const std::size_t numbers = std::size_t{dimensions} * (dimensions + std::size_t{1});
  const std::size_t end = kHead + length + sizeof made_of + numbers * sizeof(float);
  if (!known || dimensions == 0 || dimensions > kMostDimensions || bytes.size() < end)
    return fail(ErrorCode::kCorrupt, "the corpus's space", "the file is damaged", "remove it: the next night makes it anew");
  const std::string fine(bytes.substr(kHead, length));
  std::memcpy(&made_of, bytes.data() + kHead + length, sizeof made_of);
  std::vector<float> values(numbers);
  std::memcpy(values.data(), bytes.data() + kHead + length + sizeof made_of, numbers * sizeof(float));
  Result<SectorModel> sectors = SectorModel::decode(bytes.substr(end), dimensions);
  if (!sectors) return tl::unexpected(sectors.error());
  std::vector<float> mean(values.begin(), values.begin() + dimensions);
  values.erase(values.begin(), values.begin() + dimensions);
  return CorpusSpace(fine, made_of, std::move(mean), std::move(values)).with(std::move(*sectors));
}

std::vector<std::vector<float>> CorpusSpace::see_halves(std::span<const std::int8_t> codes) const {
  const std::size_t dimensions = mean_.size(), halves = codes.size() / dimensions;
  std::vector<std::uint8_t> shifted(codes.size());
  std::ranges::transform(codes, shifted.begin(),
                         [](std::int8_t code) { return static_cast<std::uint8_t>(code + CodedRows::kZero); });
  std::vector<std::int32_t> sums(codes.size());
  product_.multiply(shifted.data(), halves, sums.data());
  std::vector<std::vector<float>> seen(halves, std::vector<float>(dimensions, 0.0F));
  for (std::size_t half = 0; half < halves; ++half) {
    std::int64_t square = 0;
    for (const std::int8_t code : codes.subspan(half * dimensions, dimensions)) square += std::int64_t{code} * code;
    if (square == 0) continue;
    const float length = std::sqrt(static_cast<float>(square));
    std::vector<float>& out = seen[half];
    float seen_square = 0;
    for (std::size_t j = 0; j < dimensions; ++j) {
      const std::int32_t sum = sums[half * dimensions + j] - CodedRows::kZero * product_.column_sum(j);
      out[j] = static_cast<float>(sum) * product_.scale(j) / length - shift_[j];
      seen_square += out[j] * out[j];
    }
    const float factor = seen_square > 0 ? length / std::sqrt(seen_square) : 0;
    for (float& x : out) x *= factor;
  }
  return seen;
}

void CorpusSpace::see_all(std::size_t count, const std::function<const std::int8_t*(std::size_t)>& codes_of,
                          const std::function<void(std::size_t, std::vector<float>&&)>& use) const {
  std::vector<std::int8_t> codes;
  for (std::size_t first = 0; first < count; first += kAtOnce) {
    const std::size_t last = std::min(count, first + kAtOnce);
    codes.clear();
    for (std::size_t i = first; i < last; ++i) codes.insert(codes.end(), codes_of(i), codes_of(i) + mean_.size());
    std::vector<std::vector<float>> seen = see_halves(codes);
    for (std::size_t i = first; i < last; ++i) use(i, std::move(seen[i - first]));
  }
}

void CorpusSpace::see_faces(const Segment& segment, SeenRows& made) const {
  const std::size_t dimensions = mean_.size(), half = padded_half(dimensions), count = segment.size();
  Column<std::int8_t>::Owned values(count * 2 * half, 0);
  made.scales.assign(count, 0);
  made.sectors.assign(count, {});
  Faces faces;
  const auto keep = [&](std::size_t face, std::vector<float>&& seen) {
    if (face % 2 == 0) {
      faces.offers = std::move(seen);
      return;
    }
    faces.seeks = std::move(seen);
    const std::size_t row = face / 2;
    const float scale = segment.fine_scale(static_cast<std::uint32_t>(row));
    if (scale == 0) return;
    const Embedding rounded = quantise(faces, {});
    made.scales[row] = rounded.scale * scale;
    const auto out = values.begin() + static_cast<std::ptrdiff_t>(row * 2 * half);
    const auto middle = rounded.values.begin() + static_cast<std::ptrdiff_t>(dimensions);
    std::copy(rounded.values.begin(), middle, out);
    std::copy(middle, rounded.values.end(), out + static_cast<std::ptrdiff_t>(half));
    if (segment.traits(static_cast<std::uint32_t>(row)).sector_count > 0) return;
    const std::span<const std::int8_t> both(rounded.values);
    made.sectors[row] = sectors_.guess(unit_sum(both.first(dimensions), both.subspan(dimensions, dimensions)));
  };
  see_all(
      2 * count, [&](std::size_t face) { return segment.fine().row(face / 2) + face % 2 * half; }, keep);
  made.values = std::move(values);
}

void CorpusSpace::see_references(const Segment& segment, SeenRows& made) const {
  const std::size_t dimensions = mean_.size(), half = padded_half(dimensions), count = segment.references();
  Column<std::int8_t>::Owned values(count * half, 0);
  made.reference_scales.assign(count, 0);
  const auto keep = [&](std::size_t i, std::vector<float>&& seen) {
    const Query rounded = reference_query(seen, dimensions);
    made.reference_scales[i] = rounded.scale * segment.reference_scale(static_cast<std::uint32_t>(i));
    std::ranges::transform(rounded.values, values.begin() + static_cast<std::ptrdiff_t>(i * half),
                           [](std::int16_t value) { return static_cast<std::int8_t>(value); });
  };
  see_all(
      count, [&](std::size_t i) { return segment.reference_vector(static_cast<std::uint32_t>(i)); }, keep);
  made.references = std::move(values);
}

SeenRows CorpusSpace::see(const Segment& segment) const {
  SeenRows made;
  if (segment.fine_dimensions() == mean_.size()) {
    see_faces(segment, made);
    see_references(segment, made);
  } else {
    made.scales.assign(segment.size(), 0);
    made.sectors.assign(segment.size(), {});
    made.reference_scales.assign(segment.references(), 0);
  }
  return made;
}

Query CorpusSpace::see(const Query& query) const {
  const std::size_t dimensions = mean_.size(), half = padded_half(dimensions);
  if (query.scale == 0 || query.values.size() != 2 * half) return {QueryVector(2 * half, 0), 0};
  std::vector<std::int8_t> codes;  // as a row has them: what it offers, then what it seeks
  for (const std::size_t at : {half, std::size_t{0}})
    for (std::size_t i = 0; i < dimensions; ++i) codes.push_back(static_cast<std::int8_t>(query.values[at + i]));
  const std::vector<std::vector<float>> seen = see_halves(codes);
  Query made = make_query(seen[0], seen[1], dimensions);
  made.scale *= query.scale;
  return made;
}

Query CorpusSpace::see_reference(const Query& reference) const {
  const std::size_t dimensions = mean_.size(), half = padded_half(dimensions);
  if (reference.scale == 0 || reference.values.size() != half) return {QueryVector(half, 0), 0};
  std::vector<std::int8_t> codes;
  for (std::size_t i = 0; i < dimensions; ++i) codes.push_back(static_cast<std::int8_t>(reference.values[i]));
  Query made = reference_query(see_halves(codes)[0], dimensions);
  made.scale *= reference.scale;
  return made;
}

std::vector<float> CorpusSpace::whole(const Query& seen) const {
  const std::size_t dimensions = mean_.size(), half = padded_half(dimensions);
  if (seen.scale == 0 || seen.values.size() != 2 * half) return {};
  const std::span<const std::int16_t> values(seen.values);
  return unit_sum(values.subspan(half, dimensions), values.first(dimensions));
}

}  // namespace counterpart::index
