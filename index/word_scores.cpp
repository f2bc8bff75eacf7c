#include "index/word_scores.h"

#include <algorithm>

#include "index/bm25.h"

namespace counterpart {
namespace {

constexpr std::size_t kMostWords = 32;

struct Weighted {
  std::uint32_t word;
  double weight;      // of the seeker's own repeats, times rarity
  std::uint8_t times;  // in the seeker's text
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
std::vector<Weighted> weigh(const Words& seeker, std::uint8_t WordCount::*times, std::span<const LiveSegment> segments,
                            std::uint64_t live) {
  std::vector<Weighted> weighted;
  for (const WordCount& count : seeker.counts) {
    if (count.*times == 0) continue;
    const auto rows = static_cast<double>(live_rows_with(count.word, segments));
    weighted.push_back({count.word, rarity(rows, static_cast<double>(live)) * asked(count.*times), count.*times});
  }
  std::ranges::sort(weighted, [](const Weighted& a, const Weighted& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.word < b.word;
  });
  if (weighted.size() > kMostWords) weighted.resize(kMostWords);
  std::ranges::sort(weighted, {}, &Weighted::word);  // summed in one order everywhere
  return weighted;
}

// Which face of the rows is read.
struct Side {
  std::uint8_t WordPosting::*times;
  std::uint16_t WordLengths::*length;
  double average;
};

std::vector<float> scores_of(const std::vector<Weighted>& query, double own_length, const Side& side,
                             std::span<const LiveSegment> segments, std::span<const Row> firsts, std::size_t rows) {
  double own = 0;
  for (const Weighted& word : query) own += word.weight * saturated(word.times, own_length, side.average);
  if (own <= 0) return {};
  std::vector<float> scores(rows, 0.0F);
  for (const Weighted& word : query)
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const Segment& segment = *segments[i].segment;
      const auto lengths = segment.columns().word_lengths.view();
      for (const WordPosting& posting : segment.postings(word.word)) {
        if (posting.*side.times == 0) continue;
        scores[firsts[i] + posting.row] += static_cast<float>(
            word.weight / own * saturated(posting.*side.times, lengths[posting.row].*side.length, side.average));
      }
    }
  for (float& score : scores) score = std::min(score, 1.0F);
  return scores;
}

}  // namespace

WordLengthSums word_lengths_of(std::span<const LiveSegment> segments) {
  WordLengthSums sums;
  for (const LiveSegment& part : segments)
    for (std::uint32_t row = 0; row < part.segment->size(); ++row) {
      if (part.deleted && part.deleted->contains(row)) continue;
      const WordLengths lengths = part.segment->word_lengths(row);
      ++sums.rows;
      sums.offers += lengths.offers;
      sums.seeks += lengths.seeks;
    }
  return sums;
}

WordScores::WordScores(const Words& seeker, std::span<const LiveSegment> segments, std::span<const Row> firsts,
                       std::size_t rows, const WordLengthSums& lengths)
    : language_(seeker.language) {
  const auto live = static_cast<double>(std::max<std::uint64_t>(lengths.rows, 1));
  const Side offers{&WordPosting::offers, &WordLengths::offers, static_cast<double>(lengths.offers) / live};
  const Side seeks{&WordPosting::seeks, &WordLengths::seeks, static_cast<double>(lengths.seeks) / live};
  forward_ = scores_of(weigh(seeker, &WordCount::seeks, segments, lengths.rows), seeker.seeks_length, offers, segments,
                       firsts, rows);
  backward_ = scores_of(weigh(seeker, &WordCount::offers, segments, lengths.rows), seeker.offers_length, seeks, segments,
                        firsts, rows);
}

}  // namespace counterpart
