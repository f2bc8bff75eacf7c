#include "engine/calendar/time_zone.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace counterpart::engine {
namespace {

constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

std::int64_t wall_seconds(Day day, int minute) { return day * kSecondsOfDay + minute * std::int64_t{60}; }

std::int64_t offset(const TimeZone::Span& span) { return span.east * std::int64_t{60}; }

}  // namespace

TimeZone::TimeZone(std::string name, std::vector<Span> spans) : name_(std::move(name)), spans_(std::move(spans)) {
  assert(!spans_.empty() && std::ranges::is_sorted(spans_, std::ranges::less_equal{}, &Span::since));
  spans_.front().since = std::numeric_limits<std::int64_t>::min();  // what is known first holds before it as well
}

LocalTime TimeZone::local(std::int64_t at) const {
  const auto after = std::ranges::upper_bound(spans_, at, {}, &Span::since);
  const std::int64_t wall = at + offset(*std::prev(after));
  std::int64_t day = wall / kSecondsOfDay, second = wall % kSecondsOfDay;
  if (second < 0) {
    --day;
    second += kSecondsOfDay;
  }
  return {static_cast<Day>(day), static_cast<int>(second / 60)};
}

// The first instant at which the clocks show this time or a later one.
std::int64_t TimeZone::begin_of(Day day, int minute) const {
  const std::int64_t wall = wall_seconds(day, minute);
  std::size_t i = 0;
  while (wall - offset(spans_[i]) >= until(i)) ++i;
  return std::max(spans_[i].since, wall - offset(spans_[i]));
}

// The instant after which the clocks show an earlier time no more.
std::int64_t TimeZone::end_of(Day day, int minute) const {
  const std::int64_t wall = wall_seconds(day, minute);
  std::size_t i = spans_.size() - 1;
  while (wall - offset(spans_[i]) < spans_[i].since) --i;
  return std::min(wall - offset(spans_[i]), until(i));
}

std::int64_t TimeZone::until(std::size_t span) const { return span + 1 < spans_.size() ? spans_[span + 1].since : kForever; }

}  // namespace counterpart::engine
