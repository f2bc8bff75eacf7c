#include "engine/calendar/world_calendar.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "engine/base/date.h"
#include "engine/base/file.h"
#include "engine/base/nearest.h"
#include "engine/taxonomy/tsv.h"

namespace counterpart::engine {
namespace {

constexpr std::string_view kWeekdayNames[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::size_t kLongestName = 64;  // bytes of a zone's name, and of a cell that a message quotes
constexpr int kFarthestEast = 15 * 60;    // minutes; no zone ever was farther from UTC

std::chrono::sys_days sys_days_of(Day day) { return std::chrono::sys_days(std::chrono::days(day)); }

Day first_of_year(std::chrono::year year) {
  return static_cast<Day>(std::chrono::sys_days(year / std::chrono::January / 1).time_since_epoch().count());
}

std::chrono::year year_of(Day day) { return std::chrono::year_month_day(sys_days_of(day)).year(); }

std::optional<int> whole_number(std::string_view text) {
  int value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

// Seconds since 1970 of "2026-03-29T01:00Z".
std::optional<std::int64_t> instant(std::string_view text) {
  if (text.size() != 17 || text[10] != 'T' || text[13] != ':' || text[16] != 'Z') return std::nullopt;
  const Result<std::int32_t> day = parse_date(text.substr(0, 10));
  const auto hour = whole_number(text.substr(11, 2)), minute = whole_number(text.substr(14, 2));
  if (!day || !hour || !minute || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59) return std::nullopt;
  return (std::int64_t{*day} * kMinutesOfDay + *hour * 60 + *minute) * 60;
}

bool is_zone_name(std::string_view name) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
  return !name.empty() && name.size() <= kLongestName && name.find_first_not_of(kLetters) == name.npos;
}

}  // namespace

Weekdays saturday_and_sunday() {
  return Weekdays{}.set(std::chrono::Saturday.c_encoding()).set(std::chrono::Sunday.c_encoding());
}

bool falls_on(Day day, Weekdays weekdays) { return weekdays.test(std::chrono::weekday(sys_days_of(day)).c_encoding()); }

std::string iso_date(Day day) {
  const std::chrono::year_month_day date(sys_days_of(day));
  char text[32];
  const int size = std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return {text, static_cast<std::size_t>(size)};
}

bool is_day_name(std::string_view name) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return !name.empty() && name.size() <= kMaxDayName && std::ranges::none_of(name, is_control);
}

bool is_country_code(std::string_view code) {
  return code.size() == 2 && std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
}

const WorldCalendar::Holiday* WorldCalendar::Country::find(Day day) const {
  const auto found = std::ranges::lower_bound(holidays, day, {}, &Holiday::day);
  return found != holidays.end() && found->day == day ? &*found : nullptr;
}

// Reads the three texts into a WorldCalendar.
class WorldCalendarReader {
 public:
  explicit WorldCalendarReader(CalendarTexts texts) { world_->texts_ = std::move(texts); }

  Result<std::shared_ptr<const WorldCalendar>> read() {
    struct Table {
      const char* file;
      std::string CalendarTexts::*text;
      Cells header;
      Status (WorldCalendarReader::*row)(const Cells&);
    };
    static const Table kTables[] = {
        {"holidays.tsv", &CalendarTexts::holidays, {"code", "date", "name"}, &WorldCalendarReader::add_holiday},
        {"weekends.tsv", &CalendarTexts::weekends, {"code", "free"}, &WorldCalendarReader::add_weekend},
        {"zones.tsv", &CalendarTexts::zones, {"zone", "since", "east"}, &WorldCalendarReader::add_span},
    };
    for (const Table& table : kTables) {
      const std::string& text = world_->texts_.*table.text;
      if (text.size() > kMaxCalendarText) return fail(ErrorCode::kTooLarge, table.file, "is larger than 8 MiB");
      bool header = true;
      Status status = each_tsv_row(table.file, text, [&](std::size_t line, const Cells& cells) -> Status {
        Status row = std::exchange(header, false) ? check_header(cells, table.header) : (this->*table.row)(cells);
        if (!row) row.error().place = std::string(table.file) + ":" + std::to_string(line);
        return row;
      });
      if (!status) return tl::unexpected(status.error());
      if (header) return fail(ErrorCode::kCorrupt, table.file, "is empty");
    }
    for (auto& [name, spans] : spans_) world_->zones_.emplace(name, TimeZone(name, std::move(spans)));
    return std::shared_ptr<const WorldCalendar>(std::move(world_));
  }

 private:
  // `read` adds the place.
  static tl::unexpected<Error> corrupt(std::string message) { return fail(ErrorCode::kCorrupt, {}, std::move(message)); }
  static tl::unexpected<Error> corrupt(std::string_view cell, std::string_view what) {
    return corrupt((cell.size() > kLongestName ? "a cell" : "`" + std::string(cell) + "`") + " " + std::string(what));
  }

  static Status check_header(const Cells& cells, const Cells& wanted) {
    if (cells == wanted) return {};
    std::string names;
    for (const std::string_view name : wanted) names += (names.empty() ? "`" : ", `") + std::string(name) + "`";
    return corrupt("the columns are not " + names);
  }

  Status add_holiday(const Cells& cells) {
    if (!is_country_code(cells[0])) return corrupt(cells[0], "is no country of two capitals");
    const Result<std::int32_t> day = parse_date(cells[1]);
    if (!day) return corrupt(cells[1], day.error().message);
    if (!is_day_name(cells[2])) return corrupt(cells[2], "is no name of a day: empty, too long, or with control characters");
    WorldCalendar::Country& country = world_->countries_[std::string(cells[0])];
    const bool first = country.holidays.empty();
    if (!first && (cells[0] != last_code_ || country.holidays.back().day >= *day))
      return corrupt(cells[1], "of `" + std::string(cells[0]) + "` is not in the order of countries and days");
    const std::chrono::year year = year_of(*day);
    if (!first && country.known_last + 1 < first_of_year(year))
      return corrupt(cells[1], "comes after a year without a holiday, of which nothing would be known");
    if (first) country.known_first = first_of_year(year);
    country.known_last = first_of_year(year + std::chrono::years(1)) - 1;
    country.holidays.push_back({*day, cells[2]});
    last_code_ = cells[0];
    return {};
  }

  Status add_weekend(const Cells& cells) {
    if (!is_country_code(cells[0])) return corrupt(cells[0], "is no country of two capitals");
    if (!weekends_.insert(std::string(cells[0])).second) return corrupt(cells[0], "stands twice");
    Weekdays free;
    for (const std::string_view name : split(cells[1], ';')) {
      const auto found = std::ranges::find(kWeekdayNames, name);
      if (found == std::end(kWeekdayNames)) return corrupt(name, "is none of sun, mon, tue, wed, thu, fri, sat");
      free.set(static_cast<std::size_t>(found - std::begin(kWeekdayNames)));
    }
    if (free.all()) return corrupt(cells[0], "has no working day");
    world_->countries_[std::string(cells[0])].free = free;
    return {};
  }

  Status add_span(const Cells& cells) {
    if (!is_zone_name(cells[0])) return corrupt(cells[0], "is no name of a time zone");
    const auto since = instant(cells[1]);
    if (!since) return corrupt(cells[1], "is no time as in 2026-03-29T01:00Z");
    const auto east = whole_number(cells[2]);
    if (!east || *east < -kFarthestEast || *east > kFarthestEast)
      return corrupt(cells[2], "is no number of minutes from -900 to 900");
    std::vector<TimeZone::Span>& spans = spans_[std::string(cells[0])];
    if (!spans.empty() && (spans.back().since >= *since)) return corrupt(cells[1], "is not later than the line before");
    spans.push_back({*since, *east});
    return {};
  }

  std::shared_ptr<WorldCalendar> world_ = std::make_shared<WorldCalendar>();
  std::map<std::string, std::vector<TimeZone::Span>> spans_;
  std::set<std::string> weekends_;
  std::string_view last_code_;
};

Result<std::shared_ptr<const WorldCalendar>> WorldCalendar::parse(CalendarTexts texts) {
  return WorldCalendarReader(std::move(texts)).read();
}

Result<std::shared_ptr<const WorldCalendar>> WorldCalendar::load(const std::filesystem::path& directory) {
  CalendarTexts texts;
  const std::pair<const char*, std::string*> files[] = {
      {"holidays.tsv", &texts.holidays}, {"weekends.tsv", &texts.weekends}, {"zones.tsv", &texts.zones}};
  for (const auto& [file, text] : files) {
    Result<std::string> bytes = read_file(directory / file);
    if (!bytes) return fail(bytes.error().code, (directory / file).string(), "cannot be read");
    *text = std::move(*bytes);
  }
  Result<std::shared_ptr<const WorldCalendar>> world = parse(std::move(texts));
  if (!world) world.error().place = (directory / world.error().place).string();
  return world;
}

const WorldCalendar::Country& WorldCalendar::country(std::string_view alpha2) const {
  static const Country kUnknown;
  const auto found = countries_.find(alpha2);
  return found == countries_.end() ? kUnknown : found->second;
}

Result<const TimeZone*> WorldCalendar::zone(std::string_view name) const {
  if (const auto found = zones_.find(name); found != zones_.end()) return &found->second;
  constexpr std::string_view kExample = "an IANA name as in Africa/Dakar";
  if (!is_zone_name(name)) return fail(ErrorCode::kNotFound, {}, "is no name of a time zone", std::string(kExample));
  std::vector<std::string_view> names;
  for (const auto& [known, zone] : zones_) names.push_back(known);
  const std::string_view meant = nearest(name, names);
  return fail(ErrorCode::kNotFound, {}, "`" + std::string(name) + "` is no time zone",
              meant.empty() ? std::string(kExample) : "did you mean `" + std::string(meant) + "`?");
}

}  // namespace counterpart::engine
