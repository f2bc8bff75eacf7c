// The first snapshot of a start: from the snapshot file and the changes since, or from the store where the file is of no use.
#pragma once

#include <cstddef>
#include <filesystem>

#include "engine/result.h"
#include "index/publisher.h"
#include "index/segment_file.h"
#include "index/snapshot_builder.h"
#include "index/store.h"

namespace counterpart {

inline constexpr std::size_t kSnapshotBatch = 4096;  // changes that are taken in at once

// Brings `builder` up to date with `store`, and says in `report` how.
Status start_snapshot(SnapshotBuilder& builder, const Store& store, const std::filesystem::path& directory,
                      const SnapshotStamp& stamp, OpenReport& report);

}  // namespace counterpart
