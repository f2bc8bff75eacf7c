#include "engine/calendar/calendar.h"

#include "tests/engine/calendar/offices.h"
#include "tests/support/catch.h"

namespace counterpart::engine {

TEST_CASE("calendar: a country's weekend and holidays are free, and the reason is told", "[calendar]") {
  using Why = FreeDay::Why;
  CHECK(dubai().why_free(date("2026-12-02")) == FreeDay{date("2026-12-02"), "AE", Why::kHoliday, "National Day"});
  CHECK_FALSE(dubai().why_free(date("2026-12-04")));  // a Friday
  CHECK(riyadh().why_free(date("2026-12-04")) == FreeDay{date("2026-12-04"), "SA", Why::kWeekend, {}});
  CHECK_FALSE(riyadh().why_free(date("2026-12-06")));  // a Sunday
  CHECK(vienna().why_free(date("2026-12-06")) == FreeDay{date("2026-12-06"), "AT", Why::kWeekend, {}});
  CHECK(vienna().why_free(date("2026-12-08"))->name == "Immaculate Conception");
  CHECK(dakar().why_free(date("2026-04-06"))->name == "Easter Monday");
  const Calendar dhaka = office({"BD", "Asia/Dhaka"});
  CHECK(dhaka.why_free(date("2026-11-27")));
  CHECK_FALSE(dhaka.why_free(date("2026-11-29")));
}

TEST_CASE("calendar: an office's own weekend, closed days and days worked stand over its country's", "[calendar]") {
  WorkingTime time{"AE", "Asia/Dubai"};
  time.free = weekdays({5, 6});
  time.closed_on[date("2026-11-30")] = "removal to the new house";
  time.open_on.insert(date("2026-12-02"));
  time.open_on.insert(date("2026-11-28"));  // a Saturday
  const Calendar calendar = office(time);
  CHECK(calendar.why_free(date("2026-11-27")));
  CHECK_FALSE(calendar.why_free(date("2026-11-28")));
  CHECK_FALSE(calendar.why_free(date("2026-11-29")));
  CHECK(calendar.why_free(date("2026-11-30")) ==
        FreeDay{date("2026-11-30"), "AE", FreeDay::Why::kOwn, "removal to the new house"});
  CHECK_FALSE(calendar.why_free(date("2026-12-02")));
  CHECK(calendar.why_free(date("2026-12-03")));
}

TEST_CASE("calendar: an office works from its opening up to before its closing, by its own clocks", "[calendar]") {
  CHECK_FALSE(is_working(utc("2026-11-26", 7, 59), vienna()));
  CHECK(is_working(utc("2026-11-26", 8), vienna()));
  CHECK(is_working(utc("2026-11-26", 15, 59), vienna()));
  CHECK_FALSE(is_working(utc("2026-11-26", 16), vienna()));
  CHECK(is_working(utc("2026-07-30", 7), vienna()));  // summer time
  CHECK_FALSE(is_working(utc("2026-11-28", 10), vienna()));
  const Calendar kathmandu = office({"NP", "Asia/Kathmandu"});
  CHECK_FALSE(is_working(utc("2026-11-26", 3, 14), kathmandu));
  CHECK(is_working(utc("2026-11-26", 3, 15), kathmandu));
}

TEST_CASE("calendar: a letter waits for the next working moment of its reader", "[calendar]") {
  const std::int64_t in_hours = utc("2026-11-26", 10, 30) + 7;
  CHECK(next_working_moment(in_hours, vienna()) == in_hours);
  CHECK(next_working_moment(utc("2026-11-26", 3), vienna()) == utc("2026-11-26", 8));
  CHECK(next_working_moment(utc("2026-11-27", 16), vienna()) == utc("2026-11-30", 8));  // Friday, at closing
  CHECK(next_working_moment(utc("2026-12-01", 20), dubai()) == utc("2026-12-04", 5));   // National Day
  CHECK(next_working_moment(utc("2026-11-26", 20), riyadh()) == utc("2026-11-29", 6));  // Friday and Saturday
  CHECK(next_working_moment(utc("2026-12-31", 23), dakar()) == utc("2027-01-04", 9));   // New Year's Day is a Friday
  CHECK(next_working_moment(utc("2026-03-28", 12), vienna()) == utc("2026-03-30", 7));  // the leap lies between
  CHECK(next_working_moment(utc("2026-10-24", 12), vienna()) == utc("2026-10-27", 8));  // 26 October is a holiday
  CHECK_FALSE(next_working_moment(-1, vienna()));
  CHECK_FALSE(next_working_moment(INT64_MAX, vienna()));
}

TEST_CASE("calendar: an hour that the clocks skip is the leap, one that they show twice is open both times", "[calendar]") {
  WorkingTime time{"AT", "Europe/Vienna"};
  time.free = weekdays({});
  SECTION("skipped") {
    time.opens = 60, time.closes = 150;  // 01:00 to 02:30
    const Calendar night = office(time);
    CHECK(night.closing(date("2026-03-28")) == utc("2026-03-28", 1, 30));
    CHECK(night.closing(date("2026-03-29")) == utc("2026-03-29", 1));
    CHECK(night.closing(date("2026-03-30")) == utc("2026-03-30", 0, 30));
    time.opens = 130, time.closes = 240;  // 02:10 to 04:00
    CHECK(office(time).opening(date("2026-03-29")) == utc("2026-03-29", 1));
    CHECK(office(time).closing(date("2026-03-29")) == utc("2026-03-29", 2));
  }
  SECTION("shown twice") {
    time.opens = 130, time.closes = 170;  // 02:10 to 02:50
    const Calendar night = office(time);
    CHECK(night.opening(date("2026-10-25")) == utc("2026-10-25", 0, 10));
    CHECK(night.closing(date("2026-10-25")) == utc("2026-10-25", 1, 50));
    CHECK(is_working(utc("2026-10-25", 0, 55), night));
    CHECK(night.opening(date("2026-10-26")) == utc("2026-10-26", 1, 10));
    time.opens = 60, time.closes = 120;  // up to 02:00, which is shown once more an hour later
    CHECK(office(time).closing(date("2026-10-25")) == utc("2026-10-25", 1));
  }
  SECTION("an office that is open for a skipped hour alone does not open on that day") {
    time.opens = 125, time.closes = 175;
    CHECK(next_working_moment(utc("2026-03-28", 12), office(time)) == utc("2026-03-30", 0, 5));
  }
}

TEST_CASE("calendar: midnight closes a day wherever the clocks leap at midnight", "[calendar]") {
  WorkingTime time{"EG", "Africa/Cairo"};
  time.free = weekdays({});
  time.opens = 0, time.closes = kMinutesOfDay;
  const Calendar cairo = office(time);  // 2026: 24 April 00:00 is 01:00, 30 October 00:00 is 29 October 23:00
  for (Day day = date("2026-01-01"); day < date("2027-01-01"); ++day) {
    INFO(iso_date(day));
    REQUIRE(cairo.closing(day) == cairo.opening(day + 1));
    REQUIRE(cairo.zone().local(cairo.closing(day) - 1) == LocalTime{day, kMinutesOfDay - 1});
  }
  CHECK(cairo.closing(date("2026-04-23")) == utc("2026-04-23", 22));
  CHECK(cairo.closing(date("2026-10-29")) == utc("2026-10-29", 22));
}

TEST_CASE("calendar: what no office can be is refused with its member", "[calendar]") {
  const auto place_of = [](const WorkingTime& time) {
    const auto made = Calendar::make(time, shipped_world());
    return made ? std::string("none") : made.error().place;
  };
  const WorkingTime good{"SN", "Africa/Dakar"};
  const auto with = [&](auto change) {
    WorkingTime time = good;
    change(time);
    return place_of(time);
  };
  CHECK(place_of(good) == "none");
  CHECK(with([](WorkingTime& t) { t.country = "sn"; }) == "country");
  CHECK(with([](WorkingTime& t) { t.time_zone = "Africa/Dakkar"; }) == "time_zone");
  CHECK(with([](WorkingTime& t) { t.time_zone = "UTC+1 \n"; }) == "time_zone");
  CHECK(with([](WorkingTime& t) { t.time_zone = std::string(1000, 'a'); }) == "time_zone");
  CHECK(with([](WorkingTime& t) { t.opens = t.closes; }) == "opens");
  CHECK(with([](WorkingTime& t) { t.opens = -1; }) == "opens");
  CHECK(with([](WorkingTime& t) { t.closes = kMinutesOfDay + 1; }) == "opens");
  CHECK(with([](WorkingTime& t) { t.free = Weekdays{}.set(); }) == "free");
  CHECK(with([](WorkingTime& t) { t.closed_on[date("2026-11-26")] = ""; }) == "closed_on");
  CHECK(with([](WorkingTime& t) { t.closed_on[date("2026-11-26")] = "two\nlines"; }) == "closed_on");
  CHECK(with([](WorkingTime& t) {
          for (Day day = 0; day <= static_cast<Day>(kMaxOwnDays); ++day) t.open_on.insert(day);
        }) == "open_on");
  CHECK(with([](WorkingTime& t) {
          t.closed_on[date("2026-11-26")] = "a feast";
          t.open_on.insert(date("2026-11-26"));
        }) == "open_on");
  const auto misspelt = Calendar::make({"SN", "Africa/Dakkar"}, shipped_world());
  CHECK(misspelt.error().remedy == "did you mean `Africa/Dakar`?");
}

}  // namespace counterpart::engine
