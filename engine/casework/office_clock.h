// When work is due between offices: their calendars, by the offices' ids.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/calendar/calendar.h"
#include "engine/casework/office.h"

namespace counterpart::engine {

// Pure: the same arguments give the same answer. Safe from any thread.
class OfficeClock {
 public:
  virtual ~OfficeClock() = default;

  // As due_after() of the calendars of `offices`, the owner's first. Errors: of due_after(); kNotFound: no such office.
  virtual Result<Due> due_after(std::int64_t from, unsigned working_days, std::span<const std::string_view> offices) const = 0;

  // The day it is in the office at that time; in UTC where there is no such office.
  virtual Day day_in(std::string_view office, std::int64_t at) const = 0;

  // When the office works: `at` or later. Errors: of the calendar's next_working_moment(); kNotFound: no such office.
  virtual Result<std::int64_t> working_from(std::string_view office, std::int64_t at) const = 0;

  // When the office opens next after `at`. Errors: the same.
  virtual Result<std::int64_t> opening_after(std::string_view office, std::int64_t at) const = 0;

  // As working_seconds() of the office's calendar. kNotFound: no such office.
  virtual Result<std::int64_t> worked(std::string_view office, std::int64_t from, std::int64_t to) const = 0;
};

// A calendar for each office of a directory. Immutable.
class OfficeCalendars : public OfficeClock {
 public:
  // Errors: of Calendar::make(), with the office before the place ("office dakar.working_time.time_zone").
  static Result<OfficeCalendars> make(const Directory& directory, std::shared_ptr<const WorldCalendar> world);

  // nullptr: no such office.
  const Calendar* calendar(std::string_view office) const;
  Result<Due> due_after(std::int64_t from, unsigned working_days, std::span<const std::string_view> offices) const override;
  Day day_in(std::string_view office, std::int64_t at) const override;
  Result<std::int64_t> working_from(std::string_view office, std::int64_t at) const override;
  Result<std::int64_t> opening_after(std::string_view office, std::int64_t at) const override;
  Result<std::int64_t> worked(std::string_view office, std::int64_t from, std::int64_t to) const override;

 private:
  OfficeCalendars() = default;
  std::map<std::string, Calendar, std::less<>> calendars_;
};

}  // namespace counterpart::engine
