// A FakeEmbedder that waits at a gate, so that a test can do something while a text is being embedded.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string_view>
#include <vector>

#include "tests/support/fake_embedder.h"

namespace counterpart::engine {

// It tells when a text has come, and embeds it when it is let through.
class GatedEmbedder : public FakeEmbedder {
 public:
  using FakeEmbedder::FakeEmbedder;

  std::vector<float> embed(std::string_view text, std::string_view language) const override {
    {
      std::unique_lock lock(mutex_);
      waiting_ = true;
      changed_.notify_all();
      changed_.wait(lock, [this] { return open_; });
    }
    return FakeEmbedder::embed(text, language);
  }
  bool somebody_waits() const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [this] { return waiting_; });
  }
  void open() {
    const std::scoped_lock lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable bool waiting_ = false;
  bool open_ = false;
};

}  // namespace counterpart::engine
