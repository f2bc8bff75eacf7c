// Locks whose rule the compiler checks: what a lock guards is said beside the member, and Clang's -Wthread-safety refuses
// whoever touches it without holding the lock (the fuzz preset has it on). Other compilers see ordinary locks.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#ifdef __clang__
#define COUNTERPART_THREAD_SAFETY(attribute) __attribute__((attribute))
#else
#define COUNTERPART_THREAD_SAFETY(attribute)
#endif

// Of a member: only who holds `mutex` may read or write it.
#define GUARDED_BY(mutex) COUNTERPART_THREAD_SAFETY(guarded_by(mutex))
// Of a function: its caller holds `mutex`.
#define REQUIRES(mutex) COUNTERPART_THREAD_SAFETY(requires_capability(mutex))

namespace counterpart::engine {

// std::mutex of libstdc++ carries no attributes.
class COUNTERPART_THREAD_SAFETY(capability("mutex")) Mutex {
 private:
  friend class MutexLock;
  std::mutex mutex_;
};

// Holds a mutex from its own begin to its end, and may let go of it in between.
class COUNTERPART_THREAD_SAFETY(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) COUNTERPART_THREAD_SAFETY(acquire_capability(mutex)) : lock_(mutex.mutex_) {}
  ~MutexLock() COUNTERPART_THREAD_SAFETY(release_capability()) {}
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;
  void unlock() COUNTERPART_THREAD_SAFETY(release_capability()) { lock_.unlock(); }
  void lock() COUNTERPART_THREAD_SAFETY(acquire_capability()) { lock_.lock(); }

 private:
  friend class ConditionVariable;
  std::unique_lock<std::mutex> lock_;
};

// As std::condition_variable. A condition reads what the mutex guards, so it is written `[&]() REQUIRES(mutex) { ... }`.
class ConditionVariable {
 public:
  void notify_all() { variable_.notify_all(); }

  void wait(MutexLock& lock) { variable_.wait(lock.lock_); }
  template <class Condition>
  void wait(MutexLock& lock, Condition condition) {
    variable_.wait(lock.lock_, std::move(condition));
  }
  template <class Clock, class Duration>
  void wait_until(MutexLock& lock, const std::chrono::time_point<Clock, Duration>& end) {
    variable_.wait_until(lock.lock_, end);
  }
  // False: `condition` is not fulfilled at the end.
  template <class Clock, class Duration, class Condition>
  bool wait_until(MutexLock& lock, const std::chrono::time_point<Clock, Duration>& end, Condition condition) {
    return variable_.wait_until(lock.lock_, end, std::move(condition));
  }
  template <class Rep, class Period, class Condition>
  bool wait_for(MutexLock& lock, const std::chrono::duration<Rep, Period>& patience, Condition condition) {
    return variable_.wait_for(lock.lock_, patience, std::move(condition));
  }

 private:
  std::condition_variable variable_;
};

}  // namespace counterpart::engine
