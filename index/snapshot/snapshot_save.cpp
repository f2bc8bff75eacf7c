#include "index/snapshot/snapshot_save.h"

#include <algorithm>

namespace counterpart::index {
namespace {

// The rows of `whole` as the segments that they come from show them: looking at all of them anew would take far longer.
std::shared_ptr<const SeenRows> gathered(const Segment& whole, const Snapshot& snapshot) {
  const std::size_t half = padded_half(whole.fine_dimensions());
  SeenRows seen;
  Column<std::int8_t>::Owned values(std::size_t{whole.size()} * 2 * half, 0), references(whole.references() * half, 0);
  seen.scales.assign(whole.size(), 0);
  seen.sectors.assign(whole.size(), {});
  seen.reference_scales.assign(whole.references(), 0);
  for (std::uint32_t row = 0; row < whole.size(); ++row) {
    const std::optional<Row> found = snapshot.find(whole.id(row));
    if (!found) return nullptr;
    const Snapshot::SegmentRow from = snapshot.locate(*found);
    if (!from.seen || from.seen->values.size() != std::size_t{from.segment.size()} * 2 * half) return nullptr;
    std::copy_n(from.seen->rows(half).row(from.row), 2 * half, values.begin() + static_cast<std::ptrdiff_t>(row * 2 * half));
    seen.scales[row] = from.seen->scales[from.row];
    seen.sectors[row] = from.seen->sectors[from.row];
    const std::uint32_t to = whole.first_reference(row), first = from.segment.first_reference(from.row);
    std::copy_n(from.seen->reference_scales.begin() + first, whole.reference_count(row), seen.reference_scales.begin() + to);
    std::copy_n(from.seen->references.view().begin() + static_cast<std::ptrdiff_t>(first * half),
                whole.reference_count(row) * half, references.begin() + static_cast<std::ptrdiff_t>(to * half));
  }
  seen.values = std::move(values);
  seen.references = std::move(references);
  return std::make_shared<const SeenRows>(std::move(seen));
}

}  // namespace

Status save_snapshot(const Snapshot& snapshot, const std::filesystem::path& directory, const SnapshotStamp& stamp) {
  const auto& segments = snapshot.segments();
  if (segments.empty())
    return save_segment(directory, *SegmentBuilder(stamp.dimensions, stamp.fine_dimensions).build(), snapshot.sequence(),
                        stamp);
  // Of a model that the space is not of, nothing is shown.
  const auto seen_in = [&](std::shared_ptr<const SeenRows> rows) {
    const bool shown = snapshot.space() && rows && !rows->values.view().empty();
    return shown ? SeenIn{snapshot.space()->name(), std::move(rows)} : SeenIn{};
  };
  if (segments.size() == 1 && !segments[0].deleted)
    return save_segment(directory, *segments[0].segment, snapshot.sequence(), stamp, seen_in(segments[0].seen));
  const Result<std::shared_ptr<const Segment>> merged = merge_segments(segments, Lists::kReuse);
  if (!merged) return tl::unexpected(merged.error());
  return save_segment(directory, **merged, snapshot.sequence(), stamp,
                      snapshot.space() ? seen_in(gathered(**merged, snapshot)) : SeenIn{});
}

}  // namespace counterpart::index
