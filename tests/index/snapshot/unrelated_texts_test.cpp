#include "index/snapshot/unrelated_texts.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "engine/corpus/dot.h"
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

std::vector<DrawnText> texts(std::size_t count, float matter = 0) {
  std::mt19937 random(5);
  std::vector<DrawnText> drawn;
  for (std::size_t i = 0; i < count; ++i)
    drawn.push_back({{text(random, matter), text(random, matter), text(random, matter), text(random, matter)}, true, true});
  return drawn;
}

}  // namespace

TEST_CASE("unrelated_texts: the spread is somewhat less than that of pairs of rows, and the mean that of all faces",
          "[unrelated_texts]") {
  const std::vector<DrawnText> drawn = texts(200);
  const auto unrelated = unrelated_texts(drawn, true);
  REQUIRE(unrelated);
  CHECK(unrelated->fast_spread == Approx(0.9 / std::sqrt(double{kDimensions})).epsilon(0.05));
  CHECK(unrelated->spread == Approx(0.9 * std::sqrt(2.0 / kDimensions)).epsilon(0.05));
  float mean = 0;
  for (const DrawnText& one : drawn) mean += one.faces.offers[3] / 200;
  CHECK(unrelated->mean.offers[3] == Approx(mean).margin(1e-5));
  CHECK(unrelated_texts(drawn, false)->spread == 0);
}

TEST_CASE("unrelated_texts: companies that are near each other widen nothing", "[unrelated_texts]") {
  // Two kinds: companies of one trade, who seek what they say of themselves, and projects, who seek what is their own.
  std::mt19937 random(3);
  const std::vector<DrawnText> projects = texts(200);
  std::vector<DrawnText> both;
  const std::vector<float> trade = text(random);
  for (std::size_t i = 0; i < 400; ++i) {
    if (i % 2 == 1) {
      both.push_back({projects[i / 2].faces, true, false});
      continue;
    }
    std::vector<float> own = text(random);
    for (std::size_t k = 0; k < kDimensions; ++k) own[k] += trade[k] / 3;
    own = unit(std::move(own));
    both.push_back({{own, own, own, own}, false, true});
  }
  const auto unrelated = unrelated_texts(both, false);
  REQUIRE(unrelated);
  CHECK(unrelated->fast_spread == Approx(0.9 / std::sqrt(double{kDimensions})).epsilon(0.05));
  CHECK(dot(unrelated->mean.offers, trade) > 0.2);
  CHECK(std::abs(dot(unrelated->mean.seeks, trade)) < 0.1);  // companies state no need
}

TEST_CASE("unrelated_texts: a handful of profiles cannot tell", "[unrelated_texts]") {
  CHECK_FALSE(unrelated_texts(texts(kFewestDrawn - 1), true));
  CHECK(unrelated_texts(texts(kFewestDrawn), true));
}

TEST_CASE("unrelated_texts: neither can texts that repeat each other, nor texts of one matter", "[unrelated_texts]") {
  const std::vector<DrawnText> templates = texts(5);
  std::vector<DrawnText> repeating;
  for (std::size_t i = 0; i < 200; ++i) {
    DrawnText one = templates[(i * 7) % 5];
    one.faces.seeks = one.faces.offers;
    one.faces.fine_seeks = one.faces.fine_offers;
    repeating.push_back(one);
  }
  std::mt19937 random(1);
  std::shuffle(repeating.begin(), repeating.end(), random);
  CHECK_FALSE(unrelated_texts(repeating, true));
  CHECK_FALSE(unrelated_texts(texts(200, 1), true));
}

}  // namespace counterpart::index
