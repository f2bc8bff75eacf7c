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

// One word of a row or of a reference, which speaks in the face of offers. Words too common to say anything are left out.
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

// Immutable; safe from any thread. About 8 bytes a word of a row or reference; keeps references to the arguments.
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
    // The words of a text that may be among many: a bit each.
    class Maybe {
     public:
      void add(std::uint32_t word) { bits_[word % kBits / 64] |= std::uint64_t{1} << (word % 64); }
      bool holds(std::uint32_t word) const { return (bits_[word % kBits / 64] >> (word % 64) & 1U) != 0; }

     private:
      static constexpr std::uint32_t kBits = 4096;
      std::vector<std::uint64_t> bits_ = std::vector<std::uint64_t>(kBits / 64, 0);
    };

    std::vector<OwnWord> weighed(std::span<const RowWord> words, std::uint16_t offers, std::uint16_t seeks) const;
    void add_faces(std::uint32_t position, WordsInCommon& sum) const;
    void raise_by_theirs(std::uint32_t position, WordsInCommon& sum) const;
    void raise_by_own(std::uint32_t position, WordsInCommon& sum) const;

    const WordRows& rows_;
    std::uint32_t position_;
    std::vector<OwnWord> own_;
    std::vector<std::vector<OwnWord>> references_;
    Maybe maybe_, maybe_in_references_;
  };

  std::size_t bytes() const;

 private:
  struct Row {
    std::uint16_t different_offers = 0, different_seeks = 0;
    std::uint8_t language = 0;
    bool weighs_offers = false, weighs_seeks = false;  // any word counts there
  };
  // The words of many texts, one behind the other.
  struct Texts {
    std::vector<std::uint64_t> ends;  // first entry 0
    std::vector<RowWord> words;
    std::span<const RowWord> of(std::size_t text) const {
      return std::span(words).subspan(ends[text], ends[text + 1] - ends[text]);
    }
  };
  struct Places;

  std::size_t reference_count(std::uint32_t position) const {
    return reference_ends_[position + 1] - reference_ends_[position];
  }
  void fill(WordColumns SegmentColumns::*columns, const Places& places, std::span<const std::uint32_t> vocabulary,
            Texts& texts) const;
  bool mark_weightiest(Texts& texts, std::size_t text, std::uint8_t RowWord::*times, std::uint16_t different,
                       bool RowWord::*counts) const;

  const Snapshot& snapshot_;
  std::vector<double> rarity_;  // by word number
  std::vector<Row> rows_;       // by position, as `words_`
  Texts words_;
  // References reference_ends_[position] .. reference_ends_[position + 1] - 1 are those of a row.
  std::vector<std::uint32_t> reference_ends_;
  std::vector<std::uint16_t> reference_different_;
  Texts reference_words_;
};

}  // namespace counterpart::index
