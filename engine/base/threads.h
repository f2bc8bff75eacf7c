// Independent pieces of work on all cores of the machine, and what a thread has had of one.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

namespace counterpart::engine {

// Runs `work(i)` for each i < count, the caller's thread included; back when all threads are done. `work` is safe from several
// threads. What it throws ends the work (some of it may not be done) and is thrown here, on the caller's thread: the first of
// several. Where the system has no more threads, fewer are used.
void on_all_cores(std::size_t count, const std::function<void(std::size_t)>& work);

// Runs `drain` on `wanted` threads beside the caller's, fewer where the system has no more; back when all are done. Throws
// what `drain` throws, the first of several; the others have ended by then.
void on_threads_beside(std::size_t wanted, const std::function<void()>& drain);

// What this thread has had of a core since it began.
std::chrono::nanoseconds core_time();

}  // namespace counterpart::engine
