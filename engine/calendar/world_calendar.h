// What datasets/calendar knows of the world: public holidays and free weekdays of countries, clocks of time zones.
#pragma once

#include <bitset>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/calendar/time_zone.h"

namespace counterpart::engine {

// Days of the week, Sunday first as std::chrono::weekday::c_encoding has them.
using Weekdays = std::bitset<7>;

Weekdays saturday_and_sunday();
bool falls_on(Day day, Weekdays weekdays);
// "2026-12-02".
std::string iso_date(Day day);

inline constexpr std::size_t kMaxCalendarText = std::size_t{8} << 20U;  // bytes of one text
inline constexpr std::size_t kMaxDayName = 200;                         // bytes of a day's name

bool is_country_code(std::string_view code);  // the form of ISO 3166 alpha-2
// May a day be called so? Up to kMaxDayName bytes, not empty, no control characters.
bool is_day_name(std::string_view name);

// The three tables, as they lie in files of those names.
struct CalendarTexts {
  std::string holidays;  // code, date, name; by code, then by date
  std::string weekends;  // code, free ("fri;sat"); countries that are not here are free on Saturday and Sunday
  std::string zones;     // zone, since ("2026-03-29T01:00Z"), east (minutes); by zone, then by time
};

// Immutable; safe from any thread. What it gives lives as long as it does.
class WorldCalendar {
 public:
  struct Holiday {
    Day day = 0;
    std::string_view name;  // in English
  };
  struct Country {
    Weekdays free = saturday_and_sunday();
    std::vector<Holiday> holidays;  // by day
    // Public holidays are known from the first day to the last, which are whole years; unknown where first > last.
    Day known_first = 0;
    Day known_last = -1;
    const Holiday* find(Day day) const;  // nullptr: no holiday
  };

  // kTooLarge: over kMaxCalendarText. kCorrupt: anything that is not as the script writes it, with "holidays.tsv:12".
  static Result<std::shared_ptr<const WorldCalendar>> parse(CalendarTexts texts);
  // The files holidays.tsv, weekends.tsv and zones.tsv of a directory; also kNotFound and kStorage.
  static Result<std::shared_ptr<const WorldCalendar>> load(const std::filesystem::path& directory);

  // Of a country that no table names: Saturday and Sunday are free, and no holiday is known.
  const Country& country(std::string_view alpha2) const;
  // By its IANA name. kNotFound, with the nearest name there is.
  Result<const TimeZone*> zone(std::string_view name) const;

 private:
  friend class WorldCalendarReader;
  CalendarTexts texts_;  // names of holidays point into it
  std::map<std::string, Country, std::less<>> countries_;
  std::map<std::string, TimeZone, std::less<>> zones_;
};

}  // namespace counterpart::engine
