#include "index/store/database.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <set>
#include <thread>
#include <utility>

#include "index/base/kill_point.h"
#include "index/tail/standby.h"

namespace counterpart::index {
namespace {

constexpr std::array<const char*, kFamilies> kFamilyNames{
    "default", "profiles", "contacts", "embeddings", "changes", "standing_queries", "alerts",
    "tokens",  "audit",    "keys",     "cases",      "letters", "offices",          "versions"};
constexpr std::size_t kMiB = 1 << 20;
constexpr std::chrono::seconds kResumePatience{30};
constexpr const char* kNoKey = "no such key";  // removed where something is to be in memory

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }

#ifdef __SANITIZE_THREAD__
// The library is not instrumented: TSan sees the memcpy by which it writes an entry, and not the release store by which a
// reader meets it. So it is not shown that reading either, but a copy that this thread makes.
__attribute__((no_sanitize("thread"), noinline)) std::string_view shown(const rocksdb::Slice& entry, std::string& copy) {
  copy.resize(entry.size());
  for (std::size_t i = 0; i < entry.size(); ++i) copy[i] = static_cast<const volatile char*>(entry.data())[i];
  return copy;
}
#else
std::string_view shown(const rocksdb::Slice& entry, std::string&) { return entry.ToStringView(); }
#endif

tl::unexpected<Error> store_error(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  if (status.IsCorruption()) return fail(ErrorCode::kCorrupt, "store", text, "restore the last backup");
  if (text.find("lock hold by") != std::string::npos || text.find("/LOCK:") != std::string::npos)
    return fail(ErrorCode::kUnavailable, "store", "another process holds this data directory",
                "ask the running server, or stop it first");
  if (status.IsNoSpace()) return fail(ErrorCode::kStorage, "store", text, "free some disk space and try again");
  return fail(ErrorCode::kStorage, "store", text, "check the disk and the directory's permissions");
}

// RocksDB would log keys and paths; nothing of ours depends on that log.
class NoLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

rocksdb::DBOptions db_options(rocksdb::Env* env) {
  rocksdb::DBOptions options;
  if (env != nullptr) options.env = env;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  // All families to tables at once. Else a crash in the middle of a recovery from a failed write, when some are in tables
  // and the rest are replayed from the log, brings back the half of the failed batch that belongs to the rest.
  options.atomic_flush = true;
  options.paranoid_checks = true;
  // Refuses any damage but a last record cut short, which was never acknowledged. The default would silently stop at
  // the first damage; whether the log ends too early at a record's edge is HighWater's to notice.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  // A refused start must leave the evidence as it was, and any start be quick.
  options.avoid_flush_during_recovery = true;
  // write() resumes by itself. RocksDB 7.8's own retries leave a flag behind when they are cut off, for which closing waits
  // for ever (ErrorHandler::RecoverFromRetryableBGIOError).
  options.max_bgerror_resume_count = 0;
  options.max_total_wal_size = 48 * kMiB;
  options.db_write_buffer_size = 32 * kMiB;
  options.max_open_files = 256;
  options.max_background_jobs = 2;
  options.info_log = std::make_shared<NoLog>();
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

rocksdb::ColumnFamilyOptions family_options(Family family, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.format_version = 5;
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = 8 * kMiB;
  const bool text =
      family == Family::kProfiles || family == Family::kContacts || family == Family::kCases || family == Family::kVersions;
  options.compression = text ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
  return options;
}

}  // namespace

struct Database::Impl {
  ~Impl() {
    for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
  }
  rocksdb::ColumnFamilyHandle* handle(Family family) const { return handles[static_cast<std::size_t>(family)]; }

  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  std::atomic<bool> failed{false};
  std::atomic<bool> hangs{false};              // Resume() never came back
  std::vector<std::filesystem::path> flushed;  // logs that a purge under way has emptied
  Tail tail;
};

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() {
  if (impl_->hangs) (void)impl_.release();  // closing would wait as well, and a thread still uses it
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& directory, rocksdb::Env* env) {
  const auto cache = rocksdb::NewLRUCache(32 * kMiB);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (std::size_t f = 0; f < kFamilies; ++f)
    families.emplace_back(kFamilyNames[f], family_options(static_cast<Family>(f), cache));
  auto impl = std::make_unique<Impl>();
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::Open(db_options(env), directory.string(), families, &impl->handles, &opened);
  if (!status.ok()) {
    impl->handles.clear();
    return store_error(status);
  }
  impl->db.reset(opened);
  std::unique_ptr<Database> database(new Database(std::move(impl)));
  return database->open_tail().map([&] { return std::move(database); });
}

Status Database::open_tail() {
  const auto stored = get(Family::kMeta, kTailKey);
  if (!stored) return tl::unexpected(stored.error());
  const std::optional<TailPosition> position = *stored ? decode_position(**stored) : TailPosition();
  if (!position) return fail(ErrorCode::kCorrupt, "store", "its position does not decode", "restore the last backup");
  impl_->tail.begin(*position);
  return {};
}

Result<std::optional<std::string>> Database::get(Family family, std::string_view key, const View* view) const {
  rocksdb::ReadOptions options;
  if (view != nullptr) options.snapshot = static_cast<const rocksdb::Snapshot*>(view->snapshot_);
  std::string value;
  const auto status = impl_->db->Get(options, impl_->handle(family), slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return store_error(status);
  return value;
}

// Resume() starts a new log only where something is in memory. Where the failed batch was the first of its log, nothing is, and
// RocksDB would go on with a log that has seen an error, which it asserts never to do. So something is put there, beside the
// log; ending the log then fails for its error, and resuming from that starts a new one.
Status Database::leave_log() {
  rocksdb::WriteOptions beside;
  beside.disableWAL = true;
  if (const auto put = impl_->db->Delete(beside, impl_->handle(Family::kMeta), kNoKey); !put.ok()) return store_error(put);
  if (impl_->db->Flush(rocksdb::FlushOptions(), impl_->handles).ok()) return {};
  return resume();
}

// Flushes memory to tables and starts a new log, so that the failed batch is left behind. On a thread of its own: where a flush
// of all families failed before, RocksDB 7.8 may wait in it for ever (facebook/rocksdb#11872, mended in 8.7).
Status Database::resume() {
  if (Status usable = check_usable(); !usable) return usable;
  std::promise<rocksdb::Status> promise;
  std::future<rocksdb::Status> done = promise.get_future();
  std::thread([db = impl_->db.get(), promise = std::move(promise)]() mutable { promise.set_value(db->Resume()); }).detach();
  if (done.wait_for(kResumePatience) == std::future_status::timeout) {
    impl_->hangs = true;
    return check_usable();
  }
  const rocksdb::Status resumed = done.get();
  if (resumed.IsBusy())  // it watches the free space itself and is at it
    return fail(ErrorCode::kStorage, "store", "an earlier write failed and the store has not recovered yet",
                "free some disk space; it then goes on by itself within seconds");
  return resumed.ok() ? Status() : store_error(resumed);
}

Status Database::check_usable() const {
  if (!impl_->hangs) return {};
  return fail(ErrorCode::kStorage, "store", "an earlier write failed, and RocksDB hangs in its recovery from that",
              "restart the program; nothing acknowledged is lost");
}

Status Database::recover() {
  if (!impl_->failed) return {};
  if (Status resumed = resume(); !resumed) return resumed;
  if (Status fresh = leave_log(); !fresh) return fresh;
  impl_->failed = false;
  return {};
}

Status Database::write(const std::vector<Edit>& edits) {
  std::string bytes;
  for (const Edit& edit : edits) add_edit(bytes, static_cast<std::uint8_t>(edit.family), edit.key, edit.value);
  const Result<TailPosition> position = impl_->tail.next(bytes);
  return position ? write_at(*position, edits, std::move(bytes)) : tl::unexpected(position.error());
}

Status Database::write_at(const TailPosition& position, const std::vector<Edit>& edits, std::string bytes, bool sync) {
  rocksdb::WriteBatch batch;
  for (const Edit& edit : edits) {
    auto* handle = impl_->handle(edit.family);
    const auto added = edit.value ? batch.Put(handle, edit.key, *edit.value) : batch.Delete(handle, edit.key);
    if (!added.ok()) return store_error(added);
  }
  const auto placed = batch.Put(impl_->handle(Family::kMeta), slice(kTailKey), encode_position(position));
  if (!placed.ok()) return store_error(placed);
  if (Status ready = recover(); !ready) return ready;
  rocksdb::WriteOptions options;
  options.sync = sync;
  const auto status = impl_->db->Write(options, &batch);
  impl_->failed = !status.ok();
  if (status.ok()) impl_->tail.add({position, std::move(bytes)});
  return status.ok() ? Status() : store_error(status);
}

Status Database::follow(const TailBatch& batch, bool sync) {
  if (Status fits = impl_->tail.check_follows(batch); !fits) return fits;
  std::vector<Edit> edits;
  const bool whole = for_each_edit(batch.edits, kFamilies, [&](std::uint8_t family, std::string key, auto value) {
    edits.push_back({static_cast<Family>(family), std::move(key), std::move(value)});
  });
  if (whole) return write_at(batch.position, edits, batch.edits, sync);
  return fail(ErrorCode::kUnsupported, "tail", "a batch of the owner does not decode", "run the same version on both");
}

Tail& Database::tail() const { return impl_->tail; }

Status Database::checkpoint(const std::filesystem::path& directory) const {
  rocksdb::Checkpoint* made = nullptr;
  if (const auto created = rocksdb::Checkpoint::Create(impl_->db.get(), &made); !created.ok()) return store_error(created);
  const std::unique_ptr<rocksdb::Checkpoint> owned(made);
  const auto done = made->CreateCheckpoint(directory.string());
  return done.ok() ? Status() : store_error(done);
}

namespace {

constexpr std::chrono::seconds kReadersPatience{5};
constexpr std::chrono::milliseconds kReadersPoll{10};

// Looks until `done` or nobody's patience is left.
template <class Done>
bool await(const Done& done) {
  const auto until = std::chrono::steady_clock::now() + kReadersPatience;
  while (!done()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(kReadersPoll);
  }
  return true;
}

// Logs in which something stands.
std::vector<std::filesystem::path> used_logs(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> logs;
  std::error_code error;
  for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".log" && at->file_size(error) > 0) logs.push_back(at->path());
  return logs;
}

// Running out of space in the middle would leave the store unable to write, where it still could.
Status check_space(rocksdb::DB& db, const std::vector<rocksdb::ColumnFamilyHandle*>& handles) {
  std::uint64_t memory = 0, largest = 0;
  for (auto* handle : handles) {
    std::uint64_t in_memory = 0, in_tables = 0;
    db.GetIntProperty(handle, rocksdb::DB::Properties::kCurSizeAllMemTables, &in_memory);
    db.GetIntProperty(handle, rocksdb::DB::Properties::kLiveSstFilesSize, &in_tables);
    memory += in_memory;
    largest = std::max(largest, in_tables);
  }
  const std::uint64_t needed = memory + largest + kMiB;
  std::error_code error;
  const auto space = std::filesystem::space(db.GetName(), error);
  if (error || space.available >= needed) return {};
  return fail(ErrorCode::kStorage, "store",
              "its files cannot be rewritten: " + std::to_string(needed / kMiB + 1) + " MiB are needed for a while",
              "free some disk space and try again");
}

tl::unexpected<Error> still_read() {
  return fail(ErrorCode::kUnavailable, "store", "a long reading (an export, a comparison) still holds files of an older state",
              "repeat this when it is done");
}

}  // namespace

// What a reader who began before now may still see would be rewritten with the rest.
Status Database::await_readers() const {
  rocksdb::DB& db = *impl_->db;
  const std::uint64_t now = db.GetLatestSequenceNumber();
  const bool gone = await([&] {
    std::uint64_t readers = 0, oldest = 0;
    return !db.GetIntProperty(rocksdb::DB::Properties::kNumSnapshots, &readers) || readers == 0 ||
           !db.GetIntProperty(rocksdb::DB::Properties::kOldestSnapshotSequence, &oldest) || oldest == 0 || oldest >= now;
  });
  return gone ? Status() : still_read();
}

// Tables that nobody lists any more, and logs that were flushed, go as soon as nobody reads them.
Status Database::await_old_files() const {
  const bool gone = await([&] {
    std::vector<rocksdb::LiveFileMetaData> tables;
    impl_->db->GetLiveFilesMetaData(&tables);
    std::set<std::string> listed;
    for (const auto& table : tables) listed.insert(table.name.substr(table.name.find_first_not_of('/')));
    std::error_code error;
    for (std::filesystem::directory_iterator at(impl_->db->GetName(), error), end; !error && at != end; at.increment(error))
      if (at->path().extension() == ".sst" && !listed.contains(at->path().filename().string())) return false;
    return !error && std::ranges::none_of(impl_->flushed, [](const auto& log) { return std::filesystem::exists(log); });
  });
  return gone ? Status() : still_read();
}

Status Database::purge(const std::vector<Family>& families) {
  const auto checked = [this](const rocksdb::Status& done) -> Status {
    if (done.ok()) return {};
    impl_->failed = true;
    return store_error(done);
  };
  if (Status enough = check_space(*impl_->db, impl_->handles); !enough) return enough;
  if (Status read = await_readers(); !read) return read;
  // Memory to files first: that also ends the logs in which the writes stood, where there is something in memory.
  rocksdb::WriteOptions beside;
  beside.disableWAL = true;
  if (Status put = checked(impl_->db->Delete(beside, impl_->handle(Family::kMeta), kNoKey)); !put) return put;
  impl_->flushed = used_logs(impl_->db->GetName());
  if (Status flushed = checked(impl_->db->Flush(rocksdb::FlushOptions(), impl_->handles)); !flushed) return flushed;
  kill_point("purge: memory in tables, old tables there");
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  for (std::size_t f = 0; f < kFamilies; ++f) {
    if (!families.empty() && std::ranges::find(families, static_cast<Family>(f)) == families.end()) continue;
    if (Status done = checked(impl_->db->CompactRange(options, impl_->handles[f], nullptr, nullptr)); !done) return done;
  }
  return await_old_files();
}

Database::View::View(const Database& database) : impl_(*database.impl_), snapshot_(impl_.db->GetSnapshot()) {}
Database::View::~View() { impl_.db->ReleaseSnapshot(static_cast<const rocksdb::Snapshot*>(snapshot_)); }

struct Database::Cursor::Position {
  std::unique_ptr<rocksdb::Iterator> at;
  std::string key = {}, value = {};  // for shown()
};

Database::Cursor::Cursor(const Database& database, Family family, const View* view) : position_(std::make_unique<Position>()) {
  rocksdb::ReadOptions options;
  if (view != nullptr) options.snapshot = static_cast<const rocksdb::Snapshot*>(view->snapshot_);
  options.fill_cache = false;  // a walk over everything must not push out what is looked up
  position_->at.reset(database.impl_->db->NewIterator(options, database.impl_->handle(family)));
}
Database::Cursor::~Cursor() = default;
void Database::Cursor::first() { position_->at->SeekToFirst(); }
void Database::Cursor::last() { position_->at->SeekToLast(); }
void Database::Cursor::seek(std::string_view key) { position_->at->Seek(slice(key)); }
void Database::Cursor::next() { position_->at->Next(); }
bool Database::Cursor::valid() const { return position_->at->Valid(); }
std::string_view Database::Cursor::key() const { return shown(position_->at->key(), position_->key); }
std::string_view Database::Cursor::value() const { return shown(position_->at->value(), position_->value); }
Status Database::Cursor::status() const {
  const auto status = position_->at->status();
  return status.ok() ? Status() : store_error(status);
}

}  // namespace counterpart::index
