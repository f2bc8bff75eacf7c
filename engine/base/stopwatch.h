// How long the stages of a match took, for whoever watches a server.
#pragma once

#include <chrono>
#include <utility>

namespace counterpart::engine {

// Seconds of wall time; 0: the stage was not needed.
struct StageSeconds {
  double embed = 0;   // the seeker's text to vectors and words, or its stored ones fetched
  double filter = 0;  // which rows qualify
  double search = 0;  // their vectors and words compared
  double score = 0;   // all signals, the list, reasons and evidence
};

// Not shared between threads.
class Stopwatch {
 public:
  // Seconds since the last call, or since it was made.
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(now - std::exchange(since_, now)).count();
  }

 private:
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

}  // namespace counterpart::engine
