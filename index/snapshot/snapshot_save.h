// A snapshot written to its file, as a start takes it.
#pragma once

#include <filesystem>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/segment/segment_file.h"
#include "index/snapshot/snapshot.h"

namespace counterpart::index {

// All live rows as one segment, and with them what the corpus's space shows of them, where there is one. Errors as
// save_segment() and merge_segments().
Status save_snapshot(const Snapshot& snapshot, const std::filesystem::path& directory, const SnapshotStamp& stamp);

}  // namespace counterpart::index
