#include "index/snapshot/snapshot_start.h"

#include <optional>
#include <string>

namespace counterpart::index {
namespace {

// Takes in every change up to now.
Result<std::uint64_t> catch_up(SnapshotBuilder& builder) {
  std::uint64_t taken = 0;
  while (true) {
    const Result<std::size_t> changes = builder.advance(kSnapshotBatch);
    if (!changes) return tl::unexpected(changes.error());
    taken += *changes;
    if (*changes < kSnapshotBatch) return taken;
  }
}

// Why the file cannot be used, or nullopt after it was taken over and brought up to date.
Result<std::optional<std::string>> try_file(SnapshotBuilder& builder, const Store& store,
                                            const std::filesystem::path& directory, const SnapshotStamp& stamp,
                                            OpenReport& report) {
  using Reason = std::optional<std::string>;
  const Result<LoadedSegment> loaded = load_segment(directory, stamp);
  if (!loaded) {
    switch (loaded.error().code) {
      case ErrorCode::kNotFound: return Reason("no snapshot");
      case ErrorCode::kUnsupported: return Reason("snapshot " + loaded.error().message);
      default: return Reason("snapshot damaged (" + loaded.error().message + ")");
    }
  }
  if (loaded->sequence > store.sequence())
    return Reason("snapshot at " + std::to_string(loaded->sequence) + " is newer than the store at " +
                  std::to_string(store.sequence()));
  if (Status adopted = builder.adopt(*loaded); !adopted) return tl::unexpected(adopted.error());
  const Result<std::uint64_t> changes = catch_up(builder);
  if (!changes) return tl::unexpected(changes.error());
  if (Status equal = builder.reconcile(); !equal) {
    if (equal.error().code != ErrorCode::kCorrupt) return tl::unexpected(equal.error());
    return Reason("snapshot wrong (" + equal.error().message + ")");
  }
  report.caught_up = *changes;
  report.what = "snapshot at " + std::to_string(loaded->sequence) + ", caught up " + std::to_string(*changes) + " changes";
  return Reason();
}

}  // namespace

Status start_snapshot(SnapshotBuilder& builder, const Store& store, const std::filesystem::path& directory,
                      const SnapshotStamp& stamp, OpenReport& report) {
  const Result<std::optional<std::string>> refused = try_file(builder, store, directory, stamp, report);
  if (!refused) return tl::unexpected(refused.error());
  if (!*refused) return {};
  if (Status built = builder.rebuild(); !built) return built;
  if (const auto changes = catch_up(builder); !changes) return tl::unexpected(changes.error());
  report.rebuilt = true;
  report.what = **refused + ": rebuilt from the store";
  return {};
}

}  // namespace counterpart::index
