#include "server/client/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <iostream>

namespace counterpart::server {
namespace {

std::atomic<bool> caught{false};

}  // namespace

int report(const Error& error, int status) {
  std::cerr << "counterpart: " << describe(error) << "\n";
  return status;
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

ProgressBar::ProgressBar(std::string what)
    : what_(std::move(what)), terminal_(isatty(STDERR_FILENO) != 0), started_(std::chrono::steady_clock::now()) {}

ProgressBar::~ProgressBar() {
  if (terminal_) std::fputs("\r\033[K", stderr);
}

void ProgressBar::update(std::uint64_t rows, std::uint64_t bytes_read, std::uint64_t bytes_total) {
  using namespace std::chrono;
  const auto now = steady_clock::now();
  if (!terminal_ || now - drawn_ < milliseconds(100)) return;
  drawn_ = now;
  const double seconds = std::max(duration<double>(now - started_).count(), 1e-3);
  const double share = bytes_total == 0 ? 0 : std::min(1.0, static_cast<double>(bytes_read) / static_cast<double>(bytes_total));
  constexpr int kWidth = 30;
  const int filled = static_cast<int>(share * kWidth);
  std::string bar(static_cast<std::size_t>(filled), '#');
  bar.resize(kWidth, '.');
  std::string left = "--:--";
  if (share > 0.01) {
    const long remaining = static_cast<long>(seconds * (1 - share) / share);
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%ld:%02ld", remaining / 60, remaining % 60);
    left = buffer;
  }
  std::fprintf(stderr, "\r\033[K%s [%s] %3d %%  %s rows  %.0f/s  %s left", what_.c_str(), bar.c_str(),
               static_cast<int>(share * 100), grouped(rows).c_str(), static_cast<double>(rows) / seconds, left.c_str());
  std::fflush(stderr);
}

void catch_interrupt() {
  std::signal(SIGINT, [](int) { caught = true; });
  std::signal(SIGTERM, [](int) { caught = true; });
}

bool interrupted() { return caught; }

}  // namespace counterpart::server
