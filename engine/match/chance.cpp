#include "engine/match/chance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "engine/corpus/dot.h"

namespace counterpart::engine {
namespace {

// So many of a list are read as evidence that anybody fits: farther down, what is told is of the corpus's matter, not of
// the question. Chosen with kMistaken on the open half of the judged questions (tests/quality/judged): by the first ten, lists
// of one-liners that are flat all the way down passed for answers.
constexpr std::size_t kFirst = 3;
// Of twenty questions to which nothing fits one may seem to have an answer, by each of these places.
constexpr double kMistaken = 0.05;
// Of the logistic distribution of variance 1.
constexpr double kRate = std::numbers::pi / std::numbers::sqrt3;
// Of so many the tail still looks as it was assumed.
constexpr std::size_t kMostTold = 1'000;

// That at least k come where `expected` do (Poisson).
double at_least(std::size_t k, double expected) {
  double term = std::exp(-expected), fewer = 0;
  for (std::size_t i = 0; i < k; ++i) {
    fewer += term;
    term *= expected / static_cast<double>(i + 1);
  }
  return std::max(0.0, 1 - fewer);
}

}  // namespace

Nearness::Nearness(const UnrelatedTexts& unrelated, const Faces& seeker, bool need, bool offer)
    : fast_spread_(unrelated.fast_spread), spread_(unrelated.spread), forward_(need || !offer), backward_(offer || !need) {
  const auto means = [](double fast, double fine, float(&out)[2]) {
    out[0] = static_cast<float>(fast);
    out[1] = static_cast<float>(fast + fine);
  };
  // The dot product of a unit vector with the mean of a corpus's is its mean cosine with them.
  means(dot(seeker.seeks, unrelated.mean.offers), dot(seeker.fine_seeks, unrelated.mean.fine_offers), forward_mean_);
  means(dot(seeker.offers, unrelated.mean.seeks), dot(seeker.fine_offers, unrelated.mean.fine_seeks), backward_mean_);
}

double Nearness::of(float fast, float fine, float words, const float (&mean)[2]) const {
  const float shared = std::isnan(words) ? 0 : words;  // a share of words counts as a cosine
  if (std::isnan(fine) || spread_ <= 0) return static_cast<double>(fast + shared - mean[0]) / fast_spread_;
  return static_cast<double>(fast + fine + shared - mean[1]) / spread_;
}

double Nearness::of(const Candidate& c) const {
  double best = -std::numeric_limits<double>::infinity();
  const auto plain = [](float as_is, float seen) { return std::isnan(as_is) ? seen : as_is; };
  if (forward_) best = of(c.forward, plain(c.plain_fine_forward, c.fine_forward), c.words_forward, forward_mean_);
  if (backward_)
    best = std::max(best, of(c.backward, plain(c.plain_fine_backward, c.fine_backward), c.words_backward, backward_mean_));
  return best;
}

double expected_by_chance(double nearness, std::uint64_t among) {
  return static_cast<double>(among) / (1 + std::exp(kRate * nearness));
}

double nearness_of(double expected, std::uint64_t among) {
  return std::log(std::max(static_cast<double>(among) / expected - 1, 1e-12)) / kRate;
}

BetterThanChance better_than_chance(std::span<const double> nearness, std::uint64_t among) {
  std::vector<double> best(nearness.begin(), nearness.end());
  const std::size_t told = std::min(kMostTold, best.size());
  std::size_t sorted = 0;
  BetterThanChance result{false, std::numeric_limits<double>::infinity()};
  for (std::size_t k = 1; k <= told; ++k) {
    if (k > sorted) {  // mostly the first few tell, so they are put in order as they are needed
      const std::size_t next = std::min(told, std::max<std::size_t>(32, 4 * sorted));
      std::partial_sort(best.begin() + static_cast<std::ptrdiff_t>(sorted), best.begin() + static_cast<std::ptrdiff_t>(next),
                        best.end(), std::greater{});
      sorted = next;
    }
    const double expected = expected_by_chance(best[k - 1], among);
    if (k <= kFirst && at_least(k, expected) <= kMistaken) result.anybody = true;
    if (expected < static_cast<double>(k))
      result.least = best[k - 1];
    else if (k > kFirst)
      break;
  }
  if (!result.anybody) result.least = std::numeric_limits<double>::infinity();
  return result;
}

}  // namespace counterpart::engine
