// Counting in working days.
#include <algorithm>

#include "engine/calendar/calendar.h"

namespace counterpart::engine {
namespace {

constexpr std::int64_t kLastInstant = 253'402'300'799;  // the end of 9999
constexpr Day kLongest = 4 * 366;                       // days that are looked through

Status check_instant(std::int64_t at) {
  if (at < 0 || at > kLastInstant) return fail(ErrorCode::kInvalid, {}, "the time is not within the years 1970 to 9999");
  return {};
}

tl::unexpected<Error> nothing_but_free_days() {
  return fail(ErrorCode::kInvalid, {}, "the calendars have too few working days in the four years that follow",
              "see which days of the week and which of the offices' own days are free");
}

// Do all of `calendars` work on `day`? What speaks against it, and whose holidays are not known, is noted in `due`.
bool counts(Day day, std::span<const Calendar* const> calendars, Due& due) {
  const std::size_t before = due.skipped.size();
  for (const Calendar* calendar : calendars) {
    const std::string& country = calendar->working_time().country;
    if (!calendar->holidays_known(day) && std::ranges::find(due.unknown, country, &Due::Unknown::country) == due.unknown.end())
      due.unknown.push_back({country, day});
    const std::optional<FreeDay> free = calendar->why_free(day);
    const auto of_today = std::span(due.skipped).subspan(before);
    if (free && std::ranges::find(of_today, *free) == of_today.end()) due.skipped.push_back(*free);
  }
  return due.skipped.size() == before;
}

}  // namespace

Result<std::int64_t> next_working_moment(std::int64_t at, const Calendar& calendar) {
  if (Status status = check_instant(at); !status) return tl::unexpected(status.error());
  const Day today = calendar.zone().local(at).day;
  for (Day day = today; day <= today + kLongest; ++day) {
    const std::int64_t moment = std::max(at, calendar.opening(day));
    if (moment < calendar.closing(day) && !calendar.why_free(day)) return moment;
  }
  return nothing_but_free_days();
}

Result<Due> due_after(std::int64_t from_seconds, unsigned working_days, std::span<const Calendar* const> calendars) {
  if (calendars.empty()) return fail(ErrorCode::kInvalid, {}, "there is no calendar to count by");
  if (working_days == 0 || working_days > kMaxWorkingDays)
    return fail(ErrorCode::kInvalid, {}, "a due time is counted in 1 to " + std::to_string(kMaxWorkingDays) + " working days");
  const Calendar& owner = *calendars.front();
  const Result<std::int64_t> begin = next_working_moment(from_seconds, owner);
  if (!begin) return tl::unexpected(begin.error());

  Due due;
  due.acted = owner.zone().local(from_seconds).day;
  due.from = owner.zone().local(*begin).day;
  due.working_days = working_days;
  for (Day day = due.acted; day < due.from; ++day) counts(day, calendars.first(1), due);
  due.due = due.from;
  for (unsigned counted = 0; counted < working_days;) {
    if (++due.due > due.from + kLongest) return nothing_but_free_days();
    if (counts(due.due, calendars, due)) ++counted;
  }
  due.at = owner.closing(due.due);
  return due;
}

}  // namespace counterpart::engine
