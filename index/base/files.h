// Files that are whole or not there, files seen as memory, and the hash that both are checked by.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/file.h"
#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

// SHA-256 of bytes that come piece by piece. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  ~Sha256();
  void add(std::string_view bytes);
  std::string hex();  // once, at the end

 private:
  void* context_;
};
std::string sha256(std::string_view bytes);  // in hexadecimal digits

// A text and the hash of all of it as its last line; nothing: it was changed or cut short.
std::string seal_text(std::string text);
std::optional<std::string_view> unseal_text(std::string_view sealed);

// What was renamed or created in it is there after a power cut.
Status sync_directory(const std::filesystem::path& directory);

// A file that appears under its name only when it is whole and on disk. One thread.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path file);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();                       // removes what was not finished
  void write(std::string_view bytes);  // errors are kept for finish()
  std::uint64_t size() const { return size_; }
  Status finish();

 private:
  std::filesystem::path file_, temporary_;
  int descriptor_ = -1;
  int error_ = 0;
  std::uint64_t size_ = 0;
  bool done_ = false;
};

// Immutable; the bytes start on a page.
class FileMapping {
 public:
  // `eager`: read from disk at once. kCorrupt: absent, or not of `expected` bytes.
  static Result<std::shared_ptr<const FileMapping>> open(const std::filesystem::path& file, std::uint64_t expected,
                                                         bool eager = true);
  FileMapping(void* start, std::size_t size) : start_(start), size_(size) {}
  FileMapping(const FileMapping&) = delete;
  FileMapping& operator=(const FileMapping&) = delete;
  ~FileMapping();
  std::string_view bytes() const { return {static_cast<const char*>(start_), size_}; }

 private:
  void* start_;
  std::size_t size_;
};

// Bytes that an ordinary user may still write on the disk of `path`; 0 if it cannot be told.
std::uint64_t disk_free(const std::filesystem::path& path);

}  // namespace counterpart::index
