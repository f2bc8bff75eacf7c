#include "index/run/shared_groups.h"

#include <algorithm>
#include <utility>

namespace counterpart::index {
namespace {

// A group that a copy has had so many times longer than any took here is given to another. What a copy took says nothing: it
// may have slept.
constexpr int kPatience = 8;

tl::unexpected<Error> over() {
  return engine::fail(ErrorCode::kConflict, "run", "this match run is over, or works on other rows", "ask which one there is");
}

}  // namespace

SharedGroups::SharedGroups(std::size_t workers, std::optional<std::uint32_t> seed)
    : most_(workers), chance_(seed ? *seed : std::random_device()()) {}

void SharedGroups::announce(const SharedRun& run) {
  const MutexLock lock(mutex_);
  if (run_ && *run_ == run) return;
  run_ = run;
  joined_.clear();
}

std::size_t SharedGroups::joined() const {
  const MutexLock lock(mutex_);
  return joined_.size();
}

void SharedGroups::begin(std::string rows_key, std::vector<std::uint32_t> groups, Keep keep) {
  const MutexLock lock(mutex_);
  rows_key_ = std::move(rows_key);
  open_.assign(groups.begin(), groups.end());
  keep_ = std::move(keep);
  phase_ = Phase::kReady;
}

bool SharedGroups::is_overdue(const Lease& lease, Time now) const { return now - lease.since > kPatience * longest_; }

std::optional<std::uint32_t> SharedGroups::next_of(Time now) {
  if (!open_.empty()) {
    const std::uint32_t group = open_.front();
    open_.pop_front();
    return group;
  }
  const auto late = std::ranges::find_if(leases_, [&](const auto& one) { return is_overdue(one.second, now); });
  if (late == leases_.end()) return std::nullopt;
  const std::uint32_t group = late->first;
  leases_.erase(late);
  ++figures_.again;
  return group;
}

SharedGroups::Next SharedGroups::take_own(Time now) {
  const MutexLock lock(mutex_);
  // Early: what a worker that is wrong has given until then is done again.
  if (!to_compare_.empty()) {
    const std::uint32_t group = to_compare_.front();
    to_compare_.pop_front();
    ++figures_.looked_at;
    return {Turn::kWork, group, true, done_by_[group]};
  }
  const std::optional<std::uint32_t> group = next_of(now);
  if (!group) return {leases_.empty() && own_.empty() ? Turn::kEnd : Turn::kWait};
  own_[*group] = now;
  return {Turn::kWork, *group};
}

void SharedGroups::kept_own(std::uint32_t group, Time now) {
  const MutexLock lock(mutex_);
  const auto found = own_.find(group);
  if (found == own_.end()) return;
  longest_ = std::max(longest_, now - found->second);
  own_.erase(found);
}

void SharedGroups::judge(const Next& compared, bool same) {
  const MutexLock lock(mutex_);
  const auto found = done_by_.find(compared.group);
  // Where it was dropped meanwhile, the group is open again, or another's.
  if (same || found == done_by_.end() || found->second != compared.worker) return;
  done_by_.erase(found);
  drop(compared.worker, "group " + std::to_string(compared.group) + " is another than here");
}

void SharedGroups::fail(const Status& why) {
  const MutexLock lock(mutex_);
  if (trouble_) trouble_ = why;
}

void SharedGroups::hold(bool held) {
  const MutexLock lock(mutex_);
  held_ = held;
}

void SharedGroups::drop(const std::string& worker, const std::string& why) {
  if (!dropped_.insert(worker).second) return;
  figures_.dropped.emplace_back(worker, why);
  std::size_t again = 0;
  for (auto done = done_by_.begin(); done != done_by_.end();) {
    if (done->second != worker) {
      ++done;
      continue;
    }
    std::erase(to_compare_, done->first);
    open_.push_back(done->first);
    done = done_by_.erase(done);
    ++again;
  }
  for (auto lease = leases_.begin(); lease != leases_.end();) {
    if (lease->second.worker != worker) {
      ++lease;
      continue;
    }
    open_.push_back(lease->first);
    lease = leases_.erase(lease);
    ++again;
  }
  figures_.again += again;
}

Status SharedGroups::trouble() const {
  const MutexLock lock(mutex_);
  return trouble_;
}

void SharedGroups::end() {
  const MutexLock lock(mutex_);
  phase_ = Phase::kOver;
  run_.reset();
  keep_ = {};
  figures_.workers = given_.size();
  figures_.groups = done_by_.size();
}

SharedFigures SharedGroups::figures() const {
  const MutexLock lock(mutex_);
  return figures_;
}

std::optional<SharedRun> SharedGroups::announced() const {
  const MutexLock lock(mutex_);
  return run_;
}

Status SharedGroups::may_work(const std::string& worker) const {
  if (dropped_.contains(worker))
    return engine::fail(ErrorCode::kForbidden, "worker", "what this copy gave was wrong",
                        "look at this machine's memory and program");
  if (phase_ == Phase::kOver || !joined_.contains(worker)) return over();
  return {};
}

Status SharedGroups::join(const std::string& worker, std::uint64_t sequence, const std::string& space) {
  const MutexLock lock(mutex_);
  if (!run_ || run_->sequence != sequence || run_->space != space) return over();
  if (joined_.size() >= most_ && !joined_.contains(worker))
    return engine::fail(ErrorCode::kConflict, "worker", "as many copies as were asked for take part already",
                        "ask which one there is");
  joined_.insert(worker);
  return {};
}

Result<SharedGroups::Next> SharedGroups::take(const std::string& worker, const std::string& rows_key, Time now) {
  const MutexLock lock(mutex_);
  if (Status may = may_work(worker); !may) return tl::unexpected(may.error());
  if (phase_ == Phase::kGathering) return Next{Turn::kWait};
  if (rows_key != rows_key_) return over();
  bool stalled = false;  // what it has had for too long goes to whoever comes next
  for (auto lease = leases_.begin(); lease != leases_.end();) {
    const bool late = lease->second.worker == worker && is_overdue(lease->second, now);
    if (late) open_.push_front(lease->first);
    if (late) ++figures_.again;
    stalled |= late;
    lease = late ? leases_.erase(lease) : std::next(lease);
  }
  if (stalled || held_) return Next{Turn::kWait};
  const std::optional<std::uint32_t> group = next_of(now);
  if (!group) return Next{leases_.empty() && own_.empty() && to_compare_.empty() ? Turn::kEnd : Turn::kWait};
  leases_[*group] = {worker, now};
  return Next{Turn::kWork, *group};
}

Result<bool> SharedGroups::give(const std::string& worker, std::uint32_t group, std::string_view bytes) {
  const MutexLock lock(mutex_);
  if (Status may = may_work(worker); !may) return tl::unexpected(may.error());
  const auto lease = leases_.find(group);
  if (lease == leases_.end() || lease->second.worker != worker || !keep_) return false;
  const Status kept = keep_(group, bytes);
  if (!kept && kept.error().code == ErrorCode::kInvalid) {
    drop(worker, kept.error().message);
    return tl::unexpected(kept.error());
  }
  if (!kept) {
    if (trouble_) trouble_ = kept;
    return tl::unexpected(kept.error());
  }
  leases_.erase(lease);
  done_by_[group] = worker;
  const bool first = given_.insert(worker).second;
  if (first || std::uniform_int_distribution<std::uint32_t>(1, kLookedAt)(chance_) == 1) to_compare_.push_back(group);
  return true;
}

}  // namespace counterpart::index
