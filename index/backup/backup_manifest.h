// What a backup consists of, and how that is written down: DIR/backups/NAME.manifest.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

inline constexpr std::uint64_t kBackupFormat = 1;

struct BackupFile {
  std::string path;  // below the data directory, parts joined by '/'
  std::uint64_t size = 0;
  std::string sha256;  // also its name below DIR/files
};

struct BackupManifest {
  std::string name;                // "000012"
  std::uint64_t store_format = 0;  // of the data directory
  std::uint64_t sequence = 0;      // of the store, and all files are of this moment
  std::uint64_t profiles = 0;
  std::string taken_at;  // UTC
  std::string heads;     // SHA-256 over every profile's id and record, as the store gave them at that sequence
  bool with_key = true;  // the master key of private members lay in the directory, and is among the files
  std::vector<BackupFile> files = {};
};

std::uint64_t bytes_of(const BackupManifest& manifest);

// One JSON object, and below it a line with the SHA-256 of all before.
std::string to_text(const BackupManifest& manifest);
// kCorrupt: cut short, changed, or it names what no backup of ours contains: paths that leave the directory, sizes that no
// disk has, a file twice. kUnsupported: of a newer format.
Result<BackupManifest> parse_backup_manifest(std::string_view text);

}  // namespace counterpart::index
