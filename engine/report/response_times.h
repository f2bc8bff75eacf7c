// How long offices take to answer, from the logs of cases, in such a way that nobody's figures grow better by leaving things
// unanswered.
//
// What counts is a turn: it begins when a case comes to the answering office, and anew each time that it is reopened. It is in
// time if each stretch in the office's court ended by the due time that it had been told. A turn that ended without an answer
// (it lapsed, or the office itself closed it) or is open past its due time counts as not in time, and in the median as longer
// than any that was answered. One that the asking side took back before its time was over does not count.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/standing.h"
#include "engine/report/quarter.h"

namespace counterpart::engine {

// Fewer are no basis for a median or a share.
inline constexpr std::uint64_t kLeastForFigures = 10;

struct AnsweringTimes {
  std::string quarter;         // in which the turns began, by the office's days; or the whole period
  std::string office;          // that answers; empty: all together
  std::uint64_t answered = 0;  // turns
  std::uint64_t ended = 0;     // without an answer
  std::uint64_t overdue = 0;   // still open
  std::uint64_t waiting = 0;   // still open and in time: not counted yet
  std::uint64_t reopened = 0;  // of those that count, begun by a reopening
  std::uint64_t in_time = 0;
  // Seconds of the office's working time in its court, of the middle one of those that count (of two the shorter). Nothing: too
  // few count, or the middle one is not answered.
  std::optional<std::int64_t> median = {};

  std::uint64_t counted() const { return answered + ended + overdue; }
  bool enough() const { return counted() >= kLeastForFigures; }
};

// Takes the cases one by one and keeps a number of each answer. Not thread-safe.
class ResponseTimes {
 public:
  // `work` is borrowed. There must be offices.
  ResponseTimes(const Casework& work, Period period, std::int64_t now) : work_(work), period_(period), now_(now) {}

  // Cases of kinds that nobody answers are passed over. Errors: of standing_of().
  Status take(const Case& of);

  // By office, all together first; of each the quarters in which there is something, then the whole period.
  std::vector<AnsweringTimes> rows();

 private:
  struct Cell {
    AnsweringTimes row;
    std::vector<std::int64_t> worked;  // of the answered ones, seconds
  };
  struct Turn;
  Result<bool> is_late(const Case& of, unsigned since_act, std::int64_t until) const;
  Status count(const Case& of, const Turn& turn, const std::string& office);

  const Casework& work_;
  Period period_;
  std::int64_t now_;
  std::map<std::pair<std::string, std::size_t>, Cell> cells_;  // by office and place in the period
};

}  // namespace counterpart::engine
