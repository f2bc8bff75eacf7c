#include "index/run/group_work.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/match/bands.h"
#include "index/base/files.h"
#include "index/run/run_chance.h"
#include "index/segment/segment_file.h"

namespace counterpart::index {
namespace {

// A row's text, conditions and vectors change with its version only, but the fine vectors follow later.
std::uint64_t fingerprint(const Snapshot& snapshot, Row row) {
  const RowVersion version = snapshot.version(row);
  const Snapshot::SegmentRow at = snapshot.locate(row);
  std::uint64_t hash = split_mix(version.sequence);
  for (const std::uint64_t part : {version.version, std::uint64_t{std::bit_cast<std::uint32_t>(at.segment.scale(at.row))},
                                   std::uint64_t{std::bit_cast<std::uint32_t>(at.segment.fine_scale(at.row))}})
    hash = split_mix(hash ^ part);
  return hash;
}

tl::unexpected<Error> misshapen(std::uint32_t number, const std::string& what) {
  return fail(ErrorCode::kInvalid, "group " + std::to_string(number), what);
}

}  // namespace

GroupWork::GroupWork(const RunTask& task, std::int32_t today)
    : task_(task), today_(today), weights_(weights_of(task.programme.weights)),
      admission_(task.snapshot, task.programme, today),
      pairs_(task.snapshot, admission_, text_weights(weights_, task.snapshot.compares_fine()),
             task.settings.candidates + task.settings.spare) {}

RunHeader GroupWork::header() const {
  const Snapshot& snapshot = task_.snapshot;
  RunHeader header;
  header.today = today_;
  header.lists_key = "programme " + task_.programme.slug + "\nrules " + task_.rules + "\nmodel " + snapshot.model() +
                     "\nfine " + (snapshot.compares_fine() ? snapshot.fine_model() : "none") + "\ntables " +
                     tables_hash(task_.taxonomy) + "\ncandidates " + std::to_string(task_.settings.candidates) + " + " +
                     std::to_string(task_.settings.spare);
  header.result_key = "sequence " + std::to_string(snapshot.sequence()) + "\nlisted " + std::to_string(task_.settings.listed) +
                      "\nwith bands\nspace " + space_name(snapshot);
  for (std::uint32_t rank = 0; rank < admission_.size(); ++rank) {
    const Row row = admission_.row(admission_.position(rank));
    header.ids.emplace_back(snapshot.id(row));
    header.fingerprints.push_back(fingerprint(snapshot, row));
  }
  return header;
}

std::string GroupWork::rows_key(const RunHeader& header) const {
  Packer order;
  for (std::uint32_t position = 0; position < admission_.size(); ++position) order.one(admission_.rank(position));
  return sha256(pack(header) + order.bytes());
}

CandidateList GroupWork::ranked(std::uint32_t position, const std::vector<TextCandidate>& list) const {
  CandidateList ranked{admission_.rank(position), list.size() < task_.settings.candidates + task_.settings.spare};
  for (const TextCandidate& one : list) ranked.candidates.push_back({admission_.rank(one.position), one.key});
  return ranked;
}

Result<GroupPiece> GroupWork::piece(std::uint32_t number, const TakeOver& take_over) const {
  const PositionRange range = pairs_.group(number);
  GroupPiece piece;
  std::vector<std::uint32_t> lacking;  // positions
  for (std::uint32_t position = range.first; position < range.end; ++position) {
    piece.lists.push_back({admission_.rank(position)});
    Result<bool> taken = take_over ? take_over(piece.lists.back()) : Result<bool>(false);
    if (!taken) return tl::unexpected(taken.error());
    if (!*taken) lacking.push_back(position);
  }
  if (!lacking.empty()) {
    const auto lists = pairs_.lists_of(lacking, &piece.work);
    for (std::size_t i = 0; i < lacking.size(); ++i) piece.lists[lacking[i] - range.first] = ranked(lacking[i], lists[i]);
  }
  const PairScorer scorer({task_.snapshot, admission_, *words_, task_.taxonomy, weights_, today_});
  for (std::uint32_t position = range.first; position < range.end; ++position)
    add_best(piece, scorer, position, piece.lists[position - range.first].candidates);
  return piece;
}

void GroupWork::add_best(GroupPiece& piece, const PairScorer& scorer, std::uint32_t position,
                         const std::vector<RankedCandidate>& candidates) const {
  std::vector<std::uint32_t> positions;
  for (std::size_t i = 0; i < std::min(candidates.size(), task_.settings.candidates); ++i)
    positions.push_back(admission_.position(candidates[i].rank));
  const RunChance chance(task_.snapshot, admission_, position);
  std::vector<PairScore> scores = scorer.score(position, positions, chance.nearness());
  const BetterThanChance better = chance.better(scores);
  std::erase_if(scores, [](const PairScore& score) { return score.value <= 0; });
  const std::size_t kept = std::min(scores.size(), task_.settings.listed);
  std::partial_sort(scores.begin(), scores.begin() + static_cast<std::ptrdiff_t>(kept), scores.end(),
                    [&](const PairScore& a, const PairScore& b) {
                      return a.value != b.value ? a.value > b.value : admission_.rank(a.position) < admission_.rank(b.position);
                    });
  scores.resize(kept);
  std::vector<RunEntry>& entries = piece.matches.emplace_back();
  std::vector<RunBand>& bands = piece.bands.emplace_back();
  for (const PairScore& score : scores) {
    entries.push_back({admission_.rank(score.position), score.value, score.own, score.their});
    bands.push_back(chance.band(score, better));
  }
}

std::size_t GroupWork::most_bytes(std::uint32_t number) const {
  const PositionRange range = pairs_.group(number);
  const std::size_t candidates = task_.settings.candidates + task_.settings.spare, listed = task_.settings.listed;
  const std::size_t row = 64 + candidates * sizeof(RankedCandidate) + listed * (sizeof(RunEntry) + sizeof(RunBand));
  return 256 + (range.end - range.first) * row;
}

Status GroupWork::check_shape(std::uint32_t number, const GroupPiece& piece) const {
  const PositionRange range = pairs_.group(number);
  const std::size_t rows = range.end - range.first;
  if (piece.lists.size() != rows || piece.matches.size() != rows || piece.bands.size() != rows)
    return misshapen(number, "not the rows of that group");
  for (std::size_t i = 0; i < rows; ++i) {
    const CandidateList& list = piece.lists[i];
    if (list.rank != admission_.rank(range.first + static_cast<std::uint32_t>(i)))
      return misshapen(number, "not the rows of that group");
    if (list.candidates.size() > task_.settings.candidates + task_.settings.spare ||
        piece.matches[i].size() > task_.settings.listed || piece.bands[i].size() != piece.matches[i].size())
      return misshapen(number, "longer lists than were asked for");
    // In the order in which piece() has them, which leaves nobody in a list twice.
    const auto in_order = [](const auto& all) {
      return std::ranges::adjacent_find(all, std::not_fn(BestFirst{})) == all.end();
    };
    const bool known =
        std::ranges::all_of(
            list.candidates,
            [&](const RankedCandidate& one) { return one.rank < admission_.size() && std::isfinite(one.key); }) &&
        std::ranges::all_of(piece.matches[i],
                            [&](const RunEntry& one) {
                              return one.counterpart < admission_.size() && one.counterpart != list.rank && one.value > 0;
                            }) &&
        in_order(list.candidates) && in_order(piece.matches[i]);
    if (!known) return misshapen(number, "matches that cannot be");
    if (!std::ranges::all_of(piece.bands[i], [](RunBand band) { return band == kUntold || band < bands().size(); }))
      return misshapen(number, "bands that there are not");
  }
  return {};
}

}  // namespace counterpart::index
