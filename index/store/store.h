// Profiles on disk: the truth from which every snapshot is built.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/store/audit.h"
#include "index/store/database.h"
#include "index/store/write.h"
#include "index/vector/embedding.h"

namespace counterpart::index {

class CommitHook;
class Vault;

// Safe from any thread. One process at a time may hold a directory.
class Store {
 public:
  // Creates the directory when absent. kUnavailable: another process holds it. kUnsupported: its format is newer than
  // ours (nothing is touched). kCorrupt: damaged, or its recovered sequence lies below the synced high-water mark.
  // `key_file`: the master key of private members, made when there is none yet; empty: MASTER-KEY in the directory.
  // `env`: as Database::open() takes it.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& directory, const std::filesystem::path& key_file = {},
                                             rocksdb::Env* env = nullptr);
  ~Store();

  // One verdict a write, in order; each is on disk (synced) when this returns. Writes of one call share one batch, calls
  // of several threads share one sync. A refused write leaves no trace and does not stop its neighbours. A later write
  // to the same id in one call sees the earlier one. kNotFound: an erase of what is not there. Versions go on after an
  // erase; new vectors of an equal profile take a new sequence, but no new version. A put that changes public members
  // and brings no vectors drops the stored ones. kStorage: disk full or failing; later calls try to resume.
  std::vector<Result<Written>> write(std::span<Write> writes);

  // All of `writes` or none, in a batch of their own with what `beside` adds to it and to the audit log; the first one's error
  // that is refused.
  using Beside = std::function<Status(std::vector<Database::Edit>& edits, std::vector<AuditEntry>& entries)>;
  Result<std::vector<Written>> write_together(std::span<Write> writes, const Beside& beside);

  // kNotFound: no such profile. kCorrupt: its bytes do not decode.
  Result<StoredProfile> get(std::string_view id, bool with_private = false) const;
  Result<std::optional<Embedding>> embedding(std::string_view id) const;
  // How often what had this id was erased: whoever was given rights to one profile has none to the next of the same id.
  Result<std::uint64_t> life(std::string_view id) const;
  // Replaces the vectors of `id` if it is still at `version`; takes a new sequence so that indexes follow. kConflict.
  Status set_embedding(std::string_view id, std::uint64_t version, const Embedding& embedding);

  std::uint64_t sequence() const;  // of the last acknowledged change
  std::uint64_t size() const;      // live profiles
  // Changes after `after`, ascending, at most `limit`; only the newest change of each profile is kept.
  Result<std::vector<Change>> changes(std::uint64_t after, std::size_t limit) const;
  // Every live profile in id order at one sequence; stops when `visit` returns false. `embedding` may be empty.
  Status for_each(bool with_private,
                  const std::function<bool(const StoredProfile&, const std::optional<Embedding>&)>& visit) const;
  // The sequence the next for_each would see, with every live id and its sequence, ascending by id.
  Status for_each_head(const std::function<bool(std::string_view id, std::uint64_t sequence)>& visit) const;

  // From the next group of writes on each profile that is written is compared with the list: what it finds is kept with it.
  void screen_with(Screen screen);

  // Called after each acknowledged group of writes, from the writing thread, with the newest sequence; must be quick.
  void on_commit(std::function<void(std::uint64_t)> callback);

  // For what else is kept in this directory. From the next group of writes on `hook` adds to each batch, until it is removed.
  void add_commit_hook(CommitHook& hook);
  void remove_commit_hook(const CommitHook& hook);
  // Runs `task` while no group of writes is under way; it alone writes to the database meanwhile. Its error or kInternal.
  Status run_exclusively(const std::function<Status(Database&)>& task);
  const Database& database() const;
  const std::filesystem::path& key_file() const;  // of the master key
  // Writes `edits`, and to the audit log that it was done.
  Status write_audited(std::vector<Database::Edit> edits, AuditEntry entry);
  // The same of several, within a task of run_exclusively() alone.
  Status write_in_task(std::vector<Database::Edit> edits, std::vector<AuditEntry> entries);
  const AuditLog& audit() const;
  // As Database::purge(), recovering first from what failed before.
  Status purge(const std::vector<Family>& families = {});
  const Vault& vault() const;

  // What another store wrote next (index/tail), in order; on disk when it returns, and as if it had been written here, but that
  // no hook adds to it. Of what is kept in memory beside the profiles whoever keeps it takes care. As Database::follow().
  Status follow(std::span<const TailBatch> batches);
  // A file beside the store is another one now: whoever follows learns of it (kPublishedKey). Where it cannot be written they
  // learn of it with the next one.
  void note_published(std::string_view what);

  // kStorage: the directory was deleted, moved or replaced since it was opened, or a failed write is never recovered from. From
  // then on every write is refused so.
  Status in_place() const;

  // Synced batches since it was opened: fewer than calls of write() when threads write at once.
  std::uint64_t syncs() const;
  const std::filesystem::path& directory() const;

 private:
  struct Impl;  // keeps RocksDB out of this header
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::index
