// A file system for RocksDB that loses what was not synced, and fails now and then. For tests alone.
//
// What is lost at a power cut: bytes appended to a file after its last sync (a random part of them stays), and files and
// names made in a folder after its last sync, as in RocksDB's FaultInjectionTestFS; see also Pillai et al., "All File
// Systems Are Not Created Equal", OSDI 2014. What fails: reads and writes at the odds of RocksDB's tools/db_crashtest.py,
// which draws one in {never, 32, 1000} for reads and one in {never, 128, 1000} for writes and for changes of names.
#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>

namespace counterpart::index {

struct FaultOdds {
  std::uint32_t read = 0, write = 0, metadata = 0;  // one in so many; 0: never
  bool passes = false;  // RocksDB is told of each that it may succeed later; else of every other one
};

// Safe from any thread.
class FaultFileSystem : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultFileSystem(unsigned seed);
  const char* Name() const override { return "FaultFileSystem"; }

  void set(FaultOdds odds);
  std::uint64_t faults() const { return faults_; }  // so far
  // From now on every write fails, as if the machine were gone. To be called before the databases are closed.
  void cut_power();
  // Brings the files to what would be found afterwards; to be called when all databases are closed. Writes go on then.
  // How many files lost bytes or their name.
  std::uint64_t lose_unsynced();

  using Status = rocksdb::IOStatus;
  using Options = rocksdb::FileOptions;
  using Debug = rocksdb::IODebugContext;
  Status NewRandomAccessFile(const std::string& name, const Options& options,
                             std::unique_ptr<rocksdb::FSRandomAccessFile>* file, Debug* debug) override;
  Status NewWritableFile(const std::string& name, const Options& options, std::unique_ptr<rocksdb::FSWritableFile>* file,
                         Debug* debug) override;
  Status ReopenWritableFile(const std::string& name, const Options& options, std::unique_ptr<rocksdb::FSWritableFile>* file,
                            Debug* debug) override;
  Status NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                      std::unique_ptr<rocksdb::FSDirectory>* directory, Debug* debug) override;
  Status RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options, Debug* debug) override;
  Status LinkFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options, Debug* debug) override;
  Status DeleteFile(const std::string& name, const rocksdb::IOOptions& options, Debug* debug) override;

  // What its files ask before they do something.
  Status read_fault() { return fault(&FaultOdds::read, "read"); }
  Status write_fault() { return fault(&FaultOdds::write, "write"); }
  Status metadata_fault() { return fault(&FaultOdds::metadata, "change of a name"); }
  void grown(const std::string& name, std::uint64_t bytes);
  void truncated(const std::string& name, std::uint64_t size);
  void synced(const std::string& name);
  void directory_synced(const std::string& directory);

 private:
  struct Sizes {
    std::uint64_t now = 0, synced = 0;
  };
  Status fault(std::uint32_t FaultOdds::*odds, const char* what);
  void made(const std::string& name, std::optional<std::string> before);

  std::mutex mutex_;
  std::mt19937 random_;
  FaultOdds odds_;
  bool off_ = false;
  std::atomic<std::uint64_t> faults_{0};
  std::map<std::string, Sizes> files_;
  std::map<std::string, std::optional<std::string>> names_;  // made since their folder's last sync -> content before
};

}  // namespace counterpart::index
