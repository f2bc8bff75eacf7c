// Calls that wait for an owner's answer. They have threads of their own: however long an owner takes, or if it hangs, the
// workers that answer here go on.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "engine/base/thread_safety.h"
#include "server/http/request.h"
#include "server/layer.h"

namespace counterpart::server {

// Safe from any thread.
class OwnerCalls {
 public:
  static constexpr std::size_t kMost = 16;  // at once
  using Work = std::function<Response(std::stop_token)>;

  OwnerCalls() = default;
  ~OwnerCalls();  // asks those under way to stop, and waits for them

  // An answer that leaves when `call` has made it (Response::settle). Nothing: so many wait already.
  std::optional<Response> begin(Work call);

 private:
  struct Errand;
  void serve();

  std::stop_source stop_;
  Mutex mutex_;
  ConditionVariable changed_;
  std::deque<std::shared_ptr<Errand>> waiting_ GUARDED_BY(mutex_);
  std::size_t under_way_ GUARDED_BY(mutex_) = 0;  // those that wait too
  std::vector<std::thread> threads_ GUARDED_BY(mutex_);
};

}  // namespace counterpart::server
