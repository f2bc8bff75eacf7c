#include "engine/calendar/world_calendar.h"

#include <set>

#include "tests/engine/calendar/offices.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

CalendarTexts small() {
  return {
      "code\tdate\tname\nAE\t2026-12-02\tNational Day\nSN\t2026-04-04\tIndependence Day\nSN\t2027-04-04\tIndependence Day\n",
      "code\tfree\nSA\tfri;sat\n", "zone\tsince\teast\nAsia/Dubai\t2024-01-01T00:00Z\t240\n"};
}

}  // namespace

TEST_CASE("world calendar: holidays of the listed countries are known up to the end of 2035", "[calendar]") {
  const std::set<std::string> without{"BV", "HM", "IO", "UA"};  // nobody lives there; no holiday is free under martial law
  for (const CodeList::Entry& entry : real_taxonomy().countries.entries()) {
    INFO(entry.code);
    const WorldCalendar::Country& country = shipped_world()->country(entry.code);
    CHECK(country.holidays.empty() == without.contains(entry.code));
    if (country.holidays.empty()) continue;
    CHECK(iso_date(country.known_first) == "2024-01-01");
    CHECK(iso_date(country.known_last) == (entry.code == "LK" ? "2026-12-31" : "2035-12-31"));
  }
}

TEST_CASE("world calendar: a country's known years are those from its first to its last holiday", "[calendar]") {
  const auto world = WorldCalendar::parse(small()).value();
  const WorldCalendar::Country& senegal = world->country("SN");
  CHECK(iso_date(senegal.known_first) == "2026-01-01");
  CHECK(iso_date(senegal.known_last) == "2027-12-31");
  REQUIRE(senegal.find(date("2027-04-04")));
  CHECK(senegal.find(date("2027-04-04"))->name == "Independence Day");
  CHECK_FALSE(senegal.find(date("2027-04-05")));
  CHECK(world->country("SA").free == weekdays({5, 6}));
  CHECK(world->country("SN").free == saturday_and_sunday());
  CHECK(world->country("ZZ").known_first > world->country("ZZ").known_last);
}

TEST_CASE("world calendar: what is not as the script writes it is refused with its line", "[calendar]") {
  struct Wrong {
    std::string CalendarTexts::*text;
    const char* line;  // added to a good text
    const char* place;
  };
  const auto wrong = GENERATE(values<Wrong>({
      {&CalendarTexts::holidays, "sn\t2028-04-04\tIndependence Day\n", "holidays.tsv:5"},
      {&CalendarTexts::holidays, "SN\t2028-02-30\tIndependence Day\n", "holidays.tsv:5"},
      {&CalendarTexts::holidays, "SN\t2028-04-04\t\n", "holidays.tsv:5"},
      {&CalendarTexts::holidays, "SN\t2028-04-04\tIndependence\x01 Day\n", "holidays.tsv:5"},
      {&CalendarTexts::holidays, "SN\t2028-04-04\n", "holidays.tsv:5"},
      {&CalendarTexts::holidays, "SN\t2027-04-04\tIndependence Day\n", "holidays.tsv:5"},  // twice
      {&CalendarTexts::holidays, "SN\t2027-04-03\tEaster\n", "holidays.tsv:5"},            // out of order
      {&CalendarTexts::holidays, "SN\t2029-04-04\tIndependence Day\n", "holidays.tsv:5"},  // a year is missing
      {&CalendarTexts::holidays, "AE\t2027-12-02\tNational Day\n", "holidays.tsv:5"},      // not with its country
      {&CalendarTexts::weekends, "IR\tFriday\n", "weekends.tsv:3"},
      {&CalendarTexts::weekends, "IR\t\n", "weekends.tsv:3"},
      {&CalendarTexts::weekends, "SA\tfri\n", "weekends.tsv:3"},
      {&CalendarTexts::weekends, "IR\tsun;mon;tue;wed;thu;fri;sat\n", "weekends.tsv:3"},
      {&CalendarTexts::zones, "Asia/Dubai\t2024-01-01T00:00Z\t240\n", "zones.tsv:3"},
      {&CalendarTexts::zones, "Asia Dubai\t2024-01-01T00:00Z\t240\n", "zones.tsv:3"},
      {&CalendarTexts::zones, "Asia/Doha\t2024-01-01 00:00Z\t180\n", "zones.tsv:3"},
      {&CalendarTexts::zones, "Asia/Doha\t2024-01-01T24:00Z\t180\n", "zones.tsv:3"},
      {&CalendarTexts::zones, "Asia/Doha\t2024-01-01T-1:00Z\t180\n", "zones.tsv:3"},
      {&CalendarTexts::zones, "Asia/Doha\t2024-01-01T00:00Z\t+3\n", "zones.tsv:3"},
      {&CalendarTexts::zones, "Asia/Doha\t2024-01-01T00:00Z\t901\n", "zones.tsv:3"},
  }));
  CalendarTexts texts = small();
  texts.*wrong.text += wrong.line;
  INFO(wrong.line);
  const auto world = WorldCalendar::parse(texts);
  REQUIRE_FALSE(world);
  CHECK(world.error().code == ErrorCode::kCorrupt);
  CHECK(world.error().place == wrong.place);
}

TEST_CASE("world calendar: an empty, a headless and an endless text are refused", "[calendar]") {
  CalendarTexts texts = small();
  texts.zones.clear();
  CHECK(WorldCalendar::parse(texts).error().place == "zones.tsv");
  texts.zones = "Asia/Dubai\t2024-01-01T00:00Z\t240\n";
  CHECK(WorldCalendar::parse(texts).error().place == "zones.tsv:1");
  texts = small();
  texts.holidays += std::string(kMaxCalendarText, '\n');
  CHECK(WorldCalendar::parse(texts).error().code == ErrorCode::kTooLarge);
  CHECK(WorldCalendar::load("no such directory").error().code == ErrorCode::kNotFound);
}

}  // namespace counterpart::engine
