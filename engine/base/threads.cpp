#include "engine/base/threads.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

#include "engine/base/thread_safety.h"

namespace counterpart::engine {

void on_threads_beside(std::size_t wanted, const std::function<void()>& drain) {
  Mutex mutex;
  std::exception_ptr first;
  const auto guarded_drain = [&]() noexcept {
    try {
      drain();
    } catch (...) {
      const MutexLock lock(mutex);
      if (!first) first = std::current_exception();
    }
  };
  std::vector<std::jthread> helpers;
  helpers.reserve(wanted);
  try {
    while (helpers.size() < wanted) helpers.emplace_back(guarded_drain);
  } catch (const std::system_error&) {  // those there are, and this one, do it all
  }
  guarded_drain();
  helpers.clear();
  if (first) std::rethrow_exception(first);
}

void on_all_cores(std::size_t count, const std::function<void(std::size_t)>& work) {
  const std::size_t threads = std::min<std::size_t>(count, std::max(1U, std::thread::hardware_concurrency()));
  std::atomic<std::size_t> next{0};
  if (threads == 0) return;
  on_threads_beside(threads - 1, [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      next = count;  // the others stop as well
      throw;
    }
  });
}

std::chrono::nanoseconds core_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace counterpart::engine
