#include "engine/score/score.h"

#include <algorithm>
#include <cmath>
#include <ranges>

namespace counterpart::engine {
namespace {

// Rounded so that two sums that differ by the last bits of a double are a tie, broken by id.
double rounded(double total) { return std::round(total * 1e6) / 1e6; }

double probability(double log_odds) { return 1 / (1 + std::exp(-log_odds)); }

// By signal: where the other direction stands in signals(); itself where it has none.
const std::vector<std::size_t>& other_directions() {
  static const std::vector<std::size_t> places = [] {
    std::vector<std::size_t> made;
    for (const Signal& signal : signals()) {
      const Signal* other = find_signal(signal.texts.other_direction);
      made.push_back(static_cast<std::size_t>((other ? other : &signal) - signals().data()));
    }
    return made;
  }();
  return places;
}

// What the signals weigh in one pair.
class PairWeights {
 public:
  PairWeights(const Pair& pair, const Weights& weights)
      : use_(text_use(pair)), weights_(weights), others_(other_directions()) {}

  bool counts(std::size_t i) const {
    const TextColumns& texts = signals()[i].texts;
    if (texts.source == SignalSource::kTraits) return true;
    const bool forward = texts.direction == Direction::kForward, fine = forward ? use_.fine_forward : use_.fine_backward;
    if (texts.source == SignalSource::kFineVectors && !fine) return false;
    if (texts.source == SignalSource::kFastVectors && fine) return false;
    return forward ? use_.forward : use_.backward;
  }
  double of(std::size_t i) const {
    if (!counts(i)) return 0;
    // A direction that counts alone has what the other would have had.
    const bool alone = signals()[i].texts.source != SignalSource::kTraits && !(use_.forward && use_.backward);
    return weights_.by_signal[i] + (alone ? weights_.by_signal[others_[i]] : 0);
  }

 private:
  TextUse use_;
  const Weights& weights_;
  const std::vector<std::size_t>& others_;
};

// What the signals `which` add up to.
template <class Indices>
double sum_of(const Pair& pair, const Weights& weights, const Indices& which) {
  const PairWeights in_pair(pair, weights);
  double sum = weights.bias;
  const auto all = signals();
  for (const std::size_t i : which)
    if (const double weight = in_pair.of(i); weight != 0) sum += weight * (read(all[i], pair).value - all[i].neutral);
  return sum;
}

constexpr double kLeastReason = 0.002;  // of the score; less is not worth an officer's time

}  // namespace

SignalReading read(const Signal& signal, const Pair& pair) {
  const std::optional<double> value = signal.value(pair);
  if (!value) return {signal.expected ? signal.expected(pair) : signal.neutral, false};
  if (!signal.inferred || !signal.inferred(pair)) return {*value, true};
  return {signal.neutral + kInferredShare * (*value - signal.neutral), true, true};
}

Weights weights_of(const std::map<std::string, double, std::less<>>& overrides) {
  constexpr double kDefaultBias = -3;
  const auto given = [&](std::string_view name, double otherwise) {
    const auto own = overrides.find(name);
    return own == overrides.end() ? otherwise : own->second;
  };
  Weights weights{given("bias", kDefaultBias), {}};
  for (const Signal& signal : signals()) weights.by_signal.push_back(given(signal.name, signal.default_weight));
  return weights;
}

TextUse text_use(const Pair& pair) {
  const int forward = int{pair.seeker.own_need} + int{pair.counterpart.own_offer};
  const int backward = int{pair.seeker.own_offer} + int{pair.counterpart.own_need};
  return {.forward = forward >= backward,
          .backward = backward >= forward,
          .fine_forward = !std::isnan(pair.texts.fine_forward),
          .fine_backward = !std::isnan(pair.texts.fine_backward)};
}

Score score(const Pair& pair, const Weights& weights) {
  Score result;
  const double base = probability(weights.bias);
  result.parts.push_back({"base", 1, weights.bias, base, true});
  const PairWeights in_pair(pair, weights);
  double sum = 0;
  const auto all = signals();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const SignalReading reading = read(all[i], pair);
    const double weight = in_pair.of(i), share = weight * (reading.value - all[i].neutral);
    result.parts.push_back({all[i].name, reading.value, weight, share, reading.known, reading.inferred, in_pair.counts(i)});
    sum += share;
  }
  const double total = probability(weights.bias + sum);
  const double slope = std::abs(sum) < 1e-9 ? base * (1 - base) : (total - base) / sum;
  for (std::size_t i = 1; i < result.parts.size(); ++i) result.parts[i].contribution *= slope;
  result.total = rounded(total);
  return result;
}

double log_odds(const Pair& pair, const Weights& weights) {
  return sum_of(pair, weights, std::views::iota(std::size_t{0}, signals().size()));
}

double total_score(const Pair& pair, const Weights& weights) { return rounded(probability(log_odds(pair, weights))); }

TotalScores::TotalScores(const Traits& profile, const Weights& weights) : weights_(weights) {
  const auto all = signals();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!all[i].stated_by || all[i].stated_by(profile)) signals_.push_back(i);
}

double TotalScores::of(const Pair& pair) const { return rounded(probability(sum_of(pair, weights_, signals_))); }

TextWeights text_weights(const Weights& weights, bool fine) {
  TextWeights sums{0, 0, 0, 0};
  const auto all = signals();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const TextColumns& texts = all[i].texts;
    const bool forward = texts.direction == Direction::kForward;
    const auto weight = static_cast<float>(std::max(weights.by_signal[i], 0.0));
    if (texts.source == SignalSource::kFineVectors && fine)
      (forward ? sums.fine_forward : sums.fine_backward) += weight;
    else if (texts.source == SignalSource::kFastVectors || (texts.source != SignalSource::kTraits && !fine))
      (forward ? sums.forward : sums.backward) += weight;
  }
  return sums;
}

std::vector<Reason> reasons(const Pair& pair, const Score& score) {
  struct Gain {
    bool incidental;
    double loss;
    Phrase phrase;
  };
  std::vector<Gain> found;
  const auto all = signals();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const ScorePart& part = score.parts[i + 1];
    if (!part.known || !part.counted || (part.contribution < -kLeastReason && !all[i].reason_when_against)) continue;
    if (Phrase phrase = all[i].reason(pair, part.value); !phrase.empty())
      found.push_back({all[i].incidental && all[i].incidental(pair), -part.contribution, std::move(phrase)});
  }
  std::ranges::stable_sort(found, {}, [](const Gain& one) { return std::pair(one.incidental, one.loss); });
  std::vector<Reason> given;
  for (Gain& one : found) given.push_back({std::move(one.phrase), !one.incidental});
  return given;
}

}  // namespace counterpart::engine
