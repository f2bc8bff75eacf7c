#include "index/snapshot/snapshot.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "engine/base/hash.h"
#include "index/snapshot/unrelated_texts.h"

namespace counterpart::index {
namespace {

// One row in so many may still wait for its fine vectors: a new profile switches nobody's off.
constexpr std::size_t kMostMissing = 20;

// The first `limit` ids after `after` of the segment's rows in `rows`.
std::vector<std::string> first_ids(const Segment& segment, const Bitmap& rows, std::string_view after, std::size_t limit) {
  std::vector<std::string> ids;
  constexpr std::uint64_t kSparse = 16;
  if (rows.size() * kSparse < segment.size()) {  // few rows: cheaper sorted than looked for in the id order
    for (const std::uint32_t row : rows.rows())
      if (segment.id(row) > after) ids.emplace_back(segment.id(row));
    std::ranges::sort(ids);
    if (ids.size() > limit) ids.resize(limit);
    return ids;
  }
  const auto order = segment.by_id();
  for (std::size_t at = segment.after(after); at < order.size() && ids.size() < limit; ++at)
    if (rows.contains(order[at])) ids.emplace_back(segment.id(order[at]));
  return ids;
}

}  // namespace

Snapshot::Snapshot(SnapshotModels models, std::uint64_t sequence, std::vector<LiveSegment> segments,
                   std::shared_ptr<const CorpusSpace> space)
    : models_(std::move(models)), sequence_(sequence), segments_(std::move(segments)), space_(std::move(space)) {
  Row first = 0;
  for (const LiveSegment& live : segments_) {
    firsts_.push_back(first);
    first += live.segment->size();
    live_ += live.segment->size() - (live.deleted ? live.deleted->size() : 0);
    live_references_ += live.segment->references();
    if (live.deleted)
      for (const std::uint32_t row : live.deleted->rows()) live_references_ -= live.segment->reference_count(row);
  }
  if (models_.fine.empty()) return;
  for (const LiveSegment& live : segments_)
    for (std::uint32_t row = 0; row < live.segment->size(); ++row)
      if (live.segment->fine_scale(row) == 0 && !(live.deleted && live.deleted->contains(row))) ++awaiting_fine_;
  fine_ready_ = awaiting_fine_ * kMostMissing <= live_;
}

Snapshot::SegmentRow Snapshot::locate(Row row) const {
  const auto next = std::ranges::upper_bound(firsts_, row);
  const auto index = static_cast<std::size_t>(next - firsts_.begin()) - 1;
  return {*segments_[index].segment, row - firsts_[index], segments_[index].seen.get()};
}

bool Snapshot::live(Row row) const {
  const auto next = std::ranges::upper_bound(firsts_, row);
  const auto index = static_cast<std::size_t>(next - firsts_.begin()) - 1;
  return !segments_[index].deleted || !segments_[index].deleted->contains(row - firsts_[index]);
}

std::optional<Row> Snapshot::find(std::string_view wanted) const {
  for (std::size_t i = segments_.size(); i-- > 0;) {
    const std::optional<std::uint32_t> row = segments_[i].segment->find(wanted);
    if (row && (!segments_[i].deleted || !segments_[i].deleted->contains(*row))) return firsts_[i] + *row;
  }
  return std::nullopt;
}

std::string_view Snapshot::id(Row row) const {
  const SegmentRow at = locate(row);
  return at.segment.id(at.row);
}

std::string_view Snapshot::title(Row row) const {
  const SegmentRow at = locate(row);
  return at.segment.title(at.row);
}

std::string_view Snapshot::name(Row row) const {
  const SegmentRow at = locate(row);
  return at.segment.name(at.row);
}

std::vector<std::uint8_t> Snapshot::words_held(std::span<const AlternativeWords> wanted) const {
  std::vector<std::uint8_t> held(segments_.empty() ? 0 : firsts_.back() + segments_.back().segment->size(), 0);
  std::vector<Row> rows;
  for (const AlternativeWords& word : wanted) {
    rows.clear();
    for (std::size_t i = 0; i < segments_.size(); ++i)
      for (const std::uint32_t spelling : word)
        for (const WordPosting& posting : segments_[i].segment->postings(spelling)) rows.push_back(firsts_[i] + posting.row);
    std::ranges::sort(rows);
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    for (const Row row : rows)
      if (held[row] < std::numeric_limits<std::uint8_t>::max()) ++held[row];
  }
  return held;
}

namespace {

bool holds(const Segment& segment, std::uint32_t row, const Condition& condition) {
  const bool has = std::ranges::any_of(condition.any_of, [&](const std::string& key) {
    const KeyBitmaps::Entry* entry = segment.keys().find(condition.field, key);
    return entry && entry->rows.contains(row);
  });
  return has != condition.negated;
}

// As Segment::matching() tells of all rows, but for their end.
bool passes(const Segment& segment, std::uint32_t row, const Filter& filter) {
  const auto all_hold = [&](const Conditions& all) {
    return std::ranges::all_of(all, [&](const Condition& condition) { return holds(segment, row, condition); });
  };
  return all_hold(filter.all) && (filter.either.empty() || std::ranges::any_of(filter.either, all_hold));
}

}  // namespace

const Traits& Snapshot::traits(Row row) const {
  const SegmentRow at = locate(row);
  return at.segment.traits(at.row);
}

RowVersion Snapshot::version(Row row) const {
  const SegmentRow at = locate(row);
  return at.segment.version(at.row);
}

Embedding Snapshot::embedding(Row row) const {
  const SegmentRow at = locate(row);
  Embedding found = at.segment.embedding(at.row);
  found.model = models_.model;
  if (!found.fine_values.empty()) found.fine_model = models_.fine;
  return found;
}

Faces Snapshot::faces(Row row) const { return dequantise(embedding(row)); }

std::vector<Row> Snapshot::draw() const {
  std::vector<std::pair<std::uint64_t, Row>> rows;
  rows.reserve(live_);
  for (std::size_t i = 0; i < segments_.size(); ++i)
    for (std::uint32_t row = 0; row < segments_[i].segment->size(); ++row)
      if (!segments_[i].deleted || !segments_[i].deleted->contains(row))
        rows.emplace_back(split_mix(fnv1a(segments_[i].segment->id(row))), firsts_[i] + row);
  const auto end = rows.begin() + static_cast<std::ptrdiff_t>(std::min(kDrawnRows, rows.size()));
  std::partial_sort(rows.begin(), end, rows.end());
  std::vector<Row> drawn;
  for (auto at = rows.begin(); at != end; ++at) drawn.push_back(at->second);
  return drawn;
}

const UnrelatedTexts* Snapshot::unrelated() const {
  std::call_once(drawn_, [&] {
    std::vector<DrawnText> texts;
    for (const Row row : draw()) texts.push_back({faces(row), traits(row).own_need != 0, traits(row).own_offer != 0});
    unrelated_ = unrelated_texts(texts, fine_ready_);
  });
  return unrelated_ ? &*unrelated_ : nullptr;
}

Bitmap Snapshot::matching(const LiveSegment& live, const Filter& filter, std::int32_t today) const {
  Bitmap rows = live.segment->matching(filter, today);
  if (live.deleted) rows -= *live.deleted;
  return rows;
}

std::vector<bool> Snapshot::passing(const Filter& filter, std::int32_t today, std::span<const Row> rows) const {
  constexpr std::size_t kFew = 16;  // of whom it is told sooner one by one than by the sets of all who pass
  if (rows.size() <= kFew) {
    std::vector<bool> passing;
    for (const Row row : rows) {
      const SegmentRow at = locate(row);
      passing.push_back(live(row) && at.segment.traits(at.row).valid_until >= today && passes(at.segment, at.row, filter));
    }
    return passing;
  }
  std::vector<Bitmap> pass;
  for (const LiveSegment& live : segments_) pass.push_back(matching(live, filter, today));
  std::vector<bool> passing;
  passing.reserve(rows.size());
  for (const Row row : rows) {
    const auto index = static_cast<std::size_t>(std::ranges::upper_bound(firsts_, row) - firsts_.begin()) - 1;
    passing.push_back(pass[index].contains(row - firsts_[index]));
  }
  return passing;
}

std::uint64_t Snapshot::count(const Filter& filter, std::int32_t today) const {
  std::uint64_t total = 0;
  for (const LiveSegment& live : segments_) total += matching(live, filter, today).size();
  return total;
}

std::vector<std::pair<std::string, std::uint64_t>> Snapshot::facet(const Filter& filter, std::int32_t today,
                                                                   std::string_view field) const {
  std::map<std::string, std::uint64_t, std::less<>> counts;
  for (const LiveSegment& live : segments_) {
    const Bitmap rows = matching(live, filter, today);
    for (const KeyBitmaps::Entry& entry : live.segment->keys().of_field(field))
      if (const std::uint64_t common = entry.rows.common(rows); common > 0) counts[entry.key] += common;
  }
  return {counts.begin(), counts.end()};
}

std::vector<std::string> Snapshot::list(const Filter& filter, std::string_view after, std::size_t limit) const {
  std::vector<std::string> ids;
  for (const LiveSegment& live : segments_) {
    std::vector<std::string> more = first_ids(*live.segment, matching(live, filter, kEver), after, limit);
    const auto middle = static_cast<std::ptrdiff_t>(ids.size());
    ids.insert(ids.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    std::inplace_merge(ids.begin(), ids.begin() + middle, ids.end());
    if (ids.size() > limit) ids.resize(limit);
  }
  return ids;
}

}  // namespace counterpart::index
