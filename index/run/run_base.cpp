#include "index/run/run_base.h"

#include <algorithm>
#include <limits>

namespace counterpart::index {

Result<std::unique_ptr<RunBase>> RunBase::open(const std::filesystem::path& file, bool finished) {
  auto base = std::make_unique<RunBase>();
  Result<std::unique_ptr<RunLog>> log = RunLog::open(file, [&](const RunLog::Piece& piece) -> Status {
    if (piece.kind == RunPiece::kHeader) {
      Result<RunHeader> header = unpack_header(piece.bytes);
      if (!header) return tl::unexpected(header.error());
      base->header_ = std::move(*header);
      base->kept_.resize(base->header_.ids.size());
    }
    if (piece.kind != RunPiece::kGroup && !(finished && piece.kind == RunPiece::kGiven)) return {};
    const Result<GroupPiece> group = unpack_group(piece.bytes);
    if (!group) return tl::unexpected(group.error());
    const std::vector<std::uint64_t> offsets = candidate_offsets(group->lists);
    for (std::size_t i = 0; i < group->lists.size(); ++i) {
      const CandidateList& list = group->lists[i];
      if (list.rank >= base->kept_.size()) continue;
      KeptList& kept = base->kept_[list.rank];
      kept = {piece.offset + offsets[i], static_cast<std::uint32_t>(list.candidates.size()), true, list.complete};
      if (!list.candidates.empty()) kept.last = list.candidates.back();
    }
    return {};
  });
  if (!log) return tl::unexpected(log.error());
  base->log_ = std::move(*log);
  return base;
}

void RunBase::connect(const RunHeader& now) {
  new_of_.assign(header_.ids.size(), kNone);
  old_of_.assign(now.ids.size(), kNone);
  old_before_.assign(now.ids.size(), 0);
  std::uint32_t old = 0;
  for (std::uint32_t rank = 0; rank < now.ids.size(); ++rank) {
    while (old < header_.ids.size() && header_.ids[old] < now.ids[rank]) ++old;
    old_before_[rank] = old;
    if (old == header_.ids.size() || header_.ids[old] != now.ids[rank] || header_.fingerprints[old] != now.fingerprints[rank])
      continue;
    old_of_[rank] = old;
    new_of_[old] = rank;
  }
}

std::size_t RunBase::usable() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(old_of_, [&](std::uint32_t old) { return old != kNone && kept_[old].known; }));
}

float RunBase::bar(std::uint32_t rank) const {
  if (!unchanged(rank) || !kept_[old_of_[rank]].known) return std::numeric_limits<float>::quiet_NaN();
  const KeptList& kept = kept_[old_of_[rank]];
  return kept.complete || kept.count == 0 ? -std::numeric_limits<float>::max() : kept.last.key;
}

Result<std::optional<CandidateList>> RunBase::list(std::uint32_t rank, std::span<const RankedHit> hits, std::size_t needed,
                                                   std::size_t most) const {
  if (!unchanged(rank) || !kept_[old_of_[rank]].known) return std::nullopt;
  const KeptList& kept = kept_[old_of_[rank]];
  const Result<std::string> bytes = log_->read(kept.offset, kept.count * sizeof(RankedCandidate));
  if (!bytes) return tl::unexpected(bytes.error());
  CandidateList list{rank, kept.complete};
  Unpacker in(*bytes);
  for (std::uint32_t i = 0; i < kept.count; ++i) {
    RankedCandidate one = in.one<RankedCandidate>();
    if (one.rank >= new_of_.size() || new_of_[one.rank] == kNone) continue;
    one.rank = new_of_[one.rank];
    list.candidates.push_back(one);
  }
  for (const RankedHit& hit : hits) {
    // Whoever the list left out then comes behind its last one: so do hits that are no better than that one.
    const bool in_reach =
        kept.complete || hit.key > kept.last.key || (hit.key == kept.last.key && old_before_[hit.candidate] <= kept.last.rank);
    if (in_reach) list.candidates.push_back({hit.candidate, hit.key});
  }
  std::ranges::sort(list.candidates, BestFirst{});
  if (list.candidates.size() > most) {
    list.candidates.resize(most);
    list.complete = false;
  }
  if (!list.complete && list.candidates.size() < needed) return std::nullopt;
  return list;
}

}  // namespace counterpart::index
