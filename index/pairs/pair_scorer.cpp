#include "index/pairs/pair_scorer.h"

#include <algorithm>
#include <cmath>

namespace counterpart::index {
namespace {

// One row, ready to be compared with many.
class Seat {
 public:
  Seat(const Snapshot& snapshot, Row row)
      : snapshot_(snapshot), at_(snapshot.locate(row)), traits_(at_.segment.traits(at_.row)),
        fast_(stored_query(at_.segment.vectors(), at_.row, at_.segment.scale(at_.row))), fine_(snapshot.fine_query(at_)) {}
  const Traits& traits() const { return traits_; }

  // The pair from this side and from the other.
  void compare(const Snapshot::SegmentRow& other, Candidate& own, Candidate& their) const {
    HalfDots dots;
    dot_range(fast_.values, other.segment.vectors(), other.row, 1, &dots);
    own = similarity(dots, fast_.scale, other.segment.scale(other.row), other.row);
    their.forward = own.backward;
    their.backward = own.forward;
    snapshot_.compare_fine(fine_, other, own);
    their.fine_forward = own.fine_backward;
    their.fine_backward = own.fine_forward;
    their.own_sectors = own.their_sectors;
    their.their_sectors = own.own_sectors;
  }

 private:
  const Snapshot& snapshot_;
  Snapshot::SegmentRow at_;
  const Traits& traits_;
  Query fast_;
  FineQuery fine_;
};

void fetch(const Snapshot::SegmentRow& at, bool fine) {
  const auto lines = [](const void* start, std::size_t bytes) {
    for (std::size_t byte = 0; byte < bytes; byte += 64) __builtin_prefetch(static_cast<const char*>(start) + byte);
  };
  lines(at.segment.vectors().row(at.row), 2 * at.segment.half());
  lines(&at.segment.traits(at.row), sizeof(Traits));
  if (fine) lines(at.segment.fine().row(at.row), 2 * at.segment.fine().half);
  if (fine && at.seen) lines(at.seen->rows(at.segment.fine().half).row(at.row), 2 * at.segment.fine().half);
}

std::int32_t millionths(double score) { return static_cast<std::int32_t>(std::lround(score * 1e6)); }

}  // namespace

std::int32_t reciprocal(std::int32_t a, std::int32_t b) {
  if (a <= 0 || b <= 0) return 0;
  return static_cast<std::int32_t>(2 * std::int64_t{a} * b / (std::int64_t{a} + b));
}

std::vector<PairScore> PairScorer::score(std::uint32_t position, std::span<const std::uint32_t> candidates,
                                         const Nearness* nearness) const {
  constexpr std::size_t kAhead = 4;  // rows lie far apart: fetched before their turn
  const Seat seat(inputs_.snapshot, inputs_.admission.row(position));
  const WordRows::Reader words(inputs_.words, position);
  const TotalScores totals(seat.traits(), inputs_.weights);
  std::vector<PairScore> scores;
  scores.reserve(candidates.size());
  const auto row_of = [&](std::size_t i) { return inputs_.snapshot.locate(inputs_.admission.row(candidates[i])); };
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (i + kAhead < candidates.size()) fetch(row_of(i + kAhead), inputs_.snapshot.compares_fine());
    const Snapshot::SegmentRow other = row_of(i);
    Candidate own, their;
    seat.compare(other, own, their);
    const WordsInCommon common = words.with(candidates[i]);
    own.words_forward = common.forward;
    own.words_backward = common.backward;
    their.words_forward = common.their_forward;
    their.words_backward = common.their_backward;
    const Traits& traits = other.segment.traits(other.row);
    PairScore score{.position = candidates[i]};
    score.own = millionths(totals.of({seat.traits(), traits, own, inputs_.taxonomy, inputs_.today}));
    score.their = millionths(totals.of({traits, seat.traits(), their, inputs_.taxonomy, inputs_.today}));
    score.value = reciprocal(score.own, score.their);
    if (nearness) score.near = nearness->of(own);
    scores.push_back(score);
  }
  return scores;
}

}  // namespace counterpart::index
