// What a person at a terminal sees: exit statuses, errors, a progress bar with rate and time left, and numbers with thousands
// separators.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "engine/base/result.h"
#include "server/layer.h"

namespace counterpart::server {

// Exit statuses.
inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;  // or it failed
inline constexpr int kWrongUsage = 2;

// Prints "counterpart: ..." on standard error; returns `status`.
int report(const Error& error, int status = kRefused);

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
