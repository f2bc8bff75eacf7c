// One row of a match run with each of its candidates, by all signals and from both sides.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/match/chance.h"
#include "engine/score/score.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/layer.h"
#include "index/pairs/admission.h"
#include "index/pairs/word_rows.h"
#include "index/snapshot/snapshot.h"

namespace counterpart::index {

// Millionths of a probability. `value` is the reciprocal score: the harmonic mean of what each would score the other with,
// near the lower of the two, so that nobody is sent to someone who has no use for him (Pizzato et al. 2010, "RECON: a
// reciprocal recommender for online dating").
struct PairScore {
  std::uint32_t position = 0;  // of the other
  std::int32_t value = 0;
  std::int32_t own = 0;    // as a match by the row's id would score it
  std::int32_t their = 0;  // as one by the other's id would
  double near = 0;         // to the row, where that was asked for
};

// Immutable; safe from any thread; keeps references to its arguments.
class PairScorer {
 public:
  struct Inputs {
    const Snapshot& snapshot;
    const Admission& admission;
    const WordRows& words;
    const Taxonomy& taxonomy;
    const Weights& weights;
    std::int32_t today = 0;
  };
  explicit PairScorer(const Inputs& inputs) : inputs_(inputs) {}

  // In the candidates' order. `nearness`: of the row's question; null: how near they are is not asked for.
  std::vector<PairScore> score(std::uint32_t position, std::span<const std::uint32_t> candidates,
                               const Nearness* nearness = nullptr) const;

 private:
  Inputs inputs_;
};

// Both in millionths; 0 where either is.
std::int32_t reciprocal(std::int32_t a, std::int32_t b);

}  // namespace counterpart::index
