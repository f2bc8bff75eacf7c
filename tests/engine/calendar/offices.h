// Offices of four cities by the shipped data, and instants as tests write them.
#pragma once

#include <string_view>
#include <utility>

#include "engine/base/date.h"
#include "engine/calendar/calendar.h"

namespace counterpart::engine {

inline std::shared_ptr<const WorldCalendar> shipped_world() {
  static const auto loaded = WorldCalendar::load(COUNTERPART_SOURCE_DIR "/datasets/calendar").value();
  return loaded;
}

inline Day date(std::string_view text) { return parse_date(text).value(); }

// Seconds since 1970 of a time in UTC.
inline std::int64_t utc(std::string_view day, int hour, int minute = 0) {
  return std::int64_t{date(day)} * 86'400 + hour * 3'600 + minute * 60;
}

inline Calendar office(WorkingTime time) { return Calendar::make(std::move(time), shipped_world()).value(); }
inline Calendar dakar() { return office({"SN", "Africa/Dakar"}); }
inline Calendar riyadh() { return office({"SA", "Asia/Riyadh"}); }
inline Calendar vienna() { return office({"AT", "Europe/Vienna"}); }
inline Calendar dubai() { return office({"AE", "Asia/Dubai"}); }

inline Weekdays weekdays(std::initializer_list<std::size_t> from_sunday) {
  Weekdays days;
  for (const std::size_t day : from_sunday) days.set(day);
  return days;
}

}  // namespace counterpart::engine
