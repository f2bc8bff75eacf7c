// THE table of signals: each turns a pair into a number between 0 and 1 and into words; together they
// make the score, a probability of interest.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/corpus/corpus.h"
#include "engine/profile/traits.h"

namespace counterpart::engine {

// A pair as a signal sees it. `seeker` is the one who asks.
struct Pair {
  const Traits& seeker;
  const Traits& counterpart;
  Candidate texts;  // similarities of the faces, discounts included
  const Taxonomy& taxonomy;
  std::int32_t today = 0;  // days since 1970; 0: not known
};

struct Signal {
  std::string_view name;
  std::string_view help;
  double default_weight;  // log-odds a unit of value; a prior where datasets/weights.toml says nothing
  double neutral;         // the value that speaks neither for nor against
  // nullopt: the data to tell is missing on one side; the signal then counts as `expected`, or as `neutral`.
  std::optional<double> (*value)(const Pair&);
  // In words, for an officer; empty: nothing worth saying.
  std::string (*reason)(const Pair&, double value);
  double (*expected)(const Pair&) = nullptr;
  bool told_against = false;  // its reason is told also where it speaks against the pair
};

inline constexpr double kNeutral = 0.5;
inline constexpr double kFewWords = 0.03;  // what any two texts of one field have in common

// What words would say if both spoke one language, as meaning predicts it: without it a pair of two languages would be
// punished for what nobody can know. `fast`, `fine`: the models' cosines, kUnknown for none. Words in common grow with the
// square of the cosines' mean; `counterpart evaluate --train` prints the line through the training pairs.
double words_of_meaning(float fast, float fine);
// The mean of the cosines that are known, at least 0, squared.
double squared_meaning(float fast, float fine);

std::span<const Signal> signals();

// What one signal says of a pair: its value and whether the data to tell was there.
struct SignalReading {
  double value = 0;
  bool known = false;
};
SignalReading read(const Signal& signal, const Pair& pair);

// The model of one programme: log-odds of interest = bias + sum of weight * (value - neutral), in signals()' order.
struct Weights {
  double bias = 0;
  std::vector<double> of;
};
// `overrides` by signal name, and "bias"; what is not named keeps the default.
Weights weights_of(const std::map<std::string, double, std::less<>>& overrides);

struct Part {
  std::string_view signal;  // "base": where every pair starts
  double value = 0;         // 0-1
  double weight = 0;        // log-odds a unit
  double contribution = 0;  // of the score; those of all parts add up to it
  bool known = true;        // false: data missing, value is what was expected
};

struct Score {
  double total = 0;         // probability of interest, 0-1, rounded to 1e-6 so that ties are ties
  std::vector<Part> parts;  // "base" first, then in signals()' order
};

// The odds are additive, the probability is not: its rise from the base is shared out in proportion to the log-odds, which
// is the integral of the gradient along the straight line between the two (Sundararajan et al. 2017, "Axiomatic
// Attribution for Deep Networks").
Score score(const Pair& pair, const Weights& weights);
double total_score(const Pair& pair, const Weights& weights);  // the same total, without the parts
// The highest total that any pair with these two text values could reach.
double upper_bound(float forward, float backward, const Weights& weights);
std::vector<std::string> reasons(const Pair& pair, const Score& score);

}  // namespace counterpart::engine
