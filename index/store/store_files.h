// The two small files beside RocksDB: the format of the directory, and how far acknowledged writes have come.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

// 1: private members as they are; 2: sealed (index/store/vault.h).
inline constexpr std::uint64_t kStoreFormat = 2;

// Where a backup is put together, below the data directory; what a crash left there is removed when the store is opened.
inline constexpr const char* kBackupStage = "backup-stage";

// Creates the directory (readable by its owner alone: it holds contact data) and its FORMAT file when absent. The format
// found, kStoreFormat or an older one; kUnsupported: a newer one, and nothing was touched.
Result<std::uint64_t> prepare_store_directory(const std::filesystem::path& directory);
// Says that the directory is now of kStoreFormat.
Status raise_store_format(const std::filesystem::path& directory);

// The highest acknowledged sequence, kept outside of RocksDB so that a log which lost its end is noticed. It is raised
// after the synced write it speaks of, so it never claims too much. Not thread-safe.
class HighWater {
 public:
  // 0 when there is no file yet. kCorrupt: the file fails its checksum.
  static Result<std::unique_ptr<HighWater>> open(const std::filesystem::path& file);
  ~HighWater();  // syncs
  HighWater(const HighWater&) = delete;
  HighWater& operator=(const HighWater&) = delete;

  std::uint64_t value() const { return value_; }
  // In the system's hands at once (survives the end of the process), synced about once a second.
  void raise(std::uint64_t value);

 private:
  HighWater(int descriptor, std::uint64_t value) : descriptor_(descriptor), value_(value) {}
  int descriptor_;
  std::uint64_t value_;
  std::chrono::steady_clock::time_point synced_{};
};

}  // namespace counterpart::index
