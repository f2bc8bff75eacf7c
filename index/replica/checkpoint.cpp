#include "index/replica/checkpoint.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include "index/backup/backup_files.h"
#include "index/base/codec.h"
#include "index/base/files.h"
#include "index/store/store_files.h"

namespace counterpart::index {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = 256 * 1024, kLongestHead = 4096;
// What a copy is made of; all but the first may be absent.
constexpr const char* kWhole = "WHOLE";  // stands in a copy that is finished
constexpr const char* kParts[] = {"FORMAT", "HIGH-WATER", "store", "index", "runs"};

// A file that is gone meanwhile is left out: only what is made again or kept by number comes and goes.
Status link_tree(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::exists(from, error)) return {};
  if (Status made = make_folders(to); !made) return made;
  for (fs::directory_iterator at(from, error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;
    if (at->is_directory(gone)) {
      if (Status linked = link_tree(at->path(), to / at->path().filename()); !linked) return linked;
    } else if (::link(at->path().c_str(), (to / at->path().filename()).c_str()) != 0 && errno != ENOENT) {
      return disk_error(at->path(), errno);
    }
  }
  return error && error != std::errc::no_such_file_or_directory ? disk_error(from, error.value()) : Status();
}

}  // namespace

struct CheckpointSource::Impl {
  explicit Impl(FolderLock taken) : lock(std::move(taken)) {}
  ~Impl() { (void)remove_folder(stage); }  // its files hold what may be erased a moment later

  FolderLock lock;
  fs::path stage = {};
  std::vector<fs::path> files = {};
  std::size_t at = 0;
  std::ifstream open = {};
  std::uint64_t left = 0;
  bool reading = false;
  Sha256 hash = {};
};

CheckpointSource::CheckpointSource(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CheckpointSource::~CheckpointSource() = default;

Result<std::unique_ptr<CheckpointSource>> CheckpointSource::make(Store& store) {
  const fs::path stage = store.directory() / kBackupStage;
  Result<FolderLock> lock = FolderLock::take(stage);
  if (!lock) return tl::unexpected(lock.error());
  auto impl = std::make_unique<Impl>(std::move(*lock));
  impl->stage = stage;
  if (Status emptied = empty_folder(stage); !emptied) return tl::unexpected(emptied.error());
  // Runs and index first: neither may be of a later state than the store.
  for (const char* part : {"runs", "index"})
    if (Status linked = link_tree(store.directory() / part, stage / part); !linked) return tl::unexpected(linked.error());
  const Status fixed = store.run_exclusively([&](Database& database) -> Status {
    database.tail().keep();
    if (Status done = database.checkpoint(stage / "store"); !done) return done;
    for (const char* name : {"FORMAT", "HIGH-WATER"})
      if (const auto copied = copy_hashed(store.directory() / name, stage / name); !copied)
        return tl::unexpected(copied.error());
    return {};
  });
  if (!fixed) return tl::unexpected(fixed.error());
  std::error_code error;
  for (fs::recursive_directory_iterator found(stage, error), end; !error && found != end; found.increment(error))
    if (found->is_regular_file(error)) impl->files.push_back(found->path());
  if (error) return disk_error(stage, error.value());
  std::ranges::sort(impl->files);
  return std::unique_ptr<CheckpointSource>(new CheckpointSource(std::move(impl)));
}

// A file is its name, its size and its bytes; an empty name and the hash of all before it are the end.
Result<bool> CheckpointSource::next(std::string& piece) {
  Impl& own = *impl_;
  const std::size_t before = piece.size();
  if (!own.reading && own.at == own.files.size()) {
    append_text(piece, {});
    append_text(piece, own.hash.hex());
    return false;
  }
  if (!own.reading) {
    const fs::path& file = own.files[own.at];
    std::error_code error;
    own.left = fs::file_size(file, error);
    if (error) return disk_error(file, error.value());
    own.open = std::ifstream(file, std::ios::binary);
    append_text(piece, fs::relative(file, own.stage).generic_string());
    append_varint(piece, own.left);
    own.reading = true;
  }
  std::string bytes(std::min<std::uint64_t>(own.left, kPiece), '\0');
  if (!bytes.empty() && !own.open.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
    return disk_error(own.files[own.at], EIO);
  piece += bytes;
  own.left -= bytes.size();
  if (own.left == 0) {
    own.reading = false;
    ++own.at;
  }
  own.hash.add(std::string_view(piece).substr(before));
  return true;
}

struct CheckpointSink::Impl {
  explicit Impl(fs::path where) : folder(std::move(where)) {}
  void take_head();
  bool take_bytes();
  Status begin(const std::string& name);

  fs::path folder;
  std::string pending = {};  // not yet understood
  std::optional<AtomicFile> file = {};
  std::uint64_t left = 0;
  Sha256 hash = {};
  bool ended = false;
  Status went = {};
};

CheckpointSink::CheckpointSink(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CheckpointSink::~CheckpointSink() = default;

Result<std::unique_ptr<CheckpointSink>> CheckpointSink::make(const fs::path& folder) {
  if (Status made = make_folders(folder); !made) return tl::unexpected(made.error());
  if (Status emptied = empty_folder(folder); !emptied) return tl::unexpected(emptied.error());
  return std::unique_ptr<CheckpointSink>(new CheckpointSink(std::make_unique<Impl>(folder)));
}

namespace {

tl::unexpected<Error> cut_short() {
  return fail(ErrorCode::kCorrupt, "copy", "the copy of the owner's data is cut short or changed", "it is asked for again");
}

// One of a data directory's own, and nowhere else.
bool is_part(const fs::path& name) {
  const bool plain = !name.is_absolute() && std::ranges::none_of(name, [](const fs::path& step) { return step == ".."; });
  return plain && std::ranges::any_of(kParts, [&](const char* part) { return *name.begin() == part; });
}

}  // namespace

Status CheckpointSink::Impl::begin(const std::string& name) {
  if (!is_part(name)) return cut_short();
  if (Status made = make_folders((folder / name).parent_path()); !made) return made;
  file.emplace(folder / name);
  return {};
}

// False: more must come first.
bool CheckpointSink::Impl::take_bytes() {
  const std::size_t now = std::min<std::uint64_t>(left, pending.size());
  const std::string_view bytes = std::string_view(pending).substr(0, now);
  file->write(bytes);
  hash.add(bytes);
  pending.erase(0, now);
  left -= now;
  if (left > 0) return false;
  went = file->finish();
  file.reset();
  return went.has_value();
}

void CheckpointSink::Impl::take_head() {
  std::string_view rest = pending;
  std::string name, sum;
  if (!take_text(rest, name) || (name.empty() ? !take_text(rest, sum) : !take_varint(rest, left))) {
    if (pending.size() > kLongestHead) went = cut_short();
    left = 0;
    return;
  }
  if (name.empty()) {
    ended = true;
    if (sum != hash.hex() || !rest.empty()) went = cut_short();
    return;
  }
  hash.add(std::string_view(pending).substr(0, pending.size() - rest.size()));
  pending.erase(0, pending.size() - rest.size());
  went = begin(name);
}

void CheckpointSink::add(std::string_view piece) {
  Impl& own = *impl_;
  if (!own.went) return;
  if (own.ended) own.went = cut_short();
  own.pending.append(piece);
  while (own.went && !own.ended) {
    if (own.file) {
      if (!own.take_bytes()) return;
    } else {
      own.take_head();
      if (!own.file) return;
    }
  }
}

Status CheckpointSink::finish() {
  if (!impl_->went) return impl_->went;
  if (!impl_->ended) return cut_short();
  if (Status synced = sync_tree(impl_->folder); !synced) return synced;
  return AtomicFile(impl_->folder / kWhole).finish();
}

bool is_whole_checkpoint(const fs::path& folder) {
  std::error_code error;
  return fs::exists(folder / kWhole, error);
}

Status take_checkpoint(const fs::path& folder, const fs::path& data) {
  std::error_code error;
  if (!is_whole_checkpoint(folder)) return cut_short();
  for (const char* part : kParts) {
    if (!fs::exists(folder / part, error)) continue;  // it is in its place already
    const fs::path old = data / (std::string(part) + ".old");
    if (Status gone = remove_folder(old); !gone) return gone;
    if (fs::exists(data / part, error)) fs::rename(data / part, old, error);
    if (!error) fs::rename(folder / part, data / part, error);
    if (error) return disk_error(data / part, error.value());
    if (Status gone = remove_folder(old); !gone) return gone;
  }
  if (Status synced = sync_directory(data); !synced) return synced;
  return remove_folder(folder);
}

}  // namespace counterpart::index
