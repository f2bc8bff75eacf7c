// What the words of known pairs say: by Counterpart's own measure, and by the two that a search engine would use.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/corpus/corpus.h"
#include "server/evaluate/pair_file.h"
#include "server/layer.h"

namespace counterpart::server {

// Of one query, by candidate; a candidate of another language has kUnknown.
struct WordReadings {
  // index/text/word_weights.h; of a candidate of several texts, the cosine with their sum stands in for the norm of one.
  std::vector<float> words;
  std::vector<float> bm25;    // over the candidate's texts as one
  std::vector<float> tf_idf;  // cosine with the sum of the candidate's unit vectors; rarity counted over texts
};

// Not thread-safe. Keeps a reference to the set taken last.
class PairWords {
 public:
  // `words_of` answers for every text of the set, as long as this lives.
  void take(const PairSet& set, std::function<const engine::Words&(const std::string& text)> words_of);
  WordReadings readings(const PairQuery& query) const;

 private:
  struct Weights {
    double times = 0, own = 0, tf_idf = 0;
  };
  // A candidate by all of its texts but one.
  struct Sum {
    std::map<std::uint32_t, Weights> words;
    double length = 0, own_norm = 0, tf_idf_norm = 0;
    std::set<std::uint8_t> languages;
  };
  struct Asked {
    std::uint32_t word;
    double own, bm25, tf_idf;
  };
  Sum sum_of(const CandidateTexts& candidate, const std::string& leave_out) const;
  std::vector<Asked> asked_of(const engine::Words& words) const;
  double rare(std::uint32_t word) const;    // 0-1, over candidates
  double tf_idf(std::uint32_t word) const;  // over texts

  const PairSet* set_ = nullptr;
  std::function<const engine::Words&(const std::string&)> words_of_;
  std::map<std::uint32_t, double> holders_, texts_with_;  // of a word: candidates, texts
  double texts_ = 0, mean_length_ = 0;
  std::vector<Sum> sums_;  // of each candidate, nothing left out
};

}  // namespace counterpart::server
