// What each signal of the texts says of known pairs: the numbers that evaluation compares and training learns from.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/corpus/corpus.h"
#include "engine/score/learn.h"
#include "engine/score/score.h"
#include "server/evaluate/pair_file.h"
#include "server/evaluate/pair_words.h"
#include "server/layer.h"

namespace counterpart::server {

// Of one query, by candidate.
struct PairReadings {
  // Forward alone: a pair set has one direction. The cosines of the two models are with the mean of the candidate's texts,
  // the left-out one not counted; the fine one in the space of the candidates' texts.
  std::vector<Candidate> texts;
  std::vector<float> bm25, tf_idf;  // server/evaluate/pair_words.h
  std::vector<double> popularity;   // how many texts a candidate has left
};

// Not thread-safe. Keeps references to the models; `fine` may be null.
class PairEvaluator {
 public:
  PairEvaluator(const Embedder& fast, const Embedder* fine) : fast_(fast), fine_(fine) {}

  // Embeds every text of the set, on all cores; a text that was in an earlier set is not embedded again.
  void take(const PairSet& set);
  // Of a query of the set taken last.
  PairReadings readings(const PairQuery& query) const;

 private:
  struct Text {
    std::vector<float> fast, fine;
    engine::Words words;
    std::vector<float> seen = {};  // `fine` in the space of the set taken last; empty: it has none
  };
  // A candidate by all of its texts but one.
  struct Sum {
    std::vector<float> fast, fine, seen;
    std::size_t texts = 0;
  };
  void see();
  Sum sum_of(const CandidateTexts& candidate, const std::string& leave_out) const;
  const Text& text(const std::string& text) const { return texts_.find(text)->second; }

  const Embedder& fast_;
  const Embedder* fine_;
  const PairSet* set_ = nullptr;
  std::map<std::string, Text, std::less<>> texts_;
  PairWords words_;
  std::vector<Sum> sums_;  // of each candidate, nothing left out
};

// The signals that a pair set teaches, in the order of LearningList::values: fine vectors and words, forward. A value is what a
// unit of the signal's weight adds to the log-odds of the pair.
std::vector<const Signal*> taught_signals();
LearningList learning_list(const PairReadings& readings, const std::vector<std::size_t>& relevant);

// Scores of all candidates under one method.
struct RankingMethod {
  std::string_view name;
  std::vector<double> (*scores)(const PairReadings&);
  bool needs_fine = false;  // it says nothing where there is no fine model
};
// Popularity, TF-IDF, BM25, each text model, and the reciprocal-rank fusion of TF-IDF and the better model (Cormack et al.
// 2009, k = 60).
std::vector<RankingMethod> ranking_methods();
// Counterpart's own score, in log-odds: of parties of whom one states what it seeks, the other what it offers, and neither
// anything else.
std::vector<double> counterpart_scores(const PairReadings& readings, const Weights& weights);

}  // namespace counterpart::server
