#include "index/run/run_memory.h"

#include <fstream>
#include <string>
#include <thread>

#include "index/run/run_log.h"
#include "index/run/run_settings.h"

namespace counterpart::index {
namespace {

// Measured on 86,483 companies with the words of their profiles (0.7 KiB a row, then 164 bytes a match), with room; a
// programme of one side takes nearly twice of a programme of two (tests/bench/assignment_bench).
constexpr std::uint64_t kRow = 1024;
constexpr std::uint64_t kMatch = 300;
constexpr std::uint64_t kThread = 16U << 20U;  // a group of rows with the best of each

std::uint64_t mib(std::uint64_t bytes) { return (bytes + (1U << 20U) - 1) >> 20U; }

}  // namespace

std::uint64_t process_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("RssAnon:")) return std::stoull(line.substr(line.find_first_of("0123456789"))) << 10U;
  return 0;
}

std::uint64_t matching_memory(const RunSettings& settings, std::uint64_t rows) {
  const std::uint64_t threads = settings.threads.count > 0 ? settings.threads.count : std::thread::hardware_concurrency();
  return threads * kThread + rows * (kRow + settings.listed * sizeof(RunEntry));
}

std::uint64_t assigning_memory(std::uint64_t matches) { return matches * kMatch; }

Status check_memory(std::uint64_t bound, std::uint64_t more) {
  if (bound == 0) return {};
  const std::uint64_t now = process_memory();
  if (now + more <= bound) return {};
  const std::string has = "the process holds " + std::to_string(mib(now)) + " MiB";
  return fail(ErrorCode::kTooLarge, "memory",
              has + (more > 0 ? " and the run needs up to " + std::to_string(mib(more)) + " MiB more" : "") +
                  ", which is over the bound of " + std::to_string(mib(bound)) + " MiB",
              "allow " + std::to_string(mib(now + more)) + " MiB, or list fewer matches; what was done is kept");
}

}  // namespace counterpart::index
