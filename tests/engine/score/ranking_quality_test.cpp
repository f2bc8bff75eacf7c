#include "engine/score/ranking_quality.h"

#include <vector>

#include "tests/support/catch.h"

namespace counterpart::engine {

TEST_CASE("metrics: half of a tie counts as before", "[metrics]") {
  const std::vector<double> scores{0.9, 0.5, 0.5, 0.5, 0.1};
  CHECK(tie_aware_rank(scores, 0) == 1);
  CHECK(tie_aware_rank(scores, 1) == 3);
  CHECK(tie_aware_rank(scores, 4) == 5);
}

TEST_CASE("metrics: a ranking that says nothing gets no credit for its order", "[metrics]") {
  const std::vector<double> scores(100, 0.0);
  RankingQuality quality;
  const std::vector<std::size_t> relevant{0};
  quality.add(scores, relevant);
  CHECK(quality.mean().recall_at_10 == 0);
  CHECK(quality.mean().reciprocal_rank == Approx(1 / 50.5));
}

TEST_CASE("metrics: means are over queries", "[metrics]") {
  RankingQuality quality;
  const std::vector<double> scores{3, 2, 1};
  const std::vector<std::size_t> first{0}, second{1};
  quality.add(scores, first);
  quality.add(scores, second);
  CHECK(quality.mean().reciprocal_rank == Approx(0.75));
  CHECK(quality.mean().recall_at_1 == Approx(0.5));
  CHECK(quality.mean().recall_at_10 == 1);
}

}  // namespace counterpart::engine
