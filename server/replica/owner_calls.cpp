#include "server/replica/owner_calls.h"

#include <atomic>
#include <utility>

#include "server/http/problem.h"

namespace counterpart::server {

struct OwnerCalls::Errand {
  explicit Errand(Work the_call) : call(std::move(the_call)) {}
  Work call;
  Response response = {};
  std::atomic<bool> done{false};
};

OwnerCalls::~OwnerCalls() {
  stop_.request_stop();
  std::vector<std::thread> threads;
  {
    const MutexLock lock(mutex_);
    threads.swap(threads_);
  }
  changed_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

std::optional<Response> OwnerCalls::begin(Work call) {
  auto errand = std::make_shared<Errand>(std::move(call));
  {
    const MutexLock lock(mutex_);
    if (under_way_ == kMost || stop_.stop_requested()) return std::nullopt;
    if (under_way_ == threads_.size()) threads_.emplace_back([this] { serve(); });
    ++under_way_;
    waiting_.push_back(errand);
  }
  changed_.notify_all();
  Response response;
  response.settle = [errand = std::move(errand)](Response& waiting) {
    if (!errand->done) return false;
    waiting = std::move(errand->response);
    return true;
  };
  return response;
}

void OwnerCalls::serve() {
  MutexLock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this]() REQUIRES(mutex_) { return !waiting_.empty() || stop_.stop_requested(); });
    if (waiting_.empty()) return;
    const std::shared_ptr<Errand> errand = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    try {
      errand->response = errand->call(stop_.get_token());
    } catch (...) {
      errand->response = problem({ErrorCode::kInternal, {}, {}, {}}, Request{});
    }
    errand->call = {};
    errand->done = true;
    lock.lock();
    --under_way_;
  }
}

}  // namespace counterpart::server
