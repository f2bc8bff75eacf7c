#include "engine/score/score.h"

#include <algorithm>
#include <cmath>

namespace counterpart::engine {
namespace {

// Rounded so that two sums that differ by the last bits of a double are a tie, broken by id.
double rounded(double total) { return std::round(total * 1e6) / 1e6; }

double probability(double log_odds) { return 1 / (1 + std::exp(-log_odds)); }

double log_odds(const Signal& signal, double weight, double value) { return weight * (value - signal.neutral); }

constexpr double kLeastReason = 0.002;  // of the score; less is not worth an officer's time

}  // namespace

SignalReading read(const Signal& signal, const Pair& pair) {
  if (const std::optional<double> value = signal.value(pair)) return {*value, true};
  return {signal.expected ? signal.expected(pair) : signal.neutral, false};
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

Score score(const Pair& pair, const Weights& weights) {
  Score result;
  const double base = probability(weights.bias);
  result.parts.push_back({"base", 1, weights.bias, base, true});
  double sum = 0;
  const auto all = signals();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const SignalReading reading = read(all[i], pair);
    const double share = log_odds(all[i], weights.by_signal[i], reading.value);
    result.parts.push_back({all[i].name, reading.value, weights.by_signal[i], share, reading.known});
    sum += share;
  }
  const double total = probability(weights.bias + sum);
  const double slope = std::abs(sum) < 1e-9 ? base * (1 - base) : (total - base) / sum;
  for (std::size_t i = 1; i < result.parts.size(); ++i) result.parts[i].contribution *= slope;
  result.total = rounded(total);
  return result;
}

double total_score(const Pair& pair, const Weights& weights) {
  double sum = 0;
  const auto all = signals();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (weights.by_signal[i] != 0) sum += log_odds(all[i], weights.by_signal[i], read(all[i], pair).value);
  return rounded(probability(weights.bias + sum));
}

double upper_bound(float forward, float backward, const Weights& weights) {
  double sum = weights.bias;
  const auto all = signals();
  for (std::size_t i = 0; i < all.size(); ++i) {
    double best = weights.by_signal[i] >= 0 ? 1.0 : 0.0;
    if (all[i].texts.source == SignalSource::kFastVectors)
      best = (1.0 + static_cast<double>(all[i].texts.direction == Direction::kForward ? forward : backward)) / 2;
    sum += log_odds(all[i], weights.by_signal[i], best);
  }
  return rounded(probability(sum));
}

TextWeights text_weights(const Weights& weights, bool fine) {
  const auto compared = [&](SignalSource source) {
    return source == SignalSource::kFastVectors || (fine && source == SignalSource::kFineVectors);
  };
  struct {
    double forward = 0, backward = 0;
  } fast_sum, fine_sum;
  const auto all = signals();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Signal* counted = &all[i];
    while (counted && !compared(counted->texts.source)) counted = find_signal(counted->texts.stand_in);
    if (!counted) continue;
    auto& sum = counted->texts.source == SignalSource::kFineVectors ? fine_sum : fast_sum;
    (counted->texts.direction == Direction::kForward ? sum.forward : sum.backward) += std::max(weights.by_signal[i], 0.0);
  }
  return {static_cast<float>(fast_sum.forward), static_cast<float>(fast_sum.backward), static_cast<float>(fine_sum.forward),
          static_cast<float>(fine_sum.backward)};
}

std::vector<Reason> reasons(const Pair& pair, const Score& score) {
  struct Gain {
    bool incidental;
    double loss;
    std::string text;
  };
  std::vector<Gain> found;
  const auto all = signals();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const ScorePart& part = score.parts[i + 1];
    if (!part.known || (part.contribution < -kLeastReason && !all[i].reason_when_against)) continue;
    if (std::string text = all[i].reason(pair, part.value); !text.empty())
      found.push_back({all[i].incidental && all[i].incidental(pair), -part.contribution, std::move(text)});
  }
  std::ranges::stable_sort(found, {}, [](const Gain& one) { return std::pair(one.incidental, one.loss); });
  std::vector<Reason> given;
  for (Gain& one : found) given.push_back({std::move(one.text), !one.incidental});
  return given;
}

}  // namespace counterpart::engine
