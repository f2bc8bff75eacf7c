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

#include "engine/base/phrase.h"
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
  kFastVectors,  // the cosine of the fast model's vectors
  kFineVectors,  // the cosine of the fine model's vectors
  kWords,        // words in common
};

// Columns of a signal that reads texts.
struct TextColumns {
  SignalSource source = SignalSource::kTraits;
  Direction direction = Direction::kForward;
  std::string_view other_direction = {};  // the same signal of the other direction
};

struct Signal {
  std::string_view name;
  std::string_view help;
  double default_weight;  // log-odds a unit of value; a prior where datasets/weights.toml says nothing
  double neutral;         // the value that speaks neither for nor against
  // Nothing where one side lacks the data. The signal then counts as `expected`, or as `neutral` where that is null.
  std::optional<double> (*value)(const Pair&);
  // For an officer; empty: nothing worth saying.
  Phrase (*reason)(const Pair&, double value);
  double (*expected)(const Pair&) = nullptr;
  bool reason_when_against = false;  // its reason is given also where it speaks against the pair
  TextColumns texts = {};            // of a signal that reads texts
  // Its reason says nothing of the matter: no pair fits for a language, a place, a theme or a section alone. Null: it does.
  bool (*incidental)(const Pair&) = nullptr;
  // Of a pair that has a value: it is inferred from a text of one side or both, not stated, and then counts by
  // kInferredShare. Null: it never is.
  bool (*inferred)(const Pair&) = nullptr;
  // Does this side state what the signal compares? Where one of the two does not, the signal has no value and counts as
  // neutral. Null: that depends on more than one side.
  bool (*stated_by)(const Traits& side) = nullptr;
};

inline constexpr double kNeutral = 0.5;
inline constexpr double kInferredShare = 0.5;  // of how far a value lies from neutral

std::span<const Signal> signals();
const Signal* find_signal(std::string_view name);  // nullptr: there is none

// What one signal says of a pair: its value and whether the data to tell was there.
struct SignalReading {
  double value = 0;
  bool known = false;
  bool inferred = false;  // then it is known, but nobody stated it
};
SignalReading read(const Signal& signal, const Pair& pair);

// The model of one programme: log-odds of interest = bias + sum of weight * (value - neutral), in signals()' order. How much of
// the weights of the texts counts in a pair is text_use()'s to say.
struct Weights {
  double bias = 0;
  std::vector<double> by_signal;
};
// `overrides` by signal name, and "bias"; what is not named keeps the default.
Weights weights_of(const std::map<std::string, double, std::less<>>& overrides);

// Which signals of the texts count in a pair.
//
// Of the two directions the one that is stated best takes all the weight: both sides' own words before one's before none.
// What stands in for a text that somebody did not write says little that the other direction does not say better. Two that are
// stated equally share the weight as their signals do.
//
// The fast vectors count where the fine ones are not there. Words always count: between languages, where there are none to
// compare, by what the fast vectors let expect.
struct TextUse {
  bool forward = true, backward = true;              // the directions that count
  bool fine_forward = false, fine_backward = false;  // of each: the fine vectors are there
};
TextUse text_use(const Pair& pair);

// What a cosine of each model and direction counts when candidates are looked for; >= 0. Where the fine vectors are not
// compared, theirs are 0.
struct TextWeights {
  float forward = 0.5F;
  float backward = 0.5F;
  float fine_forward = 0;
  float fine_backward = 0;
};
// `fine`: the fine vectors are compared as well as the fast ones; otherwise these count for all that texts say.
TextWeights text_weights(const Weights& weights, bool fine);

// What one signal adds to a score.
struct ScorePart {
  std::string_view signal;  // "base": where every pair starts
  double value = 0;         // 0-1
  double weight = 0;        // log-odds a unit, as it counts in this pair
  double contribution = 0;  // of the score; those of all parts add up to it
  bool known = true;        // false: data missing, value is what was expected
  bool inferred = false;    // what is known was inferred from a text, not stated
  bool counted = true;      // false: text_use() leaves this direction or model out of this pair; `weight` is 0
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
double log_odds(const Pair& pair, const Weights& weights);     // of the same, not rounded

// total_score() of many pairs of one profile, quicker: what it does not state is not looked at in each of them. Immutable;
// keeps a reference to the weights.
class TotalScores {
 public:
  // `profile` is the seeker or the counterpart of each pair.
  TotalScores(const Traits& profile, const Weights& weights);
  double of(const Pair& pair) const;

 private:
  const Weights& weights_;
  std::vector<std::size_t> signals_;  // those that can say something of it
};

// Why a pair fits.
struct Reason {
  Phrase phrase;
  bool about_matter = true;
};
// Those about the matter first, each by what it adds.
std::vector<Reason> reasons(const Pair& pair, const Score& score);

}  // namespace counterpart::engine
