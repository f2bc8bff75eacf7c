#include "index/pairs/pair_scorer.h"

#include <algorithm>
#include <cmath>

namespace counterpart::index {
namespace {

// A stored row as a query: what it seeks against offers, what it offers against needs.
Query stored_query(const VectorRows& rows, std::size_t row, float scale) {
  const std::int8_t* values = rows.row(row);
  Query query{QueryVector(2 * rows.half), scale};
  std::copy_n(values + rows.half, rows.half, query.values.begin());
  std::copy_n(values, rows.half, query.values.begin() + static_cast<std::ptrdiff_t>(rows.half));
  return query;
}

// One row, ready to be compared with many.
class Seat {
 public:
  Seat(const Snapshot& snapshot, Row row)
      : at_(snapshot.locate(row)), traits_(at_.segment.traits(at_.row)),
        fast_(stored_query(at_.segment.vectors(), at_.row, at_.segment.scale(at_.row))) {
    if (!snapshot.compares_fine() || at_.segment.fine_scale(at_.row) == 0) return;
    fine_ = stored_query(at_.segment.fine(), at_.row, at_.segment.fine_scale(at_.row));
    const std::uint32_t first = at_.segment.first_passage(at_.row);
    for (std::uint32_t i = 0; i < at_.segment.passage_count(at_.row); ++i)
      passages_.push_back(stored_query(at_.segment.passages(), first + i, at_.segment.passage_scale(first + i)));
  }
  const Traits& traits() const { return traits_; }

  // The pair from this side and from the other.
  void compare(const Snapshot::SegmentRow& other, Candidate& own, Candidate& their) {
    HalfDots dots;
    dot_range(fast_.values, other.segment.vectors(), other.row, 1, &dots);
    own = similarity(dots, fast_.scale, other.segment.scale(other.row), other.row);
    their.forward = own.backward;
    their.backward = own.forward;
    const float fine_scale = other.segment.fine_scale(other.row);
    if (fine_.scale == 0 || fine_scale == 0) return;
    dot_range(fine_.values, other.segment.fine(), other.row, 1, &dots);
    const Candidate fine = similarity(dots, fine_.scale, fine_scale, other.row);
    own.fine_forward = their.fine_backward = fine.forward;
    own.fine_backward = their.fine_forward = fine.backward;
    const std::uint32_t first = other.segment.first_passage(other.row), count = other.segment.passage_count(other.row);
    dots_.resize(count);
    if (count > 0) dot_range(fine_.values, other.segment.passages(), first, count, dots_.data());
    for (std::uint32_t i = 0; i < count; ++i) {
      const Candidate one = similarity(dots_[i], fine_.scale, other.segment.passage_scale(first + i), 0);
      if (i == 0 || one.forward > own.passage_forward) own.passage_forward = one.forward;
      if (i == 0 || one.backward > own.passage_backward) own.passage_backward = one.backward;
    }
    // The other's query with this side's passages: the same products, a passage taken as the query.
    for (std::size_t i = 0; i < passages_.size(); ++i) {
      dot_range(passages_[i].values, other.segment.fine(), other.row, 1, &dots);
      const Candidate one = similarity(dots, fine_scale, passages_[i].scale, 0);
      if (i == 0 || one.backward > their.passage_forward) their.passage_forward = one.backward;
      if (i == 0 || one.forward > their.passage_backward) their.passage_backward = one.forward;
    }
  }

 private:
  Snapshot::SegmentRow at_;
  const Traits& traits_;
  Query fast_, fine_ = {};
  std::vector<Query> passages_ = {};
  std::vector<HalfDots> dots_ = {};
};

void fetch(const Snapshot::SegmentRow& at, bool fine) {
  const auto lines = [](const void* start, std::size_t bytes) {
    for (std::size_t byte = 0; byte < bytes; byte += 64) __builtin_prefetch(static_cast<const char*>(start) + byte);
  };
  lines(at.segment.vectors().row(at.row), 2 * at.segment.half());
  lines(&at.segment.traits(at.row), sizeof(Traits));
  if (fine) lines(at.segment.fine().row(at.row), 2 * at.segment.fine().half);
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
  Seat seat(inputs_.snapshot, inputs_.admission.row(position));
  const WordRows::Reader words(inputs_.words, position);
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
    score.own = millionths(total_score({seat.traits(), traits, own, inputs_.taxonomy, inputs_.today}, inputs_.weights));
    score.their = millionths(total_score({traits, seat.traits(), their, inputs_.taxonomy, inputs_.today}, inputs_.weights));
    score.value = reciprocal(score.own, score.their);
    if (nearness) score.near = nearness->of(own);
    scores.push_back(score);
  }
  return scores;
}

}  // namespace counterpart::index
