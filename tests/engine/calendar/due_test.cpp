#include <algorithm>
#include <random>

#include "engine/calendar/calendar.h"
#include "tests/engine/calendar/offices.h"
#include "tests/support/catch.h"

namespace counterpart::engine {
namespace {

template <class... Calendars>
Result<Due> due(std::int64_t from, unsigned days, const Calendars&... calendars) {
  const std::vector<const Calendar*> all{&calendars...};
  return due_after(from, days, all);
}

// "2026-12-02 AE National Day", a weekend without a name.
std::vector<std::string> told(const Due& due) {
  std::vector<std::string> lines;
  for (const FreeDay& free : due.skipped)
    lines.push_back(iso_date(free.day) + " " + free.country + (free.name.empty() ? "" : " ") + free.name);
  return lines;
}

}  // namespace

TEST_CASE("due: a due time says from when, how many working days, and which days did not count", "[calendar]") {
  const auto found = due(utc("2026-11-26", 6), 5, dubai()).value();  // Thursday, 10:00 in Dubai
  CHECK(found.working_days == 5);
  CHECK(iso_date(found.acted) == "2026-11-26");
  CHECK(iso_date(found.from) == "2026-11-26");
  CHECK(iso_date(found.due) == "2026-12-07");
  CHECK(found.at == utc("2026-12-07", 13));
  CHECK(told(found) == std::vector<std::string>{"2026-11-28 AE", "2026-11-29 AE", "2026-12-02 AE National Day",
                                                "2026-12-03 AE National Day", "2026-12-05 AE", "2026-12-06 AE"});
  CHECK(found.unknown.empty());
}

TEST_CASE("due: a day counts only if both offices work on it, and each free one is told with its country", "[calendar]") {
  // Riyadh asks, Vienna owes: Friday to Sunday are free in one or the other, 8 December in Vienna.
  const auto found = due(utc("2026-12-03", 9), 3, vienna(), riyadh()).value();
  CHECK(told(found) == std::vector<std::string>{"2026-12-04 SA", "2026-12-05 AT", "2026-12-05 SA", "2026-12-06 AT",
                                                "2026-12-08 AT Immaculate Conception"});
  CHECK(iso_date(found.due) == "2026-12-10");
  CHECK(found.at == utc("2026-12-10", 16));
  // The other way round the days are the same and the closing hour is Riyadh's.
  const auto back = due(utc("2026-12-03", 9), 3, riyadh(), vienna()).value();
  CHECK(back.due == found.due);
  CHECK(back.at == utc("2026-12-10", 14));
}

TEST_CASE("due: two offices of one country are told once, but for their own days", "[calendar]") {
  WorkingTime second{"AE", "Asia/Dubai"};
  second.closed_on[date("2026-11-30")] = "stocktaking";
  const auto found = due(utc("2026-11-26", 6), 2, dubai(), office(second)).value();
  CHECK(told(found) == std::vector<std::string>{"2026-11-28 AE", "2026-11-29 AE", "2026-11-30 AE stocktaking"});
  CHECK(iso_date(found.due) == "2026-12-01");
}

TEST_CASE("due: an act out of the owner's hours counts as one at the next opening", "[calendar]") {
  const auto in_hours = due(utc("2026-11-26", 15, 59), 1, vienna()).value();
  CHECK(iso_date(in_hours.due) == "2026-11-27");
  const auto closed = due(utc("2026-11-26", 16), 1, vienna()).value();
  CHECK(iso_date(closed.acted) == "2026-11-26");
  CHECK(iso_date(closed.from) == "2026-11-27");
  CHECK(iso_date(closed.due) == "2026-11-30");
  const auto early = due(utc("2026-11-26", 2), 1, vienna()).value();
  CHECK(early.due == in_hours.due);
  // Friday evening and Saturday are Monday, and the free days between are told.
  for (const std::int64_t act : {utc("2026-11-27", 18), utc("2026-11-28", 11)}) {
    const auto weekend = due(act, 1, vienna()).value();
    CHECK(iso_date(weekend.from) == "2026-11-30");
    CHECK(iso_date(weekend.due) == "2026-12-01");
    CHECK(told(weekend) == std::vector<std::string>{"2026-11-28 AT", "2026-11-29 AT"});
  }
  // The owner's clocks decide: at 22:00 in Dakar it is the next day in Riyadh.
  CHECK(iso_date(due(utc("2026-11-25", 22), 1, riyadh()).value().acted) == "2026-11-26");
  CHECK(iso_date(due(utc("2026-11-25", 22), 1, dakar()).value().acted) == "2026-11-25");
}

TEST_CASE("due: the closing hour keeps to the clocks when they leap", "[calendar]") {
  CHECK(due(utc("2026-03-26", 9), 1, vienna()).value().at == utc("2026-03-27", 16));
  CHECK(due(utc("2026-03-26", 9), 2, vienna()).value().at == utc("2026-03-30", 15));
  CHECK(due(utc("2026-10-22", 9), 1, vienna()).value().at == utc("2026-10-23", 15));
  CHECK(due(utc("2026-10-22", 9), 2, vienna()).value().at == utc("2026-10-27", 16));  // 26 October is a holiday
  WorkingTime night{"AT", "Europe/Vienna"};
  night.free = weekdays({5, 6});
  night.opens = 60, night.closes = 150;  // up to 02:30, which 29 March has not and 25 October twice
  CHECK(due(utc("2026-03-26", 0, 30), 1, office(night)).value().at == utc("2026-03-29", 1));
  CHECK(due(utc("2026-10-22", 0, 15), 1, office(night)).value().at == utc("2026-10-25", 1, 30));
}

TEST_CASE("due: clocks are those of today's laws and of odd offsets", "[calendar]") {
  const auto closing_of = [](const char* country, const char* zone) {
    return due(utc("2026-07-06", 10), 1, office({country, zone, 0, 17 * 60})).value().at;
  };
  CHECK(closing_of("NP", "Asia/Kathmandu") == utc("2026-07-07", 11, 15));
  CHECK(closing_of("EG", "Africa/Cairo") == utc("2026-07-07", 14));         // summer time again since 2023
  CHECK(closing_of("KZ", "Asia/Almaty") == utc("2026-07-08", 12));          // one zone since 2024; 6 July is a holiday
  CHECK(closing_of("MX", "America/Mexico_City") == utc("2026-07-07", 23));  // none since 2022
  CHECK(closing_of("KI", "Pacific/Kiritimati") == utc("2026-07-08", 3));
}

TEST_CASE("due: a year's end is no end", "[calendar]") {
  const auto found = due(utc("2026-12-30", 10), 2, dakar()).value();
  CHECK(iso_date(found.due) == "2027-01-04");
  CHECK(told(found) == std::vector<std::string>{"2027-01-01 SN New Year's Day", "2027-01-02 SN", "2027-01-03 SN"});
}

TEST_CASE("due: where holidays are not known the result says so", "[calendar]") {
  const Day last = *vienna().holidays_known_until();
  REQUIRE(iso_date(last) == "2035-12-31");
  const std::int64_t act = vienna().opening(last - 3);  // a Friday
  CHECK(due(act, 1, vienna()).value().unknown.empty());
  CHECK(due(act, 5, vienna(), dakar()).value().unknown == std::vector<Due::Unknown>{{"AT", last + 1}, {"SN", last + 1}});
  const Calendar nowhere = office({"ZZ", "UTC"});
  CHECK_FALSE(nowhere.holidays_known_until());
  CHECK(due(utc("2026-11-26", 10), 5, nowhere).value().unknown == std::vector<Due::Unknown>{{"ZZ", date("2026-11-27")}});
}

TEST_CASE("due: what cannot be counted is refused", "[calendar]") {
  const std::int64_t now = utc("2026-11-26", 10);
  CHECK(due_after(now, 5, {}).error().code == ErrorCode::kInvalid);
  CHECK(due(now, 0, vienna()).error().code == ErrorCode::kInvalid);
  CHECK(due(now, kMaxWorkingDays, vienna()));
  CHECK(due(now, kMaxWorkingDays + 1, vienna()).error().code == ErrorCode::kInvalid);
  CHECK(due(-1, 5, vienna()).error().code == ErrorCode::kInvalid);
  CHECK(due(INT64_MAX, 5, vienna()).error().code == ErrorCode::kInvalid);
  WorkingTime odd{"AT", "Europe/Vienna"}, even{"AT", "Europe/Vienna"};
  odd.free = weekdays({0, 1, 2, 3});
  even.free = weekdays({4, 5, 6});
  const auto never = due(now, 1, office(odd), office(even));
  REQUIRE_FALSE(never);
  CHECK(never.error().message.find("too few working days") != std::string::npos);
}

TEST_CASE("due: later is never earlier, and all offices work on the due day", "[calendar]") {
  const Calendar offices[] = {dakar(),
                              riyadh(),
                              vienna(),
                              dubai(),
                              office({"NP", "Asia/Kathmandu"}),
                              office({"EG", "Africa/Cairo"}),
                              office({"US", "America/New_York"})};
  std::mt19937 random(7);
  for (int round = 0; round < 400; ++round) {
    std::vector<const Calendar*> calendars;
    for (unsigned i = 0; i <= random() % 3; ++i) calendars.push_back(&offices[random() % std::size(offices)]);
    const std::int64_t from = utc("2024-01-01", 0) + static_cast<std::int64_t>(random() % (10U * 365 * 86'400));
    const unsigned days = 1 + static_cast<unsigned>(random() % 30);
    const Due first = due_after(from, days, calendars).value();
    CAPTURE(from, days, calendars.size());
    REQUIRE(first.at > from);
    REQUIRE(first.at <= due_after(from, days + 1, calendars)->at);
    REQUIRE(first.at <= due_after(from + 3'600, days, calendars)->at);
    REQUIRE(calendars.front()->zone().local(first.at).day == first.due);
    for (const Calendar* calendar : calendars) REQUIRE_FALSE(calendar->why_free(first.due));
    // Every day after `from` was counted or is told.
    unsigned counted = 0;
    for (Day day = first.from + 1; day <= first.due; ++day)
      counted += std::ranges::find(first.skipped, day, &FreeDay::day) == first.skipped.end();
    REQUIRE(counted == days);
  }
}

}  // namespace counterpart::engine
