#include "engine/calendar/calendar.h"

#include <algorithm>
#include <utility>

namespace counterpart::engine {
namespace {

tl::unexpected<Error> wrong(std::string place, std::string message, std::string remedy = {}) {
  return fail(ErrorCode::kInvalid, std::move(place), std::move(message), std::move(remedy));
}

Status check_hours(const WorkingTime& time) {
  if (time.opens < 0 || time.closes > kMinutesOfDay || time.opens >= time.closes)
    return wrong("opens", "the office does not open before it closes on the same day",
                 "minutes after midnight, as 540 and 1020");
  if (time.free && time.free->all()) return wrong("free", "every day of the week is free", "leave one working day at least");
  return {};
}

Status check_own_days(const WorkingTime& time) {
  for (const auto& [place, count] : {std::pair("closed_on", time.closed_on.size()), {"open_on", time.open_on.size()}})
    if (count > kMaxOwnDays)
      return wrong(place, "has more than " + std::to_string(kMaxOwnDays) + " days", "leave out those that are over");
  for (const auto& [day, name] : time.closed_on) {
    if (!is_day_name(name))
      return wrong("closed_on", iso_date(day) + " has no name of 1 to " + std::to_string(kMaxDayName) + " bytes on one line",
                   "say why the office is closed");
    if (time.open_on.contains(day))
      return wrong("open_on", iso_date(day) + " stands in `closed_on` too", "keep one of the two");
  }
  return {};
}

}  // namespace

Calendar::Calendar(WorkingTime time, std::shared_ptr<const WorldCalendar> world, const TimeZone* zone)
    : time_(std::move(time)), world_(std::move(world)), country_(&world_->country(time_.country)), zone_(zone) {}

Result<Calendar> Calendar::make(WorkingTime time, std::shared_ptr<const WorldCalendar> world) {
  if (!is_country_code(time.country)) return wrong("country", "is no code of a country", "two capitals, as in SN");
  const Result<const TimeZone*> zone = world->zone(time.time_zone);
  if (!zone) return wrong("time_zone", zone.error().message, zone.error().remedy);
  if (Status status = check_hours(time); !status) return tl::unexpected(status.error());
  if (Status status = check_own_days(time); !status) return tl::unexpected(status.error());
  return Calendar(std::move(time), std::move(world), *zone);
}

std::optional<FreeDay> Calendar::why_free(Day day) const {
  if (time_.open_on.contains(day)) return std::nullopt;
  if (falls_on(day, time_.free.value_or(country_->free))) return FreeDay{day, time_.country, FreeDay::Why::kWeekend, {}};
  if (const auto* holiday = country_->find(day))
    return FreeDay{day, time_.country, FreeDay::Why::kHoliday, std::string(holiday->name)};
  if (const auto own = time_.closed_on.find(day); own != time_.closed_on.end())
    return FreeDay{day, time_.country, FreeDay::Why::kOwn, own->second};
  return std::nullopt;
}

std::optional<Day> Calendar::holidays_known_until() const {
  return country_->holidays.empty() ? std::nullopt : std::optional(country_->known_last);
}

bool is_working(std::int64_t at, const Calendar& calendar) {
  const Day day = calendar.zone().local(at).day;
  return calendar.opening(day) <= at && at < calendar.closing(day) && !calendar.why_free(day);
}

std::int64_t working_seconds(std::int64_t from, std::int64_t to, const Calendar& calendar) {
  std::int64_t seconds = 0;
  if (to <= from) return seconds;
  const Day last = calendar.zone().local(to).day;
  for (Day day = calendar.zone().local(from).day; day <= last; ++day) {
    const std::int64_t begin = std::max(from, calendar.opening(day)), end = std::min(to, calendar.closing(day));
    if (begin < end && !calendar.why_free(day)) seconds += end - begin;
  }
  return seconds;
}

}  // namespace counterpart::engine
