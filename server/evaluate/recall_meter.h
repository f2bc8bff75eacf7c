// How many of the first answers to a question a scan of everybody who qualifies gives too: what a probed search costs in
// answers, measured on the questions that are really asked. It changes no answer, so that an owner and its copies, today and
// tomorrow, answer alike.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/thread_safety.h"
#include "engine/match/matcher.h"
#include "server/layer.h"

namespace counterpart::server {

struct RecallFigures {
  std::uint64_t questions = 0;  // that were asked again
  std::uint64_t places = 0;     // of the lists by a scan, the first kRecallPlaces of each
  std::uint64_t found = 0;      // whoever stands there and stood among the first of the answer
};
inline constexpr std::size_t kRecallPlaces = 10;

// Works on a thread of its own that gives way to everybody else's, at most one part in kRestFor of a core. Safe from any
// thread.
class RecallMeter {
 public:
  static constexpr std::uint64_t kOneIn = 100;  // questions
  static constexpr int kRestFor = 50;           // times what the last one took of a core

  // What was asked; its matcher outlives the meter, the rest is copied where it is kept.
  struct Question {
    const Matcher& matcher;
    const std::shared_ptr<const Corpus>& corpus;
    const Seeker& seeker;
    const MatchRequest& request;
  };

  explicit RecallMeter(std::uint64_t one_in = kOneIn) : one_in_(one_in) {}
  ~RecallMeter() { finish(); }
  RecallMeter(const RecallMeter&) = delete;
  RecallMeter& operator=(const RecallMeter&) = delete;

  // A question that was answered by `given` is asked again by a scan, with the same limit, where it is its turn and no other
  // is at hand. What was compared with everybody already says nothing and is passed over.
  void answered(const Matches& given, const Question& question);
  // Takes no more; back when the one at hand is done.
  void finish();
  RecallFigures figures() const { return {questions_, places_, found_}; }

 private:
  struct Taken {
    std::vector<std::string> answered;  // ids, the first kRecallPlaces
    std::function<Result<Matches>()> again;
  };
  void work();
  void count(const Taken& question, const Matches& scanned);

  const std::uint64_t one_in_;
  std::atomic<std::uint64_t> asked_{0}, questions_{0}, places_{0}, found_{0};
  Mutex mutex_;
  ConditionVariable changed_;
  std::optional<Taken> next_ GUARDED_BY(mutex_);
  bool busy_ GUARDED_BY(mutex_) = false, finished_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace counterpart::server
