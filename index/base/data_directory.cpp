#include "index/base/data_directory.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>
#include <system_error>

#include "index/base/files.h"

namespace counterpart::index {
namespace {

namespace fs = std::filesystem;

// What lies in a data directory; the last is of server/start, and holds nothing.
constexpr auto kOurs = std::to_array<std::string_view>({"FORMAT", "HIGH-WATER", "MASTER-KEY", "server.json", "store", "index",
                                                        "runs", "backup-stage", "ROLE", "LEFT-BEHIND", "replica-stage",
                                                        "replica-unclean", "samples.loading"});
constexpr mode_t kOwnerAlone = 0700, kOthers = 077;

std::optional<struct stat> about(const fs::path& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return std::nullopt;
  return found;
}

// Whether anybody else had a right to it.
Result<bool> close_one(const fs::path& path) {
  const std::optional<struct stat> found = about(path);
  if (!found || S_ISLNK(found->st_mode) || (found->st_mode & kOthers) == 0) return false;
  if (::chmod(path.c_str(), found->st_mode & kOwnerAlone) == 0) return true;
  if (errno == ENOENT) return false;
  return fail(ErrorCode::kStorage, path.string(),
              "others may read it, and it cannot be closed to them: " + std::generic_category().message(errno),
              "as its owner: chmod -R go= on the data directory");
}

tl::unexpected<Error> unreadable(const fs::path& directory, std::error_code error) {
  if (error != std::errc::permission_denied) return disk_error(directory, error.value());
  return fail(ErrorCode::kStorage, directory.string(), error.message(), "call this as the user who owns the data directory");
}

Status expect_data_directory(const fs::path& directory) {
  std::error_code error;
  if (fs::exists(directory / "FORMAT", error)) return {};
  const std::string make =
      "name the right one by --data; `counterpart import FILE --data DIR` and `counterpart serve` make a new one";
  const bool there = !error && fs::exists(directory, error);
  if (error) return unreadable(directory, error);
  if (!there) return fail(ErrorCode::kNotFound, directory.string(), "there is no such data directory", make);
  return fail(ErrorCode::kInvalid, directory.string(), "holds no data of Counterpart", make);
}

Result<std::string> close_to_others(const fs::path& directory) {
  std::size_t closed = 0;
  bool shared = false;
  std::error_code error;
  const auto close = [&](const fs::path& path) -> Status {
    const Result<bool> open = close_one(path);
    if (open && *open) ++closed;
    return open ? Status() : tl::unexpected(open.error());
  };
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    const fs::path path = at->path();
    if (std::ranges::find(kOurs, path.filename().string()) == kOurs.end()) {
      shared = true;
      continue;
    }
    if (Status done = close(path); !done) return tl::unexpected(done.error());
    std::error_code gone;  // files that come and go are made closed
    if (!at->is_directory(gone) || at->is_symlink(gone)) continue;
    for (fs::recursive_directory_iterator below(path, gone), last; !gone && below != last; below.increment(gone))
      if (Status done = close(below->path()); !done) return tl::unexpected(done.error());
  }
  if (error && error != std::errc::no_such_file_or_directory) return unreadable(directory, error);
  if (!error && !shared) {
    const Result<bool> open = close_one(fs::canonical(directory, error));
    if (!open) return describe(open.error());  // what is in it is closed
    if (*open) return directory.string() + " was open to others: it is closed to all but its owner now";
  }
  if (closed == 0) return std::string();
  return std::to_string(closed) + " files and folders in " + directory.string() +
         " were open to others: they are closed to all but their owner now";
}

}  // namespace

Result<std::string> enter_data_directory(const fs::path& directory, bool makes) {
  if (!makes)
    if (Status there = expect_data_directory(directory); !there) return tl::unexpected(there.error());
  return close_to_others(directory);
}

Result<DirectoryWatch> DirectoryWatch::of(const fs::path& directory, const std::vector<std::string>& marks) {
  DirectoryWatch watch;
  std::vector<fs::path> paths{directory};
  for (const std::string& mark : marks) paths.push_back(directory / mark);
  for (const fs::path& path : paths) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return disk_error(path, errno);
    watch.known_.push_back({path, {found.st_dev, found.st_ino}});
  }
  return watch;
}

Status DirectoryWatch::check() const {
  for (const auto& [path, identity] : known_) {
    struct stat found {};
    if (::stat(path.c_str(), &found) == 0 && Identity{found.st_dev, found.st_ino} == identity) continue;
    return fail(ErrorCode::kStorage, known_.front().first.string(),
                "the data directory was deleted, moved or replaced while it was in use",
                "stop the server, then put the directory back, or restore the last backup");
  }
  return {};
}

}  // namespace counterpart::index
