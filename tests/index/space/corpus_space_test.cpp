#include "index/space/corpus_space.h"

#include <cmath>
#include <random>

#include "tests/index/random_profiles.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

using namespace counterpart::index;

namespace {

constexpr std::size_t kDimensions = 64, kVectors = 600;

// Unit vectors that have much in common: all lie along the first axis, most of all.
std::vector<float> drawn(unsigned seed, std::size_t count) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> vectors;
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<float> one;
    for (std::size_t j = 0; j < kDimensions; ++j) one.push_back(normal(random) * (j == 0 ? 6.0F : 1.0F));
    float square = 0;
    for (const float x : one) square += x * x;
    for (const float x : one) vectors.push_back(x / std::sqrt(square));
  }
  return vectors;
}

std::vector<float> vector_at(const std::vector<float>& vectors, std::size_t i) {
  const auto first = vectors.begin() + static_cast<std::ptrdiff_t>(i * kDimensions);
  return {first, first + static_cast<std::ptrdiff_t>(kDimensions)};
}

std::shared_ptr<const CorpusSpace> space() {
  return CorpusSpace::of(drawn(1, kVectors), kDimensions, "fine-1", kVectors).value();
}

// Of what two queries seek.
float cosine(const Query& a, const Query& b) {
  double sum = 0, of_a = 0, of_b = 0;
  for (std::size_t i = 0; i < kDimensions; ++i) {
    sum += static_cast<double>(a.values[i]) * b.values[i];
    of_a += static_cast<double>(a.values[i]) * a.values[i];
    of_b += static_cast<double>(b.values[i]) * b.values[i];
  }
  return static_cast<float>(sum / std::sqrt(of_a * of_b));
}

}  // namespace

TEST_CASE("corpus space: what all texts have in common counts less than what tells them apart", "[corpus_space]") {
  const std::shared_ptr<const CorpusSpace> made = space();
  const std::vector<float> none(kDimensions, 0.0F);
  std::vector<float> common = none, apart = none, other = none;
  common[0] = 0.8F, common[1] = 0.6F;  // as most are, and a little of the second axis
  apart[0] = -0.8F, apart[1] = 0.6F;   // unlike most, and the same little
  other[0] = 0.8F, other[2] = 0.6F;
  const auto likeness = [&](const std::vector<float>& a, const std::vector<float>& b) {
    return std::pair{cosine(make_query(none, a, kDimensions), make_query(none, b, kDimensions)),
                     cosine(made->see(make_query(none, a, kDimensions)), made->see(make_query(none, b, kDimensions)))};
  };
  const auto [plain_genre, seen_genre] = likeness(common, other);  // alike by genre alone
  const auto [plain_matter, seen_matter] = likeness(common, apart);
  CHECK(plain_genre > plain_matter);
  CHECK(seen_genre - seen_matter < 0.5F * (plain_genre - plain_matter));
}

TEST_CASE("corpus space: a row and a query of the same vectors are seen alike to the last bit", "[corpus_space]") {
  const std::shared_ptr<const CorpusSpace> made = space();
  const std::vector<float> vectors = drawn(2, 20);
  Draw draw(3);
  SegmentBuilder builder(kDimensions, kDimensions);
  std::vector<Query> queries;
  for (std::size_t i = 0; i < 10; ++i) {
    const Faces fine{.offers = vector_at(vectors, 2 * i), .seeks = vector_at(vectors, 2 * i + 1)};
    Embedding embedding = quantise(draw.faces(), "fake-1");
    if (i != 7) add_fine(embedding, fine, "fine-1");
    builder.add(draw.profile("p" + std::to_string(i)), {1, 1}, embedding, real_taxonomy(), 0);
    queries.push_back(made->see(make_query(fine.offers, fine.seeks, kDimensions)));
  }
  const std::shared_ptr<const Segment> segment = builder.build();
  const SeenRows rows = made->see(*segment);
  const std::size_t half = padded_half(kDimensions);
  for (std::size_t i = 0; i < 10; ++i) {
    const std::uint32_t row = segment->find("p" + std::to_string(i)).value();
    INFO(i);
    if (i == 7) {
      CHECK(rows.scales[row] == 0);
      continue;
    }
    CHECK(rows.scales[row] == queries[i].scale);
    const std::int8_t* values = rows.values.view().data() + row * 2 * half;
    for (std::size_t j = 0; j < kDimensions; ++j) {
      CHECK(values[j] == queries[i].values[half + j]);  // what it offers
      CHECK(values[half + j] == queries[i].values[j]);
    }
  }
}

TEST_CASE("corpus space: written and read again it is the same one, and damage is refused", "[corpus_space]") {
  const std::shared_ptr<const CorpusSpace> made = space();
  const std::string bytes = made->encode();
  const std::shared_ptr<const CorpusSpace> read = CorpusSpace::decode(bytes).value();
  CHECK(read->name() == made->name());
  CHECK(read->fine_model() == "fine-1");
  CHECK(read->made_of() == kVectors);
  const std::vector<float> vectors = drawn(4, 2);
  const Query query = make_query(vector_at(vectors, 0), vector_at(vectors, 1), kDimensions);
  CHECK(read->see(query).values == made->see(query).values);
  CHECK(CorpusSpace::of(drawn(5, kVectors), kDimensions, "fine-1", kVectors).value()->name() != made->name());

  for (const std::string& wrong :
       {std::string{}, bytes.substr(0, 12), bytes.substr(0, bytes.size() - 1), "x" + bytes.substr(1)}) {
    const auto refused = CorpusSpace::decode(wrong);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kCorrupt);
  }
}

TEST_CASE("corpus space: too few vectors make none, and a face without a vector has none in it", "[corpus_space]") {
  const auto refused = CorpusSpace::of(drawn(1, CorpusSpace::kLeastVectors - 1), kDimensions, "fine-1", kVectors);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kUnavailable);
  const std::vector<float> none(kDimensions, 0.0F), one = vector_at(drawn(6, 1), 0);
  const Query seen = space()->see(make_query(none, one, kDimensions));
  for (std::size_t j = padded_half(kDimensions); j < seen.values.size(); ++j) CHECK(seen.values[j] == 0);
  CHECK(space()->see(make_query(none, none, kDimensions)).scale == 0);
}
