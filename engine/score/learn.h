// Learns how signals weigh from known pairs, and makes of their sum a probability.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace counterpart::engine {

// One question with all its candidates: `values` holds `signals` numbers a candidate, each less its neutral value.
struct LearningList {
  std::vector<float> values;
  std::vector<std::size_t> relevant;  // places of those who should come first
  double weight = 1;                  // of this list among the others
};

struct Learned {
  std::vector<double> weights;  // log-odds a unit of each signal, >= 0
  double bias = 0;
};

// Weights by conditional logit (McFadden 1974): the probability that of all candidates the relevant one is chosen, with
// `penalty` times the squared weights against overfitting, weights kept from falling below zero (a signal that speaks
// for a pair must not be learnt to speak against it). Then scale and bias by logistic regression of relevance on the sum
// (Platt 1999) over the ten best of each list, so that it reads as the probability that a listed candidate is relevant:
// nobody asks about the others. Deterministic.
Learned learn(std::span<const LearningList> lists, std::size_t signals, double penalty = 1e-4);

}  // namespace counterpart::engine
