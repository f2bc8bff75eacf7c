#include "index/backup/backup_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <memory>
#include <utility>

#include "index/base/files.h"
#include "index/base/kill_point.h"

namespace counterpart::index {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kPiece = 1 << 20;

template <class Take>
Result<FileHash> read_all(const fs::path& file, Take&& take) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 && errno == ENOENT) return fail(ErrorCode::kNotFound, file.filename().string(), "the file is absent");
  if (descriptor < 0) return disk_error(file, errno);
  const std::unique_ptr<char[]> piece(new char[kPiece]);
  FileHash found;
  Sha256 hash;
  int failed = 0;
  while (true) {
    const ssize_t count = ::read(descriptor, piece.get(), kPiece);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) failed = errno;
    if (count <= 0) break;
    const std::string_view bytes(piece.get(), static_cast<std::size_t>(count));
    hash.add(bytes);
    found.size += bytes.size();
    take(bytes);
  }
  ::close(descriptor);
  if (failed != 0) return disk_error(file, failed);
  found.sha256 = hash.hex();
  return found;
}

tl::unexpected<Error> differs(const std::string& path, const std::string& what) {
  return fail(ErrorCode::kCorrupt, path, what, "use another backup; this one can no longer be restored");
}

}  // namespace

Result<FileHash> hash_file(const fs::path& file) {
  return read_all(file, [](std::string_view) {});
}

Result<FileHash> copy_hashed(const fs::path& from, const fs::path& to) {
  AtomicFile copy(to);
  Result<FileHash> found = read_all(from, [&](std::string_view bytes) { copy.write(bytes); });
  if (!found) return found;
  if (Status finished = copy.finish(); !finished) return tl::unexpected(finished.error());
  return found;
}

Result<FolderLock> FolderLock::take(const fs::path& folder) {
  if (Status made = make_folders(folder); !made) return tl::unexpected(made.error());
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return disk_error(folder, errno);
  FolderLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0)
    return fail(ErrorCode::kConflict, folder.string(), "another backup, restore or erasure is at work there",
                "try again when it is done");
  return lock;
}
FolderLock::FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Status remove_folder(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  if (error) return disk_error(folder, error.value());
  return {};
}

Status empty_folder(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (Status removed = remove_folder(at->path()); !removed) return removed;
  if (error) return disk_error(folder, error.value());
  return {};
}

Status make_folders(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return {};
  fs::create_directories(folder, error);
  if (!error) fs::permissions(folder, fs::perms::owner_all, error);  // contact data is in it
  if (error) return disk_error(folder, error.value());
  return {};
}

Status sync_tree(const fs::path& folder) {
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->is_directory(error))
      if (Status synced = sync_directory(at->path()); !synced) return synced;
  if (error) return disk_error(folder, error.value());
  return sync_directory(folder);
}

Result<std::string> heads_of(const Database& database, const Database::View* view) {
  Sha256 hash;
  Database::Cursor profiles(database, Family::kProfiles, view);
  for (profiles.first(); profiles.valid(); profiles.next()) {
    hash.add(std::to_string(profiles.key().size()) + ":" + std::to_string(profiles.value().size()) + ":");
    hash.add(profiles.key());
    hash.add(profiles.value());
  }
  if (Status walked = profiles.status(); !walked) return tl::unexpected(walked.error());
  return hash.hex();
}

Status check_backup_files(const fs::path& folder, const BackupManifest& manifest) {
  for (const BackupFile& file : manifest.files) {
    const Result<FileHash> found = hash_file(folder / "files" / file.sha256);
    if (!found && found.error().code == ErrorCode::kNotFound)
      return differs(file.path, "files/" + file.sha256 + " is missing in the backup folder");
    if (!found) return tl::unexpected(found.error());
    if (found->size != file.size || found->sha256 != file.sha256)
      return differs(file.path, "files/" + file.sha256 + " in the backup folder is not what was backed up");
  }
  return {};
}

Result<std::unique_ptr<Store>> restore_into(const fs::path& folder, const BackupManifest& manifest, const fs::path& target,
                                            const fs::path& key_file, bool share_tables) {
  for (const BackupFile& file : manifest.files) {
    const fs::path from = folder / "files" / file.sha256, to = target / file.path;
    if (Status made = make_folders(to.parent_path()); !made) return tl::unexpected(made.error());
    if (share_tables && to.extension() == ".sst") {
      if (::link(from.c_str(), to.c_str()) == 0) continue;  // not every file system can: a copy does as well
    }
    const Result<FileHash> copied = copy_hashed(from, to);
    if (!copied) return tl::unexpected(copied.error());
    if (copied->size != file.size || copied->sha256 != file.sha256)
      return differs(file.path, "changed in the backup folder while it was read");
  }
  if (Status synced = sync_tree(target); !synced) return tl::unexpected(synced.error());
  kill_point("restore: files in place");
  auto store = Store::open(target, key_file);
  if (!store) return tl::unexpected(store.error());
  const Result<std::string> heads = heads_of((*store)->database());
  if (!heads) return tl::unexpected(heads.error());
  if ((*store)->sequence() != manifest.sequence || (*store)->size() != manifest.profiles || *heads != manifest.heads)
    return differs("store", "it holds " + std::to_string((*store)->size()) + " profiles at change " +
                                std::to_string((*store)->sequence()) + ", and " + std::to_string(manifest.profiles) +
                                " at change " + std::to_string(manifest.sequence) + " were backed up");
  return store;
}

}  // namespace counterpart::index
