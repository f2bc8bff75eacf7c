#include "server/metrics.h"

#include <algorithm>
#include <cstdio>

namespace counterpart {
namespace {

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

void head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void single(std::string& out, std::string_view name, std::string_view type, std::string_view help,
            std::uint64_t value) {
  head(out, name, type, help);
  out.append(name).append(" ").append(std::to_string(value)).append("\n");
}

std::string label(std::string_view route) { return "route=\"" + std::string(route) + "\""; }

}  // namespace

Metrics::Metrics(std::vector<std::string> routes) : routes_(std::move(routes)) {
  routes_.emplace_back("none");
  rows_ = std::make_unique<Row[]>(routes_.size());
}

void Metrics::record(std::size_t route, int status, double seconds) {
  Row& row = rows_[std::min(route, routes_.size() - 1)];
  const auto status_class = static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1);
  row.classes[status_class].fetch_add(1, std::memory_order_relaxed);
  const auto bucket = static_cast<std::size_t>(std::ranges::lower_bound(kBounds, seconds) - kBounds.begin());
  row.buckets[bucket].fetch_add(1, std::memory_order_relaxed);
  row.microseconds.fetch_add(static_cast<std::uint64_t>(seconds * 1e6), std::memory_order_relaxed);
}

std::string Metrics::text(const ServiceFigures& service, const HttpFigures& http) const {
  std::string out;
  head(out, "counterpart_build_info", "gauge", "Version of this program.");
  out += "counterpart_build_info{version=\"" COUNTERPART_VERSION "\"} 1\n";
  single(out, "counterpart_profiles", "gauge", "Live profiles in the store.", service.profiles);
  single(out, "counterpart_store_sequence", "gauge", "Sequence of the last acknowledged change.", service.store_sequence);
  single(out, "counterpart_index_sequence", "gauge", "Sequence of the newest change that is matched.",
         service.index_sequence);
  single(out, "counterpart_awaiting_embedding", "gauge", "Profiles that wait for a vector of the current model.",
         service.awaiting_embedding);
  single(out, "counterpart_match_run_working", "gauge", "1 while a match run works.", service.run.working ? 1 : 0);
  single(out, "counterpart_match_run_done", "gauge", "Profiles that its phase is done with.", service.run.progress.done);
  single(out, "counterpart_match_run_all", "gauge", "Profiles of its phase.", service.run.progress.all);
  single(out, "counterpart_match_run_seconds", "gauge", "Since its start; of a finished run, all of it.",
         static_cast<std::uint64_t>(service.run.seconds));
  single(out, "counterpart_match_run_failed", "gauge", "1 if the last match run published nothing.",
         service.run.error ? 1 : 0);
  single(out, "counterpart_http_queue", "gauge", "Requests that wait for a worker.", http.waiting);
  single(out, "counterpart_http_connections", "gauge", "Open connections.", http.connections);
  single(out, "counterpart_http_refused_total", "counter",
         "Requests and connections turned away before a handler saw them.", http.refused);

  head(out, "counterpart_http_requests_total", "counter", "Requests answered, by route and class of status.");
  for (std::size_t i = 0; i < routes_.size(); ++i)
    for (std::size_t c = 0; c < rows_[i].classes.size(); ++c)
      if (const auto count = rows_[i].classes[c].load(std::memory_order_relaxed); count > 0)
        out += "counterpart_http_requests_total{" + label(routes_[i]) + ",status=\"" + std::to_string(c + 1) +
               "xx\"} " + std::to_string(count) + "\n";

  head(out, "counterpart_http_request_seconds", "histogram", "Time from a request read to its answer ready, by route.");
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    std::array<std::uint64_t, kBounds.size() + 1> counts{};
    std::uint64_t total = 0;
    for (std::size_t b = 0; b < counts.size(); ++b) total += counts[b] = rows_[i].buckets[b].load(std::memory_order_relaxed);
    if (total == 0) continue;
    const std::string name = "counterpart_http_request_seconds";
    std::uint64_t sum = 0;
    for (std::size_t b = 0; b < counts.size(); ++b) {
      sum += counts[b];
      const std::string bound = b < kBounds.size() ? decimal(kBounds[b]) : "+Inf";
      out += name + "_bucket{" + label(routes_[i]) + ",le=\"" + bound + "\"} " + std::to_string(sum) + "\n";
    }
    const double seconds = static_cast<double>(rows_[i].microseconds.load(std::memory_order_relaxed)) / 1e6;
    out += name + "_sum{" + label(routes_[i]) + "} " + decimal(seconds) + "\n";
    out += name + "_count{" + label(routes_[i]) + "} " + std::to_string(total) + "\n";
  }
  return out;
}

}  // namespace counterpart
