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

SnapshotBuilder::Found SnapshotBuilder::accept(Embedding& vectors) const {
  const bool fine =
      vectors.fine_model == models_.fine && vectors.fine_values.size() == 2 * std::size_t{models_.fine_dimensions};
  if (!fine || models_.fine.empty()) vectors.fine_values.clear(), vectors.passages.clear();
  return fine || models_.fine.empty() ? Found::kAll : Found::kFast;
}

Status SnapshotBuilder::await_fine_of(const Segment& segment) {
  if (models_.fine.empty()) return {};
  for (std::uint32_t row = 0; row < segment.size(); ++row) {
    if (segment.fine_scale(row) != 0) continue;
    const std::string id(segment.id(row));
    Result<std::optional<Embedding>> vectors = store_.embedding(id);
    if (!vectors) return tl::unexpected(vectors.error());
    if (*vectors && accept(**vectors) == Found::kFast) awaiting_fine_.insert(id);
  }
  return {};
}

SnapshotBuilder::Part SnapshotBuilder::part_of(std::shared_ptr<const Segment> segment) {
  return {.segment = std::move(segment), .deleted = {}, .shown = nullptr, .dirty = false};
}

Status SnapshotBuilder::adopt(const LoadedSegment& base) {
  parts_.clear();
  frozen_.clear();
  awaiting_.clear();
  awaiting_fine_.clear();
  parts_.push_back(part_of(base.segment));
  sequence_ = base.sequence;
  return await_fine_of(*base.segment);
}

Status SnapshotBuilder::rebuild() {
  parts_.clear();
  frozen_.clear();
  awaiting_.clear();
  awaiting_fine_.clear();
  sequence_ = store_.sequence();  // what is written while we read comes again as a change
  std::vector<LiveSegment> chunks;
  SegmentBuilder chunk = new_segment();
  const Status read = store_.for_each(false, [&](const StoredProfile& stored, const std::optional<Embedding>& vectors) {
    if (!usable(vectors)) {
      awaiting_.insert(stored.profile.id);
      return true;
    }
    Embedding accepted = *vectors;
    if (accept(accepted) == Found::kFast) awaiting_fine_.insert(stored.profile.id);
    chunk.add(stored.profile, {stored.sequence, stored.version}, accepted, taxonomy_, accepted_day(stored.accepted_at));
    if (chunk.size() == kChunk) chunks.push_back({chunk.build(), nullptr});
    return true;
  });
  if (!read) return read;
  if (chunk.size() > 0) chunks.push_back({chunk.build(), nullptr});
  if (chunks.empty()) return {};
  Result<std::shared_ptr<const Segment>> base = merge_segments(chunks, Lists::kTrain);
  if (!base) return tl::unexpected(base.error());
  parts_.push_back(part_of(std::move(*base)));
  return {};
}

void SnapshotBuilder::remove(std::string_view id) {
  for (Part& part : parts_) {
    const std::optional<std::uint32_t> row = part.segment->find(id);
    if (!row || part.deleted.contains(*row)) continue;
    part.deleted.add(*row);
    part.dirty = true;
    return;
  }
}

// Read after the change, so it may be newer than the change; the newer change then comes as well.
Result<SnapshotBuilder::Found> SnapshotBuilder::read(const Change& change, SegmentBuilder& fresh) const {
  if (change.erased) return Found::kErased;
  const Result<StoredProfile> stored = store_.get(change.id);
  if (!stored && stored.error().code == ErrorCode::kNotFound) return Found::kErased;  // since
  if (!stored) return tl::unexpected(stored.error());
  Result<std::optional<Embedding>> vectors = store_.embedding(change.id);
  if (!vectors) return tl::unexpected(vectors.error());
  if (!usable(*vectors)) return Found::kNoVectors;
  const Found found = accept(**vectors);
  fresh.add(stored->profile, {stored->sequence, stored->version}, **vectors, taxonomy_, accepted_day(stored->accepted_at));
  return found;
}

void SnapshotBuilder::take_in(std::string_view id, Found found) {
  remove(id);
  for (auto* ids : {&awaiting_, &awaiting_fine_})
    if (const auto waiting = ids->find(id); waiting != ids->end()) ids->erase(waiting);
  if (found == Found::kNoVectors) awaiting_.emplace(id);
  if (found == Found::kFast) awaiting_fine_.emplace(id);
}

// First everything is read, then all of it is taken in: a profile that cannot be read now keeps its row until it can.
Result<std::size_t> SnapshotBuilder::advance(std::size_t limit) {
  const std::uint64_t reached = store_.sequence();
  const Result<std::vector<Change>> changes = store_.changes(sequence_, limit);
  if (!changes) return tl::unexpected(changes.error());
  SegmentBuilder fresh = new_segment();
  std::map<std::string_view, Found> seen;
  for (const Change& change : *changes) {
    if (seen.contains(change.id)) continue;
    const Result<Found> found = read(change, fresh);
    if (!found) return tl::unexpected(found.error());
    seen.emplace(change.id, *found);
  }
  for (const auto& [id, found] : seen) take_in(id, found);
  if (fresh.size() > 0) parts_.push_back(part_of(fresh.build()));
  if (!changes->empty()) sequence_ = std::max(sequence_, changes->back().sequence);
  if (changes->size() < limit) sequence_ = std::max(sequence_, reached);
  settle();
  return changes->size();
}

void SnapshotBuilder::settle() {
  for (Part& part : parts_) {
    if (part.dirty) part.shown = std::make_shared<const Bitmap>(part.deleted);
    part.dirty = false;
  }
  const std::size_t fixed = !frozen_.empty() ? frozen_.size() : base_rows() > 0 ? 1 : 0;
  const auto first = parts_.begin() + static_cast<std::ptrdiff_t>(fixed);
  parts_.erase(std::remove_if(first, parts_.end(), [](const Part& part) { return part.live() == 0; }), parts_.end());
  // Each recent segment is at least twice as large as the next, so that a row is copied a few times only.
  while (parts_.size() >= fixed + 2) {
    const Part& older = parts_[parts_.size() - 2];
    const Part& newer = parts_.back();
    if (older.live() >= 2 * newer.live()) break;
    const LiveSegment both[] = {shown(older), shown(newer)};
    Result<std::shared_ptr<const Segment>> merged = merge_segments(both, Lists::kNone);
    if (!merged) break;
    parts_.erase(parts_.end() - 2, parts_.end());
    parts_.push_back(part_of(*merged));
  }
}

Status SnapshotBuilder::reconcile() {
  const std::shared_ptr<const Snapshot> now = snapshot();
  if (store_.size() == now->size() + awaiting_.size()) return {};
  std::size_t found = 0;
  const Status read = store_.for_each_head([&](std::string_view id, std::uint64_t) {
    if (now->find(id))
      ++found;
    else
      awaiting_.emplace(id);
    return true;
  });
  if (!read) return read;
  if (found < now->size()) return fail(ErrorCode::kCorrupt, "snapshot", "it holds profiles that the store does not");
  return {};
}

std::shared_ptr<const Snapshot> SnapshotBuilder::snapshot() const {
  std::vector<LiveSegment> segments;
  for (const Part& part : parts_) segments.push_back(shown(part));
  return std::make_shared<const Snapshot>(models_, sequence_, std::move(segments));
}

std::uint64_t SnapshotBuilder::base_rows() const {
  return !parts_.empty() && parts_.front().segment->lists() > 0 ? parts_.front().segment->size() : 0;
}

std::optional<std::vector<LiveSegment>> SnapshotBuilder::base_due() {
  if (!frozen_.empty()) return std::nullopt;
  std::uint64_t recent = 0, live = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    live += parts_[i].live();
    recent += i == 0 && base_rows() > 0 ? parts_[i].deleted.size() : parts_[i].segment->size();
  }
  if (recent <= std::max(kLeastRecent, base_rows() / kRecentOfBase) || live == 0) return std::nullopt;
  for (const Part& part : parts_) frozen_.push_back(shown(part));
  return frozen_;
}

void SnapshotBuilder::install_base(const std::shared_ptr<const Segment>& base) {
  Part fresh = part_of(base);
  for (std::size_t i = 0; i < frozen_.size(); ++i) {
    Bitmap since = parts_[i].deleted;  // deleted while the base was being made
    if (frozen_[i].deleted) since -= *frozen_[i].deleted;
    for (const std::uint32_t row : since.rows())
      if (const auto moved = base->find(parts_[i].segment->id(row))) fresh.deleted.add(*moved);
  }
  fresh.dirty = true;
  const auto rest = parts_.begin() + static_cast<std::ptrdiff_t>(frozen_.size());
  parts_.erase(parts_.begin(), rest);
  parts_.insert(parts_.begin(), std::move(fresh));
  frozen_.clear();
  settle();
}

}  // namespace counterpart::index
