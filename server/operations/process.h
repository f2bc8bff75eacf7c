// What this process takes of its machine, for /metrics: the figures, and the names, that every Prometheus client gives.
#pragma once

#include <cstdint>

#include "server/layer.h"

namespace counterpart::server {

struct ProcessFigures {
  double started = 0;                // seconds since 1970-01-01
  double cpu_seconds = 0;            // of all threads, user and system
  std::uint64_t resident_bytes = 0;  // the mapped index counts as far as it is in memory
  std::uint64_t open_files = 0, most_open_files = 0;
};

// Reads /proc: what cannot be read is 0.
ProcessFigures process_figures();

}  // namespace counterpart::server
