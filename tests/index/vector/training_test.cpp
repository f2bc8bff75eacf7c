#include "index/vector/training.h"

#include "tests/support/catch.h"

using namespace counterpart::index;

TEST_CASE("vectors: clustering finds separate heaps, the same each time", "[vectors]") {
  std::vector<float> points;
  for (int i = 0; i < 40; ++i) {
    const float side = i % 2 == 0 ? 10.0F : -10.0F;
    points.insert(points.end(), {side + 0.01F * static_cast<float>(i), side});
  }
  const auto centroids = cluster(points, 2, 2);
  REQUIRE(centroids);
  REQUIRE(centroids->size() == 4);
  CHECK((*centroids)[0] * (*centroids)[2] < 0);
  CHECK(*cluster(points, 2, 2) == *centroids);
}

TEST_CASE("vectors: too few points are an error, not an exception", "[vectors]") {
  const std::vector<float> points{1, 2};
  const auto centroids = cluster(points, 2, 5);
  REQUIRE_FALSE(centroids);
  CHECK(centroids.error().code == ErrorCode::kInternal);
}
