// What a word weighs where two texts share it: like TF-IDF's cosine (Salton & Buckley 1988, "Term-weighting approaches in
// automatic text retrieval": logarithmic counts, rarity in both texts), but divided by the square roots of how many
// different words the texts have, and by what the rarest word would weigh, instead of by the texts' own norms. Those
// change with every profile that comes; these do not. Measured on the known pairs of tests/README.md, it finds more than
// the cosine and than BM25.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "index/layer.h"

namespace counterpart::index {

// Of a word that `with` of `all` texts hold (Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework").
inline double rarity(double with, double all) { return std::log(1 + (all - with + 0.5) / (with + 0.5)); }
// Rarity as a share of the rarest: 0-1. A word below kCommon (of 100,000 texts a sixth hold it) says next to nothing, so it
// says nothing, and its long list need not be read.
inline constexpr double kCommon = 0.15;
inline double relative_rarity(double with, double all) {
  const double share = rarity(with, all) / rarity(0, all);
  return share < kCommon ? 0 : share;
}

// What `times` occurrences count for in a text of `different` words; both at least 1. In a text of ten words one rare word
// in common is mostly chance, so no text counts as that short. The order of the known pairs is the same with kShort and
// without; their texts have 12 to 112 different words.
inline constexpr double kShort = 16;
inline double counted(double times, double different) { return (1 + std::log(times)) / std::sqrt(different + kShort); }

// The words of a typical text are half as rare as the rarest (in the root mean square; 0.43 and 0.53 on the pair sets), so
// two equal texts have a product of about a quarter: by this it becomes about 1.
inline constexpr double kTypicalRarity = 0.5;

// What the seeker's side of a word in common weighs; `rare` is relative_rarity() > 0.
inline double weight_of_word(double times, double different, double rare) {
  return counted(times, different) * rare * rare / (kTypicalRarity * kTypicalRarity);
}

// counted() without its logarithm and root, for inner loops: the counterpart's side of a word in common.
class WordShares {
 public:
  WordShares() {
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

// Of one of the seeker's faces the weightiest words count, at most so many.
inline constexpr std::size_t kMostWords = 32;
struct WeighedWord {
  std::uint32_t word = 0;
  double weight = 0;
};
// Leaves those that count, ascending by word, so that they are summed in one order everywhere.
inline void keep_weightiest(std::vector<WeighedWord>& words) {
  if (words.size() > kMostWords) {
    std::ranges::nth_element(words, words.begin() + kMostWords, [](const WeighedWord& a, const WeighedWord& b) {
      return a.weight != b.weight ? a.weight > b.weight : a.word < b.word;
    });
    words.resize(kMostWords);
  }
  std::ranges::sort(words, {}, &WeighedWord::word);
}

}  // namespace counterpart::index
