// THE table of signals, and the score that they make together: a probability of interest. Each signal turns a pair into a
// number between 0 and 1 and into words. Whoever looks for candidates, explains, measures or learns walks this table.
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

// Whose offer a signal of the texts holds against whose need.
enum class Direction : std::uint8_t {
  kForward,   // their offer against the seeker's need
  kBackward,  // the seeker's offer against their need
};

// What a signal reads.
enum class SignalSource : std::uint8_t {
  kTraits,       // what the profiles state beside their texts
  kFastVectors,  // the cosine c of the fast model's vectors; its value is (1 + c) / 2, and upper_bound() relies on that
  kFineVectors,  // the cosine of the fine model's vectors
  kPassages,     // the cosine of the best passage's vector, by the fine model
  kWords,        // words in common
};

// Columns of a signal that reads texts.
struct TextColumns {
  SignalSource source = SignalSource::kTraits;
  Direction direction = Direction::kForward;
  std::string_view other_direction = {};  // the same signal of the other direction; empty: there is none
  std::string_view stand_in = {};         // the signal that counts for it where its source is not compared; empty: none
};

struct Signal {
  std::string_view name;
  std::string_view help;
  double default_weight;  // log-odds a unit of value; a prior where datasets/weights.toml says nothing
  double neutral;         // the value that speaks neither for nor against
  // Nothing where one side lacks the data. The signal then counts as `expected`, or as `neutral` where that is null.
  std::optional<double> (*value)(const Pair&);
  // In words, for an officer; empty: nothing worth saying.
  std::string (*reason)(const Pair&, double value);
  double (*expected)(const Pair&) = nullptr;
  bool reason_when_against = false;  // its reason is given also where it speaks against the pair
  TextColumns texts = {};            // of a signal that reads texts
  // Its reason says nothing of the matter: no pair fits for a language, a place, a theme or a section alone. Null: it does.
  bool (*incidental)(const Pair&) = nullptr;
};

inline constexpr double kNeutral = 0.5;

// The mean of the cosines that are known, at least 0, squared: words in common grow with it. `fast`, `fine`: the models'
// cosines, kUnknown for none. `counterpart evaluate --train` prints the line through the training pairs.
double squared_meaning(float fast, float fine);

std::span<const Signal> signals();
const Signal* find_signal(std::string_view name);  // nullptr: there is none

// What one signal says of a pair: its value and whether the data to tell was there.
struct SignalReading {
  double value = 0;
  bool known = false;
};
SignalReading read(const Signal& signal, const Pair& pair);

// The model of one programme: log-odds of interest = bias + sum of weight * (value - neutral), in signals()' order.
struct Weights {
  double bias = 0;
  std::vector<double> by_signal;
};
// `overrides` by signal name, and "bias"; what is not named keeps the default.
Weights weights_of(const std::map<std::string, double, std::less<>>& overrides);

// What a cosine of each model and direction counts when candidates are looked for; >= 0. Where the fine vectors are not
// compared, theirs are 0.
struct TextWeights {
  float forward = 0.5F;
  float backward = 0.5F;
  float fine_forward = 0;
  float fine_backward = 0;
};
// `fine`: the fine vectors are compared as well as the fast ones. The weight of a signal whose source is not compared goes
// to its stand-in; a signal without one does not count.
TextWeights text_weights(const Weights& weights, bool fine);

// What one signal adds to a score.
struct ScorePart {
  std::string_view signal;  // "base": where every pair starts
  double value = 0;         // 0-1
  double weight = 0;        // log-odds a unit
  double contribution = 0;  // of the score; those of all parts add up to it
  bool known = true;        // false: data missing, value is what was expected
};

struct Score {
  double total = 0;              // probability of interest, 0-1, rounded to 1e-6 so that ties are ties
  std::vector<ScorePart> parts;  // "base" first, then in signals()' order
};

// The odds are additive, the probability is not: its rise from the base is shared out in proportion to the log-odds, which
// is the integral of the gradient along the straight line between the two (Sundararajan et al. 2017, "Axiomatic
// Attribution for Deep Networks").
Score score(const Pair& pair, const Weights& weights);
double total_score(const Pair& pair, const Weights& weights);  // the same total, without the parts
// The highest total that any pair with these two cosines of the fast vectors could reach.
double upper_bound(float forward, float backward, const Weights& weights);

// Why a pair fits, in words.
struct Reason {
  std::string text;
  bool about_matter = true;
};
// Those about the matter first, each by what it adds.
std::vector<Reason> reasons(const Pair& pair, const Score& score);

}  // namespace counterpart::engine
