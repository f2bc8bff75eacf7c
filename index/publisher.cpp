#include "index/publisher.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "engine/threads.h"
#include "index/kill_point.h"
#include "index/segment_file.h"
#include "index/snapshot_builder.h"
#include "index/snapshot_verify.h"

namespace counterpart {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatch = 4096;
constexpr auto kPause = 100ms;       // between two publications: a bulk import's groups are taken together
constexpr auto kRetry = 1s;          // after the store failed to answer
constexpr int kLooks = 3;            // at a difference, before it is believed
constexpr auto kLook = 5s;

// What the threads tell each other, under `mutex`. The store's callback shares it, so that a commit under way while the
// publisher goes finds it still there.
struct Exchange {
  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  bool stop = false;
  std::uint64_t committed = 0;
  std::uint64_t published = 0;
  std::deque<std::string> to_embed, to_refine;
  std::set<std::string, std::less<>> unrefined;
  std::optional<Result<std::shared_ptr<const Segment>>> new_base;
};

// Takes in every change up to now.
Result<std::uint64_t> catch_up(SnapshotBuilder& builder) {
  std::uint64_t taken = 0;
  while (true) {
    const Result<std::size_t> changes = builder.advance(kBatch);
    if (!changes) return tl::unexpected(changes.error());
    taken += *changes;
    if (*changes < kBatch) return taken;
  }
}

// Why the file cannot be used, or nullopt after it was taken over and brought up to date.
Result<std::optional<std::string>> try_file(SnapshotBuilder& builder, const Store& store,
                                            const std::filesystem::path& directory, const SnapshotStamp& stamp,
                                            OpenReport& report) {
  using Reason = std::optional<std::string>;
  const Result<LoadedSegment> loaded = load_segment(directory, stamp);
  if (!loaded) {
    switch (loaded.error().code) {
      case ErrorCode::kNotFound: return Reason("no snapshot");
      case ErrorCode::kUnsupported: return Reason("snapshot " + loaded.error().message);
      default: return Reason("snapshot damaged (" + loaded.error().message + ")");
    }
  }
  if (loaded->sequence > store.sequence())
    return Reason("snapshot at " + std::to_string(loaded->sequence) + " is newer than the store at " +
                  std::to_string(store.sequence()));
  builder.adopt(*loaded);
  const Result<std::uint64_t> changes = catch_up(builder);
  if (!changes) return tl::unexpected(changes.error());
  if (Status equal = builder.reconcile(); !equal) {
    if (equal.error().code != ErrorCode::kCorrupt) return tl::unexpected(equal.error());
    return Reason("snapshot wrong (" + equal.error().message + ")");
  }
  report.caught_up = *changes;
  report.what =
      "snapshot at " + std::to_string(loaded->sequence) + ", caught up " + std::to_string(*changes) + " changes";
  return Reason();
}

Status start(SnapshotBuilder& builder, const Store& store, const std::filesystem::path& directory,
             const SnapshotStamp& stamp, OpenReport& report) {
  const Result<std::optional<std::string>> refused = try_file(builder, store, directory, stamp, report);
  if (!refused) return tl::unexpected(refused.error());
  if (!*refused) return {};
  if (Status built = builder.rebuild(); !built) return built;
  if (const auto changes = catch_up(builder); !changes) return tl::unexpected(changes.error());
  report.rebuilt = true;
  report.what = **refused + ": rebuilt from the store";
  return {};
}

}  // namespace

struct Publisher::Impl {
  Impl(Store& the_store, const Taxonomy& the_taxonomy, const Embedder& the_embedder, const Embedder* the_fine,
       Refining the_refining)
      : store(the_store),
        taxonomy(the_taxonomy),
        embedder(the_embedder),
        fine(the_fine),
        refining(the_refining),
        stamp{embedder.model(), tables_hash(taxonomy), static_cast<std::uint32_t>(embedder.dimensions()),
              fine ? fine->model() : std::string{}, fine ? static_cast<std::uint32_t>(fine->dimensions()) : 0},
        directory(store.directory() / "index"),
        builder(store, taxonomy, {stamp.model, stamp.dimensions, stamp.fine, stamp.fine_dimensions}) {}

  ~Impl() {
    store.on_commit({});
    {
      const std::scoped_lock lock(exchange->mutex);
      exchange->stop = true;
    }
    exchange->changed.notify_all();
    for (std::thread* thread : {&publishing, &embedding, &merging})
      if (thread->joinable()) thread->join();
  }

  void run();
  void publish_loop();
  void embed_loop();
  void embed(const std::string& id);
  void refine(const std::string& id);
  std::uint64_t refine_all(const std::function<bool(std::uint64_t, std::uint64_t)>& on_progress);
  bool wait_for_work(Clock::time_point not_before);
  void take_new_base();
  void start_base();
  void publish();
  Status save();
  Result<VerifyReport> verify() const;
  bool wait_for(std::uint64_t sequence, std::chrono::milliseconds patience) const;
  // The difference of one profile as it is now; nullopt: equal, or it changes too fast to tell.
  std::optional<Difference> look_again(const std::string& id) const;

  Store& store;
  const Taxonomy& taxonomy;
  const Embedder& embedder;
  const Embedder* fine;
  Refining refining;
  SnapshotStamp stamp;
  std::filesystem::path directory;
  SnapshotBuilder builder;  // of open(), then of the publishing thread
  std::set<std::string, std::less<>> queued, queued_fine;  // waiting profiles that the embedding thread was told of
  SnapshotCell cell;
  std::atomic<std::uint64_t> waiting{0}, waiting_fine{0};
  std::shared_ptr<Exchange> exchange = std::make_shared<Exchange>();
  std::mutex saving;
  std::uint64_t saved = 0;  // sequence of the file plus one; 0: none
  std::thread publishing, embedding, merging;
};

void Publisher::Impl::publish() {
  const std::uint64_t sequence = builder.sequence();
  cell.store(builder.snapshot());
  waiting = builder.awaiting().size();
  waiting_fine = builder.awaiting_fine().size();
  {
    const std::scoped_lock lock(exchange->mutex);
    exchange->published = sequence;
    exchange->unrefined = builder.awaiting_fine();
    for (const std::string& id : builder.awaiting())
      if (!queued.contains(id)) exchange->to_embed.push_back(id);
    for (const std::string& id : builder.awaiting_fine())
      if (refining == Refining::kBeside && !queued_fine.contains(id)) exchange->to_refine.push_back(id);
  }
  queued = builder.awaiting();
  queued_fine = builder.awaiting_fine();
  exchange->changed.notify_all();
}

void Publisher::Impl::run() {
  store.on_commit([shared = exchange](std::uint64_t sequence) {
    {
      const std::scoped_lock lock(shared->mutex);
      shared->committed = std::max(shared->committed, sequence);
    }
    shared->changed.notify_all();
  });
  // What was committed between the catching up and this line told nobody.
  exchange->committed = store.sequence();
  publishing = std::thread([this] { publish_loop(); });
  embedding = std::thread([this] { embed_loop(); });
}

bool Publisher::Impl::wait_for_work(Clock::time_point not_before) {
  std::unique_lock lock(exchange->mutex);
  exchange->changed.wait(lock, [&] {
    return exchange->stop || exchange->committed > exchange->published || exchange->new_base.has_value();
  });
  exchange->changed.wait_until(lock, not_before, [&] { return exchange->stop; });
  return !exchange->stop;
}

void Publisher::Impl::publish_loop() {
  Clock::time_point not_before = Clock::now();
  while (wait_for_work(not_before)) {
    take_new_base();
    const Result<std::size_t> changes = builder.advance(kBatch);
    kill_point("publisher: changes taken, not published");
    publish();
    kill_point("publisher: published");
    start_base();
    not_before = Clock::now() + (!changes ? Clock::duration(kRetry) : *changes < kBatch ? Clock::duration(kPause)
                                                                                       : Clock::duration(0));
  }
}

void Publisher::Impl::take_new_base() {
  std::optional<Result<std::shared_ptr<const Segment>>> base;
  {
    const std::scoped_lock lock(exchange->mutex);
    base.swap(exchange->new_base);
  }
  if (!base) return;
  if (*base)
    builder.install_base(**base);
  else
    builder.drop_base();
  kill_point("publisher: new base taken");
}

void Publisher::Impl::start_base() {
  std::optional<std::vector<LiveSegment>> inputs = builder.base_due();
  if (!inputs) return;
  if (merging.joinable()) merging.join();  // its base has been taken
  merging = std::thread([shared = exchange, inputs = std::move(*inputs)] {
    Result<std::shared_ptr<const Segment>> base = merge_segments(inputs, Lists::kTrain);
    kill_point("merge: new base made, not taken");
    {
      const std::scoped_lock lock(shared->mutex);
      shared->new_base = std::move(base);
    }
    shared->changed.notify_all();
  });
}

// Profiles without any vector come first: they are not matched at all until they have one.
void Publisher::Impl::embed_loop() {
  while (true) {
    std::string id;
    bool first = false;
    {
      std::unique_lock lock(exchange->mutex);
      exchange->changed.wait(
          lock, [&] { return exchange->stop || !exchange->to_embed.empty() || !exchange->to_refine.empty(); });
      if (exchange->stop) return;
      first = !exchange->to_embed.empty();
      std::deque<std::string>& queue = first ? exchange->to_embed : exchange->to_refine;
      id = std::move(queue.front());
      queue.pop_front();
    }
    if (first)
      embed(id);
    else
      refine(id);
  }
}

// A profile that was replaced meanwhile is refused as a conflict: its newer change brings vectors, or waits in turn.
void Publisher::Impl::embed(const std::string& id) {
  const Result<StoredProfile> stored = store.get(id);
  if (!stored) return;
  const Embedding vectors = quantise(embed_faces(stored->profile, embedder), embedder.model());
  kill_point("publisher: vectors made, not stored");
  (void)store.set_embedding(id, stored->version, vectors);
}

void Publisher::Impl::refine(const std::string& id) {
  const Result<StoredProfile> stored = store.get(id);
  Result<std::optional<Embedding>> vectors = store.embedding(id);
  if (!stored || !vectors || !*vectors || (*vectors)->fine_model == fine->model()) return;
  add_fine(**vectors, embed_faces(stored->profile, *fine), fine->model());
  add_passages(**vectors, stored->profile, *fine);
  (void)store.set_embedding(id, stored->version, **vectors);
}

std::uint64_t Publisher::Impl::refine_all(const std::function<bool(std::uint64_t, std::uint64_t)>& on_progress) {
  std::vector<std::string> ids;
  {
    const std::scoped_lock lock(exchange->mutex);
    ids.assign(exchange->unrefined.begin(), exchange->unrefined.end());
  }
  std::mutex telling;
  std::uint64_t done = 0;
  std::atomic<bool> ended{!on_progress(0, ids.size())};
  on_all_cores(ids.size(), [&](std::size_t i) {
    if (ended) return;
    refine(ids[i]);
    const std::scoped_lock lock(telling);
    if (!on_progress(++done, ids.size())) ended = true;
  });
  wait_for(store.sequence(), kLook);
  return done;
}

bool Publisher::Impl::wait_for(std::uint64_t sequence, std::chrono::milliseconds patience) const {
  std::unique_lock lock(exchange->mutex);
  return exchange->changed.wait_for(lock, patience, [&] { return exchange->published >= sequence; });
}

Status Publisher::Impl::save() {
  const std::scoped_lock lock(saving);
  const std::shared_ptr<const Snapshot> now = cell.load();
  if (saved == now->sequence() + 1) return {};
  std::shared_ptr<const Segment> whole;
  if (now->segments().size() == 1 && !now->segments()[0].deleted) {
    whole = now->segments()[0].segment;
  } else if (now->segments().empty()) {
    whole = SegmentBuilder(stamp.dimensions, stamp.fine_dimensions).build();
  } else {
    Result<std::shared_ptr<const Segment>> merged = merge_segments(now->segments(), Lists::kReuse);
    if (!merged) return tl::unexpected(merged.error());
    whole = std::move(*merged);
  }
  Status written = save_segment(directory, *whole, now->sequence(), stamp);
  if (written) saved = now->sequence() + 1;
  return written;
}

std::optional<Difference> Publisher::Impl::look_again(const std::string& id) const {
  for (int look = 0; look < kLooks; ++look) {
    const std::uint64_t sequence = store.sequence();
    if (!wait_for(sequence, kLook)) continue;
    const std::shared_ptr<const Snapshot> now = cell.load();
    const Result<StoredProfile> stored = store.get(id);
    const Result<std::optional<Embedding>> vectors = store.embedding(id);
    if (now->sequence() != store.sequence()) continue;  // changed meanwhile
    if (!stored && stored.error().code != ErrorCode::kNotFound) return Difference{id, describe(stored.error())};
    if (!vectors && vectors.error().code != ErrorCode::kNotFound) return Difference{id, describe(vectors.error())};
    const std::optional<Embedding> own = vectors.value_or(std::nullopt);
    return compare_profile(*now, taxonomy, {id, stored ? &*stored : nullptr, own, -1});
  }
  return std::nullopt;
}

Result<VerifyReport> Publisher::Impl::verify() const {
  wait_for(store.sequence(), kLook);
  const std::shared_ptr<const Snapshot> now = cell.load();
  VerifyReport report;
  Result<std::vector<Difference>> suspected = compare_with_store(*now, store, taxonomy, report);
  if (!suspected) return tl::unexpected(suspected.error());
  const bool still = store.sequence() == now->sequence();
  for (Difference& difference : *suspected) {
    if (!still) {
      std::optional<Difference> again = look_again(difference.id);
      if (!again) continue;
      difference = std::move(*again);
    }
    report.differs("profile `" + difference.id + "` " + difference.what);
  }
  return report;
}

Publisher::Publisher(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Publisher::~Publisher() = default;

Result<std::unique_ptr<Publisher>> Publisher::open(Store& store, const Taxonomy& taxonomy, const Embedder& embedder,
                                                   OpenReport* report, const Embedder* fine,
                                                   Refining refining) {
  OpenReport own;
  auto impl = std::make_unique<Impl>(store, taxonomy, embedder, fine, refining);
  OpenReport& told = report ? *report : own;
  told = {};
  if (Status started = start(impl->builder, store, impl->directory, impl->stamp, told); !started)
    return tl::unexpected(started.error());
  if (!told.rebuilt && told.caught_up == 0) impl->saved = impl->builder.sequence() + 1;
  impl->publish();
  impl->run();
  return std::unique_ptr<Publisher>(new Publisher(std::move(impl)));
}

std::shared_ptr<const Snapshot> Publisher::current() const { return impl_->cell.load(); }
bool Publisher::wait_for(std::uint64_t sequence, std::chrono::milliseconds patience) const {
  return impl_->wait_for(sequence, patience);
}
Status Publisher::save() { return impl_->save(); }
std::uint64_t Publisher::awaiting_embedding() const { return impl_->waiting; }
std::uint64_t Publisher::awaiting_fine() const { return impl_->waiting_fine; }
std::uint64_t Publisher::refine(const std::function<bool(std::uint64_t, std::uint64_t)>& on_progress) {
  return impl_->refine_all(on_progress);
}
void VerifyReport::differs(std::string what) {
  constexpr std::size_t kShown = 100;
  ++difference_count;
  if (differences.size() < kShown) differences.push_back(std::move(what));
}

Result<VerifyReport> Publisher::verify() const { return impl_->verify(); }

}  // namespace counterpart
