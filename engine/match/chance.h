// How many counterparts would look this good by chance: the E-value of sequence search (Karlin and Altschul 1990, "Methods
// for assessing the statistical significance of molecular sequence features by using general scoring schemes") for texts.
// Pure functions; safe from any thread.
//
// What is judged is how near the texts are, not the score: weights say who goes before whom, only texts say whether anybody is
// near at all. Two texts that have nothing to do with each other are about as near as any two of the corpus, with exponential
// tails: a logistic distribution around the question's mean nearness to all rows that state the other side, with the spread
// that stated needs and offers drawn by chance have (index/snapshot/unrelated_texts.h). The spread of the question's own list
// is no measure: what is of the corpus's matter is nearer to some and farther from others, and what is not has a list as steep
// as any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/corpus/corpus.h"

namespace counterpart::engine {

// How near a candidate is to one question, in spreads of unrelated texts. Holds what it needs.
class Nearness {
 public:
  // `need`, `offer`: what the seeker states in words of its own; neither: both are read.
  Nearness(const UnrelatedTexts& unrelated, const Faces& seeker, bool need, bool offer);

  double of(const Candidate& candidate) const;

 private:
  double of(float fast, float fine, float words, const float (&mean)[2]) const;

  double fast_spread_, spread_;
  bool forward_, backward_;
  float forward_mean_[2], backward_mean_[2];  // of the fast cosine, and of fast and fine together
};

// How many of `among` rows would be this near if nothing fitted.
double expected_by_chance(double nearness, std::uint64_t among);

// The nearness from which on fewer than `expected` would come by chance among `among`.
double nearness_of(double expected, std::uint64_t among);

struct BetterThanChance {
  bool anybody = false;  // more are near than chance would bring
  double least = 0;      // the least nearness of those who are: infinity where nobody is
};
// Of all who were compared, in any order. Anybody: for some k of the first kFirst, it happens at most once in so many
// questions to which nothing fits (kMistaken) that k rows are as near as the k-th. Who they are: the first k for the greatest
// k of which fewer than k are expected by chance (Benjamini and Hochberg 1995, "Controlling the false discovery rate").
BetterThanChance better_than_chance(std::span<const double> nearness, std::uint64_t among);

}  // namespace counterpart::engine
