// Group commit: callers that arrive while a group is being written form the next group, and one of them writes it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <span>
#include <vector>

namespace counterpart {

// Safe from any thread. Groups are committed one after another, in order of arrival.
template <class Request>
class CommitQueue {
 public:
  // At most `max_weight` of several requests' weights in one group; a single heavier one goes alone.
  explicit CommitQueue(std::size_t max_weight) : max_weight_(max_weight) {}

  // Returns once some caller's `commit` has dealt with `request`. `commit(std::span<Request*>)` must not throw.
  template <class Commit>
  void submit(Request& request, std::size_t weight, const Commit& commit) {
    Slot slot{&request, weight, false};
    std::unique_lock lock(mutex_);
    waiting_.push_back(&slot);
    turn_.wait(lock, [&] { return slot.done || (!busy_ && waiting_.front() == &slot); });
    if (slot.done) return;
    const std::vector<Slot*> group = take();
    busy_ = true;
    lock.unlock();
    std::vector<Request*> requests;
    for (const Slot* member : group) requests.push_back(member->request);
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

  std::vector<Slot*> take() {
    std::vector<Slot*> group;
    std::size_t weight = 0;
    while (!waiting_.empty() && (group.empty() || weight + waiting_.front()->weight <= max_weight_)) {
      weight += waiting_.front()->weight;
      group.push_back(waiting_.front());
      waiting_.pop_front();
    }
    return group;
  }

  std::size_t max_weight_;
  std::mutex mutex_;
  std::condition_variable turn_;
  std::deque<Slot*> waiting_;
  bool busy_ = false;
};

}  // namespace counterpart
