// What was erased for good at the owner leaves a follower's files, too. Nobody waits for it.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <thread>

#include "engine/base/result.h"
#include "engine/base/thread_safety.h"
#include "server/layer.h"
#include "server/service/service.h"

namespace counterpart::server {

// A file beside the store says that its files may hold what was erased, from before it is until it is in none of them any more:
// a server that ends in between takes it up at its next start, as a follower or as the owner that it has become.
Status mark_unclean(const std::filesystem::path& data);
bool is_unclean(const std::filesystem::path& data);

// A thread of its own, as long as it lives. Keeps a reference to its argument.
class Cleaning {
 public:
  explicit Cleaning(Service& service);
  ~Cleaning();
  // Does `work`, which has something erased; what is left of it in files goes after that.
  Status take(const std::function<Status()>& work);

 private:
  void clean();

  Service& service_;
  std::atomic<bool> stop_{false};
  Mutex mutex_;  // held from the mark to what it is of
  bool due_ GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace counterpart::server
