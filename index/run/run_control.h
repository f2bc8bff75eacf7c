// How far a match run is, the way to hold it, and the threads that it works on.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "engine/base/result.h"
#include "engine/base/thread_safety.h"
#include "index/layer.h"

namespace counterpart::index {

enum class RunPhase : std::uint8_t { kWaiting, kReading, kChanged, kMatching, kAssigning, kPublishing };
std::string_view name_of(RunPhase phase);

// How far a run is, and the way to hold it. Safe from any thread.
class RunControl {
 public:
  void stop();
  void pause(bool paused);
  bool paused() const { return paused_; }
  bool stopping() const { return stopping_; }
  // Waits while paused; false: the run is to stop.
  bool go_on();

  void enter(RunPhase phase, std::uint64_t all);
  void done(std::uint64_t more) { done_ += more; }
  struct Progress {
    RunPhase phase = RunPhase::kWaiting;
    std::uint64_t done = 0, all = 0;  // rows of this phase
  };
  Progress progress() const;

 private:
  std::atomic<bool> paused_{false}, stopping_{false};
  std::atomic<RunPhase> phase_{RunPhase::kWaiting};
  std::atomic<std::uint64_t> done_{0}, all_{0};
  Mutex mutex_;
  ConditionVariable changed_;
};

struct RunThreads {
  unsigned count = 0;  // 0: one a core
  int nice = 0;        // 0-19, as set_niceness() takes it
};

// Of the calling thread; Linux gives each a niceness of its own. From kGivesWay on it works only when nobody else wants to.
inline constexpr int kGivesWay = 19;
void set_niceness(int nice);

// kUnavailable: what a run that is stopped says.
tl::unexpected<Error> stopped();

// Runs `work(i)` for each i < count, the caller's thread included; the first error is the answer, and ends the rest. What
// `work` throws is such an error. kUnavailable: stopped.
Status on_threads(const RunThreads& threads, std::size_t count, RunControl& control,
                  const std::function<Status(std::size_t)>& work);

}  // namespace counterpart::index
