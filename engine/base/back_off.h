// How long to wait before what failed is tried again: twice as long each time, up to a limit.
#pragma once

#include <algorithm>
#include <chrono>

namespace counterpart::engine {

// One thread at a time.
class BackOff {
 public:
  using Duration = std::chrono::milliseconds;
  BackOff(Duration first, Duration most) : first_(first), most_(most), next_(first) {}

  void succeeded() { next_ = first_; }
  // How long to wait now.
  Duration failed() {
    const Duration now = next_;
    next_ = std::min(2 * next_, most_);
    return now;
  }

 private:
  Duration first_, most_, next_;
};

}  // namespace counterpart::engine
