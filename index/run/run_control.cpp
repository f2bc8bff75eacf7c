#include "index/run/run_control.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "engine/base/barrier.h"
#include "engine/base/threads.h"

namespace counterpart::index {

std::string_view name_of(RunPhase phase) {
  constexpr std::string_view kNames[] = {"waiting", "reading", "changed", "matching", "assigning", "publishing"};
  return kNames[static_cast<std::size_t>(phase)];
}

void RunControl::stop() {
  const MutexLock lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

void RunControl::pause(bool paused) {
  const MutexLock lock(mutex_);
  paused_ = paused;
  changed_.notify_all();
}

bool RunControl::go_on() {
  MutexLock lock(mutex_);
  changed_.wait(lock, [this] { return !paused_ || stopping_; });
  return !stopping_;
}

void RunControl::enter(RunPhase phase, std::uint64_t all) {
  done_ = 0;
  all_ = all;
  phase_ = phase;
}

RunControl::Progress RunControl::progress() const { return {phase_, done_, all_}; }

void set_niceness(int nice) {
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice);
  // A nice thread still runs its slice to the end before one that has just woken; an idle one is put off at once.
  const sched_param none{};
  if (nice >= kGivesWay) ::sched_setscheduler(0, SCHED_IDLE, &none);
}

tl::unexpected<Error> stopped() {
  return fail(ErrorCode::kUnavailable, "runs", "the match run was stopped", "start it again: it goes on where it was");
}

Status on_threads(const RunThreads& wanted, std::size_t count, RunControl& control,
                  const std::function<Status(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  Mutex mutex;
  Status first;
  const auto drain = [&] {
    set_niceness(wanted.nice);
    for (std::size_t i = next++; i < count; i = next++) {
      Status done = control.go_on() ? guarded("match run", [&] { return work(i); }) : stopped();
      if (done) continue;
      const MutexLock lock(mutex);
      if (first) first = std::move(done);
      next = count;
    }
  };
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t threads = std::min<std::size_t>(wanted.count == 0 ? cores : wanted.count, count);
  if (threads == 0) return first;
  const Status ran = guarded("match run", [&]() -> Status {
    on_threads_beside(threads - 1, drain);
    return {};
  });
  return first ? ran : first;
}

}  // namespace counterpart::index
