// Counts and durations of requests by route and of matches by stage, and the state of service, listener and process, in
// Prometheus' text format. A writer of our own: prometheus-cpp keeps a registry of label maps behind mutexes, which is
// more code to feed than the format has lines.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/stopwatch.h"
#include "server/http/http_server.h"
#include "server/layer.h"
#include "server/operations/process.h"
#include "server/service/service.h"

namespace counterpart::server {

// Durations, counted by size. Safe from any thread; record() is two relaxed additions.
class Histogram {
 public:
  static constexpr std::array<double, 15> kBounds{0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                  0.025,   0.05,   0.1,     0.25,   1,     5,      30};
  void record(double seconds);
  // Appends its lines, each with `label` ('route="GET /"'); nothing while it is empty.
  void write(std::string& out, std::string_view name, const std::string& label) const;

 private:
  std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> buckets_{};
  std::atomic<std::uint64_t> nanoseconds_{0};
};

// Safe from any thread.
class Metrics {
 public:
  // "GET /v1/profiles/{id}", one a route.
  explicit Metrics(std::vector<std::string> routes);

  // `route` is an index into the routes, or their number for requests that met none.
  void record(std::size_t route, int status, double seconds);
  void record_match(const StageSeconds& seconds);
  std::string text(const ServiceFigures& service, const HttpFigures& http, const ProcessFigures& process) const;

 private:
  struct Row {
    std::array<std::atomic<std::uint64_t>, 5> classes{};  // 1xx..5xx
    Histogram seconds;
  };
  std::vector<std::string> routes_;
  std::unique_ptr<Row[]> rows_;
  Histogram embed_, filter_, search_, score_;
};

}  // namespace counterpart::server
