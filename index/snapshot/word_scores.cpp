#include "index/snapshot/word_scores.h"

#include <algorithm>

#include "index/text/word_weights.h"

namespace counterpart::index {
namespace {

std::uint64_t live_rows_with(std::uint32_t word, std::span<const LiveSegment> segments) {
  std::uint64_t rows = 0;
  for (const LiveSegment& live : segments) {
    const auto postings = live.segment->postings(word);
    rows += postings.size();
    if (live.deleted)
      rows -= static_cast<std::uint64_t>(
          std::ranges::count_if(postings, [&](const WordPosting& p) { return live.deleted->contains(p.row); }));
  }
  return rows;
}

// The seeker's words in the face that `times` reads.
std::vector<WeighedWord> weigh(const Words& seeker, std::uint8_t WordCount::*times, std::uint16_t different,
                               std::span<const LiveSegment> segments, std::uint64_t live) {
  std::vector<WeighedWord> weighted;
  for (const WordCount& count : seeker.counts) {
    if (count.*times == 0) continue;
    const double rare = relative_rarity(static_cast<double>(live_rows_with(count.word, segments)), static_cast<double>(live));
    if (rare == 0) continue;
    weighted.push_back({count.word, weight_of_word(count.*times, different, rare)});
  }
  keep_weightiest(weighted);
  return weighted;
}

std::vector<float> scores_of(const std::vector<WeighedWord>& query, std::uint8_t WordPosting::*times,
                             std::uint16_t DifferentWords::*different, std::span<const LiveSegment> segments,
                             std::span<const Row> firsts, std::size_t rows) {
  if (query.empty()) return {};
  static const WordShares share;
  std::vector<float> scores(rows, 0.0F);
  for (const WeighedWord& word : query) {
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

}  // namespace counterpart::index
