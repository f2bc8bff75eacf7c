// Work whose answer nobody will read any more: whoever asked has left, or its time is over.
#pragma once

#include <stop_token>
#include <utility>

#include "engine/base/result.h"

namespace counterpart::engine {

// While it lives, what its thread computes is done for whoever may ask `stop` to stop. Long computations (a text's windows,
// profiles walked, lists tried) look at over() between two pieces and end early: what they return means nothing then, so
// whoever opens a Patience looks at over() before it uses or keeps a result. Writes are never done under one.
class Patience {
 public:
  explicit Patience(std::stop_token stop) : stop_(std::move(stop)), outer_(std::exchange(current_, this)) {}
  ~Patience() { current_ = outer_; }
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

  // Of the calling thread; false where nobody opened one.
  static bool over() { return current_ && current_->stop_.stop_requested(); }

 private:
  std::stop_token stop_;
  Patience* outer_;
  inline static thread_local Patience* current_ = nullptr;
};

inline tl::unexpected<Error> given_up() {
  return fail(ErrorCode::kUnavailable, {}, "this took too long and was given up",
              "ask for less at once, or come again in a moment");
}

}  // namespace counterpart::engine
