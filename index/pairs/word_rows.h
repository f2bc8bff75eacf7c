// The words of each row that takes part in a match run, as index/snapshot/word_scores.h weighs them, laid out by row: pairs are
// compared one by one, not one seeker with all.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/layer.h"
#include "index/pairs/admission.h"
#include "index/snapshot/snapshot.h"

namespace counterpart::index {

// One word of a row. Words too common to say anything are left out.
struct RowWord {
  std::uint32_t word = 0;              // number in the vocabulary of the run, in the order of the words' hashes
  std::uint8_t offers = 0, seeks = 0;  // how often it stands in each face
  bool counts_in_offers = false, counts_in_seeks = false;  // among the weightiest of the face
};

// What words in common come to, both ways; kUnknown as WordScores has it.
struct WordsInCommon {
  float forward = kUnknown, backward = kUnknown;              // the first of the pair as the seeker
  float their_forward = kUnknown, their_backward = kUnknown;  // the second
};

// Immutable; safe from any thread. About 8 bytes a word of a row; keeps references to the arguments.
class WordRows {
 public:
  WordRows(const Snapshot& snapshot, const Admission& admission);

  // One row made ready to be compared with many. One thread.
  class Reader {
   public:
    Reader(const WordRows& rows, std::uint32_t position);
    // Equal to what a search by either of the two would find.
    WordsInCommon with(std::uint32_t position) const;

   private:
    struct OwnWord {
      RowWord word;
      float offers_weight = 0, seeks_weight = 0;  // 0: does not count
    };
    const WordRows& rows_;
    std::uint32_t position_;
    std::vector<OwnWord> own_;
    std::vector<std::uint64_t> maybe_;  // a bit for each that may be among them
  };

  std::size_t bytes() const;

 private:
  struct Row {
    std::uint16_t different_offers = 0, different_seeks = 0;
    std::uint8_t language = 0;
    bool weighs_offers = false, weighs_seeks = false;  // any word counts there
  };
  std::span<const RowWord> words(std::uint32_t position) const {
    return std::span(words_).subspan(ends_[position], ends_[position + 1] - ends_[position]);
  }
  void fill(const Snapshot& snapshot, const Admission& admission);
  void mark_weightiest(std::uint32_t position);

  std::vector<double> rarity_;       // by word number
  std::vector<std::uint64_t> ends_;  // by position, first entry 0
  std::vector<RowWord> words_;
  std::vector<Row> rows_;
};

}  // namespace counterpart::index
