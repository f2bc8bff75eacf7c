// An office's working time, and due times counted in working days of it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/calendar/world_calendar.h"

namespace counterpart::engine {

inline constexpr unsigned kMaxWorkingDays = 400;
inline constexpr std::size_t kMaxOwnDays = 1000;  // closed and opened ones, each

// What an office states.
struct WorkingTime {
  std::string country;                        // ISO 3166 alpha-2
  std::string time_zone;                      // IANA
  int opens = 9 * 60;                         // local minutes after midnight
  int closes = 17 * 60;                       // the same, later than `opens`, up to kMinutesOfDay
  std::optional<Weekdays> free = {};          // nullopt: those of the country
  std::map<Day, std::string> closed_on = {};  // days of its own on which it is free, with the reason
  // Days on which it works although the weekday is free or a public holiday is: for one, where the feast that hangs on the
  // moon was another day than the estimate.
  std::set<Day> open_on = {};
  bool operator==(const WorkingTime&) const = default;
};

// Why nobody works on a day.
struct FreeDay {
  enum class Why : std::uint8_t { kWeekend, kHoliday, kOwn };
  Day day = 0;
  std::string country;  // of the office
  Why why = Why::kWeekend;
  std::string name;  // of the holiday, in English, or the office's own reason; empty at weekends
  bool operator==(const FreeDay&) const = default;
};

// Immutable; safe from any thread. Copies share the world.
class Calendar {
 public:
  // kInvalid, with the member of WorkingTime as the place: the country has not the form of a code, the zone is unknown, the
  // hours are none, every day of the week is free, a day of its own has no name or stands in both lists, too many of them.
  static Result<Calendar> make(WorkingTime time, std::shared_ptr<const WorldCalendar> world);

  const WorkingTime& working_time() const { return time_; }
  const TimeZone& zone() const { return *zone_; }

  // nullopt: a working day. Of several reasons the weekend is told first, then the public holiday.
  std::optional<FreeDay> why_free(Day day) const;
  bool holidays_known(Day day) const { return country_->known_first <= day && day <= country_->known_last; }
  // The last day of which public holidays are known; nullopt: none are.
  std::optional<Day> holidays_known_until() const;

  // The office's hours of a day, in seconds since 1970 UTC, from opening up to before closing. An hour that the clocks show
  // twice opens at the first and closes at the second time; one that they skip is the leap.
  std::int64_t opening(Day day) const { return zone_->begin_of(day, time_.opens); }
  std::int64_t closing(Day day) const { return zone_->end_of(day, time_.closes); }

 private:
  Calendar(WorkingTime time, std::shared_ptr<const WorldCalendar> world, const TimeZone* zone);

  WorkingTime time_;
  std::shared_ptr<const WorldCalendar> world_;
  const WorldCalendar::Country* country_;  // both are of world_
  const TimeZone* zone_;
};

// Does the office work at this instant?
bool is_working(std::int64_t at, const Calendar& calendar);

// `at` if the office works then, else its next opening. kInvalid: `at` is before 1970 or after 9999, or there is no working
// day in the four years from then on.
Result<std::int64_t> next_working_moment(std::int64_t at, const Calendar& calendar);

// The seconds from `from` until before `to` in which the office works; 0 where `to` is not later.
std::int64_t working_seconds(std::int64_t from, std::int64_t to, const Calendar& calendar);

// A due time that explains itself. The days are those of the owner's clocks.
struct Due {
  // A country's public holidays are not known on some of the days that were counted: only its weekends were left out there.
  struct Unknown {
    std::string country;
    Day since = 0;  // the first such day
    bool operator==(const Unknown&) const = default;
  };
  Day acted = 0;              // on which the act fell
  Day from = 0;               // from which is counted: `acted`, or the owner's next working day for an act out of hours
  Day due = 0;                // the last of `working_days` working days after `from`
  std::int64_t at = 0;        // when the owner closes on that day, in seconds since 1970 UTC
  unsigned working_days = 0;  // as asked for
  // Every day that was not counted and why, by day and then in the order of calendars: from `acted` to before `from` those of
  // the owner, after `from` those of all. Two offices of one country that are free for the same reason are told once.
  std::vector<FreeDay> skipped;
  std::vector<Unknown> unknown;  // by day, then in the order of calendars; each country once
  bool operator==(const Due&) const = default;
};

// The due time `working_days` after an act at `from_seconds`. A day counts if all calendars work on it; the first calendar is
// the owner's, whose clocks tell the days and whose closing hour it is due at. The day of the act itself does not count (as in
// Regulation 1182/71 of the European Communities, article 3). An act out of the owner's hours counts as one at the next
// opening: Friday evening is Monday. Working hours of the others do not matter.
// kInvalid: no calendar; 0 or more than kMaxWorkingDays; a time before 1970 or after 9999; fewer common working days than asked
// for in the four years from then on.
Result<Due> due_after(std::int64_t from_seconds, unsigned working_days, std::span<const Calendar* const> calendars);

}  // namespace counterpart::engine
