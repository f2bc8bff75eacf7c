#include "engine/score/ranking_quality.h"

#include <algorithm>
#include <cmath>

namespace counterpart::engine {

double tie_aware_rank(std::span<const double> scores, std::size_t relevant) {
  const double own = scores[relevant];
  std::size_t higher = 0, equal = 0;
  for (const double score : scores) {
    higher += score > own;
    equal += score == own;
  }
  return 1.0 + static_cast<double>(higher) + static_cast<double>(equal - 1) / 2.0;
}

void RankingQuality::add(std::span<const double> scores, std::span<const std::size_t> relevant) {
  double hits_10 = 0, hits_1 = 0, best = 0, gain = 0;
  for (const std::size_t candidate : relevant) {
    const double rank = tie_aware_rank(scores, candidate);
    hits_10 += rank <= 10;
    hits_1 += rank <= 1;
    best = std::max(best, 1.0 / rank);
    if (rank <= 10) gain += 1 / std::log2(rank + 1);
  }
  recall_at_10 += hits_10 / static_cast<double>(relevant.size());
  recall_at_1 += hits_1 / static_cast<double>(relevant.size());
  reciprocal_rank += best;
  double ideal = 0;
  for (std::size_t i = 1; i <= std::min<std::size_t>(relevant.size(), 10); ++i)
    ideal += 1 / std::log2(static_cast<double>(i) + 1);
  ndcg_at_10 += gain / ideal;
  ++queries;
}

RankingQuality RankingQuality::mean() const {
  if (queries == 0) return {};
  const auto n = static_cast<double>(queries);
  return {recall_at_10 / n, recall_at_1 / n, reciprocal_rank / n, ndcg_at_10 / n, queries};
}

}  // namespace counterpart::engine
