#include "index/run/shared_groups.h"

#include <algorithm>
#include <utility>

namespace counterpart::index {
namespace {

// A group that somebody has had so many times longer than any took is given to another.
constexpr int kPatience = 4;

tl::unexpected<Error> over() {
  return fail(ErrorCode::kConflict, "run", "this match run is over, or works on other rows", "ask which one there is");
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

std::optional<std::uint32_t> SharedGroups::overdue(Time now) const {
  for (const auto& [group, lease] : leases_)
    if (now - lease.since > kPatience * longest_) return group;
  return std::nullopt;
}

SharedGroups::Next SharedGroups::take_own(Time now) {
  const MutexLock lock(mutex_);
  // Early: what a worker that is wrong has given until then is done again.
  if (!to_compare_.empty()) {
    const std::uint32_t group = to_compare_.front();
    to_compare_.pop_front();
    ++figures_.looked_at;
    return {Turn::kWork, group, true};
  }
  std::optional<std::uint32_t> group;
  if (!open_.empty()) {
    group = open_.front();
    open_.pop_front();
  } else if ((group = overdue(now))) {
    leases_.erase(*group);
    ++figures_.again;
  }
  if (!group) return {leases_.empty() && own_.empty() ? Turn::kEnd : Turn::kWait};
  own_[*group] = now;
  return {Turn::kWork, *group};
}

void SharedGroups::kept_own(std::uint32_t group, Time now) {
  const MutexLock lock(mutex_);
  const auto found = own_.find(group);
  if (found == own_.end()) return;
  took(now - found->second);
  own_.erase(found);
}

void SharedGroups::judge(std::uint32_t group, bool same) {
  const MutexLock lock(mutex_);
  const auto found = done_by_.find(group);
  if (same || found == done_by_.end()) return;  // given by one that was dropped meanwhile: it is open again
  const std::string worker = found->second;
  done_by_.erase(found);
  drop(worker, "group " + std::to_string(group) + " is another than here");
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
    return fail(ErrorCode::kForbidden, "worker", "what this copy gave was wrong", "look at this machine's memory and program");
  if (phase_ == Phase::kOver || !joined_.contains(worker)) return over();
  return {};
}

Status SharedGroups::join(const std::string& worker, std::uint64_t sequence, const std::string& space) {
  const MutexLock lock(mutex_);
  if (!run_ || run_->sequence != sequence || run_->space != space) return over();
  if (joined_.size() >= most_ && !joined_.contains(worker))
    return fail(ErrorCode::kConflict, "worker", "as many copies as were asked for take part already", "ask which one there is");
  joined_.insert(worker);
  return {};
}

Result<SharedGroups::Next> SharedGroups::take(const std::string& worker, const std::string& rows_key, Time now) {
  const MutexLock lock(mutex_);
  if (Status may = may_work(worker); !may) return tl::unexpected(may.error());
  if (phase_ == Phase::kGathering) return Next{Turn::kWait};
  if (rows_key != rows_key_) return over();
  std::optional<std::uint32_t> group;
  if (!open_.empty()) {
    group = open_.front();
    open_.pop_front();
  } else if ((group = overdue(now))) {
    ++figures_.again;
  }
  if (!group) return Next{leases_.empty() && own_.empty() && to_compare_.empty() ? Turn::kEnd : Turn::kWait};
  leases_[*group] = {worker, now};
  return Next{Turn::kWork, *group};
}

Result<bool> SharedGroups::give(const std::string& worker, std::uint32_t group, std::string_view bytes, Time now) {
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
  took(now - lease->second.since);
  leases_.erase(lease);
  done_by_[group] = worker;
  const bool first = given_.insert(worker).second;
  if (first || std::uniform_int_distribution<std::uint32_t>(1, kLookedAt)(chance_) == 1) to_compare_.push_back(group);
  return true;
}

}  // namespace counterpart::index
