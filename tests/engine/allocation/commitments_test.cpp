// What a project has of its budget: in its own currency, by instrument, and what is open.
#include "engine/allocation/commitments.h"

#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

Profile project() {
  Profile one;
  one.id = "dam";
  one.kind = Kind::kProject;
  one.valid_until = "2026-12-31";
  one.finance_sought =
      Finance{.min = 1e6, .max = 10e6, .currency = "EUR", .instruments = {Cooperation::kLoan, Cooperation::kGrant}};
  return one;
}

Case concluded(const std::string& id, double amount, const std::string& currency, std::optional<Cooperation> instrument) {
  Case of;
  of.id = id;
  of.kind = "introduction";
  of.asking.profile = "dam";
  of.answering.profile = "bank-" + id;
  Act act;
  act.number = 1;
  act.at = 20'000 * kSecondsOfDay;
  act.verb = "conclude";
  act.said.facts.amount = amount;
  act.said.facts.currency = currency;
  act.said.facts.instrument = instrument;
  of.log.push_back(act);
  return of;
}

constexpr Day kToday = 20'700;  // 4 September 2026

}  // namespace

TEST_CASE("commitments: what is concluded counts in the project's currency, by instrument; the rest is open", "[commitments]") {
  const Case euro = concluded("a", 2e6, "EUR", Cooperation::kLoan), dollar = concluded("b", 1e6, "USD", Cooperation::kLoan),
             talks = concluded("c", 5e6, "EUR", Cooperation::kEquity), gone = concluded("d", 9e6, "EUR", Cooperation::kLoan);
  const CaseStanding standing[] = {{&euro, "operational", false, {}},
                                   {&dollar, "concluded", true, kToday + 5},
                                   {&talks, "negotiation", true, kToday + 2},
                                   {&gone, "dropped", false, {}}};
  const Commitments all = commitments_of(project(), standing, kToday, real_taxonomy());
  CHECK(all.currency == "EUR");
  CHECK(all.budget == 10e6);
  const double dollars = *all.partners[1].own;
  CHECK(dollars > 5e5);
  CHECK(dollars < 2e6);
  CHECK(all.committed == Approx(2e6 + dollars));
  CHECK(all.open == Approx(8e6 - dollars));
  REQUIRE(all.instruments.size() == 2);
  CHECK(all.instruments[0].instrument == Cooperation::kLoan);
  CHECK(all.instruments[0].committed == Approx(2e6 + dollars));
  CHECK(all.instruments[0].partners == 2);
  CHECK(all.instruments[1].committed == 0);
  std::vector<Committed> states;
  for (const Commitment& one : all.partners) states.push_back(one.committed);
  CHECK(states == std::vector{Committed::kYes, Committed::kYes, Committed::kInTalks, Committed::kNo});
}

TEST_CASE("commitments: an amount without a rate is told apart and not added", "[commitments]") {
  const Case odd = concluded("a", 2e6, "XXX", {});
  const CaseStanding standing[] = {{&odd, "concluded", true, {}}};
  const Commitments all = commitments_of(project(), standing, kToday, real_taxonomy());
  CHECK(all.committed == 0);
  CHECK(all.open == 10e6);
  CHECK(all.unconverted == 1);
  CHECK(all.instruments.back().partners == 1);
  CHECK_FALSE(all.instruments.back().sought);
}

TEST_CASE("commitments: the calendar has the days to come, in order", "[commitments]") {
  Case of = concluded("a", 1, "EUR", {});
  of.log.back().said.facts.starts = kToday - 1;
  of.log.back().said.facts.ends = kToday + 30;
  const CaseStanding standing[] = {{&of, "concluded", true, kToday + 9}};
  std::vector<std::pair<Day, std::string>> days;
  for (const ProjectDay& one : commitments_of(project(), standing, kToday, real_taxonomy()).calendar)
    days.emplace_back(one.day, one.what);
  CHECK(days == std::vector<std::pair<Day, std::string>>{{kToday + 9, "due"}, {kToday + 30, "ends"}, {20'818, "valid_until"}});
}

}  // namespace counterpart::engine
