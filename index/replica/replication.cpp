#include "index/replica/replication.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "engine/base/thread_safety.h"
#include "index/replica/takeover_records.h"
#include "index/store/audit_head.h"
#include "index/tail/standby.h"

namespace counterpart::index {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kAnswerBytes = 4 << 20;  // of batches, in one answer
// Whoever lacks no more batches than these may become the standby: while others write all the time nobody ever lacks none.
constexpr std::uint64_t kNear = 200;
// Whoever has not asked for so long is taken for gone. Nothing acknowledged hangs on this: it only decides whether a write is
// refused before it is made or stays without an acknowledgement after.
constexpr std::chrono::milliseconds kSilence = 3s, kGlance = 100ms;

Error refused(std::string why, std::string remedy) {
  return {ErrorCode::kUnavailable, "owner", std::move(why), std::move(remedy)};
}

bool is_owner(const ReplicaRole& role) {
  return role.kind == ReplicaRole::Kind::kOwner || role.kind == ReplicaRole::Kind::kPromoted;
}

}  // namespace

struct Replication::Impl {
  Impl(Store& the_store, bool the_serves) : store(the_store), serves(the_serves), tail(the_store.database().tail()) {}

  Status load();
  Result<Takeover> begin_epoch(std::uint64_t epoch, const std::string& who);
  void settle() REQUIRES(mutex);
  void mark_epoch(bool is_due, bool is_beginning);
  std::optional<Error> why_not() const REQUIRES(mutex);
  void hear(const TailCall& call) REQUIRES(mutex);
  void watch();

  Store& store;
  const bool serves;
  Tail& tail;
  std::atomic<std::uint64_t> visible{0}, confirmed{0}, owner_at{0};
  std::atomic<bool> has_standby{false};
  Mutex promotion;  // one at a time; taken before `mutex`
  mutable Mutex mutex;
  ConditionVariable changed;
  bool stop GUARDED_BY(mutex) = false;
  ReplicaRole role GUARDED_BY(mutex);
  std::optional<Standby> standby GUARDED_BY(mutex);
  std::optional<Takeover> takeover GUARDED_BY(mutex);
  std::optional<Clock::time_point> heard GUARDED_BY(mutex);  // the standby, last
  bool refuses GUARDED_BY(mutex) = false, begun GUARDED_BY(mutex) = false;
  // The role has it, and its first batch is not written: the disk was full. And that is being done.
  bool epoch_due GUARDED_BY(mutex) = false, beginning GUARDED_BY(mutex) = false;
  Promoting promoting GUARDED_BY(mutex);
  std::thread watching;
};

Status Replication::Impl::load() {
  Result<ReplicaRole> read = read_role(store.directory());
  if (!read) return tl::unexpected(read.error());
  Result<std::optional<Standby>> by = read_standby(store.database());
  if (!by) return tl::unexpected(by.error());
  Result<std::optional<Takeover>> last = read_takeover(store.database());
  if (!last) return tl::unexpected(last.error());
  MutexLock lock(mutex);
  role = std::move(*read);
  standby = std::move(*by);
  takeover = std::move(*last);
  const bool cut_off = is_owner(role) && role.epoch > tail.position().epoch;  // in the middle of promote()
  if (cut_off) standby.reset();
  has_standby = standby.has_value();
  settle();
  const std::uint64_t epoch = role.epoch;
  lock.unlock();
  return cut_off ? begin_epoch(epoch, "local").map([](const Takeover&) {}) : Status();
}

void Replication::Impl::mark_epoch(bool is_due, bool is_beginning) {
  const MutexLock lock(mutex);
  epoch_due = is_due;
  beginning = is_beginning;
  settle();
}

// The first batch of an epoch says of which one it is the end. Until it is written nothing else is.
Result<Takeover> Replication::Impl::begin_epoch(std::uint64_t epoch, const std::string& who) {
  Takeover next;
  const Status noted = store.run_exclusively([&](Database& database) -> Status {
    const Result<AuditHead> audit = audit_head(database, nullptr);
    if (!audit) return tl::unexpected(audit.error());
    next = {epoch, tail.position(), audit->entries};
    tail.begin_epoch(epoch);
    mark_epoch(true, true);
    const Status written = store.write_in_task(
        {{Family::kMeta, std::string(kStandbyKey), std::nullopt}, {Family::kMeta, std::string(kTakeoverKey), encode(next)}},
        {{.who = who, .what = "promote", .subject = std::to_string(epoch)}});
    mark_epoch(!written, false);
    return written;
  });
  if (!noted) return tl::unexpected(noted.error());
  const MutexLock lock(mutex);
  takeover = next;
  return next;
}

std::optional<Error> Replication::Impl::why_not() const {
  switch (role.kind) {
    case ReplicaRole::Kind::kFollower:
      return refused(
          "this directory follows `" + role.url + "` and takes no writes of its own",
          "ask that server, or the one that serves this directory, which hands writes on; `counterpart promote` takes over");
    case ReplicaRole::Kind::kFenced:
      return refused(
          "`" + role.url + "` has taken over in epoch " + std::to_string(role.epoch) + ": nothing is written here any more",
          "start this one with --follow " + role.url + "; DATA/LEFT-BEHIND tells what the new owner never had");
    case ReplicaRole::Kind::kPromoted:
    case ReplicaRole::Kind::kOwner: break;
  }
  if (epoch_due && !beginning)
    return refused("this server has taken over, but that could not be written down: its disk was full, or failed",
                   "make room, and give `counterpart promote` again");
  if (!standby) return std::nullopt;
  if (!serves)
    return refused("this directory has a standby, which must confirm what is written",
                   "start the server, or let the standby go: `counterpart promote`");
  if (heard && Clock::now() - *heard < kSilence) return std::nullopt;
  return refused("the standby does not answer, and nothing is acknowledged without it",
                 "start it again; if it has taken over, follow it; if it is lost, let it go: `counterpart promote`");
}

void Replication::Impl::settle() {
  // An owner's own steps of being opened wait for no standby: nothing of them is acknowledged.
  std::optional<Error> why = is_owner(role) && !begun ? std::nullopt : why_not();
  if (!why && !refuses) return;
  refuses = why.has_value();
  tail.refuse(std::move(why));
}

void Replication::Impl::watch() {
  MutexLock lock(mutex);
  while (!stop) {
    settle();
    changed.wait_for(lock, kGlance, [&]() REQUIRES(mutex) { return stop; });
  }
}

void Replication::Impl::hear(const TailCall& call) {
  if (!standby || call.id != standby->id) return;
  heard = Clock::now();
  confirmed = std::max(confirmed.load(), call.has.number);
  settle();
}

Replication::Replication(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Replication::~Replication() {
  {
    const MutexLock lock(impl_->mutex);
    impl_->stop = true;
  }
  impl_->changed.notify_all();
  if (impl_->watching.joinable()) impl_->watching.join();
}

Result<std::unique_ptr<Replication>> Replication::open(Store& store, bool serves) {
  auto impl = std::make_unique<Impl>(store, serves);
  if (Status loaded = impl->load(); !loaded) return tl::unexpected(loaded.error());
  impl->visible = impl->tail.position().number;
  if (serves) impl->watching = std::thread([own = impl.get()] { own->watch(); });
  return std::unique_ptr<Replication>(new Replication(std::move(impl)));
}

void Replication::begin() {
  const MutexLock lock(impl_->mutex);
  impl_->begun = true;
  impl_->settle();
}

ReplicaRole Replication::role() const {
  const MutexLock lock(impl_->mutex);
  return impl_->role;
}

bool Replication::owns() const { return is_owner(role()); }

ReplicationState Replication::state() const {
  ReplicationState state{.role = {},
                         .position = impl_->tail.position(),
                         .visible = shown(),
                         .owner_at = impl_->owner_at,
                         .confirmed = impl_->confirmed};
  const MutexLock lock(impl_->mutex);
  state.role = impl_->role;
  state.standby = impl_->standby;
  state.standby_heard = impl_->heard && Clock::now() - *impl_->heard < kSilence;
  state.takeover = impl_->takeover;
  return state;
}

Status Replication::may_write() const {
  const MutexLock lock(impl_->mutex);
  std::optional<Error> why = impl_->why_not();
  return why ? Status(tl::unexpected(std::move(*why))) : Status();
}

std::uint64_t Replication::shown() const { return follows() ? impl_->visible.load() : impl_->tail.position().number; }
bool Replication::has(std::uint64_t number) const {
  const ReplicaRole::Kind kind = role().kind;
  if (number == 0) return true;
  if (kind == ReplicaRole::Kind::kFenced || number > shown()) return false;
  return kind == ReplicaRole::Kind::kFollower || is_confirmed(number);
}
std::uint64_t Replication::stored() const {
  // By the store, where a batch can be read a moment before it is counted.
  const auto bytes = impl_->store.database().get(Family::kMeta, kTailKey);
  const std::optional<TailPosition> position = bytes && *bytes ? decode_position(**bytes) : std::nullopt;
  return std::max(position ? position->number : 0, impl_->tail.position().number);
}
void Replication::show(std::uint64_t number) {
  // What came may have been the owner's record of its standby.
  if (Result<std::optional<Standby>> by = read_standby(impl_->store.database())) {
    const MutexLock lock(impl_->mutex);
    impl_->standby = std::move(*by);
  }
  impl_->visible = number;
}

void Replication::owner_stands(std::uint64_t number) { impl_->owner_at = number; }

void Replication::promote_with(Promoting promoting) {
  const MutexLock lock(impl_->mutex);
  impl_->promoting = std::move(promoting);
}

Replication::Promoting Replication::promoting() const {
  const MutexLock lock(impl_->mutex);
  return impl_->promoting;
}

Result<std::string> Replication::tail(const TailCall& call) {
  Impl& own = *impl_;
  own.tail.keep();
  const Tail::After found = own.tail.after(call.has, kAnswerBytes);
  bool becomes = false;
  const Standby standby{call.id, call.url};
  {
    const MutexLock lock(own.mutex);
    if (own.role.kind == ReplicaRole::Kind::kFollower) return tl::unexpected(*own.why_not());
    if (!found.known)
      return fail(ErrorCode::kConflict, "tail", "what is there is not on the way to here, or too far back", "take a new copy");
    own.hear(call);
    const std::uint64_t lacks = own.tail.position().number - call.has.number;
    becomes =
        call.stands_by && !call.id.empty() && lacks <= kNear && !own.standby && own.role.kind != ReplicaRole::Kind::kFenced;
    if (becomes) {  // of two that ask at once, the first; and it has been heard, so the record itself can be written
      own.standby = standby;
      own.has_standby = true;
      own.hear(call);
    }
  }
  if (becomes) {
    const Status noted = own.store.write_audited({{Family::kMeta, std::string(kStandbyKey), encode(standby)}},
                                                 {.who = "replica", .what = "standby", .subject = call.id});
    const MutexLock lock(own.mutex);
    if (!noted && own.standby && own.standby->id == standby.id) {  // else promote() has let it go meanwhile
      own.standby.reset();
      own.has_standby = false;
      own.settle();
    }
    if (!noted) return tl::unexpected(noted.error());
  }
  std::string bytes;
  for (const auto& batch : found.batches) add_batch(bytes, *batch);
  return bytes;
}

bool Replication::has_news(const TailPosition& has) const { return impl_->tail.position() != has; }

bool Replication::is_confirmed(std::uint64_t number) const { return !impl_->has_standby || impl_->confirmed >= number; }

Result<ReplicaRole> Replication::fence(std::uint64_t epoch, const std::string& url, const std::optional<Takeover>& takeover) {
  Impl& own = *impl_;
  // In a task: no write of this one is under way.
  ReplicaRole fenced;
  const Status done = own.store.run_exclusively([&](Database&) -> Status {
    const MutexLock lock(own.mutex);
    fenced = own.role;
    if (fenced.kind == ReplicaRole::Kind::kFollower) return {};  // it writes nothing, and goes on to follow
    const std::uint64_t mine = own.role.kind == ReplicaRole::Kind::kFenced ? own.role.epoch : own.tail.position().epoch;
    const bool again = own.role.kind == ReplicaRole::Kind::kFenced && own.role.epoch == epoch;
    // Both went on by themselves while they could not reach each other, and one of the two has to stop: the one that the other
    // once followed, for it alone is told. (If each is told, both stop, until a person chooses.) Not where
    // this one has a standby that confirms what it writes: then the other has been away for long.
    const bool contested = is_owner(own.role) && takeover && epoch == mine && !own.has_standby;
    if (epoch <= mine && !again && !contested)
      return fail(ErrorCode::kConflict, "epoch", "this server has epoch " + std::to_string(mine),
                  "whoever takes over begins a later one");
    fenced.kind = ReplicaRole::Kind::kFenced;
    fenced.epoch = epoch;
    fenced.url = url;
    if (takeover) {
      const Result<std::uint64_t> left = tell_left_behind(own.store, takeover->audit_entries);
      if (!left) return tl::unexpected(left.error());
      fenced.left_behind = *left;
    }
    if (Status written = write_role(own.store.directory(), fenced); !written) return written;
    own.role = fenced;
    own.settle();
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return fenced;
}

bool Replication::is_safe() const {
  // By the store, and not by what show() has taken from it: the record may have come with a batch that is not shown yet.
  const Result<std::optional<Standby>> by = read_standby(impl_->store.database());
  const MutexLock lock(impl_->mutex);
  return by && *by && (*by)->id == impl_->role.id && !impl_->role.copy_due;
}

Result<Takeover> Replication::promote(bool accept_loss, const std::string& who) {
  Impl& own = *impl_;
  const MutexLock alone(own.promotion);
  const ReplicaRole now = role();
  const bool owner = is_owner(now);
  bool due = false;  // of a promotion that was cut off
  {
    const MutexLock lock(own.mutex);
    due = owner && own.epoch_due;
  }
  if (due) return own.begin_epoch(now.epoch, who);
  if (owner && !own.has_standby)
    return fail(ErrorCode::kConflict, "role", "this is the owner already, and it has no standby", "there is nothing to do");
  if (now.kind == ReplicaRole::Kind::kFollower && !is_safe() && !accept_loss)
    return fail(
        ErrorCode::kForbidden, "role",
        "this one is not the standby: the owner may have acknowledged what is not here, and may go on to do so",
        "stop the owner first; with --accept-loss what is missing here is given up, and told where the old owner comes back");
  if (now.kind == ReplicaRole::Kind::kFenced && !accept_loss)
    return fail(ErrorCode::kForbidden, "role", "`" + now.url + "` has taken over, and may have acknowledged what is not here",
                "follow it; with --accept-loss this one becomes the owner again, and what the other has written is given up");
  const std::uint64_t epoch = std::max(own.tail.position().epoch, now.epoch) + 1;
  // The role is written first: whatever ends the program now, the next start of it is the new owner or takes this up again.
  const ReplicaRole next{owner ? now.kind : ReplicaRole::Kind::kPromoted, now.url, now.id, epoch, false, 0};
  {
    const MutexLock lock(own.mutex);
    if (own.role.kind != now.kind || own.role.epoch != now.epoch)  // fence() came between
      return fail(ErrorCode::kConflict, "role", "another server took over meanwhile", "ask again how things stand");
    if (Status written = write_role(own.store.directory(), next); !written) return tl::unexpected(written.error());
    own.role = next;
    own.standby.reset();
    own.has_standby = false;
    own.epoch_due = true;
    own.settle();
  }
  return own.begin_epoch(epoch, who);
}

}  // namespace counterpart::index
