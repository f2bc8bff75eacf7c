#include "server/evaluate/recall_meter.h"

#include <algorithm>

#include "engine/base/barrier.h"
#include "engine/base/threads.h"
#include "index/run/run_control.h"

namespace counterpart::server {
namespace {

std::vector<std::string> first_ids(const Matches& matches) {
  std::vector<std::string> ids;
  for (const Match& match : std::span(matches.matches).first(std::min(matches.matches.size(), kRecallPlaces)))
    ids.push_back(match.id);
  return ids;
}

}  // namespace

void RecallMeter::answered(const Matches& given, const Question& question) {
  if (given.method != "probed" || asked_++ % one_in_ != 0) return;
  const MutexLock lock(mutex_);
  if (finished_ || busy_ || next_) return;
  MatchRequest request = question.request;  // for the list alone
  request.scan = true;
  request.explain = request.tell_absence = false;
  request.place_with = {};
  request.facets.clear();
  next_ = {first_ids(given), [&matcher = question.matcher, corpus = question.corpus, seeker = question.seeker, request] {
             return matcher.match(*corpus, seeker, request);
           }};
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  changed_.notify_all();
}

void RecallMeter::finish() {
  {
    const MutexLock lock(mutex_);
    finished_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void RecallMeter::work() {
  set_niceness(kGivesWay);
  MutexLock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&]() REQUIRES(mutex_) { return next_ || finished_; });
    if (finished_) return;
    const Taken question = std::move(*next_);
    next_.reset();
    busy_ = true;
    lock.unlock();
    const std::chrono::nanoseconds began = core_time();
    (void)guarded("recall", [&]() -> Status {
      if (const Result<Matches> scanned = question.again()) count(question, *scanned);
      return {};
    });
    const std::chrono::nanoseconds took = core_time() - began;
    lock.lock();
    changed_.wait_for(lock, kRestFor * took, [&]() REQUIRES(mutex_) { return finished_; });
    busy_ = false;
  }
}

void RecallMeter::count(const Taken& question, const Matches& scanned) {
  const std::vector<std::string> all = first_ids(scanned);
  questions_ += 1;
  places_ += all.size();
  found_ += static_cast<std::uint64_t>(std::ranges::count_if(
      all, [&](const std::string& id) { return std::ranges::find(question.answered, id) != question.answered.end(); }));
}

}  // namespace counterpart::server
