// What casework does by itself while a server runs: what time brings, and the letters that wait to be sent.
#pragma once

#include <cstdint>
#include <functional>
#include <thread>

#include "engine/base/thread_safety.h"
#include "index/casework/case_store.h"
#include "server/layer.h"

namespace counterpart::server {

// Sends the letters whose turn it is and notes what became of each; when it wants to be called again, seconds since 1970.
using Post = std::function<Result<std::int64_t>(std::int64_t now)>;

// One thread, from the making to the end. It keeps a reference to `cases`.
class CaseWorker {
 public:
  // `now`: seconds since 1970. `post` may be empty: letters stay queued then.
  CaseWorker(CaseStore& cases, std::function<std::int64_t()> now, Post post = {});
  ~CaseWorker();  // what is under way is done to its next batch
  CaseWorker(const CaseWorker&) = delete;
  CaseWorker& operator=(const CaseWorker&) = delete;

 private:
  void work();
  std::int64_t round();  // what is due; when there is more to do, seconds since 1970
  bool stopping() const;

  CaseStore& cases_;
  std::function<std::int64_t()> now_;
  Post post_;
  mutable Mutex mutex_;
  ConditionVariable changed_;
  bool stop_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace counterpart::server
