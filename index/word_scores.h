// How well the words of every row of a snapshot fit a seeker's: BM25 over the postings of all segments.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/corpus.h"
#include "index/segment_merge.h"

namespace counterpart {

// Over live rows; the lengths count words.
struct WordLengthSums {
  std::uint64_t rows = 0;
  std::uint64_t offers = 0;
  std::uint64_t seeks = 0;
};
WordLengthSums word_lengths_of(std::span<const LiveSegment> segments);

// Immutable. BM25 (Robertson & Zaragoza 2009, k1 = 1.2, b = 0.75) as a share of what the seeker's own text would get, so
// that it reads as 0-1 whatever the text's length. The rarity of a word is counted over live rows: the answer does not
// depend on how rows lie in segments. The 32 weightiest words of each face count; a row of another language has kUnknown.
class WordScores {
 public:
  WordScores() = default;
  // `firsts`: the first row of each segment; `rows`: of all of them.
  WordScores(const Words& seeker, std::span<const LiveSegment> segments, std::span<const Row> firsts, std::size_t rows,
             const WordLengthSums& lengths);

  // kUnknown where the seeker has no words, or the row speaks another language.
  float forward(Row row, std::uint8_t language) const { return of(forward_, row, language); }
  float backward(Row row, std::uint8_t language) const { return of(backward_, row, language); }
  // No row with a word in common: nothing to look for.
  bool empty() const { return forward_.empty() && backward_.empty(); }

 private:
  float of(const std::vector<float>& scores, Row row, std::uint8_t language) const {
    return scores.empty() || language != language_ || language == 0 ? kUnknown : scores[row];
  }

  std::vector<float> forward_, backward_;  // by row; empty: that face of the seeker has no words
  std::uint8_t language_ = 0;
};

}  // namespace counterpart
