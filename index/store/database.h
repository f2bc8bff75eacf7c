// RocksDB behind the few operations that the store needs; its header and its exceptions stay in database.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/tail/tail.h"

namespace rocksdb {
class Env;
}

namespace counterpart::index {

enum class Family : std::uint8_t {
  kMeta,
  kProfiles,
  kContacts,
  kEmbeddings,
  kChanges,
  kStandingQueries,
  kAlerts,
  kTokens,
  kAudit,
  kKeys,
  kCases,
  kLetters,
  kOffices,
  kVersions
};
inline constexpr std::size_t kFamilies = 14;  // those that a directory lacks are made when it is opened

// Safe from any thread, but write() from one at a time. Reads verify checksums; kCorrupt where they fail.
class Database {
 public:
  struct Impl;

  // kUnavailable: another process holds it. kCorrupt: damaged; what is there stays as it was. `env`: the file system and the
  // threads it lies on, which outlives the database; nullptr: the machine's.
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& directory, rocksdb::Env* env = nullptr);
  ~Database();

  // One unchanging state; must not outlive the database.
  class View {
   public:
    explicit View(const Database& database);
    ~View();
    View(const View&) = delete;
    View& operator=(const View&) = delete;

   private:
    friend class Database;
    const Impl& impl_;
    const void* snapshot_;
  };

  Result<std::optional<std::string>> get(Family family, std::string_view key, const View* view = nullptr) const;

  // Walks the keys of one family in byte order, at one state. key() and value() are valid until the next step.
  class Cursor {
   public:
    Cursor(const Database& database, Family family, const View* view = nullptr);
    ~Cursor();
    void first();
    void last();
    void seek(std::string_view key);  // to the first at or after `key`
    void next();
    bool valid() const;
    std::string_view key() const;
    std::string_view value() const;
    Status status() const;  // to be asked when valid() turned false

   private:
    struct Position;
    std::unique_ptr<Position> position_;
  };

  struct Edit {
    Family family;
    std::string key;
    std::optional<std::string> value;  // nothing: the key is erased
  };
  // All of `edits` or none; synced when it returns. After a failure the next call first tries to resume, and refuses
  // while that does not succeed, so that a failed batch never comes back.
  Status write(const std::vector<Edit>& edits);
  // What another store wrote next, where this one stands at the position before it. kConflict: it does not follow from what is
  // here, and nothing was written. Without `sync` it is on disk with the next write that is synced.
  Status follow(const TailBatch& batch, bool sync = true);
  // Where this store stands: written in each batch, so that a position is there exactly when its batch is.
  Tail& tail() const;
  // All that is there now as a database of its own in `directory`, which is absent: tables by a second name where the file
  // system can, the rest copied. Not synced.
  Status checkpoint(const std::filesystem::path& directory) const;
  // Goes on after a failed write or purge, where there was one; as write() does by itself, and from the same thread.
  Status recover();
  // kStorage: recover() never came back; reads go on, but nothing can be written until the program is started again.
  Status check_usable() const;
  // Rewrites every file of `families` (empty: of all), so that what was erased or replaced is in none of them any more. Writes
  // go on meanwhile. kUnavailable: somebody still reads an older state, whose files stay until then. kStorage: recover() first.
  Status purge(const std::vector<Family>& families = {});

 private:
  explicit Database(std::unique_ptr<Impl> impl);
  Status open_tail();
  Status write_at(const TailPosition& position, const std::vector<Edit>& edits, std::string bytes, bool sync = true);
  Status leave_log();
  Status resume();
  Status await_readers() const;
  Status await_old_files() const;
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::index
