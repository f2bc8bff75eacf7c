// Quality of a ranking against known pairs: recall@k and reciprocal rank, aware of ties.
#pragma once

#include <cstddef>
#include <span>

namespace counterpart::engine {

// Rank of candidate `relevant`, from 1: all with a higher score stand before it, and half of those with the same score
// (McSherry & Najork 2008 average over all orders of a tie; half is that average for one relevant candidate).
double tie_aware_rank(std::span<const double> scores, std::size_t relevant);

struct RankingQuality {
  double recall_at_10 = 0;     // share of a query's relevant candidates with rank <= 10, mean over queries
  double recall_at_1 = 0;      // the same at 1
  double reciprocal_rank = 0;  // 1 / best rank, mean over queries (MRR)
  double ndcg_at_10 = 0;       // discounted gain of the first ten over the best possible (Jarvelin & Kekalainen 2002)
  std::size_t queries = 0;

  // Adds one query. `relevant` is not empty.
  void add(std::span<const double> scores, std::span<const std::size_t> relevant);
  RankingQuality mean() const;  // of what was added
};

}  // namespace counterpart::engine
