// How much each token may ask in a while: a bucket of units that fills at a steady rate (a token bucket, as in RFC 2698).
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "engine/base/thread_safety.h"
#include "server/layer.h"

namespace counterpart::server {

// In units; what a call costs stands in the table of rights. 0 a second: no limit.
struct BudgetOptions {
  double per_second = 200;
  double burst = 2000;
};

// Under which a client's address is remembered: of IPv6 the half that a provider gives to one customer.
std::string network_of(const std::string& address);

// Safe from any thread. Remembers whoever has asked, until the bucket is full again and many others are remembered.
class Budgets {
 public:
  using Clock = std::chrono::steady_clock;
  explicit Budgets(BudgetOptions options) : options_(options) {}

  // Zero: taken. Else nothing was taken, and after so long there would be enough. A call that costs more than the whole
  // bucket is let through when the bucket is full.
  std::chrono::milliseconds take(std::string_view token, double cost, Clock::time_point now = Clock::now());

 private:
  struct Bucket {
    double units;
    Clock::time_point at;
  };
  BudgetOptions options_;
  Mutex mutex_;
  std::size_t tidied_at_ GUARDED_BY(mutex_) = 10'000;  // buckets
  std::map<std::string, Bucket, std::less<>> buckets_ GUARDED_BY(mutex_);
};

}  // namespace counterpart::server
