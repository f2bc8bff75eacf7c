#include "index/snapshot/unrelated_texts.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/support/catch.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kDimensions = 64;

std::vector<float> unit(std::vector<float> values) {
  float square = 0;
  for (const float x : values) square += x * x;
  for (float& x : values) x /= std::sqrt(square);
  return values;
}

// A text of its own; `matter`: how much of it is what all have in common.
std::vector<float> text(std::mt19937& random, float matter = 0) {
  std::vector<float> values;
  for (std::size_t i = 0; i < kDimensions; ++i) values.push_back((static_cast<float>(random() % 2001) - 1000) / 1000 + matter);
  return unit(values);
}

std::vector<Faces> texts(std::size_t count, float matter = 0) {
  std::mt19937 random(5);
  std::vector<Faces> drawn;
  for (std::size_t i = 0; i < count; ++i)
    drawn.push_back({text(random, matter), text(random, matter), text(random, matter), text(random, matter)});
  return drawn;
}

}  // namespace

TEST_CASE("unrelated_texts: the spread is that of pairs of rows, and the mean that of all faces", "[unrelated_texts]") {
  const std::vector<Faces> drawn = texts(200);
  const auto unrelated = unrelated_texts(drawn, true);
  REQUIRE(unrelated);
  CHECK(unrelated->fast_spread == Approx(1 / std::sqrt(double{kDimensions})).epsilon(0.1));
  CHECK(unrelated->spread == Approx(std::sqrt(2.0 / kDimensions)).epsilon(0.1));
  float mean = 0;
  for (const Faces& one : drawn) mean += one.offers[3] / 200;
  CHECK(unrelated->mean.offers[3] == Approx(mean).margin(1e-5));
  CHECK(unrelated_texts(drawn, false)->spread == 0);
}

TEST_CASE("unrelated_texts: a handful of profiles cannot tell", "[unrelated_texts]") {
  CHECK_FALSE(unrelated_texts(texts(kFewestDrawn - 1), true));
  CHECK(unrelated_texts(texts(kFewestDrawn), true));
}

TEST_CASE("unrelated_texts: neither can texts that repeat each other, nor texts of one matter", "[unrelated_texts]") {
  const std::vector<Faces> templates = texts(5);
  std::vector<Faces> repeating;
  for (std::size_t i = 0; i < 200; ++i) {
    Faces one = templates[(i * 7) % 5];
    one.seeks = one.offers;
    one.fine_seeks = one.fine_offers;
    repeating.push_back(one);
  }
  std::mt19937 random(1);
  std::shuffle(repeating.begin(), repeating.end(), random);
  CHECK_FALSE(unrelated_texts(repeating, true));
  CHECK_FALSE(unrelated_texts(texts(200, 1), true));
}

}  // namespace counterpart::index
