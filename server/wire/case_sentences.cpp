// Why a case is due when it is, in English.
#include <array>
#include <chrono>

#include "engine/casework/life_cycles.h"
#include "server/wire/cases.h"

namespace counterpart::server {
namespace {

constexpr std::array<std::string_view, 7> kWeekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                    "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths{"January", "February", "March",     "April",   "May",      "June",
                                                   "July",    "August",   "September", "October", "November", "December"};

std::chrono::sys_days date_of(Day day) { return std::chrono::sys_days(std::chrono::days(day)); }

// "3 December"
std::string on(Day day) {
  const std::chrono::year_month_day date(date_of(day));
  return std::to_string(static_cast<unsigned>(date.day())) + " " +
         std::string(kMonths[static_cast<unsigned>(date.month()) - 1]);
}

std::string weekday(Day day) { return std::string(kWeekdays[std::chrono::weekday(date_of(day)).c_encoding()]); }

std::string days(unsigned count, std::string_view kind) {
  return std::to_string(count) + " " + std::string(kind) + (count == 1 ? "day" : "days");
}

// Weekends are no news, unless they are another country's.
std::string free_days(const Due& due) {
  std::string text;
  for (const FreeDay& free : due.skipped) {
    const bool usual = falls_on(free.day, saturday_and_sunday());
    if (free.why == FreeDay::Why::kWeekend && usual) continue;
    text += ", " + on(free.day);
    if (free.why == FreeDay::Why::kWeekend) text += ", a " + weekday(free.day) + ", is free in " + free.country;
    if (free.why == FreeDay::Why::kHoliday) text += " is a holiday in " + free.country;
    if (free.why == FreeDay::Why::kOwn) text += " is free in " + free.country + " (" + free.name + ")";
  }
  for (const Due::Unknown& one : due.unknown) text += ", holidays in " + one.country + " are not known from " + on(one.since);
  return text;
}

}  // namespace

std::string sentence_of(const Due& due, Step step, std::string_view limit) {
  std::string text = "due " + weekday(due.due) + " " + on(due.due) + ": ";
  if (due.working_days == 0) {
    const LimitRow* row = life_cycles().limit(limit);
    return text + (row && row->days > 0 ? days(row->days, "") + " before its end" : std::string("its last day"));
  }
  text += days(due.working_days, "working ") + " from " + on(due.from);
  if (due.acted != due.from) text += ", the first working day after " + on(due.acted);
  text += free_days(due);
  if (step != Step::kOwner)
    text += "; it is with the " + std::string(step == Step::kDuty ? "duty office" : engine::name_of(step)) +
            ", for nobody had acted by " + on(due.acted);
  return text;
}

}  // namespace counterpart::server
