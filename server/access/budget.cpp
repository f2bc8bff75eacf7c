#include "server/access/budget.h"

#include <algorithm>
#include <cmath>

namespace counterpart::server {

std::chrono::milliseconds Budgets::take(std::string_view token, double cost, Clock::time_point now) {
  if (options_.per_second <= 0) return {};
  const MutexLock lock(mutex_);
  auto found = buckets_.find(token);
  if (found == buckets_.end()) found = buckets_.emplace(token, Bucket{options_.burst, now}).first;
  Bucket& bucket = found->second;
  const double passed = std::chrono::duration<double>(now - bucket.at).count();
  bucket.units = std::min(options_.burst, bucket.units + std::max(0.0, passed) * options_.per_second);
  bucket.at = now;
  const double needed = std::min(cost, options_.burst);
  if (bucket.units >= needed) {
    bucket.units -= cost;
    return {};
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(1000 * (needed - bucket.units) / options_.per_second)));
}

}  // namespace counterpart::server
