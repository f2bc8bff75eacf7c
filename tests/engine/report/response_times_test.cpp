// What counts as an answer in time, and that nothing but answers makes the figures better.
#include "engine/report/response_times.h"

#include "engine/report/report_table.h"
#include "tests/engine/casework/network.h"
#include "tests/support/catch.h"

namespace counterpart::engine {
namespace {

constexpr Period kLastOf2026{Quarter{2026 * 4 + 3}, 1};

struct Desk10 {
  Network network;
  Case case_of(const std::string& from = "dakar", const std::string& to = "riyadh") const {
    return network.after(interest_between(from, to), from == "dakar" ? "awa" : "omar", "send", utc("2026-11-26", 10),
                         cooperation_wanted());
  }
  // Riyadh works from 9 to 17 by its clocks, 6 to 14 UTC, Sunday to Thursday.
  AnsweringTimes of(const std::vector<Case>& cases, std::int64_t now, const std::string& office = "riyadh") const {
    const Casework work = network.work();
    ResponseTimes times(work, kLastOf2026, now);
    for (const Case& one : cases) REQUIRE(times.take(one));
    for (const AnsweringTimes& row : times.rows())
      if (row.office == office) return row;
    return {};
  }
};

const std::int64_t kLater = utc("2027-02-01", 12);

}  // namespace

TEST_CASE("response times: every act and state that reports name is one of the table of life cycles", "[report]") {
  const LifeCycles& table = life_cycles();
  for (const AnswerRow& row : answer_rows()) {
    CHECK(table.limit(row.limit));
    CHECK(std::ranges::any_of(table.acts, [&](const ActRow& act) { return act.kind == row.kind && act.verb == row.verb; }));
    CHECK(answered_limit(row.kind) == row.limit);
  }
  for (const StageRow& row : stage_rows()) {
    CHECK(table.state(row.kind, row.state));
    CHECK(std::ranges::find(stages(), row.stage) != stages().end());
  }
}

TEST_CASE("response times: working time in the office's court is counted, waiting for the other side is not", "[report]") {
  const Desk10 desk;
  Case one = desk.case_of();
  // Thursday 10:00 to 14:00, Sunday 6:00 to 8:00: six hours. Then the asking side has it over a week.
  one = desk.network.after(one, "omar", "ask_back", utc("2026-11-29", 8), with_note("how many?"));
  one = desk.network.after(one, "awa", "reply", utc("2026-12-03", 10), with_note("ten"));
  // Thursday 10:00 to 11:00: one more.
  one = desk.network.after(one, "omar", "accept", utc("2026-12-03", 11));
  const AnsweringTimes row = desk.of(std::vector<Case>(10, one), kLater);
  CHECK(row.answered == 10);
  CHECK(row.in_time == 10);
  CHECK(row.median == 7 * 3600);
  CHECK(row.quarter == "2026Q4");
  CHECK_FALSE(desk.of(std::vector<Case>(9, one), kLater).median);
}

TEST_CASE("response times: late is late, whatever comes after", "[report]") {
  const Desk10 desk;
  // Due on Monday 7 December, when Riyadh closes.
  const Case sent = desk.case_of();
  CHECK(desk.of({desk.network.after(sent, "omar", "accept", utc("2026-12-07", 13))}, kLater).in_time == 1);
  CHECK(desk.of({desk.network.after(sent, "omar", "accept", utc("2026-12-08", 8))}, kLater).in_time == 0);
  // Asking back past the due time opens no new one.
  Case late = desk.network.after(sent, "omar", "ask_back", utc("2026-12-08", 8), with_note("how many?"));
  late = desk.network.after(late, "awa", "reply", utc("2026-12-09", 10), with_note("ten"));
  late = desk.network.after(late, "omar", "accept", utc("2026-12-09", 11));
  CHECK(desk.of({late}, kLater).in_time == 0);
  CHECK(desk.of({late}, kLater).answered == 1);
}

TEST_CASE("response times: nothing grows better by closing without an outcome", "[report]") {
  const Desk10 desk;
  const Case sent = desk.case_of();
  const Case answered = desk.network.after(sent, "omar", "accept", utc("2026-11-29", 8));
  std::vector<Case> cases(10, answered);
  const AnsweringTimes best = desk.of(cases, kLater);
  REQUIRE(best.median);

  // Left lying, lapsed, and asked back for nothing until it lapses: each counts, none as an answer.
  const auto lapsed = [&](Case given) {
    const std::int64_t at = utc("2027-01-20", 12);
    while (const std::optional<Act> due = clock_act(given, desk.network.work(), at).value())
      given = apply(given, *due, desk.network.work(), desk.network.places).value().changed;
    return given;
  };
  const Case asked_back = desk.network.after(sent, "omar", "ask_back", utc("2026-11-29", 8), with_note("why?"));
  for (const Case& worse : {sent, lapsed(sent), lapsed(asked_back)}) {
    INFO(desk.network.state(worse));
    std::vector<Case> more = cases;
    more.insert(more.end(), 11, worse);
    const AnsweringTimes row = desk.of(more, kLater);
    CHECK(row.counted() == 21);
    CHECK(row.in_time == 10);
    CHECK(row.answered == 10);
    CHECK_FALSE(row.median);  // the middle one is not answered
  }

  // The office that is on both sides closes its own.
  const Case own = desk.case_of("riyadh", "riyadh");
  const Case closed = desk.network.after(own, "omar", "withdraw", utc("2026-11-29", 8));
  CHECK(desk.of({closed}, kLater).ended == 1);
  // What the other side takes back in time is nobody's omission; later it was late already.
  CHECK(desk.of({desk.network.after(sent, "awa", "withdraw", utc("2026-11-29", 8))}, kLater).counted() == 0);
  CHECK(desk.of({desk.network.after(sent, "awa", "withdraw", utc("2026-12-09", 8))}, kLater).ended == 1);

  // A quick no that is taken up again counts twice: once more from its reopening.
  Case reopened = desk.network.after(sent, "omar", "decline", utc("2026-11-26", 11), with_reason("no_capacity"));
  reopened = desk.network.after(reopened, "omar", "reopen", utc("2026-11-29", 8), with_note("we can"));
  const AnsweringTimes twice = desk.of({reopened}, kLater);
  CHECK(twice.answered == 1);
  CHECK(twice.overdue == 1);
  CHECK(twice.reopened == 1);
}

TEST_CASE("response times: what is open in time does not count yet, and each quarter has its own", "[report]") {
  const Desk10 desk;
  const Case sent = desk.case_of();
  CHECK(desk.of({sent}, utc("2026-11-29", 8)).waiting == 1);
  CHECK(desk.of({sent}, utc("2026-11-29", 8)).counted() == 0);
  const Casework work = desk.network.work();
  ResponseTimes times(work, {Quarter{2026 * 4 + 2}, 3}, kLater);
  REQUIRE(times.take(sent));
  std::vector<std::string> told;
  for (const AnsweringTimes& row : times.rows()) told.push_back(row.office + " " + row.quarter);
  CHECK(told == std::vector<std::string>{" 2026Q4", " 2026Q3-2027Q1", "riyadh 2026Q4", "riyadh 2026Q3-2027Q1"});
  CHECK(parse_quarter("2026Q4").value() == quarter_of(date("2026-12-31")));
  for (const char* wrong : {"", "2026Q5", "2026q1", "26Q1", "2026-4", "abcdQ1", "1969Q1"}) CHECK_FALSE(parse_quarter(wrong));
}

}  // namespace counterpart::engine
