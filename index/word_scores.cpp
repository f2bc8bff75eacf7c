#include "index/word_scores.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "index/word_weights.h"

namespace counterpart {
namespace {

constexpr std::size_t kMostWords = 32;

struct Weighted {
  std::uint32_t word;
  double weight;  // of the seeker's own count, times rarity in both texts
};

std::uint64_t live_rows_with(std::uint32_t word, std::span<const LiveSegment> segments) {
  std::uint64_t rows = 0;
  for (const LiveSegment& part : segments) {
    const auto postings = part.segment->postings(word);
    rows += postings.size();
    if (part.deleted)
      rows -= static_cast<std::uint64_t>(
          std::ranges::count_if(postings, [&](const WordPosting& p) { return part.deleted->contains(p.row); }));
  }
  return rows;
}

// The seeker's words in the face that `times` reads, weightiest first, at most kMostWords.
std::vector<Weighted> weigh(const Words& seeker, std::uint8_t WordCount::*times, std::uint16_t different,
                            std::span<const LiveSegment> segments, std::uint64_t live) {
  std::vector<Weighted> weighted;
  for (const WordCount& count : seeker.counts) {
    if (count.*times == 0) continue;
    const double rare =
        relative_rarity(static_cast<double>(live_rows_with(count.word, segments)), static_cast<double>(live));
    if (rare == 0) continue;
    weighted.push_back({count.word, counted(count.*times, different) * rare * rare / (kTypicalRarity * kTypicalRarity)});
  }
  std::ranges::sort(weighted, [](const Weighted& a, const Weighted& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.word < b.word;
  });
  if (weighted.size() > kMostWords) weighted.resize(kMostWords);
  std::ranges::sort(weighted, {}, &Weighted::word);  // summed in one order everywhere
  return weighted;
}

// counted() without its logarithm and root, for the inner loop.
class Shares {
 public:
  Shares() {
    for (std::size_t i = 1; i < by_times_.size(); ++i) by_times_[i] = static_cast<float>(1 + std::log(static_cast<double>(i)));
    for (std::size_t i = 1; i < by_words_.size(); ++i) by_words_[i] = of_words(i);
  }
  float operator()(std::uint8_t times, std::uint16_t different) const {
    return by_times_[times] * (different < by_words_.size() ? by_words_[different] : of_words(different));
  }

 private:
  static float of_words(std::size_t different) { return static_cast<float>(counted(1, static_cast<double>(different))); }

  std::array<float, 256> by_times_{};
  std::array<float, 1024> by_words_{};
};

std::vector<float> scores_of(const std::vector<Weighted>& query, std::uint8_t WordPosting::*times,
                             std::uint16_t DifferentWords::*different, std::span<const LiveSegment> segments,
                             std::span<const Row> firsts, std::size_t rows) {
  if (query.empty()) return {};
  static const Shares share;
  std::vector<float> scores(rows, 0.0F);
  for (const Weighted& word : query) {
    const auto weight = static_cast<float>(word.weight);
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const Segment& segment = *segments[i].segment;
      const auto words = segment.columns().different_words.view();
      for (const WordPosting& posting : segment.postings(word.word))
        if (posting.*times != 0)
          scores[firsts[i] + posting.row] += weight * share(posting.*times, words[posting.row].*different);
    }
  }
  for (float& score : scores) score = std::min(score, 1.0F);
  return scores;
}

}  // namespace

WordScores::WordScores(const Words& seeker, std::span<const LiveSegment> segments, std::span<const Row> firsts,
                       std::size_t rows, std::uint64_t live)
    : language_(seeker.language) {
  live = std::max<std::uint64_t>(live, 1);
  forward_ = scores_of(weigh(seeker, &WordCount::seeks, seeker.different_seeks, segments, live), &WordPosting::offers,
                       &DifferentWords::offers, segments, firsts, rows);
  backward_ = scores_of(weigh(seeker, &WordCount::offers, seeker.different_offers, segments, live), &WordPosting::seeks,
                        &DifferentWords::seeks, segments, firsts, rows);
}

}  // namespace counterpart
