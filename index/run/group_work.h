// What a match run makes of one group of rows, by whoever holds the same rows: the run itself, or a copy that works for it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/pairs/admission.h"
#include "index/pairs/all_pairs.h"
#include "index/pairs/pair_scorer.h"
#include "index/run/match_run.h"
#include "index/run/run_log.h"

namespace counterpart::index {

// Of the corpus's space in which fine vectors are compared; "none": they are not.
inline std::string space_name(const Snapshot& snapshot) { return snapshot.space() ? snapshot.space()->name() : "none"; }

// Keeps references to its arguments. Once read_words() is done, safe from any thread.
class GroupWork {
 public:
  GroupWork(const RunTask& task, std::int32_t today);

  const Admission& admission() const { return admission_; }
  const AllPairs& pairs() const { return pairs_; }
  // As of the day that was given.
  RunHeader header() const;
  // SHA-256 of the header and of who stands where. Equal only where every group is made of the same rows, by the same rules.
  std::string rows_key(const RunHeader& header) const;

  // What scores need beside the products. Before piece(); let go by forget_words().
  void read_words() { words_ = std::make_unique<WordRows>(task_.snapshot, admission_); }
  void forget_words() { words_.reset(); }

  // Nothing: a list of candidates has to be found. True: `list` is it.
  using TakeOver = std::function<Result<bool>(CandidateList& list)>;
  // Of equal rows the same bytes on every machine, where nothing is taken over.
  Result<GroupPiece> piece(std::uint32_t number, const TakeOver& take_over = {}) const;
  // Of a packed group, whatever is in it.
  std::size_t most_bytes(std::uint32_t number) const;
  // Is that what piece() may answer for the group? What it says of the pairs is not looked into. kInvalid.
  Status check_shape(std::uint32_t number, const GroupPiece& piece) const;

  CandidateList ranked(std::uint32_t position, const std::vector<TextCandidate>& list) const;

 private:
  void add_best(GroupPiece& piece, const PairScorer& scorer, std::uint32_t position,
                const std::vector<RankedCandidate>& candidates) const;

  const RunTask& task_;
  std::int32_t today_;
  Weights weights_;
  Admission admission_;
  AllPairs pairs_;
  std::unique_ptr<WordRows> words_;
};

}  // namespace counterpart::index
