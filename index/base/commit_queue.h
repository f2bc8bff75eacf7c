// Group commit: callers that arrive while a group is being written form the next group, and one of them writes it.
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <vector>

#include "engine/base/thread_safety.h"
#include "index/layer.h"

namespace counterpart::index {

// Safe from any thread. Groups are committed one after another, in order of arrival.
template <class Request>
class CommitQueue {
 public:
  // At most `max_weight` of several requests' weights in one group; a single heavier one goes alone.
  explicit CommitQueue(std::size_t max_weight) : max_weight_(max_weight) {}

  // Returns once some caller's `commit` has dealt with `request`. `commit(std::span<Request*>)` must not throw; where memory
  // runs out before it is called, this throws and `request` was not dealt with.
  template <class Commit>
  void submit(Request& request, std::size_t weight, const Commit& commit) {
    Slot slot{&request, weight, false};
    MutexLock lock(mutex_);
    waiting_.push_back(&slot);
    turn_.wait(lock, [&]() REQUIRES(mutex_) { return slot.done || (!busy_ && waiting_.front() == &slot); });
    if (slot.done) return;
    std::vector<Slot*> group;
    std::vector<Request*> requests;
    try {
      group.reserve(waiting_.size());
      requests.reserve(waiting_.size());
    } catch (...) {  // the slot lies on this thread's stack, and the next one has its turn
      waiting_.pop_front();
      turn_.notify_all();
      throw;
    }
    take(group, requests);
    busy_ = true;
    lock.unlock();
    commit(std::span<Request*>(requests));
    lock.lock();
    busy_ = false;
    for (Slot* member : group) member->done = true;
    turn_.notify_all();
  }

 private:
  struct Slot {
    Request* request;
    std::size_t weight;
    bool done;
  };

  // Into vectors that have room for all.
  void take(std::vector<Slot*>& group, std::vector<Request*>& requests) REQUIRES(mutex_) {
    std::size_t weight = 0;
    while (!waiting_.empty() && (group.empty() || weight + waiting_.front()->weight <= max_weight_)) {
      weight += waiting_.front()->weight;
      group.push_back(waiting_.front());
      requests.push_back(waiting_.front()->request);
      waiting_.pop_front();
    }
  }

  std::size_t max_weight_;
  Mutex mutex_;
  ConditionVariable turn_;
  std::deque<Slot*> waiting_ GUARDED_BY(mutex_);
  bool busy_ GUARDED_BY(mutex_) = false;
};

}  // namespace counterpart::index
