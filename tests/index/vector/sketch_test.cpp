#include "index/vector/sketch.h"

#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "tests/support/catch.h"

using namespace counterpart::index;

namespace {

struct Sketched {
  std::vector<std::vector<float>> points;
  std::vector<std::uint64_t> words;
  std::vector<SketchScale> scales;
  Sketches view() const { return {words.data(), scales.data()}; }
};

std::vector<float> drawn(std::mt19937& random, std::size_t components) {
  std::normal_distribution<float> normal;
  std::vector<float> point(components);
  for (float& x : point) x = normal(random);
  return point;
}

Sketched sketched(std::mt19937& random, std::size_t components, std::size_t count) {
  Sketched made;
  const std::size_t words = sketch_words(components);
  made.words.resize(count * words);
  for (std::size_t i = 0; i < count; ++i) {
    made.points.push_back(drawn(random, components));
    made.scales.push_back(make_sketch(made.points.back(), made.words.data() + i * words));
  }
  return made;
}

std::vector<std::uint32_t> all_of(std::size_t count) {
  std::vector<std::uint32_t> which(count);
  std::iota(which.begin(), which.end(), 0U);
  return which;
}

}  // namespace

TEST_CASE("sketch: products are within the deviations that are told", "[sketch]") {
  const std::size_t components = GENERATE(64U, 640U, 1024U);
  std::mt19937 random(5);
  const Sketched rows = sketched(random, components, 400);
  const std::vector<std::uint32_t> which = all_of(rows.points.size());
  std::vector<float> bounds(which.size()), estimates(which.size());
  std::size_t above = 0;
  double error = 0, deviation = 0;
  for (int round = 0; round < 20; ++round) {
    const std::vector<float> query = drawn(random, components);
    const SketchQuery asked(query);
    asked.bounds(rows.view(), which, 2.0F, bounds);
    asked.bounds(rows.view(), which, 0.0F, estimates);
    for (std::size_t i = 0; i < which.size(); ++i) {
      const float product = std::inner_product(query.begin(), query.end(), rows.points[i].begin(), 0.0F);
      above += product > bounds[i];
      error += std::pow(product - estimates[i], 2.0);
      deviation += std::pow((bounds[i] - estimates[i]) / 2, 2.0);
    }
  }
  CHECK(above < 20 * which.size() * 4 / 100);  // 2.3 % of a normal distribution
  CHECK(error / deviation == Approx(1).margin(0.15));
}

TEST_CASE("sketch: bounds are the same to the last bit with all instructions", "[sketch][kernel]") {
  const std::size_t components = GENERATE(5U, 64U, 1024U, 8192U);
  std::mt19937 random(7);
  const Sketched rows = sketched(random, components, 70);
  const std::vector<float> query = drawn(random, components);
  const std::vector<std::uint32_t> which{69, 3, 3, 0, 41};
  std::vector<float> plain(which.size()), fast(which.size());
  SketchQuery(query, Instructions::kPortable).bounds(rows.view(), which, 1.5F, plain);
  for (const Instructions with : {Instructions::kAvx2, Instructions::kVnni}) {
    if (with > instructions()) continue;
    SketchQuery(query, with).bounds(rows.view(), which, 1.5F, fast);
    CHECK(fast == plain);
  }
}

TEST_CASE("sketch: nothing beyond the centroid is no more than nothing", "[sketch]") {
  std::vector<std::uint64_t> words(sketch_words(128));
  const SketchScale scale = make_sketch(std::vector<float>(128), words.data());
  const std::vector<std::uint32_t> which{0};
  std::vector<float> bound(1);
  SketchQuery(std::vector<float>(128, 1.0F)).bounds({words.data(), &scale}, which, 3.0F, bound);
  CHECK(bound[0] == 0);
}
