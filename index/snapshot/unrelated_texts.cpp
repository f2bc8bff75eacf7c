#include "index/snapshot/unrelated_texts.h"

#include <algorithm>
#include <cmath>

#include "engine/corpus/dot.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kPartners = 8;  // of each row: 2,048 pairs, whose spread is right within 4 %
// The cosine of texts that say the same is 1. Where one pair in 25 does, the spread is above .2 in each model, twice what it
// is among texts of an ordinary corpus.
constexpr double kRepeating = 0.2;
// Texts of one matter are near each other, all of them. The mean pair is 1.2 spreads from nothing among the samples and 2.9
// among one donor's projects in one language, where nonsense still is told from what fits.
constexpr double kOneMatter = 5;

void add(std::vector<float>& sum, const std::vector<float>& more, float share) {
  sum.resize(std::max(sum.size(), more.size()));
  for (std::size_t i = 0; i < more.size(); ++i) sum[i] += more[i] * share;
}

class Spread {
 public:
  void take(double value) {
    ++count_;
    const double off = value - mean_;
    mean_ += off / count_;
    squares_ += off * (value - mean_);
  }
  double deviation() const { return std::sqrt(squares_ / count_); }
  // Of sums of so many cosines.
  bool tells(double cosines) const {
    return count_ > 0 && deviation() > 0 && deviation() < kRepeating * cosines && mean_ < kOneMatter * deviation();
  }

 private:
  double count_ = 0, mean_ = 0, squares_ = 0;
};

}  // namespace

std::optional<UnrelatedTexts> unrelated_texts(const std::vector<Faces>& drawn, bool fine) {
  if (drawn.size() < kFewestDrawn) return std::nullopt;
  UnrelatedTexts result;
  const float share = 1 / static_cast<float>(drawn.size());
  Spread fast, both;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const Faces& one = drawn[i];
    add(result.mean.offers, one.offers, share);
    add(result.mean.seeks, one.seeks, share);
    if (fine) add(result.mean.fine_offers, one.fine_offers, share), add(result.mean.fine_seeks, one.fine_seeks, share);
    for (std::size_t step = 1; step <= kPartners; ++step) {
      const Faces& other = drawn[(i + step) % drawn.size()];
      const double near = dot(one.seeks, other.offers);
      fast.take(near);
      if (fine && !one.fine_seeks.empty() && !other.fine_offers.empty())
        both.take(near + dot(one.fine_seeks, other.fine_offers));
    }
  }
  if (!fast.tells(1) || (fine && !both.tells(2))) return std::nullopt;
  result.fast_spread = fast.deviation();
  if (fine) result.spread = both.deviation();
  return result;
}

}  // namespace counterpart::index
