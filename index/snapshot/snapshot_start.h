// The first snapshot of a start: from the snapshot file and the changes since, or from the store where the file is of no use.
#pragma once

#include <cstddef>
#include <filesystem>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/segment/segment_file.h"
#include "index/snapshot/publisher.h"
#include "index/snapshot/snapshot_builder.h"
#include "index/store/store.h"

namespace counterpart::index {

inline constexpr std::size_t kSnapshotBatch = 4096;  // changes that are taken in at once

// Brings `builder` up to date with `store`, and says in `report` how.
Status start_snapshot(SnapshotBuilder& builder, const Store& store, const std::filesystem::path& directory,
                      const SnapshotStamp& stamp, OpenReport& report);

}  // namespace counterpart::index
