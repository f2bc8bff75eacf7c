#include "index/snapshot/unrelated_texts.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "engine/corpus/dot.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kPartners = 8;  // of each need: of 200 needs 1,600 pairs, whose spread is right within 4 %
// What nobody answers lies somewhat closer than needs and offers, which are of one market: at .75 to 1 of their spread among
// 6,196 and among 56,978 profiles (26 questions of chess, tarot, opera costumes and the like in six languages, none of the
// judged).
constexpr double kNarrower = 0.9;
// The cosine of texts that say the same is 1. Where one pair in 25 does, the spread is above .2 in each model, twice what it
// is among texts of an ordinary corpus.
constexpr double kRepeating = 0.2;
// Texts of one matter are near each other, all of them. The mean pair is 1.2 spreads from nothing among the samples and 2.9
// among one donor's projects in one language, where nonsense still is told from what fits.
constexpr double kOneMatter = 5;

// Mean of those that are there; nothing of nothing.
std::vector<float> mean_of(std::span<const Faces* const> texts, std::vector<float> Faces::*face) {
  std::vector<float> mean;
  float count = 0;
  for (const Faces* text : texts) {
    const std::vector<float>& values = text->*face;
    if (values.empty()) continue;
    mean.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) mean[i] += values[i];
    ++count;
  }
  for (float& value : mean) value /= count;
  return mean;
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

// How far pairs lie from what either of the two has with all: a question's nearness is told from its mean.
class Within {
 public:
  void take(double near, double mean_of_need, double mean_of_offer) {
    count_ += 2;
    squares_ += (near - mean_of_need) * (near - mean_of_need) + (near - mean_of_offer) * (near - mean_of_offer);
  }
  double deviation() const { return std::sqrt(squares_ / count_); }

 private:
  double count_ = 0, squares_ = 0;
};

// Those of `drawn` that state this side in words of their own; all where they are too few: then none has more to go by.
std::vector<const Faces*> stating(const std::vector<DrawnText>& drawn, bool DrawnText::*states) {
  std::vector<const Faces*> some, all;
  for (const DrawnText& one : drawn) {
    all.push_back(&one.faces);
    if (one.*states) some.push_back(&one.faces);
  }
  return some.size() < kFewestDrawn ? all : some;
}

}  // namespace

std::optional<UnrelatedTexts> unrelated_texts(const std::vector<DrawnText>& drawn, bool fine) {
  if (drawn.size() < kFewestDrawn) return std::nullopt;
  const std::vector<const Faces*> needs = stating(drawn, &DrawnText::need), offers = stating(drawn, &DrawnText::offer);
  UnrelatedTexts result;
  Faces& mean = result.mean;
  mean.seeks = mean_of(needs, &Faces::seeks);
  mean.offers = mean_of(offers, &Faces::offers);
  if (fine) mean.fine_seeks = mean_of(needs, &Faces::fine_seeks), mean.fine_offers = mean_of(offers, &Faces::fine_offers);
  Spread fast, both;
  Within fast_within, within;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    const Faces& need = *needs[i];
    const double of_need = dot(need.seeks, mean.offers);
    const double fine_of_need = dot(need.fine_seeks, mean.fine_offers);
    for (std::size_t step = 1; step <= kPartners; ++step) {
      const Faces& offer = *offers[(i * kPartners + step) % offers.size()];
      if (&need == &offer) continue;
      const double near = dot(need.seeks, offer.offers);
      const double of_offer = dot(offer.offers, mean.seeks);
      fast.take(near);
      fast_within.take(near, of_need, of_offer);
      if (!fine || need.fine_seeks.empty() || offer.fine_offers.empty()) continue;
      const double fine_near = dot(need.fine_seeks, offer.fine_offers);
      both.take(near + fine_near);
      within.take(near + fine_near, of_need + fine_of_need, of_offer + dot(offer.fine_offers, mean.fine_seeks));
    }
  }
  if (!fast.tells(1) || (fine && !both.tells(2))) return std::nullopt;
  result.fast_spread = kNarrower * fast_within.deviation();
  if (fine) result.spread = kNarrower * within.deviation();
  return result;
}

}  // namespace counterpart::index
