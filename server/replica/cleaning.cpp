#include "server/replica/cleaning.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/base/barrier.h"
#include "index/base/files.h"

namespace counterpart::server {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kGlance = 200ms, kLongestPause = 60s;
constexpr const char* kMark = "replica-unclean";

}  // namespace

Status mark_unclean(const fs::path& data) {
  if (is_unclean(data)) return {};
  AtomicFile file(data / kMark);
  file.write("files here may hold what was erased\n");
  return file.finish();
}

bool is_unclean(const fs::path& data) {
  std::error_code error;
  return fs::exists(data / kMark, error);
}

Cleaning::Cleaning(Service& service) : service_(service), due_(is_unclean(service.data().store.directory())) {
  thread_ = std::thread([this] { clean(); });
}

Cleaning::~Cleaning() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

Status Cleaning::take(const std::function<Status()>& work) {
  const MutexLock lock(mutex_);
  if (Status marked = mark_unclean(service_.data().store.directory()); !marked) return marked;
  const Status taken = work();
  due_ = true;  // where it failed, some of it may be there
  return taken;
}

void Cleaning::clean() {
  std::chrono::milliseconds pause = kGlance;
  while (!stop_) {
    for (auto waited = 0ms; waited < pause && !stop_; waited += kGlance) std::this_thread::sleep_for(kGlance);
    if (stop_) return;
    {
      const MutexLock lock(mutex_);
      if (!std::exchange(due_, false)) continue;
    }
    Store& store = service_.data().store;
    Status cleaned = guarded("replica", [&] { return store.purge(); });
    if (cleaned) cleaned = guarded("replica", [&] { return service_.save(); });
    const MutexLock lock(mutex_);
    if (!cleaned) {
      spdlog::warn("replica: what was erased is not out of all files yet: {}; it is tried again", describe(cleaned.error()));
      due_ = true;
      pause = std::min(2 * pause, kLongestPause);
      continue;
    }
    pause = kGlance;
    std::error_code error;
    if (!due_) fs::remove(store.directory() / kMark, error);
  }
}

}  // namespace counterpart::server
