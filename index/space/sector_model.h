// Which sectors a text speaks of, learnt from the profiles of the corpus that state theirs: a mean vector for each division of
// ISIC, and how fast the odds of a division fall as a text moves away from its mean.
//
// A softmax over cosines with the means, with the shares of the divisions as prior. Its one scale is the one of a few that
// gives the stated sectors of the learnt-from profiles the greatest likelihood, each left out of its own means. On the
// samples, a tenth of them hidden: .73 of the likeliest divisions and .82 of the likeliest sections are stated ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "index/layer.h"

namespace counterpart::index {

// A profile that states its sectors.
struct TaggedVector {
  std::vector<float> vector;       // of unit length
  std::vector<std::string> codes;  // ISIC, of one or three characters ("C", "C27"); each once
};

// Immutable; safe from any thread.
class SectorModel {
 public:
  static constexpr std::size_t kLeastTagged = 100;  // profiles to learn from, with fewer nothing is told
  static constexpr std::size_t kLeastOfOne = 5;     // profiles of a class that is told

  SectorModel() = default;  // tells nothing
  // The same vectors in the same order, the same model on one machine.
  static SectorModel of(std::span<const TaggedVector> tagged, std::size_t dimensions);
  // The bytes of encode(), of vectors with so many dimensions. kCorrupt: these are none.
  static Result<SectorModel> decode(std::string_view bytes, std::size_t dimensions);
  std::string encode() const;

  // Of a vector of unit length. Empty where this tells nothing. Equal vectors, equal guesses.
  SectorGuess guess(std::span<const float> vector) const;
  std::size_t classes() const { return codes_.size(); }
  // Of those it was learnt from, each left out of the means: whose likeliest class is one that they state, 0-1.
  float right() const { return right_; }

 private:
  std::size_t dimensions() const { return codes_.empty() ? 0 : means_.size() / codes_.size(); }

  float scale_ = 0, right_ = 0;
  std::vector<std::string> codes_;  // ascending
  std::vector<float> priors_;       // by class: logarithm of its share
  std::vector<float> means_;        // [class][dimension], of unit length
};

}  // namespace counterpart::index
