#include "index/store/store.h"

#include <atomic>
#include <utility>

#include "engine/base/barrier.h"
#include "engine/base/thread_safety.h"
#include "index/base/codec.h"
#include "index/base/commit_queue.h"
#include "index/base/data_directory.h"
#include "index/base/kill_point.h"
#include "index/base/time.h"
#include "index/store/commit_hook.h"
#include "index/store/database.h"
#include "index/store/record.h"
#include "index/store/store_files.h"
#include "index/store/store_records.h"
#include "index/store/vault.h"
#include "index/store/write_group.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kGroupBytes = 8 << 20;

// Nothing that memory or a library throws leaves this file.
template <class Function>
auto guarded(Function&& function) {
  return engine::guarded("store", std::forward<Function>(function));
}

struct Request {
  std::vector<Result<PreparedWrite>> writes;
  std::vector<Result<Written>> verdicts;
  std::function<Status(Database&)> task = {};  // instead of writes
  Status done = {};
  const Store::Beside* beside = nullptr;  // given: alone in its group, and all of its writes or none
};

}  // namespace

struct Store::Impl {
  Impl(std::filesystem::path where, std::filesystem::path key)
      : directory(std::move(where)), key_file(key.empty() ? directory / "MASTER-KEY" : std::move(key)), queue(kGroupBytes) {}

  Status open(rocksdb::Env* env);
  void submit(Request& request);
  void commit(std::span<Request*> group);
  Status commit_checked(std::span<Request*> group);
  Status store(const WriteGroup& group, std::vector<AuditEntry> entries, const Beside* beside);
  Status gather(const WriteGroup& group, const Beside* beside, std::vector<Database::Edit>& edits,
                std::vector<AuditEntry>& entries);
  Status migrate(std::uint64_t format);
  Status read_anew();

  std::filesystem::path directory, key_file;
  std::unique_ptr<Database> database;
  std::unique_ptr<Vault> vault;
  std::unique_ptr<AuditLog> audit;
  std::unique_ptr<HighWater> mark;  // behind the database's lock, so closed before it
  CommitQueue<Request> queue;
  StoreHead head;  // the committing thread's alone, as are
  Screen screen;   // these
  std::vector<CommitHook*> hooks;
  DirectoryWatch watch;
  std::atomic<std::uint64_t> sequence{0}, live{0}, syncs{0};
  Mutex callback_mutex;
  std::function<void(std::uint64_t)> callback GUARDED_BY(callback_mutex);
};

Status Store::Impl::open(rocksdb::Env* env) {
  const auto format = prepare_store_directory(directory);
  if (!format) return tl::unexpected(format.error());
  auto opened = Database::open(directory / "store", env);
  if (!opened) return tl::unexpected(opened.error());
  database = std::move(*opened);
  // Of a backup that was cut off; what is erased from now on must not stay in it.
  std::error_code ignored;
  std::filesystem::remove_all(directory / kBackupStage, ignored);
  auto high = HighWater::open(directory / "HIGH-WATER");
  if (!high) return tl::unexpected(high.error());
  mark = std::move(*high);
  const Result<StoreHead> read = read_head(*database, mark->value());
  if (!read) return tl::unexpected(read.error());
  head = *read;
  sequence = head.sequence;
  live = head.live;
  auto unlocked = Vault::open(*database, key_file);
  if (!unlocked) return tl::unexpected(unlocked.error());
  vault = std::move(*unlocked);
  auto log = AuditLog::open(*database);
  if (!log) return tl::unexpected(log.error());
  audit = std::move(*log);
  if (Status migrated = migrate(*format); !migrated) return migrated;
  auto known = DirectoryWatch::of(directory, {"FORMAT", "store/LOCK"});
  if (!known) return tl::unexpected(known.error());
  watch = std::move(*known);
  return {};
}

// The format is raised last: a migration that was cut off is gone through again.
Status Store::Impl::migrate(std::uint64_t format) {
  if (format == kStoreFormat) return {};
  if (Status sealed = vault->seal_all(*database); !sealed) return sealed;
  if (Status purged = database->purge(); !purged) return purged;
  return raise_store_format(directory);
}

Status Store::Impl::gather(const WriteGroup& group, const Beside* beside, std::vector<Database::Edit>& edits,
                           std::vector<AuditEntry>& entries) {
  for (const auto& [id, state] : group.states())
    if (state.changed)
      if (Status added = add_state(edits, id, state, *vault); !added) return added;
  if (beside)
    if (Status added = (*beside)(edits, entries); !added) return added;
  for (CommitHook* hook : hooks)
    if (Status added = hook->before_commit(group, edits); !added) return added;
  edits.push_back(edit_of(StoreHead{group.sequence(), group.live()}));
  return {};
}

Status Store::Impl::store(const WriteGroup& group, std::vector<AuditEntry> entries, const Beside* beside) {
  std::vector<Database::Edit> edits;
  Status written = gather(group, beside, edits, entries);
  if (written) {
    audit->append(std::move(entries), edits);
    kill_point("store: before the batch is written");
    written = database->write(edits);
    audit->finish_append(written.has_value());
  }
  for (CommitHook* hook : hooks) hook->after_commit(written.has_value());
  if (!written) return written;
  syncs.fetch_add(1, std::memory_order_relaxed);
  head = {group.sequence(), group.live()};
  kill_point("store: batch written, high-water mark not raised");
  mark->raise(head.sequence);
  kill_point("store: high-water mark raised, nobody told");
  sequence = head.sequence;
  live = head.live;
  return {};
}

Status Store::Impl::commit_checked(std::span<Request*> group) {
  return guarded([&]() -> Status {
    WriteGroup writes(head.sequence, head.live, now_utc(),
                      {.load = [this](const std::string& id) { return load_state(*database, *vault, id); },
                       .family = [this](const std::string& id) { return family_of(*database, id); },
                       .screen = screen});
    std::vector<AuditEntry> entries;
    const Beside* beside = nullptr;
    for (Request* request : group) {
      beside = request->beside;
      for (const auto& write : request->writes) {
        request->verdicts.push_back(write ? writes.apply(*write) : tl::unexpected(write.error()));
        if (write && request->verdicts.back()) add_audit(*write, *request->verdicts.back(), entries);
        if (beside && !request->verdicts.back()) return tl::unexpected(request->verdicts.back().error());
      }
    }
    if (writes.sequence() == head.sequence && !beside) return {};
    return store(writes, std::move(entries), beside);
  });
}

// What was written without this store's doing.
Status Store::Impl::read_anew() {
  const Result<StoreHead> read = read_head(*database, mark->value());
  if (!read) return tl::unexpected(read.error());
  head = *read;
  mark->raise(head.sequence);
  sequence = head.sequence;
  live = head.live;
  const MutexLock lock(callback_mutex);
  if (callback) callback(head.sequence);
  return audit->read_anew();
}

void Store::Impl::commit(std::span<Request*> group) {
  const std::uint64_t before = head.sequence;
  const Status there = watch.check();
  const Status done = there ? commit_checked(group) : there;
  if (done && head.sequence != before) {
    const MutexLock lock(callback_mutex);
    if (callback) callback(head.sequence);
  }
  for (Request* request : group)
    if (request->task) request->done = guarded([&] { return there ? request->task(*database) : there; });
  if (done) return;
  for (Request* request : group) {
    if (request->beside) request->done = tl::unexpected(done.error());
    request->verdicts.resize(request->writes.size(), Written{});  // submit() made room for them
    for (auto& verdict : request->verdicts)
      if (verdict) verdict = guarded([&]() -> Result<Written> { return tl::unexpected(done.error()); });
  }
}

void Store::Impl::submit(Request& request) {
  std::size_t weight = request.beside ? kGroupBytes + 1 : 0;
  for (const auto& write : request.writes)
    if (write) weight += write->public_json.size() + write->private_json.size() + write->vectors.size();
  request.verdicts.reserve(request.writes.size());
  queue.submit(request, weight, [this](std::span<Request*> group) { commit(group); });
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& directory, const std::filesystem::path& key_file,
                                           rocksdb::Env* env) {
  return guarded([&]() -> Result<std::unique_ptr<Store>> {
    auto impl = std::make_unique<Impl>(directory, key_file);
    if (const auto opened = impl->open(env); !opened) return tl::unexpected(opened.error());
    return std::unique_ptr<Store>(new Store(std::move(impl)));
  });
}

std::vector<Result<Written>> Store::write(std::span<Write> writes) {
  Request request;
  request.writes.reserve(writes.size());
  for (const Write& write : writes) request.writes.push_back(guarded([&] { return prepare(write); }));
  if (!writes.empty()) impl_->submit(request);
  return std::move(request.verdicts);
}

Result<std::vector<Written>> Store::write_together(std::span<Write> writes, const Beside& beside) {
  Request request;
  request.beside = &beside;
  for (const Write& write : writes) request.writes.push_back(guarded([&] { return prepare(write); }));
  impl_->submit(request);
  if (!request.done) return tl::unexpected(request.done.error());
  std::vector<Written> written;
  for (Result<Written>& verdict : request.verdicts) {
    if (!verdict) return tl::unexpected(verdict.error());
    written.push_back(std::move(*verdict));
  }
  return written;
}

Status Store::set_embedding(std::string_view id, std::uint64_t version, const Embedding& embedding) {
  Request request;
  request.writes.push_back(guarded([&] { return prepare_vectors(id, version, embedding); }));
  impl_->submit(request);
  return request.verdicts.front().map([](const Written&) {});
}

Status Store::run_exclusively(const std::function<Status(Database&)>& task) {
  Request request;
  request.task = task;
  impl_->submit(request);
  return request.done;
}

Status Store::follow(std::span<const TailBatch> batches) {
  return run_exclusively([&](Database& database) -> Status {
    Status done;
    // Each is synced: where a later one fails, the next question of the follower confirms those before it.
    for (std::size_t i = 0; done && i < batches.size(); ++i) done = database.follow(batches[i], true);
    const Status read = impl_->read_anew();
    return done ? read : done;
  });
}

void Store::note_published(std::string_view what) {
  const std::vector<Database::Edit> note{{Family::kMeta, std::string(kPublishedKey), std::string(what)}};
  (void)run_exclusively([&](Database& database) { return database.write(note); });
}

void Store::screen_with(Screen screen) {
  (void)run_exclusively([&](Database&) -> Status {
    impl_->screen = std::move(screen);
    return {};
  });
}

void Store::add_commit_hook(CommitHook& hook) {
  (void)run_exclusively([&](Database&) -> Status {
    impl_->hooks.push_back(&hook);
    return {};
  });
}

void Store::remove_commit_hook(const CommitHook& hook) {
  (void)run_exclusively([&](Database&) -> Status {
    std::erase(impl_->hooks, &hook);
    return {};
  });
}

Status Store::write_audited(std::vector<Database::Edit> edits, AuditEntry entry) {
  return run_exclusively([&](Database&) { return write_in_task(std::move(edits), {std::move(entry)}); });
}

Status Store::write_in_task(std::vector<Database::Edit> edits, std::vector<AuditEntry> entries) {
  impl_->audit->append(std::move(entries), edits);
  const Status written = impl_->database->write(edits);
  impl_->audit->finish_append(written.has_value());
  return written;
}

Status Store::in_place() const {
  return impl_->watch.check().and_then([this] { return impl_->database->check_usable(); });
}
Status Store::purge(const std::vector<Family>& families) {
  if (Status ready = run_exclusively([](Database& database) { return database.recover(); }); !ready) return ready;
  return guarded([&] { return impl_->database->purge(families); });
}
const Vault& Store::vault() const { return *impl_->vault; }
const AuditLog& Store::audit() const { return *impl_->audit; }
const Database& Store::database() const { return *impl_->database; }

Result<StoredProfile> Store::get(std::string_view id, bool with_private) const {
  return guarded([&]() -> Result<StoredProfile> {
    const Database::View view(*impl_->database);
    const auto bytes = impl_->database->get(Family::kProfiles, id, &view);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!*bytes) return fail(ErrorCode::kNotFound, std::string(id), "there is no such profile");
    std::string private_members;
    if (with_private) {
      auto found = impl_->database->get(Family::kContacts, id, &view);
      if (!found) return tl::unexpected(found.error());
      auto opened = impl_->vault->unseal(id, found->value_or(""), &view);
      if (!opened) return tl::unexpected(opened.error());
      private_members = std::move(*opened);
    }
    return decode_record(**bytes, private_members);
  });
}

Result<std::optional<Embedding>> Store::embedding(std::string_view id) const {
  return guarded([&]() -> Result<std::optional<Embedding>> {
    const auto bytes = impl_->database->get(Family::kEmbeddings, id);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!*bytes) return std::nullopt;
    return decode_embedding(**bytes).map([](Embedding embedding) { return std::optional(std::move(embedding)); });
  });
}

Result<std::uint64_t> Store::life(std::string_view id) const {
  return guarded([&] { return read_life(*impl_->database, id); });
}

std::uint64_t Store::sequence() const { return impl_->sequence; }
std::uint64_t Store::size() const { return impl_->live; }
std::uint64_t Store::syncs() const { return impl_->syncs; }
const std::filesystem::path& Store::directory() const { return impl_->directory; }
const std::filesystem::path& Store::key_file() const { return impl_->key_file; }

Result<std::vector<Change>> Store::changes(std::uint64_t after, std::size_t limit) const {
  return guarded([&] { return read_changes(*impl_->database, after, limit); });
}

Status Store::for_each(bool with_private,
                       const std::function<bool(const StoredProfile&, const std::optional<Embedding>&)>& visit) const {
  return guarded([&]() -> Status {
    const Database::View view(*impl_->database);
    Database::Cursor profiles(*impl_->database, Family::kProfiles, &view);
    Database::Cursor contacts(*impl_->database, Family::kContacts, &view);
    Database::Cursor vectors(*impl_->database, Family::kEmbeddings, &view);
    if (with_private) contacts.first();
    vectors.first();
    for (profiles.first(); profiles.valid(); profiles.next()) {
      const auto sealed = with_private ? value_at(contacts, profiles.key()) : std::string_view();
      const auto hidden = impl_->vault->unseal(profiles.key(), sealed, &view);
      if (!hidden) return tl::unexpected(hidden.error());
      const auto stored = decode_record(profiles.value(), *hidden);
      if (!stored) return tl::unexpected(stored.error());
      std::optional<Embedding> embedding;
      if (const auto bytes = value_at(vectors, profiles.key()); !bytes.empty()) {
        auto decoded = decode_embedding(bytes);
        if (!decoded) return tl::unexpected(decoded.error());
        embedding = std::move(*decoded);
      }
      if (!visit(*stored, embedding)) return {};
    }
    for (const auto* cursor : {&profiles, &contacts, &vectors})
      if (auto walked = cursor->status(); !walked) return walked;
    return {};
  });
}

Status Store::for_each_head(const std::function<bool(std::string_view, std::uint64_t)>& visit) const {
  return guarded([&]() -> Status {
    Database::Cursor profiles(*impl_->database, Family::kProfiles);
    for (profiles.first(); profiles.valid(); profiles.next()) {
      const auto record = read_record(profiles.value());
      if (!record) return tl::unexpected(record.error());
      if (!visit(profiles.key(), record->head.sequence)) return {};
    }
    return profiles.status();
  });
}

void Store::on_commit(std::function<void(std::uint64_t)> callback) {
  const MutexLock lock(impl_->callback_mutex);
  impl_->callback = std::move(callback);
}

}  // namespace counterpart::index
