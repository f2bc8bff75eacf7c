#include "tests/engine/allocation/panel_experts.h"

namespace counterpart::engine {

TEST_CASE("panel: on small cases it is the best of all panels, and gives way no more than it must", "[panel]") {
  std::size_t relaxed = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const PanelCase one = random_case(seed);
    const Best best = best_by_trying(one.candidates, one.rules);
    const auto panel = convene(one.candidates, one.rules);
    INFO("case " << seed);
    REQUIRE(panel);
    CHECK(panel->seats.size() == 4);
    CHECK(broken(one.candidates, ids(*panel), one.rules) == Approx(best.broken));
    CHECK((panel->status == PanelStatus::kRelaxed) == (best.broken > 0));
    CHECK(panel->proven_optimal);
    CHECK(panel->relaxation_proven);
    if (best.broken == 0) CHECK(panel->objective == Approx(best.value).epsilon(1e-5));
    relaxed += best.broken > 0;
  }
  CHECK(relaxed > 5);
  CHECK(relaxed < 55);
}

TEST_CASE("panel: quotas and shares are met though better candidates stand outside them", "[panel]") {
  std::vector<PanelCandidate> all;
  add(all, 20, "b", {"constituency:business"}, 0.9);
  add(all, 10, "l", {"constituency:labour", "gender:female"}, 0.3);
  add(all, 10, "g", {"constituency:government"}, 0.2);
  PanelRules rules = rules_of(10, {quota("constituency:labour", 2), quota("constituency:business", {}, 5)});
  Quota women;
  women.group = "gender:female";
  women.share_at_least = 0.31;  // of ten seats: four
  rules.quotas.push_back(women);

  const auto panel = convene(all, rules);

  REQUIRE(panel);
  CHECK(panel->status == PanelStatus::kComplete);
  CHECK(panel->relaxations.empty());
  REQUIRE(panel->quotas.size() == 3);
  CHECK(panel->quotas[0].got == 5);
  CHECK(panel->quotas[1].got == 5);
  CHECK(panel->quotas[1].at_most == 5U);
  CHECK(panel->quotas[1].candidates == 20);
  CHECK(panel->quotas[2].at_least == 4U);
  CHECK(panel->merit == Approx(5 * 0.9 + 5 * 0.3));
  CHECK(panel->seats.front().constituency == "business");
  CHECK(panel->seats.back().constituency == "labour");
  CHECK(panel->seats.back().serves == std::vector<std::string>{"constituency:labour", "gender:female"});
}

TEST_CASE("panel: a share that is a whole number of seats is not rounded past it", "[panel]") {
  std::vector<PanelCandidate> all;
  add(all, 20, "x", {"a"});
  PanelRules rules = rules_of(10);
  Quota exact;
  exact.group = "a";
  exact.share_at_least = 0.1 + 0.2;  // 0.30000000000000004
  rules.quotas = {exact};
  const auto panel = convene(all, rules);
  REQUIRE(panel);
  CHECK(panel->quotas[0].at_least == 3U);
}

TEST_CASE("panel: no country and no organisation has more seats than its cap", "[panel]") {
  std::vector<PanelCandidate> all;
  add(all, 12, "x", {}, 0.9);
  add(all, 12, "y", {}, 0.1);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].country = i < 12 ? "KE" : "C" + std::to_string(i);
  for (std::size_t i = 0; i < 12; ++i) all[i].organisation = i < 8 ? "one" : "";
  PanelRules rules = rules_of(8);
  rules.per_country_at_most = 3;
  rules.per_organisation_at_most = 1;
  const auto panel = convene(all, rules);
  REQUIRE(panel);
  CHECK(panel->status == PanelStatus::kComplete);
  CHECK(std::ranges::count(panel->seats, "KE", &PanelSeat::country) == 3);
  CHECK(std::ranges::count(panel->seats, "one", &PanelSeat::organisation) <= 1);
}

TEST_CASE("panel: each topic of the agenda has its experts", "[panel]") {
  std::vector<PanelCandidate> all;
  add(all, 20, "x", {}, 0.9);
  add(all, 5, "h", {}, 0.1);
  for (PanelCandidate& one : all) one.topics = {one.id[0] == 'h' ? 0.5F : 0.49F, 1.0F};
  PanelRules rules = rules_of(6);
  rules.topics = {"hydrogen", "skills"};
  rules.experts_per_topic_at_least = 2;
  const auto panel = convene(all, rules);
  REQUIRE(panel);
  REQUIRE(panel->coverage.size() == 2);
  CHECK(panel->coverage[0].got == 2);
  CHECK(panel->coverage[0].candidates == 5);
  CHECK(panel->coverage[1].got == 6);
  CHECK(panel->seats.back().topics == std::vector<std::string>{"hydrogen", "skills"});
  CHECK(panel->seats.front().topics == std::vector<std::string>{"skills"});
}

}  // namespace counterpart::engine
