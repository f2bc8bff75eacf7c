#include "index/snapshot/snapshot_builder.h"

#include <algorithm>
#include <map>

namespace counterpart::index {
namespace {

constexpr std::uint32_t kChunk = 8192;        // rows of a segment while the store is read
constexpr std::uint64_t kLeastRecent = 4096;  // below, a new base is not worth its clustering
constexpr std::uint64_t kRecentOfBase = 4;    // nor below a quarter of the base

}  // namespace

SnapshotBuilder::SnapshotBuilder(const Store& store, const Taxonomy& taxonomy, SnapshotModels models)
    : store_(store), taxonomy_(taxonomy), models_(std::move(models)) {}

bool SnapshotBuilder::usable(const std::optional<Embedding>& vectors) const {
  return vectors && vectors->model == models_.model && vectors->values.size() == 2 * std::size_t{models_.dimensions};
}

SnapshotBuilder::RowState SnapshotBuilder::accept(Embedding& vectors) const {
  const bool fine =
      vectors.fine_model == models_.fine && vectors.fine_values.size() == 2 * std::size_t{models_.fine_dimensions};
  if (!fine || models_.fine.empty()) vectors.fine_values.clear(), vectors.passages.clear(), vectors.references.clear();
  return fine || models_.fine.empty() ? RowState::kAll : RowState::kFast;
}

Status SnapshotBuilder::await_fine_of(const Segment& segment) {
  if (models_.fine.empty()) return {};
  for (std::uint32_t row = 0; row < segment.size(); ++row) {
    if (segment.fine_scale(row) != 0) continue;
    const std::string id(segment.id(row));
    Result<std::optional<Embedding>> vectors = store_.embedding(id);
    if (!vectors) return tl::unexpected(vectors.error());
    if (*vectors && accept(**vectors) == RowState::kFast) awaiting_fine_.insert(id);
  }
  return {};
}

SnapshotBuilder::HeldSegment SnapshotBuilder::hold(std::shared_ptr<const Segment> segment) const {
  std::shared_ptr<const SeenRows> seen = space_ ? std::make_shared<const SeenRows>(space_->see(*segment)) : nullptr;
  return {.segment = std::move(segment), .deleted = {}, .shown = nullptr, .seen = std::move(seen), .dirty = false};
}

void SnapshotBuilder::use(std::shared_ptr<const CorpusSpace> space) {
  space_ = std::move(space);
  for (HeldSegment& one : segments_) one.seen = space_ ? std::make_shared<const SeenRows>(space_->see(*one.segment)) : nullptr;
}

Status SnapshotBuilder::adopt(const LoadedSegment& base) {
  segments_.clear();
  frozen_.clear();
  awaiting_.clear();
  awaiting_fine_.clear();
  if (space_ && base.seen.rows && base.seen.space == space_->name())
    segments_.push_back({.segment = base.segment, .deleted = {}, .shown = nullptr, .seen = base.seen.rows, .dirty = false});
  else
    segments_.push_back(hold(base.segment));
  sequence_ = base.sequence;
  return await_fine_of(*base.segment);
}

Status SnapshotBuilder::rebuild() {
  segments_.clear();
  frozen_.clear();
  awaiting_.clear();
  awaiting_fine_.clear();
  sequence_ = store_.sequence();  // what is written while we read comes again as a change
  std::vector<LiveSegment> chunks;
  SegmentBuilder chunk = new_segment();
  const auto excluded = excluded_ids(store_.database());
  if (!excluded) return tl::unexpected(excluded.error());
  const Status read = store_.for_each(false, [&](const StoredProfile& stored, const std::optional<Embedding>& vectors) {
    if (excluded->contains(stored.profile.id)) return true;
    if (!usable(vectors)) {
      awaiting_.insert(stored.profile.id);
      return true;
    }
    Embedding accepted = *vectors;
    if (accept(accepted) == RowState::kFast) awaiting_fine_.insert(stored.profile.id);
    chunk.add(stored.profile, {stored.sequence, stored.version}, accepted, taxonomy_, accepted_day(stored.accepted_at));
    if (chunk.size() == kChunk) chunks.push_back({chunk.build(), nullptr});
    return true;
  });
  if (!read) return read;
  if (chunk.size() > 0) chunks.push_back({chunk.build(), nullptr});
  if (chunks.empty()) return {};
  Result<std::shared_ptr<const Segment>> base = merge_segments(chunks, Lists::kTrain);
  if (!base) return tl::unexpected(base.error());
  segments_.push_back(hold(std::move(*base)));
  return {};
}

void SnapshotBuilder::remove(std::string_view id) {
  for (HeldSegment& one : segments_) {
    const std::optional<std::uint32_t> row = one.segment->find(id);
    if (!row || one.deleted.contains(*row)) continue;
    one.deleted.add(*row);
    one.dirty = true;
    return;
  }
}

// Read after the change, so it may be newer than the change; the newer change then comes as well.
Result<SnapshotBuilder::RowState> SnapshotBuilder::read(const Change& change, SegmentBuilder& fresh) const {
  if (change.erased) return RowState::kErased;
  const Result<bool> excluded = is_excluded(store_.database(), change.id);
  if (!excluded) return tl::unexpected(excluded.error());
  if (*excluded) return RowState::kErased;
  const Result<StoredProfile> stored = store_.get(change.id);
  if (!stored && stored.error().code == ErrorCode::kNotFound) return RowState::kErased;  // since
  if (!stored) return tl::unexpected(stored.error());
  Result<std::optional<Embedding>> vectors = store_.embedding(change.id);
  if (!vectors) return tl::unexpected(vectors.error());
  if (!usable(*vectors)) return RowState::kNoVectors;
  const RowState state = accept(**vectors);
  fresh.add(stored->profile, {stored->sequence, stored->version}, **vectors, taxonomy_, accepted_day(stored->accepted_at));
  return state;
}

void SnapshotBuilder::take_in(std::string_view id, RowState state) {
  remove(id);
  for (auto* ids : {&awaiting_, &awaiting_fine_})
    if (const auto waiting = ids->find(id); waiting != ids->end()) ids->erase(waiting);
  if (state == RowState::kNoVectors) awaiting_.emplace(id);
  if (state == RowState::kFast) awaiting_fine_.emplace(id);
}

// First everything is read, then all of it is taken in: a profile that cannot be read now keeps its row until it can.
Result<std::size_t> SnapshotBuilder::advance(std::size_t limit) {
  const std::uint64_t reached = store_.sequence();
  const Result<std::vector<Change>> changes = store_.changes(sequence_, limit);
  if (!changes) return tl::unexpected(changes.error());
  SegmentBuilder fresh = new_segment();
  std::map<std::string_view, RowState> seen;
  for (const Change& change : *changes) {
    if (seen.contains(change.id)) continue;
    const Result<RowState> state = read(change, fresh);
    if (!state) return tl::unexpected(state.error());
    seen.emplace(change.id, *state);
  }
  for (const auto& [id, state] : seen) take_in(id, state);
  if (fresh.size() > 0) segments_.push_back(hold(fresh.build()));
  if (!changes->empty()) sequence_ = std::max(sequence_, changes->back().sequence);
  if (changes->size() < limit) sequence_ = std::max(sequence_, reached);
  consolidate();
  return changes->size();
}

void SnapshotBuilder::consolidate() {
  for (HeldSegment& one : segments_) {
    if (one.dirty) one.shown = std::make_shared<const Bitmap>(one.deleted);
    one.dirty = false;
  }
  const std::size_t fixed = !frozen_.empty() ? frozen_.size() : base_rows() > 0 ? 1 : 0;
  const auto first = segments_.begin() + static_cast<std::ptrdiff_t>(fixed);
  segments_.erase(std::remove_if(first, segments_.end(), [](const HeldSegment& one) { return one.live() == 0; }),
                  segments_.end());
  // Each recent segment is at least twice as large as the next, so that a row is copied a few times only.
  while (segments_.size() >= fixed + 2) {
    const HeldSegment& older = segments_[segments_.size() - 2];
    const HeldSegment& newer = segments_.back();
    if (older.live() >= 2 * newer.live()) break;
    const LiveSegment both[] = {shown(older), shown(newer)};
    Result<std::shared_ptr<const Segment>> merged = merge_segments(both, Lists::kNone);
    if (!merged) break;
    segments_.erase(segments_.end() - 2, segments_.end());
    segments_.push_back(hold(*merged));
  }
}

Status SnapshotBuilder::reconcile() {
  const std::shared_ptr<const Snapshot> now = snapshot();
  const auto excluded = excluded_ids(store_.database());
  if (!excluded) return tl::unexpected(excluded.error());
  if (excluded->empty() && store_.size() == now->size() + awaiting_.size()) return {};
  std::size_t matched = 0;
  const Status read = store_.for_each_head([&](std::string_view id, std::uint64_t) {
    if (now->find(id))
      matched += excluded->contains(id) ? 0 : 1;
    else if (!excluded->contains(id))
      awaiting_.emplace(id);
    return true;
  });
  if (!read) return read;
  if (matched < now->size()) return fail(ErrorCode::kCorrupt, "snapshot", "it holds profiles that the store does not");
  return {};
}

std::shared_ptr<const Snapshot> SnapshotBuilder::snapshot() const {
  std::vector<LiveSegment> segments;
  for (const HeldSegment& one : segments_) segments.push_back(shown(one));
  return std::make_shared<const Snapshot>(models_, sequence_, std::move(segments), space_);
}

std::uint64_t SnapshotBuilder::base_rows() const {
  return !segments_.empty() && segments_.front().segment->lists() > 0 ? segments_.front().segment->size() : 0;
}

std::optional<std::vector<LiveSegment>> SnapshotBuilder::base_due() {
  if (!frozen_.empty()) return std::nullopt;
  std::uint64_t recent = 0, live = 0;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    live += segments_[i].live();
    recent += i == 0 && base_rows() > 0 ? segments_[i].deleted.size() : segments_[i].segment->size();
  }
  if (recent <= std::max(kLeastRecent, base_rows() / kRecentOfBase) || live == 0) return std::nullopt;
  for (const HeldSegment& one : segments_) frozen_.push_back(shown(one));
  return frozen_;
}

void SnapshotBuilder::install_base(const std::shared_ptr<const Segment>& base) {
  HeldSegment fresh = hold(base);
  for (std::size_t i = 0; i < frozen_.size(); ++i) {
    Bitmap since = segments_[i].deleted;  // deleted while the base was being made
    if (frozen_[i].deleted) since -= *frozen_[i].deleted;
    for (const std::uint32_t row : since.rows())
      if (const auto moved = base->find(segments_[i].segment->id(row))) fresh.deleted.add(*moved);
  }
  fresh.dirty = true;
  const auto rest = segments_.begin() + static_cast<std::ptrdiff_t>(frozen_.size());
  segments_.erase(segments_.begin(), rest);
  segments_.insert(segments_.begin(), std::move(fresh));
  frozen_.clear();
  consolidate();
}

}  // namespace counterpart::index
