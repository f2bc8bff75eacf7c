#include "tests/index/store/fault_file_system.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace counterpart::index {
namespace {

namespace fs = std::filesystem;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

std::optional<std::string> content_of(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

class FaultyReader : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  FaultyReader(std::unique_ptr<rocksdb::FSRandomAccessFile>&& file, FaultFileSystem& system)
      : FSRandomAccessFileOwnerWrapper(std::move(file)), system_(system) {}
  IOStatus Read(std::uint64_t offset, std::size_t size, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* debug) const override {
    if (IOStatus failed = system_.read_fault(); !failed.ok()) return failed;
    return FSRandomAccessFileOwnerWrapper::Read(offset, size, options, result, scratch, debug);
  }
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, std::size_t count, const IOOptions& options,
                     IODebugContext* debug) override {
    if (IOStatus failed = system_.read_fault(); !failed.ok()) return failed;
    return FSRandomAccessFileOwnerWrapper::MultiRead(requests, count, options, debug);
  }

 private:
  FaultFileSystem& system_;
};

class FaultyWriter : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyWriter(std::unique_ptr<rocksdb::FSWritableFile>&& file, std::string name, FaultFileSystem& system)
      : FSWritableFileOwnerWrapper(std::move(file)), name_(std::move(name)), system_(system) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    if (IOStatus failed = system_.write_fault(); !failed.ok()) return failed;
    const IOStatus done = FSWritableFileOwnerWrapper::Append(data, options, debug);
    if (done.ok()) system_.grown(name_, data.size());
    return done;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    if (IOStatus failed = system_.write_fault(); !failed.ok()) return failed;
    const IOStatus done = FSWritableFileOwnerWrapper::Truncate(size, options, debug);
    if (done.ok()) system_.truncated(name_, size);
    return done;
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    if (IOStatus failed = system_.write_fault(); !failed.ok()) return failed;
    const IOStatus done = FSWritableFileOwnerWrapper::Sync(options, debug);
    if (done.ok()) system_.synced(name_);
    return done;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    if (IOStatus failed = system_.write_fault(); !failed.ok()) return failed;
    const IOStatus done = FSWritableFileOwnerWrapper::Fsync(options, debug);
    if (done.ok()) system_.synced(name_);
    return done;
  }

 private:
  std::string name_;
  FaultFileSystem& system_;
};

class FaultyDirectory : public rocksdb::FSDirectoryWrapper {
 public:
  FaultyDirectory(std::unique_ptr<rocksdb::FSDirectory>&& directory, std::string name, FaultFileSystem& system)
      : FSDirectoryWrapper(std::move(directory)), name_(std::move(name)), system_(system) {}
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    if (IOStatus failed = system_.metadata_fault(); !failed.ok()) return failed;
    const IOStatus done = FSDirectoryWrapper::Fsync(options, debug);
    if (done.ok()) system_.directory_synced(name_);
    return done;
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug, const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, debug);
  }

 private:
  std::string name_;
  FaultFileSystem& system_;
};

}  // namespace

FaultFileSystem::FaultFileSystem(unsigned seed) : FileSystemWrapper(rocksdb::FileSystem::Default()), random_(seed) {}

void FaultFileSystem::set(FaultOdds odds) {
  const std::scoped_lock lock(mutex_);
  odds_ = odds;
}

void FaultFileSystem::cut_power() {
  const std::scoped_lock lock(mutex_);
  off_ = true;
}

rocksdb::IOStatus FaultFileSystem::fault(std::uint32_t FaultOdds::*odds, const char* what) {
  const std::scoped_lock lock(mutex_);
  if (off_ && odds != &FaultOdds::read) return IOStatus::IOError("the power is off");
  const std::uint32_t one_in = odds_.*odds;
  if (one_in == 0 || random_() % one_in != 0) return IOStatus::OK();
  ++faults_;
  IOStatus failed = IOStatus::IOError(std::string("a test lets this ") + what + " fail");
  failed.SetRetryable(odds_.passes || random_() % 2 == 0);
  return failed;
}

void FaultFileSystem::grown(const std::string& name, std::uint64_t bytes) {
  const std::scoped_lock lock(mutex_);
  files_[name].now += bytes;
}
void FaultFileSystem::truncated(const std::string& name, std::uint64_t size) {
  const std::scoped_lock lock(mutex_);
  Sizes& sizes = files_[name];
  sizes.now = size;
  sizes.synced = std::min(sizes.synced, size);
}
void FaultFileSystem::synced(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  files_[name].synced = files_[name].now;
}
void FaultFileSystem::directory_synced(const std::string& directory) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(names_, [&](const auto& name) { return fs::path(name.first).parent_path() == fs::path(directory); });
}
void FaultFileSystem::made(const std::string& name, std::optional<std::string> before) {
  const std::scoped_lock lock(mutex_);
  names_.try_emplace(name, std::move(before));
}

std::uint64_t FaultFileSystem::lose_unsynced() {
  const std::scoped_lock lock(mutex_);
  std::uint64_t lost = 0;
  for (const auto& [name, sizes] : files_) {
    std::error_code absent;
    if (sizes.now == sizes.synced || fs::file_size(name, absent) <= sizes.synced || absent) continue;
    // Some pages may have come to the disk by themselves.
    fs::resize_file(name, random_() % 2 == 0 ? sizes.synced : sizes.synced + random_() % (sizes.now - sizes.synced));
    ++lost;
  }
  for (const auto& [name, before] : names_) {
    std::error_code ignored;
    if (before)
      std::ofstream(name, std::ios::binary) << *before;
    else
      fs::remove(name, ignored);
    ++lost;
  }
  files_.clear();
  names_.clear();
  off_ = false;
  return lost;
}

IOStatus FaultFileSystem::NewRandomAccessFile(const std::string& name, const Options& options,
                                              std::unique_ptr<rocksdb::FSRandomAccessFile>* file, Debug* debug) {
  IOStatus done = FileSystemWrapper::NewRandomAccessFile(name, options, file, debug);
  if (done.ok()) file->reset(new FaultyReader(std::move(*file), *this));
  return done;
}

IOStatus FaultFileSystem::NewWritableFile(const std::string& name, const Options& options,
                                          std::unique_ptr<rocksdb::FSWritableFile>* file, Debug* debug) {
  if (IOStatus failed = metadata_fault(); !failed.ok()) return failed;
  made(name, content_of(name));
  IOStatus done = FileSystemWrapper::NewWritableFile(name, options, file, debug);
  if (!done.ok()) return done;
  truncated(name, 0);
  file->reset(new FaultyWriter(std::move(*file), name, *this));
  return done;
}

IOStatus FaultFileSystem::ReopenWritableFile(const std::string& name, const Options& options,
                                             std::unique_ptr<rocksdb::FSWritableFile>* file, Debug* debug) {
  if (IOStatus failed = metadata_fault(); !failed.ok()) return failed;
  std::error_code absent;
  const std::uint64_t size = fs::file_size(name, absent);
  if (absent) made(name, std::nullopt);
  IOStatus done = FileSystemWrapper::ReopenWritableFile(name, options, file, debug);
  if (!done.ok()) return done;
  if (!absent) {
    const std::scoped_lock lock(mutex_);
    files_.try_emplace(name, Sizes{size, size});
  }
  file->reset(new FaultyWriter(std::move(*file), name, *this));
  return done;
}

IOStatus FaultFileSystem::NewDirectory(const std::string& name, const IOOptions& options,
                                       std::unique_ptr<rocksdb::FSDirectory>* directory, Debug* debug) {
  IOStatus done = FileSystemWrapper::NewDirectory(name, options, directory, debug);
  if (done.ok()) directory->reset(new FaultyDirectory(std::move(*directory), name, *this));
  return done;
}

IOStatus FaultFileSystem::RenameFile(const std::string& from, const std::string& to, const IOOptions& options, Debug* debug) {
  if (IOStatus failed = metadata_fault(); !failed.ok()) return failed;
  std::optional<std::string> before = content_of(to);
  IOStatus done = FileSystemWrapper::RenameFile(from, to, options, debug);
  if (!done.ok()) return done;
  made(to, std::move(before));
  const std::scoped_lock lock(mutex_);
  names_.erase(from);
  if (const auto found = files_.find(from); found != files_.end()) {
    files_[to] = found->second;
    files_.erase(from);
  }
  return done;
}

IOStatus FaultFileSystem::LinkFile(const std::string& from, const std::string& to, const IOOptions& options, Debug* debug) {
  if (IOStatus failed = metadata_fault(); !failed.ok()) return failed;
  made(to, std::nullopt);
  return FileSystemWrapper::LinkFile(from, to, options, debug);
}

IOStatus FaultFileSystem::DeleteFile(const std::string& name, const IOOptions& options, Debug* debug) {
  if (IOStatus failed = metadata_fault(); !failed.ok()) return failed;
  const IOStatus done = FileSystemWrapper::DeleteFile(name, options, debug);
  if (!done.ok()) return done;
  const std::scoped_lock lock(mutex_);
  files_.erase(name);
  names_.erase(name);
  return done;
}

}  // namespace counterpart::index
