#include "server/operations/metrics.h"

#include <algorithm>
#include <cstdio>

namespace counterpart::server {
namespace {

// The shortest that reads back as the same value, or nearly: counters and times since 1970 keep their digits.
std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.12g", value);
  return text;
}

void head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

// One value without a label.
struct Single {
  std::string_view name, type;
  double value;
  std::string_view help;
};

void write_one(std::string& out, const Single& row) {
  head(out, row.name, row.type, row.help);
  out.append(row.name).append(" ").append(decimal(row.value)).append("\n");
}

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + std::string(value) + "\"";
}

double number(std::uint64_t value) { return static_cast<double>(value); }

void write_service(std::string& out, const ServiceFigures& service) {
  head(out, "counterpart_build_info", "gauge", "Version of this program.");
  out += "counterpart_build_info{version=\"" COUNTERPART_VERSION "\"} 1\n";
  const Single rows[] = {
      {"counterpart_profiles", "gauge", number(service.profiles), "Live profiles in the store."},
      {"counterpart_store_sequence", "gauge", number(service.store_sequence), "Sequence of the last acknowledged change."},
      {"counterpart_index_sequence", "gauge", number(service.index_sequence), "Sequence of the newest change that is matched."},
      {"counterpart_awaiting_embedding", "gauge", number(service.awaiting_embedding),
       "Profiles that wait for a vector of the current model."},
      {"counterpart_awaiting_fine", "gauge", number(service.awaiting_fine),
       "Profiles that are matched already and wait for their fine vectors."},
      {"counterpart_disk_free_bytes", "gauge", number(service.disk_free), "Left on the disk of the data directory."},
      {"counterpart_erasures_pending", "gauge", number(service.erasures_pending),
       "Erasures whose profiles are gone, but whose files are not all rewritten and searched."},
      {"counterpart_recall_questions_total", "counter", number(service.recall.questions),
       "Questions answered from some rows, one in a hundred, that were asked again of all rows."},
      {"counterpart_recall_places_total", "counter", number(service.recall.places),
       "Places of the lists by all rows, of the first ten of each."},
      {"counterpart_recall_found_total", "counter", number(service.recall.found),
       "Those of these places whose profile the answer had among its first ten."},
      {"counterpart_backup_timestamp_seconds", "gauge", number(service.backed_up),
       "When the newest backup was done; 0: none was."},
      {"counterpart_match_run_working", "gauge", service.run.working ? 1.0 : 0.0, "1 while a match run works."},
      {"counterpart_match_run_done", "gauge", number(service.run.progress.done), "Profiles that its phase is done with."},
      {"counterpart_match_run_all", "gauge", number(service.run.progress.all), "Profiles of its phase."},
      {"counterpart_match_run_seconds", "gauge", service.run.seconds, "Since its start; of a finished run, all of it."},
      {"counterpart_match_run_failed", "gauge", service.run.error ? 1.0 : 0.0, "1 if the last match run published nothing."},
  };
  for (const Single& row : rows) write_one(out, row);

  const auto lag = [&](std::uint64_t sequence) {
    return decimal(number(service.store_sequence - std::min(sequence, service.store_sequence)));
  };
  head(out, "counterpart_index_lag", "gauge",
       "Acknowledged changes that an index has not taken in: of the search (vectors, bitmaps and words are published as one), "
       "and of each programme's newest match run.");
  out += "counterpart_index_lag{index=\"search\"} " + lag(service.index_sequence) + "\n";
  for (const PublishedFigures& run : service.published)
    out += "counterpart_index_lag{index=\"match_run\"," + label("programme", run.programme) + "} " + lag(run.sequence) + "\n";
  head(out, "counterpart_match_run_published_timestamp_seconds", "gauge", "When a programme's newest match run was published.");
  for (const PublishedFigures& run : service.published)
    out += "counterpart_match_run_published_timestamp_seconds{" + label("programme", run.programme) + "} " +
           decimal(number(run.finished)) + "\n";
}

void write_surroundings(std::string& out, const HttpFigures& http, const ProcessFigures& process) {
  const Single rows[] = {
      {"counterpart_http_queue", "gauge", number(http.waiting), "Requests that wait for a worker."},
      {"counterpart_http_connections", "gauge", number(http.connections), "Open connections."},
      {"counterpart_http_refused_total", "counter", number(http.refused),
       "Requests and connections turned away before a handler saw them."},
      {"process_start_time_seconds", "gauge", process.started, "When this process began."},
      {"process_cpu_seconds_total", "counter", process.cpu_seconds, "Of all threads."},
      {"process_resident_memory_bytes", "gauge", number(process.resident_bytes), "In memory, the mapped index with it."},
      {"process_open_fds", "gauge", number(process.open_files), "Open files and sockets."},
      {"process_max_fds", "gauge", number(process.most_open_files), "How many may be open."},
  };
  for (const Single& row : rows) write_one(out, row);
  if (http.certificate_ends != 0)
    write_one(out, {"counterpart_tls_certificate_expiry_timestamp_seconds", "gauge", static_cast<double>(http.certificate_ends),
                    "When the certificate in use runs out."});
}

}  // namespace

void Histogram::record(double seconds) {
  const auto bucket = static_cast<std::size_t>(std::ranges::lower_bound(kBounds, seconds) - kBounds.begin());
  buckets_[bucket].fetch_add(1, std::memory_order_relaxed);
  nanoseconds_.fetch_add(static_cast<std::uint64_t>(std::max(seconds, 0.0) * 1e9), std::memory_order_relaxed);
}

void Histogram::write(std::string& out, std::string_view name, const std::string& label) const {
  std::array<std::uint64_t, kBounds.size() + 1> counts{};
  std::uint64_t total = 0, sum = 0;
  for (std::size_t b = 0; b < counts.size(); ++b) total += counts[b] = buckets_[b].load(std::memory_order_relaxed);
  if (total == 0) return;
  const std::string begin(name);
  for (std::size_t b = 0; b < counts.size(); ++b) {
    sum += counts[b];
    const std::string bound = b < kBounds.size() ? decimal(kBounds[b]) : "+Inf";
    out += begin + "_bucket{" + label + ",le=\"" + bound + "\"} " + std::to_string(sum) + "\n";
  }
  out += begin + "_sum{" + label + "} " + decimal(number(nanoseconds_.load(std::memory_order_relaxed)) / 1e9) + "\n";
  out += begin + "_count{" + label + "} " + std::to_string(total) + "\n";
}

Metrics::Metrics(std::vector<std::string> routes) : routes_(std::move(routes)) {
  routes_.emplace_back("none");
  rows_ = std::make_unique<Row[]>(routes_.size());
}

void Metrics::record(std::size_t route, int status, double seconds) {
  Row& row = rows_[std::min(route, routes_.size() - 1)];
  const auto status_class = static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1);
  row.classes[status_class].fetch_add(1, std::memory_order_relaxed);
  row.seconds.record(seconds);
}

void Metrics::record_match(const StageSeconds& seconds) {
  embed_.record(seconds.embed);
  filter_.record(seconds.filter);
  search_.record(seconds.search);
  score_.record(seconds.score);
}

std::string Metrics::text(const ServiceFigures& service, const HttpFigures& http, const ProcessFigures& process) const {
  std::string out;
  write_service(out, service);
  write_surroundings(out, http, process);

  head(out, "counterpart_http_requests_total", "counter", "Requests answered, by route and class of status.");
  for (std::size_t i = 0; i < routes_.size(); ++i)
    for (std::size_t c = 0; c < rows_[i].classes.size(); ++c)
      if (const auto count = rows_[i].classes[c].load(std::memory_order_relaxed); count > 0)
        out += "counterpart_http_requests_total{" + label("route", routes_[i]) + ",status=\"" + std::to_string(c + 1) +
               "xx\"} " + std::to_string(count) + "\n";
  head(out, "counterpart_http_request_seconds", "histogram", "Time from a request read to its answer ready, by route.");
  for (std::size_t i = 0; i < routes_.size(); ++i)
    rows_[i].seconds.write(out, "counterpart_http_request_seconds", label("route", routes_[i]));

  head(out, "counterpart_match_stage_seconds", "histogram", "Time of a match by stage: embed, filter, search, score.");
  for (const auto& [stage, seconds] :
       {std::pair{"embed", &embed_}, {"filter", &filter_}, {"search", &search_}, {"score", &score_}})
    seconds->write(out, "counterpart_match_stage_seconds", label("stage", stage));
  return out;
}

}  // namespace counterpart::server
