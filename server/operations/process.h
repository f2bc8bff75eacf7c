// What this process takes of its machine, as every Prometheus client tells it, and where its files are.
#pragma once

#include <cstdint>
#include <filesystem>

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

// Where datasets/ and the models lie: beside the sources for a build inside the checkout (build/<preset>/counterpart),
// or under share/ beside an installed bin/.
std::filesystem::path root_of_program();

}  // namespace counterpart::server
