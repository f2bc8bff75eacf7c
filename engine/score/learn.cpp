#include "engine/score/learn.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace counterpart::engine {
namespace {

constexpr int kSteps = 400;
constexpr int kPlattSteps = 60;

double sum_of(const LearningList& list, std::size_t candidate, const std::vector<double>& weights) {
  double sum = 0;
  for (std::size_t s = 0; s < weights.size(); ++s)
    sum += weights[s] * static_cast<double>(list.values[candidate * weights.size() + s]);
  return sum;
}

// Adds the list's loss and its gradient.
double add_list(const LearningList& list, const std::vector<double>& weights, std::vector<double>& gradient) {
  const std::size_t signals = weights.size(), candidates = list.values.size() / signals;
  std::vector<double> odds(candidates);
  double top = -1e300;
  for (std::size_t c = 0; c < candidates; ++c) top = std::max(top, odds[c] = sum_of(list, c, weights));
  double total = 0;
  for (double& x : odds) total += x = std::exp(x - top);
  std::vector<double> expected(signals, 0.0);
  for (std::size_t c = 0; c < candidates; ++c)
    for (std::size_t s = 0; s < signals; ++s)
      expected[s] += odds[c] / total * static_cast<double>(list.values[c * signals + s]);
  double loss = 0;
  const double each = list.weight / static_cast<double>(list.relevant.size());
  for (const std::size_t relevant : list.relevant) {
    loss -= each * std::log(std::max(odds[relevant] / total, 1e-300));
    for (std::size_t s = 0; s < signals; ++s)
      gradient[s] += each * (expected[s] - static_cast<double>(list.values[relevant * signals + s]));
  }
  return loss;
}

double loss_of(std::span<const LearningList> lists, const std::vector<double>& weights, double penalty,
               std::vector<double>& gradient) {
  std::ranges::fill(gradient, 0.0);
  double loss = 0, all = 0;
  for (const LearningList& list : lists) {
    loss += add_list(list, weights, gradient);
    all += list.weight;
  }
  loss /= all;
  for (std::size_t s = 0; s < weights.size(); ++s) {
    gradient[s] = gradient[s] / all + 2 * penalty * weights[s];
    loss += penalty * weights[s] * weights[s];
  }
  return loss;
}

// Projected gradient descent, the step halved until the loss falls and doubled after: few weights, a convex loss.
std::vector<double> conditional_logit(std::span<const LearningList> lists, std::size_t signals, double penalty) {
  std::vector<double> weights(signals, 1.0), gradient(signals), next(signals), unused(signals);
  double loss = loss_of(lists, weights, penalty, gradient), step = 10;
  for (int i = 0; i < kSteps && step > 1e-6; ++i) {
    for (std::size_t s = 0; s < signals; ++s) next[s] = std::max(0.0, weights[s] - step * gradient[s]);
    const double reached = loss_of(lists, next, penalty, unused);
    if (reached >= loss) {
      step /= 2;
      continue;
    }
    const bool settled = loss - reached < 1e-9;
    weights = next;
    gradient = unused;
    loss = reached;
    step *= 1.5;
    if (settled) break;
  }
  return weights;
}

struct Line {
  double scale = 1, bias = 0;
};

struct Listed {
  double sum = 0;
  bool relevant = false;
  double weight = 1;
};

// The best kShown candidates of each list.
std::vector<Listed> listed(std::span<const LearningList> lists, const std::vector<double>& weights) {
  constexpr std::size_t kShown = 10;
  std::vector<Listed> all;
  for (const LearningList& list : lists) {
    std::vector<Listed> candidates;
    for (std::size_t c = 0; c < list.values.size() / weights.size(); ++c)
      candidates.push_back({sum_of(list, c, weights), std::ranges::find(list.relevant, c) != list.relevant.end(), list.weight});
    std::ranges::stable_sort(candidates, std::greater{}, &Listed::sum);
    candidates.resize(std::min(candidates.size(), kShown));
    all.insert(all.end(), candidates.begin(), candidates.end());
  }
  return all;
}

// Newton's method on the two parameters.
Line platt(const std::vector<Listed>& candidates) {
  Line line{1, -5};
  for (int i = 0; i < kPlattSteps; ++i) {
    double g0 = 0, g1 = 0, h00 = 1e-9, h01 = 0, h11 = 1e-9;
    for (const auto& [sum, relevant, weight] : candidates) {
      const double p = 1 / (1 + std::exp(-(line.scale * sum + line.bias)));
      const double off = weight * (p - (relevant ? 1 : 0)), curve = weight * p * (1 - p);
      g0 += off;
      g1 += off * sum;
      h00 += curve;
      h01 += curve * sum;
      h11 += curve * sum * sum;
    }
    const double determinant = h00 * h11 - h01 * h01;
    if (determinant <= 0) break;
    const double move_bias = (h11 * g0 - h01 * g1) / determinant, move_scale = (h00 * g1 - h01 * g0) / determinant;
    line.bias -= std::clamp(move_bias, -2.0, 2.0);
    line.scale = std::max(0.01, line.scale - std::clamp(move_scale, -0.5, 0.5));
    if (std::abs(move_bias) + std::abs(move_scale) < 1e-8) break;
  }
  return line;
}

}  // namespace

Learned learn(std::span<const LearningList> lists, std::size_t signals, double penalty) {
  Learned learned{std::vector<double>(signals, 0.0), 0};
  if (lists.empty()) return learned;
  learned.weights = conditional_logit(lists, signals, penalty);
  const Line line = platt(listed(lists, learned.weights));
  for (double& weight : learned.weights) weight *= line.scale;
  learned.bias = line.bias;
  return learned;
}

}  // namespace counterpart::engine
