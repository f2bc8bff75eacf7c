#include "server/access/budget.h"

#include <algorithm>
#include <boost/asio/ip/address_v6.hpp>
#include <cmath>

namespace counterpart::server {

std::string network_of(const std::string& address) {
  boost::system::error_code failed;
  const auto parsed = boost::asio::ip::make_address_v6(address, failed);
  if (failed || parsed.is_v4_mapped()) return address;
  boost::asio::ip::address_v6::bytes_type bytes = parsed.to_bytes();
  std::fill(bytes.begin() + bytes.size() / 2, bytes.end(), 0);
  return boost::asio::ip::address_v6(bytes).to_string();
}

std::chrono::milliseconds Budgets::take(std::string_view token, double cost, Clock::time_point now) {
  if (options_.per_second <= 0) return {};
  const MutexLock lock(mutex_);
  if (buckets_.size() >= tidied_at_) {
    std::erase_if(buckets_, [&](const auto& entry) {
      const double since = std::chrono::duration<double>(now - entry.second.at).count();
      return entry.second.units + since * options_.per_second >= options_.burst;
    });
    tidied_at_ = std::max(tidied_at_, 2 * buckets_.size());
  }
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
