// How well the words of every row of a snapshot fit a seeker's, over the postings of all segments.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/corpus/corpus.h"
#include "index/layer.h"
#include "index/segment/segment_merge.h"

namespace counterpart::index {

inline float at_most_one(float score) { return score < 1 ? score : 1; }

// Immutable. The sum over the words in common as index/text/word_weights.h weighs them, 0-1, raised by the references of
// whoever offers (index/vector/best_references.h). The rarity of a word is counted over live rows and references: the answer
// does not depend on how rows lie in segments. The 32 weightiest words of each of the seeker's faces and references count; a
// row of another language has kUnknown.
class WordScores {
 public:
  WordScores() = default;
  // `firsts`: the first row of each segment; `rows`: of all of them; `live`: texts that are not deleted, rows and references.
  WordScores(const Faces& seeker, std::span<const LiveSegment> segments, std::span<const Row> firsts, std::size_t rows,
             std::uint64_t live);

  // kUnknown where the seeker has no words, or the row speaks another language.
  float forward(Row row, std::uint8_t language) const { return of(forward_, row, language); }
  float backward(Row row, std::uint8_t language) const { return of(backward_, row, language); }
  // The most that the two can come to, cheaply: before the row's language is looked up.
  float bound(Row row, float forward_weight, float backward_weight) const {
    return (forward_.empty() ? 0 : forward_weight * at_most_one(forward_[row])) +
           (backward_.empty() ? 0 : backward_weight * at_most_one(backward_[row]));
  }
  // No row with a word in common: nothing to look for.
  bool empty() const { return forward_.empty() && backward_.empty(); }

 private:
  float of(const std::vector<float>& scores, Row row, std::uint8_t language) const {
    return scores.empty() || language != language_ || language == 0 ? kUnknown : at_most_one(scores[row]);
  }

  std::vector<float> forward_, backward_;  // by row, at_most_one(); empty: that face of the seeker has no words
  std::uint8_t language_ = 0;
};

}  // namespace counterpart::index
