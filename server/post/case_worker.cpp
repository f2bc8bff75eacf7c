#include "server/post/case_worker.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <exception>

namespace counterpart::server {
namespace {

// An act can bring the next time nearer without telling the worker, and the clock may be set; both are seen by then. To look
// costs nothing where nothing is due.
constexpr std::int64_t kLongestWait = 5;

}  // namespace

CaseWorker::CaseWorker(CaseStore& cases, std::function<std::int64_t()> now, Post post)
    : cases_(cases), now_(std::move(now)), post_(std::move(post)), thread_([this] { work(); }) {}

CaseWorker::~CaseWorker() {
  {
    const MutexLock lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool CaseWorker::stopping() const {
  const MutexLock lock(mutex_);
  return stop_;
}

void CaseWorker::work() {
  while (!stopping()) {
    std::int64_t wait = kLongestWait;
    try {
      wait = std::clamp<std::int64_t>(round() - now_(), 1, kLongestWait);
    } catch (const std::exception& trouble) {
      spdlog::warn("casework: {}; it is tried again", trouble.what());
    }
    MutexLock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(wait), [&]() REQUIRES(mutex_) { return stop_; });
  }
}

std::int64_t CaseWorker::round() {
  const std::int64_t now = now_();
  const Result<Ticked> ticked = cases_.tick(now, [this] { return stopping(); });
  if (!ticked) {
    spdlog::warn("casework: {}; it is tried again", describe(ticked.error()));
    return now + kLongestWait;
  }
  for (const auto& [id, error] : ticked->failed) spdlog::warn("casework: case {}: {}", id, describe(error));
  if (!post_) return ticked->next;
  const Result<std::int64_t> posted = post_(now);
  if (!posted) spdlog::warn("letters: {}; they are tried again", describe(posted.error()));
  return posted ? std::min(ticked->next, *posted) : now + kLongestWait;
}

}  // namespace counterpart::server
