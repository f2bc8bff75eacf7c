#include "index/snapshot/publisher.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "engine/base/back_off.h"
#include "engine/base/barrier.h"
#include "engine/base/thread_safety.h"
#include "engine/base/threads.h"
#include "index/base/kill_point.h"
#include "index/segment/segment_file.h"
#include "index/snapshot/make_vectors.h"
#include "index/snapshot/snapshot_builder.h"
#include "index/snapshot/snapshot_save.h"
#include "index/snapshot/snapshot_start.h"
#include "index/snapshot/snapshot_verify.h"
#include "index/snapshot/vector_work.h"
#include "index/space/space_file.h"

namespace counterpart::index {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kPause = 100ms;  // between two publications: a bulk import's groups are taken together
constexpr auto kFirstRetry = 100ms, kLastRetry = 30'000ms;  // after something failed
constexpr auto kCatchUpPatience = 5s, kSpacePatience = 60s;

// What the threads tell each other. The store's callback shares it, so that a commit under way while the
// publisher goes finds it still there.
struct Exchange {
  explicit Exchange(bool refines) : work(refines) {}

  mutable Mutex mutex;
  mutable ConditionVariable changed;
  bool stop GUARDED_BY(mutex) = false;
  std::uint64_t committed GUARDED_BY(mutex) = 0;
  std::uint64_t published GUARDED_BY(mutex) = 0;
  VectorWork work GUARDED_BY(mutex);
  std::function<void(const Error&)> on_trouble GUARDED_BY(mutex);
  std::optional<Result<std::shared_ptr<const Segment>>> new_base GUARDED_BY(mutex);
  bool space_wanted GUARDED_BY(mutex) = false, space_came GUARDED_BY(mutex) = false;
};

}  // namespace

struct Publisher::Impl {
  Impl(Store& the_store, const Taxonomy& the_taxonomy, const Embedder& the_embedder, const Embedder* the_fine,
       Refining the_refining)
      : store(the_store), taxonomy(the_taxonomy), embedder(the_embedder), fine(the_fine), refining(the_refining),
        exchange(std::make_shared<Exchange>(fine != nullptr && the_refining == Refining::kBeside)),
        stamp{embedder.model(), tables_hash(taxonomy), static_cast<std::uint32_t>(embedder.dimensions()),
              fine ? fine->model() : std::string{}, fine ? static_cast<std::uint32_t>(fine->dimensions()) : 0},
        directory(store.directory() / "index"),
        builder(store, taxonomy, {stamp.model, stamp.dimensions, stamp.fine, stamp.fine_dimensions}) {}

  ~Impl() {
    store.on_commit({});
    {
      const MutexLock lock(exchange->mutex);
      exchange->stop = true;
    }
    exchange->changed.notify_all();
    for (std::thread* thread : {&publishing, &embedding, &merging})
      if (thread->joinable()) thread->join();
  }

  void run();
  void live(std::string_view name, Result<bool> (Impl::*step)());
  void tell(const Error& error) const;
  Result<bool> publish_next();
  Result<bool> make_next();
  Status make(const VectorWork::Item& item);
  std::uint64_t refine_all(const std::function<bool(std::uint64_t, std::uint64_t)>& on_progress);
  bool wait_for_changes();
  Status take_new_base();
  Status start_base();
  void publish();
  Status settle_space(bool wanted);
  void settle_asked_space();
  void renew_space(std::chrono::milliseconds patience);
  Status save();
  bool wait_for(std::uint64_t sequence, std::chrono::milliseconds patience) const;

  Store& store;
  const Taxonomy& taxonomy;
  const Embedder& embedder;
  const Embedder* fine;
  Refining refining;
  std::shared_ptr<Exchange> exchange;
  SnapshotStamp stamp;
  std::filesystem::path directory;
  SnapshotBuilder builder;  // of open(), then of the publishing thread
  SnapshotCell cell;
  std::atomic<std::uint64_t> waiting{0}, waiting_fine{0};
  Clock::time_point not_before{};  // this and the next two are the publishing thread's alone
  Clock::time_point base_not_before{};
  BackOff base_retry{kFirstRetry, kLastRetry};
  Mutex saving;
  std::uint64_t saved GUARDED_BY(saving) = 0;  // sequence of the file plus one; 0: none
  std::thread publishing, embedding, merging;
};

void Publisher::Impl::publish() {
  const std::uint64_t sequence = builder.sequence();
  const std::shared_ptr<const Snapshot> now = builder.snapshot();
  VectorWork::Ids first = builder.awaiting(), lacking = builder.awaiting_fine();
  cell.store(now);
  waiting = first.size();
  waiting_fine = lacking.size();
  {
    const MutexLock lock(exchange->mutex);
    exchange->published = sequence;
    exchange->work.lacking(sequence, std::move(first), std::move(lacking));
  }
  exchange->changed.notify_all();
}

void Publisher::Impl::run() {
  store.on_commit([shared = exchange](std::uint64_t sequence) {
    {
      const MutexLock lock(shared->mutex);
      shared->committed = std::max(shared->committed, sequence);
    }
    shared->changed.notify_all();
  });
  {
    // What was committed between the catching up and the line above told nobody.
    const MutexLock lock(exchange->mutex);
    exchange->committed = std::max(exchange->committed, store.sequence());
  }
  publishing = std::thread([this] { live("index", &Impl::publish_next); });
  embedding = std::thread([this] { live("vectors", &Impl::make_next); });
}

// The life of a thread: `step` again and again, until it says false. What it throws, or returns as an error, is told, and it is
// tried again after a while.
void Publisher::Impl::live(std::string_view name, Result<bool> (Impl::*step)()) {
  BackOff back_off(kFirstRetry, kLastRetry);
  while (true) {
    const Result<bool> more = guarded(name, [&] { return (this->*step)(); });
    if (more && !*more) return;
    if (more) {
      back_off.succeeded();
      continue;
    }
    tell(more.error());
    MutexLock lock(exchange->mutex);
    if (exchange->changed.wait_for(lock, back_off.failed(), [&]() REQUIRES(exchange->mutex) { return exchange->stop; })) return;
  }
}

void Publisher::Impl::tell(const Error& error) const {
  (void)guarded("trouble", [&]() -> Status {
    std::function<void(const Error&)> callback;
    {
      const MutexLock lock(exchange->mutex);
      callback = exchange->on_trouble;
    }
    if (callback) callback(error);
    return {};
  });
}

bool Publisher::Impl::wait_for_changes() {
  MutexLock lock(exchange->mutex);
  exchange->changed.wait(lock, [&]() REQUIRES(exchange->mutex) {
    return exchange->stop || exchange->committed > exchange->published || exchange->new_base.has_value() ||
           exchange->space_wanted || exchange->space_came;
  });
  exchange->changed.wait_until(lock, not_before, [&]() REQUIRES(exchange->mutex) { return exchange->stop; });
  return !exchange->stop;
}

// A failure leaves the published snapshot as it is.
Result<bool> Publisher::Impl::publish_next() {
  if (!wait_for_changes()) return false;
  if (Status taken = take_new_base(); !taken) return tl::unexpected(taken.error());
  const Result<std::size_t> changes = builder.advance(kSnapshotBatch);
  if (!changes) return tl::unexpected(changes.error());
  kill_point("publisher: changes taken, not published");
  publish();
  kill_point("publisher: published");
  settle_asked_space();
  not_before = Clock::now() + (*changes < kSnapshotBatch ? Clock::duration(kPause) : Clock::duration(0));
  // Without a new base the segments there are go on serving; the next change tries again.
  if (Status started = guarded("merge", [this] { return start_base(); }); !started) {
    builder.drop_base();
    tell(started.error());
  }
  return true;
}

// The first space is made once there are vectors for one. A command that only asks makes its own, and writes nothing.
Status Publisher::Impl::settle_space(bool wanted) {
  const std::shared_ptr<const Snapshot> now = cell.load();
  if (!fine || refining == Refining::kElsewhere || !now->compares_fine() || !outdated(builder.space(), now->segments(), wanted))
    return {};
  Result<std::shared_ptr<const CorpusSpace>> made = make_space(now->segments(), fine->model());
  if (!made && made.error().code == ErrorCode::kUnavailable) return {};
  if (!made) return tl::unexpected(made.error());
  const std::shared_ptr<const CorpusSpace> space = std::move(*made);
  builder.use(space);
  publish();
  if (refining != Refining::kBeside) return {};
  return save_space(directory, *space).map([this] { store.note_published("space"); });
}

// Whoever wants it waits no longer for one that cannot be made.
void Publisher::Impl::settle_asked_space() {
  bool wanted = false, came = false;
  {
    const MutexLock lock(exchange->mutex);
    wanted = exchange->space_wanted;
    came = std::exchange(exchange->space_came, false);
  }
  if (came && fine) builder.use(load_space(directory, fine->model()));
  if (came) publish();
  if (const Status settled = guarded("space", [&] { return settle_space(wanted); }); !settled) tell(settled.error());
  if (!wanted) return;
  {
    const MutexLock lock(exchange->mutex);
    exchange->space_wanted = false;
  }
  exchange->changed.notify_all();
}

void Publisher::Impl::renew_space(std::chrono::milliseconds patience) {
  MutexLock lock(exchange->mutex);
  exchange->space_wanted = true;
  exchange->changed.notify_all();
  exchange->changed.wait_for(lock, patience,
                             [&]() REQUIRES(exchange->mutex) { return exchange->stop || !exchange->space_wanted; });
}

Status Publisher::Impl::take_new_base() {
  std::optional<Result<std::shared_ptr<const Segment>>> base;
  {
    const MutexLock lock(exchange->mutex);
    base.swap(exchange->new_base);
  }
  if (!base) return {};
  Status installed = guarded("merge", [&]() -> Status {
    if (!*base) return tl::unexpected(base->error());
    builder.install_base(**base);
    return {};
  });
  if (installed) {
    base_retry.succeeded();
  } else {
    builder.drop_base();
    base_not_before = Clock::now() + base_retry.failed();
  }
  kill_point("publisher: new base taken");
  return installed;
}

Status Publisher::Impl::start_base() {
  if (Clock::now() < base_not_before) return {};
  std::optional<std::vector<LiveSegment>> inputs = builder.base_due();
  if (!inputs) return {};
  if (merging.joinable()) merging.join();  // its base has been taken
  merging = std::thread([shared = exchange, inputs = std::move(*inputs)] {
    Result<std::shared_ptr<const Segment>> base = guarded("merge", [&] { return merge_segments(inputs, Lists::kTrain); });
    kill_point("merge: new base made, not taken");
    {
      const MutexLock lock(shared->mutex);
      shared->new_base = std::move(base);
    }
    shared->changed.notify_all();
  });
  return {};
}

// Profiles without any vector come first: they are not matched at all until they have one.
Result<bool> Publisher::Impl::make_next() {
  std::optional<VectorWork::Item> item;
  {
    MutexLock lock(exchange->mutex);
    while (!exchange->stop && !(item = exchange->work.next(Clock::now()))) {
      const Clock::time_point due = exchange->work.due();
      if (due == Clock::time_point::max())
        exchange->changed.wait(lock);
      else
        exchange->changed.wait_until(lock, due);
    }
    if (exchange->stop) return false;
  }
  const Status made = make(*item);
  const MutexLock lock(exchange->mutex);
  if (made)
    exchange->work.made(*item, store.sequence(), Clock::now());
  else
    exchange->work.failed(*item, made.error().code, Clock::now());
  return true;
}

Status Publisher::Impl::make(const VectorWork::Item& item) {
  const Status made = guarded(
      "vectors", [&] { return item.fine ? make_fine_vectors(store, *fine, item.id) : make_vectors(store, embedder, item.id); });
  if (!made && made.error().code == ErrorCode::kNotFound) return {};  // erased meanwhile: it needs none
  if (!made && made.error().code != ErrorCode::kConflict) tell(made.error());
  return made;
}

std::uint64_t Publisher::Impl::refine_all(const std::function<bool(std::uint64_t, std::uint64_t)>& on_progress) {
  std::vector<std::string> ids;
  {
    const MutexLock lock(exchange->mutex);
    ids.assign(exchange->work.lack_fine().begin(), exchange->work.lack_fine().end());
  }
  Mutex telling;
  std::uint64_t done = 0, there = 0;
  std::atomic<bool> ended{!on_progress(0, ids.size())};
  on_all_cores(ids.size(), [&](std::size_t i) {
    if (ended) return;
    const Status made = make({ids[i], true});
    const MutexLock lock(telling);
    if (made) ++there;
    // What refuses one refuses all.
    if (!made && (made.error().code == ErrorCode::kStorage || made.error().code == ErrorCode::kUnavailable)) ended = true;
    if (!on_progress(++done, ids.size())) ended = true;
  });
  wait_for(store.sequence(), kCatchUpPatience);
  return there;
}

bool Publisher::Impl::wait_for(std::uint64_t sequence, std::chrono::milliseconds patience) const {
  MutexLock lock(exchange->mutex);
  return exchange->changed.wait_for(lock, patience,
                                    [&]() REQUIRES(exchange->mutex) { return exchange->published >= sequence; });
}

Status Publisher::Impl::save() {
  const MutexLock lock(saving);
  const std::shared_ptr<const Snapshot> now = cell.load();
  if (Status there = store.in_place(); !there) return there;
  if (saved == now->sequence() + 1) return {};
  Status written = save_snapshot(*now, directory, stamp);
  if (written) saved = now->sequence() + 1;
  return written;
}

Publisher::Publisher(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Publisher::~Publisher() = default;

Result<std::unique_ptr<Publisher>> Publisher::open(Store& store, const Taxonomy& taxonomy, const Embedder& embedder,
                                                   OpenReport* report, const Embedder* fine, Refining refining) {
  OpenReport own;
  auto impl = std::make_unique<Impl>(store, taxonomy, embedder, fine, refining);
  OpenReport& outcome = report ? *report : own;
  outcome = {};
  if (fine) impl->builder.use(load_space(impl->directory, fine->model()));
  if (Status started = start_snapshot(impl->builder, store, impl->directory, impl->stamp, outcome); !started)
    return tl::unexpected(started.error());
  if (!outcome.rebuilt && outcome.caught_up == 0) {
    const MutexLock lock(impl->saving);
    impl->saved = impl->builder.sequence() + 1;
  }
  impl->publish();
  if (Status settled = guarded("space", [&] { return impl->settle_space(false); }); !settled)
    outcome.what += ", no space: " + settled.error().message;
  impl->run();
  return std::unique_ptr<Publisher>(new Publisher(std::move(impl)));
}

std::shared_ptr<const Snapshot> Publisher::current() const { return impl_->cell.load(); }
void Publisher::on_trouble(std::function<void(const Error&)> callback) {
  const MutexLock lock(impl_->exchange->mutex);
  impl_->exchange->on_trouble = std::move(callback);
}
bool Publisher::wait_for(std::uint64_t sequence, std::chrono::milliseconds patience) const {
  return impl_->wait_for(sequence, patience);
}
Status Publisher::save() { return impl_->save(); }
std::uint64_t Publisher::awaiting_embedding() const { return impl_->waiting; }
std::uint64_t Publisher::awaiting_fine() const { return impl_->waiting_fine; }
std::uint64_t Publisher::refine(const std::function<bool(std::uint64_t, std::uint64_t)>& on_progress) {
  return impl_->refine_all(on_progress);
}
void Publisher::read_space() {
  const MutexLock lock(impl_->exchange->mutex);
  impl_->exchange->space_came = true;
  impl_->exchange->changed.notify_all();
}
std::shared_ptr<const Snapshot> Publisher::for_the_night() {
  impl_->renew_space(kSpacePatience);
  return current();
}
Result<VerifyReport> Publisher::verify() const {
  return verify_published(impl_->store, impl_->taxonomy, [this]() -> std::shared_ptr<const Snapshot> {
    if (!impl_->wait_for(impl_->store.sequence(), kCatchUpPatience)) return nullptr;
    return current();
  });
}

}  // namespace counterpart::index
