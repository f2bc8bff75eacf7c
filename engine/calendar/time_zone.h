// The clocks of a time zone: what they show at an instant, and the instant at which they show something.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace counterpart::engine {

using Day = std::int32_t;  // days since 1970-01-01, as parse_date gives them

inline constexpr int kMinutesOfDay = 24 * 60;
inline constexpr std::int64_t kSecondsOfDay = 86'400;

// What a clock on the wall shows; seconds are dropped.
struct LocalTime {
  Day day = 0;
  int minute = 0;  // after midnight, 0 to 1439
  bool operator==(const LocalTime&) const = default;
};

// Immutable; safe from any thread. Instants are seconds since 1970-01-01 in UTC.
class TimeZone {
 public:
  // From that instant on the clocks are so many minutes east of UTC.
  struct Span {
    std::int64_t since = 0;
    int east = 0;
  };

  // `spans` has one at least and they ascend. Before the first its offset holds, after the last that one's.
  TimeZone(std::string name, std::vector<Span> spans);

  const std::string& name() const { return name_; }  // IANA: Europe/Vienna

  LocalTime local(std::int64_t at) const;

  // When a period begins or ends that is stated by the clock, `minute` in 0 to kMinutesOfDay. Clocks leap: a time that they
  // show twice is the earlier one for begin_of and the later one for end_of, and a time that they skip is the leap.
  std::int64_t begin_of(Day day, int minute) const;
  std::int64_t end_of(Day day, int minute) const;

 private:
  std::int64_t until(std::size_t span) const;

  std::string name_;
  std::vector<Span> spans_;
};

}  // namespace counterpart::engine
