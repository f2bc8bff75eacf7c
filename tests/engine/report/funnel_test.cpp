// How far interests come, and what the log of it tells.
#include "engine/report/funnel.h"

#include "engine/casework/case_json.h"
#include "engine/report/case_line.h"
#include "tests/engine/casework/network.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

constexpr Period kPeriod{Quarter{2026 * 4 + 3}, 2};

const FunnelRow* row_of(const std::vector<FunnelRow>& rows, const std::string& quarter, const std::string& by,
                        const std::string& value = {}, const std::string& side = {}) {
  const auto found = std::ranges::find_if(rows, [&](const FunnelRow& row) {
    return row.quarter == quarter && row.by == by && row.value == value && row.side == side;
  });
  return found != rows.end() ? &*found : nullptr;
}

// The introduction of agreed(), concluded in the next year.
Case concluded(const Network& network, const std::string& currency, double amount) {
  Case of = agreed(network);
  of.origin = "i1";
  of = network.after(of, "omar", "release", utc("2026-12-01", 9));
  of = network.after(of, "awa", "release", utc("2026-12-02", 9));
  of = network.after(of, "awa", "first_contact", utc("2026-12-03", 9));
  of = network.after(of, "awa", "promote", utc("2026-12-10", 9));
  of = network.after(of, "awa", "negotiate", utc("2026-12-14", 9));
  Said said;
  said.facts.amount = amount;
  said.facts.currency = currency;
  said.facts.instrument = Cooperation::kEquity;
  said.facts.jobs = 40;
  said.facts.sdg = "9";
  return network.after(of, "awa", "conclude", utc("2027-01-14", 9), said);
}

const std::array<PartyTraits, 2> kTraits{PartyTraits{"SN", true}, PartyTraits{"DE", false}};

}  // namespace

TEST_CASE("funnel: each way is counted at the stages that it came to, in all its groups", "[report]") {
  const Network network;
  const Case interest = network.after(asked(network), "omar", "accept", utc("2026-11-30", 9));
  const Case introduction = concluded(network, "EUR", 250'000);
  for (const Funnel::Count count : {Funnel::Count::kSent, Funnel::Count::kReached}) {
    Funnel funnel(real_taxonomy(), life_cycles(), kPeriod, count);
    REQUIRE(funnel.take(interest, kTraits));
    REQUIRE(funnel.take(introduction, kTraits));
    const std::vector<FunnelRow> rows = funnel.rows();
    const bool sent = count == Funnel::Count::kSent;
    const FunnelRow* first = row_of(rows, "2026Q4", "all");
    REQUIRE(first);
    CHECK(first->reached == std::array<std::uint64_t, kStages>{1, 1, 1, 1, 1, 1, sent ? 1U : 0U, 0});
    const FunnelRow* next = row_of(rows, "2027Q1", "all");
    CHECK((next != nullptr) == !sent);
    const FunnelRow* whole = row_of(rows, "2026Q4-2027Q1", "programme", "itpo");
    REQUIRE(whole);
    CHECK(whole->reached == std::array<std::uint64_t, kStages>{1, 1, 1, 1, 1, 1, 1, 0});
    REQUIRE(whole->concluded.size() == 1);
    CHECK(whole->concluded[0].amount == 250'000);
    CHECK(whole->concluded[0].jobs == 40);
    for (const auto& [group, side] : {std::pair("LDC", "asking"), {"LDC", "either"}, {"developed", "answering"}})
      CHECK(row_of(rows, "2026Q4", "country_group", group, side));
    CHECK_FALSE(row_of(rows, "2026Q4", "country_group", "LDC", "answering"));
    CHECK(row_of(rows, "2026Q4", "women_led", "true", "asking"));
    CHECK_FALSE(row_of(rows, "2026Q4", "women_led", "true", "answering"));
  }
}

TEST_CASE("funnel: money of two currencies is never added up, and a profile that is gone counts without traits", "[report]") {
  const Network network;
  Funnel funnel(real_taxonomy(), life_cycles(), kPeriod, Funnel::Count::kSent);
  for (const auto& [id, currency, amount] : {std::tuple("i1", "EUR", 1.0), {"i2", "USD", 2.0}, {"i3", "EUR", 4.0}}) {
    Case interest = network.after(asked(network), "omar", "accept", utc("2026-11-30", 9));
    Case introduction = concluded(network, currency, amount);
    interest.id = introduction.origin = id;
    REQUIRE(funnel.take(interest, {}));
    REQUIRE(funnel.take(introduction, {}));
  }
  const std::vector<FunnelRow> rows = funnel.rows();
  const FunnelRow* all = row_of(rows, "2026Q4", "all");
  REQUIRE(all);
  REQUIRE(all->concluded.size() == 2);
  CHECK(all->concluded[0].currency == "EUR");
  CHECK(all->concluded[0].amount == 5);
  CHECK(all->concluded[0].conclusions == 2);
  CHECK(all->concluded[1].amount == 2);
  CHECK(std::ranges::none_of(rows, [](const FunnelRow& row) { return row.by == "country_group" || row.by == "women_led"; }));
}

TEST_CASE("case line: what somebody wrote is not in the log that reports are made of", "[report]") {
  const Network network;
  Case sent = network.after(interest_between("dakar", "riyadh"), "awa", "send", utc("2026-11-26", 10), [] {
    Said said = cooperation_wanted();
    said.note = "call +43 1 5550123";
    said.facts.missing = "planted word";
    said.facts.about_us = "planted word";
    return said;
  }());
  sent.asking.organisation = "Planted Holding";
  const std::string line = case_line(sent, kTraits);
  CHECK(line.find("lanted") == line.npos);
  CHECK(line.find("5550123") == line.npos);
  CHECK(line.find("awa") == line.npos);
  CHECK(line.ends_with(R"("traits":{"from":{"country":"SN","women_led":true},"to":{"country":"DE","women_led":false}}})"));
  CHECK(line.find(R"("verb":"send")") != line.npos);
  CHECK(line.find(R"("cooperation":"joint_venture")") != line.npos);
}

}  // namespace counterpart::engine
