#include "index/snapshot/word_scores.h"

#include <algorithm>
#include <unordered_map>

#include "index/text/word_weights.h"
#include "index/vector/best_references.h"

namespace counterpart::index {
namespace {

// How many of the postings are of rows (or references) in `gone`; both ascend.
std::uint64_t count_gone(std::span<const WordPosting> postings, std::span<const std::uint32_t> gone) {
  constexpr std::size_t kFew = 16;  // one in so many: looked up one by one
  std::uint64_t count = 0;
  if (gone.size() * kFew < postings.size()) {
    for (const std::uint32_t row : gone) {
      const auto at = std::ranges::lower_bound(postings, row, {}, &WordPosting::row);
      count += at != postings.end() && at->row == row;
    }
    return count;
  }
  auto at = gone.begin();
  for (const WordPosting& posting : postings) {
    while (at != gone.end() && *at < posting.row) ++at;
    if (at == gone.end()) break;
    count += *at == posting.row;
  }
  return count;
}

// How many live texts have a word, rows and references; each word is counted once.
class LiveTexts {
 public:
  explicit LiveTexts(std::span<const LiveSegment> segments) : segments_(segments), gone_(segments.size()) {
    for (std::size_t i = 0; i < segments.size(); ++i) {
      if (!segments[i].deleted) continue;
      Gone& gone = gone_[i];
      gone.rows = segments[i].deleted->rows();
      const Segment& segment = *segments[i].segment;
      for (const std::uint32_t row : gone.rows)
        for (std::uint32_t k = 0; k < segment.reference_count(row); ++k)
          gone.references.push_back(segment.first_reference(row) + k);
    }
  }
  std::uint64_t with(std::uint32_t word) {
    const auto [known, fresh] = counted_.try_emplace(word, 0);
    if (!fresh) return known->second;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      const Segment& segment = *segments_[i].segment;
      const auto rows = segment.postings(word), references = segment.columns().reference_words.of(word);
      known->second += rows.size() - count_gone(rows, gone_[i].rows);
      known->second += references.size() - count_gone(references, gone_[i].references);
    }
    return known->second;
  }

 private:
  // What a segment has deleted, ascending.
  struct Gone {
    std::vector<std::uint32_t> rows, references;
  };
  std::span<const LiveSegment> segments_;
  std::vector<Gone> gone_;
  std::unordered_map<std::uint32_t, std::uint64_t> counted_;
};

// The seeker's words in the face that `times` reads.
std::vector<WeighedWord> weigh(const Words& seeker, std::uint8_t WordCount::*times, std::uint16_t different, LiveTexts& texts,
                               std::uint64_t live) {
  std::vector<WeighedWord> weighted;
  for (const WordCount& count : seeker.counts) {
    if (count.*times == 0) continue;
    const double rare = relative_rarity(static_cast<double>(texts.with(count.word)), static_cast<double>(live));
    if (rare == 0) continue;
    weighted.push_back({count.word, weight_of_word(count.*times, different, rare)});
  }
  keep_weightiest(weighted);
  return weighted;
}

const WordShares& shares() {
  static const WordShares shares;
  return shares;
}

// By row; whoever reads one takes it at_most_one(), for most are never read.
std::vector<float> scores_of(const std::vector<WeighedWord>& query, std::uint8_t WordPosting::*times,
                             std::uint16_t DifferentWords::*different, std::span<const LiveSegment> segments,
                             std::span<const Row> firsts, std::size_t rows) {
  if (query.empty()) return {};
  std::vector<float> scores(rows, 0.0F);
  for (const WeighedWord& word : query) {
    const auto weight = static_cast<float>(word.weight);
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const Segment& segment = *segments[i].segment;
      const auto words = segment.columns().different_words.view();
      for (const WordPosting& posting : segment.postings(word.word))
        if (posting.*times != 0)
          scores[firsts[i] + posting.row] += weight * shares()(posting.*times, words[posting.row].*different);
    }
  }
  return scores;
}

// By reference of one segment.
std::vector<float> scores_of_references(const std::vector<WeighedWord>& query, const Segment& segment) {
  std::vector<float> scores(segment.references(), 0.0F);
  for (const WeighedWord& word : query)
    for (const WordPosting& posting : segment.columns().reference_words.of(word.word))
      scores[posting.row] +=
          static_cast<float>(word.weight) * shares()(posting.offers, segment.reference_different_words(posting.row));
  for (float& score : scores) score = at_most_one(score);
  return scores;
}

// What rows offer, by their own references.
void raise_by_theirs(std::vector<float>& scores, const std::vector<WeighedWord>& query, std::span<const LiveSegment> segments,
                     std::span<const Row> firsts) {
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Segment& segment = *segments[i].segment;
    const std::vector<float> of_references = scores_of_references(query, segment);
    for (std::uint32_t reference = 0; reference < of_references.size();) {
      const std::uint32_t row = segment.row_of_reference(reference), count = segment.reference_count(row);
      BestReferences best;
      for (std::uint32_t end = reference + count; reference < end; ++reference) best.add(of_references[reference]);
      scores[firsts[i] + row] = best.raise(at_most_one(scores[firsts[i] + row]), count);
    }
  }
}

}  // namespace

WordScores::WordScores(const Faces& seeker, std::span<const LiveSegment> segments, std::span<const Row> firsts,
                       std::size_t rows, std::uint64_t live)
    : language_(seeker.words.language) {
  live = std::max<std::uint64_t>(live, 1);
  LiveTexts texts(segments);
  const Words& words = seeker.words;
  const std::vector<WeighedWord> need = weigh(words, &WordCount::seeks, words.different_seeks, texts, live);
  forward_ = scores_of(need, &WordPosting::offers, &DifferentWords::offers, segments, firsts, rows);
  if (!forward_.empty()) raise_by_theirs(forward_, need, segments, firsts);

  const auto offering = [&](const Words& offer) {
    return scores_of(weigh(offer, &WordCount::offers, offer.different_offers, texts, live), &WordPosting::seeks,
                     &DifferentWords::seeks, segments, firsts, rows);
  };
  backward_ = offering(words);
  if (backward_.empty() || seeker.reference_words.empty()) return;
  std::vector<BestReferences> best(rows);
  for (const Words& reference : seeker.reference_words) {
    const std::vector<float> scores = offering(reference);
    for (std::size_t row = 0; row < scores.size(); ++row) best[row].add(at_most_one(scores[row]));
  }
  for (std::size_t row = 0; row < rows; ++row)
    backward_[row] = best[row].raise(at_most_one(backward_[row]), seeker.reference_words.size());
}

}  // namespace counterpart::index
