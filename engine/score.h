// THE table of signals: each turns a pair into a number between 0 and 1 and into words; their weighted mean is the score.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/corpus.h"
#include "engine/traits.h"

namespace counterpart {

// A pair as a signal sees it. `seeker` is the one who asks.
struct Pair {
  const Traits& seeker;
  const Traits& counterpart;
  float forward = 0;   // cosine, discounts included: their offer against the seeker's need
  float backward = 0;  // the seeker's offer against their need
  const Taxonomy& taxonomy;
};

struct Signal {
  std::string_view name;
  std::string_view help;
  double default_weight;
  // nullopt: the data to tell is missing on one side; the signal then counts as kNeutral, neither for nor against.
  std::optional<double> (*value)(const Pair&);
  // In words, for an officer; empty: nothing worth saying.
  std::string (*reason)(const Pair&, double value);
};

inline constexpr double kNeutral = 0.5;

std::span<const Signal> signals();

// The weights of one programme, in signals()' order, normalised to sum 1.
using Weights = std::vector<double>;
Weights weights_of(const std::map<std::string, double, std::less<>>& overrides);

struct Part {
  std::string_view signal;
  double value = 0;   // 0-1
  double weight = 0;  // the weights sum to 1
  bool known = true;  // false: data missing, value is kNeutral
};

struct Score {
  double total = 0;  // sum of value * weight, 0-1, rounded to 1e-6 so that ties are ties
  std::vector<Part> parts;
};

Score score(const Pair& pair, const Weights& weights);
double total_score(const Pair& pair, const Weights& weights);  // the same total, without the parts
// The highest total that any pair with these two text values could reach.
double upper_bound(float forward, float backward, const Weights& weights);
std::vector<std::string> reasons(const Pair& pair, const Score& score);

}  // namespace counterpart
