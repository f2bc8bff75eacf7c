// What a person at a terminal sees: a progress bar with rate and time left, and numbers with thousands separators.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "server/layer.h"

namespace counterpart::server {

// Draws on standard error when that is a terminal, else keeps silent. Not thread-safe.
class ProgressBar {
 public:
  explicit ProgressBar(std::string what);
  ~ProgressBar();  // clears the line
  void update(std::uint64_t rows, std::uint64_t bytes_read, std::uint64_t bytes_total);

 private:
  std::string what_;
  bool terminal_;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point drawn_{};
};

std::string grouped(std::uint64_t number);  // 22,569

// Ctrl-C or SIGTERM ends a long verb between two profiles: what is done stays done. From catch_interrupt() on interrupted()
// tells that one came.
void catch_interrupt();
bool interrupted();

}  // namespace counterpart::server
