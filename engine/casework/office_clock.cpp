#include "engine/casework/office_clock.h"

#include <utility>
#include <vector>

namespace counterpart::engine {
namespace {

tl::unexpected<Error> no_office(std::string_view office) {
  return fail(ErrorCode::kNotFound, "office", "there is no office `" + std::string(office) + "`", "name an office");
}

}  // namespace

Result<OfficeCalendars> OfficeCalendars::make(const Directory& directory, std::shared_ptr<const WorldCalendar> world) {
  OfficeCalendars made;
  for (const Office& office : directory.offices()) {
    Result<Calendar> calendar = Calendar::make(office.working_time, world);
    if (!calendar) {
      Error error = std::move(calendar.error());
      error.place = "office " + office.id + ".working_time." + error.place;
      return tl::unexpected(std::move(error));
    }
    made.calendars_.emplace(office.id, std::move(*calendar));
  }
  return made;
}

const Calendar* OfficeCalendars::calendar(std::string_view office) const {
  const auto found = calendars_.find(office);
  return found != calendars_.end() ? &found->second : nullptr;
}

Result<Due> OfficeCalendars::due_after(std::int64_t from, unsigned working_days,
                                       std::span<const std::string_view> offices) const {
  std::vector<const Calendar*> calendars;
  for (const std::string_view office : offices) {
    calendars.push_back(calendar(office));
    if (!calendars.back()) return no_office(office);
  }
  return engine::due_after(from, working_days, calendars);
}

Day OfficeCalendars::day_in(std::string_view office, std::int64_t at) const {
  const Calendar* known = calendar(office);
  return known ? known->zone().local(at).day : static_cast<Day>(at / kSecondsOfDay);
}

Result<std::int64_t> OfficeCalendars::working_from(std::string_view office, std::int64_t at) const {
  const Calendar* known = calendar(office);
  if (!known) return no_office(office);
  return next_working_moment(at, *known);
}

Result<std::int64_t> OfficeCalendars::worked(std::string_view office, std::int64_t from, std::int64_t to) const {
  const Calendar* known = calendar(office);
  if (!known) return no_office(office);
  return working_seconds(from, to, *known);
}

Result<std::int64_t> OfficeCalendars::opening_after(std::string_view office, std::int64_t at) const {
  const Result<std::int64_t> working = working_from(office, at);
  if (!working || *working > at) return working;
  const Calendar& known = *calendar(office);
  return next_working_moment(known.closing(known.zone().local(at).day), known);
}

}  // namespace counterpart::engine
