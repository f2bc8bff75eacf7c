#include "index/run/run_chance.h"

#include "engine/match/repeats.h"

namespace counterpart::index {

RunChance::RunChance(const Snapshot& snapshot, const Admission& admission, std::uint32_t position)
    : snapshot_(snapshot), admission_(admission) {
  const UnrelatedTexts* unrelated = snapshot.unrelated();
  if (!unrelated) return;
  const Row row = admission.row(position);
  const Traits& traits = snapshot.traits(row);
  nearness_.emplace(*unrelated, snapshot.faces(row), traits.own_need != 0, traits.own_offer != 0);
  for (const PositionRange& range : admission.admitted(admission.class_of(position)))
    among_ += range.end - range.first - (position >= range.first && position < range.end ? 1 : 0);
}

BetterThanChance RunChance::better(const std::vector<PairScore>& scores) const {
  std::vector<double> near;
  std::vector<Row> rows;
  for (const PairScore& score : scores) {
    near.push_back(score.near);
    rows.push_back(admission_.row(score.position));
  }
  if (nearness_) leave_out_repeats(snapshot_, rows, near);
  return better_than_chance(near, among_);
}

RunBand RunChance::band(const PairScore& score, const BetterThanChance& better) const {
  if (!nearness_) return kUntold;
  const bool is_better = score.near >= better.least;
  return static_cast<RunBand>(band_of({.expected = expected_by_chance(score.near, among_), .better = is_better}));
}

}  // namespace counterpart::index
