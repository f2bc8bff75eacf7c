// What backup and restore do with single files: hashing, copying, locking a folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/result.h"
#include "index/backup/backup_manifest.h"
#include "index/layer.h"
#include "index/store/store.h"

namespace counterpart::index {

struct FileHash {
  std::uint64_t size = 0;
  std::string sha256;
};
// kNotFound, kStorage.
Result<FileHash> hash_file(const std::filesystem::path& file);
// Under its name only when it is whole and on disk; the hash is of what was read. kNotFound, kStorage.
Result<FileHash> copy_hashed(const std::filesystem::path& from, const std::filesystem::path& to);

// A folder that one thread of all processes has at a time. The lock ends with the process, whatever ends that.
class FolderLock {
 public:
  // Makes the folder, readable by its owner alone, when it is absent. kConflict: somebody has it. kStorage.
  static Result<FolderLock> take(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// kStorage. An absent folder is a removed one.
Status remove_folder(const std::filesystem::path& folder);
Status empty_folder(const std::filesystem::path& folder);
Status make_folders(const std::filesystem::path& folder);
// All directories from `folder` down.
Status sync_tree(const std::filesystem::path& folder);

// SHA-256 over every profile's id and record.
Result<std::string> heads_of(const Database& database, const Database::View* view = nullptr);

// kCorrupt: a file of `manifest` below folder/files is missing or differs; the message names it.
Status check_backup_files(const std::filesystem::path& folder, const BackupManifest& manifest);
// Puts the files of `manifest` below `target`, which is empty, and opens them as a store that must be what the manifest says.
// `share_tables`: tables, which nobody changes, become second names of those in the backup.
Result<std::unique_ptr<Store>> restore_into(const std::filesystem::path& folder, const BackupManifest& manifest,
                                            const std::filesystem::path& target, const std::filesystem::path& key_file,
                                            bool share_tables);

}  // namespace counterpart::index
