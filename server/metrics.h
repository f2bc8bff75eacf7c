// Counts and durations of requests by route, in Prometheus' text format. A writer of our own: prometheus-cpp keeps a
// registry of label maps behind mutexes, which is more code to feed than the format has lines.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/http.h"
#include "server/service.h"

namespace counterpart {

// Safe from any thread; record() is a handful of relaxed additions.
class Metrics {
 public:
  // "GET /v1/profiles/{id}", one a route.
  explicit Metrics(std::vector<std::string> routes);

  // `route` is an index into the routes, or their number for requests that met none.
  void record(std::size_t route, int status, double seconds);
  std::string text(const ServiceFigures& service, const HttpFigures& http) const;

  static constexpr std::array<double, 12> kBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                  0.05,   0.1,   0.25,   1,     5,    30};

 private:
  struct Row {
    std::array<std::atomic<std::uint64_t>, 5> classes{};  // 1xx..5xx
    std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> buckets{};
    std::atomic<std::uint64_t> microseconds{0};
  };
  std::vector<std::string> routes_;
  std::unique_ptr<Row[]> rows_;
};

}  // namespace counterpart
