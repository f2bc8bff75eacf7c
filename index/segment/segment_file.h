// Snapshot files: one segment in DIRECTORY/base-<sequence>.seg, and DIRECTORY/MANIFEST that says what may be loaded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/layer.h"
#include "index/segment/segment.h"

namespace counterpart::index {

// What a file was made under; it is of use only where all of it is equal.
struct SnapshotStamp {
  std::string model;
  std::string tables;  // tables_hash()
  std::uint32_t dimensions = 0;
  std::string fine = {};  // the second text model; empty: none
  std::uint32_t fine_dimensions = 0;
};

// Of the code lists and the field table: traits and keys of other tables mean something else.
std::string tables_hash(const Taxonomy& taxonomy);

// A segment's fine vectors as a space shows them, kept beside it so that a start need not look at all of them again.
struct SeenIn {
  std::string space = {};  // its name; empty: there is none
  std::shared_ptr<const SeenRows> rows = nullptr;
};

struct LoadedSegment {
  std::shared_ptr<const Segment> segment;
  std::uint64_t sequence = 0;
  SeenIn seen = {};
};

// Durable when it returns: file under a temporary name, fsync, rename, fsync of the directory, then the manifest the
// same way, then older segment files are removed. Creates the directory.
Status save_segment(const std::filesystem::path& directory, const Segment& segment, std::uint64_t sequence,
                    const SnapshotStamp& stamp, const SeenIn& seen = {});

// Mapped, after the checksum of every section was compared with the manifest's. kNotFound: no manifest. kUnsupported:
// another format, model or other tables. kCorrupt: anything else that differs; the message names the section.
Result<LoadedSegment> load_segment(const std::filesystem::path& directory, const SnapshotStamp& stamp);

}  // namespace counterpart::index
