#include "tests/engine/allocation/panel_experts.h"
#include "tests/support/told.h"

namespace counterpart::engine {

TEST_CASE("panel: an alternate can take its seat and no rule is broken, and nobody waits for two seats", "[panel]") {
  std::size_t alternates = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    PanelCase one = random_case(seed);
    one.rules.alternates_per_seat = 2;
    const auto panel = convene(one.candidates, one.rules);
    REQUIRE(panel);
    const double before = broken(one.candidates, ids(*panel), one.rules);
    std::set<std::string> waiting;
    for (const PanelSeat& seat : panel->seats) {
      CHECK(seat.alternates.size() <= 2);
      for (const PanelAlternate& alternate : seat.alternates) {
        std::set<std::string> then = ids(*panel);
        CHECK_FALSE(then.contains(alternate.id));
        CHECK(waiting.insert(alternate.id).second);
        then.erase(seat.id);
        then.insert(alternate.id);
        INFO("case " << seed << ": " << alternate.id << " for " << seat.id);
        CHECK(broken(one.candidates, then, one.rules) <= before);
        ++alternates;
      }
    }
  }
  CHECK(alternates > 40);
}

TEST_CASE("panel: every seat that can be replaced has an alternate, where there are enough for all", "[panel]") {
  std::vector<PanelCandidate> all;
  add(all, 6, "l", {"labour"}, 0.4);
  add(all, 30, "b", {"business"}, 0.9);
  // Three of labour must be there: only the other three can take their seats, so business may not use them up.
  const auto panel = convene(all, rules_of(10, {quota("labour", 3), quota("business", {}, 7)}));
  REQUIRE(panel);
  CHECK(panel->seats_without_alternate == 0);
  const auto last = convene(all, rules_of(10, {quota("labour", 6)}));
  REQUIRE(last);
  CHECK(last->seats_without_alternate == 6);
  for (const PanelSeat& seat : last->seats) CHECK(seat.alternates.size() == (seat.id[0] == 'l' ? 0U : 1U));
}

TEST_CASE("panel: an alternate is of the seat's constituency, whether a quota is on it or not, or it is said why there is none",
          "[panel]") {
  std::vector<PanelCandidate> all;
  add(all, 3, "labour", {"constituency:labour"}, 0.9);
  add(all, 4, "business", {"constituency:business", "gender:female"}, 0.8);
  add(all, 1, "others", {"constituency:others"}, 0.7);
  all.push_back(expert("man", {"constituency:business", "gender:male"}, 0.1));
  PanelRules rules = rules_of(5, {quota("constituency:labour", 2, 2), quota("gender:female", 2)});
  const auto panel = convene(all, rules);
  REQUIRE(panel);
  std::map<std::string, std::string> constituency;
  for (const PanelCandidate& one : all)
    for (const std::string& group : one.groups)
      if (group.starts_with("constituency:")) constituency[one.id] = group.substr(13);
  std::size_t alternates = 0, without = 0;
  for (const PanelSeat& seat : panel->seats) {
    for (const PanelAlternate& one : seat.alternates) {
      INFO(one.id << " for " << seat.id);
      CHECK(constituency.at(one.id) == seat.constituency);
      ++alternates;
    }
    CHECK(seat.alternates.empty() == !seat.no_alternate.empty());
    without += seat.alternates.empty();
  }
  CHECK(alternates >= 2);
  CHECK(without == panel->seats_without_alternate);
  SECTION("nobody of it is left") {
    const auto alone =
        convene(std::vector{expert("one", {"constituency:labour"}), expert("two", {"constituency:business"})}, rules_of(1));
    REQUIRE(alone);
    CHECK(alone->seats[0].alternates.empty());
    CHECK_THAT(told(alone->seats[0].no_alternate), Catch::Contains("panel.nobody_for("));
  }
  SECTION("who is left would break a rule, which is named") {
    const auto tight = convene(std::vector{expert("her", {"constituency:labour", "gender:female"}),
                                           expert("him", {"constituency:labour", "gender:male"})},
                               rules_of(1, {quota("gender:female", 1)}));
    REQUIRE(tight);
    CHECK_THAT(told(tight->seats[0].no_alternate), Catch::Contains("gender:female"));
  }
}

TEST_CASE("panel: an alternate moves to another seat where that lets one more seat have one", "[panel]") {
  // p resembles x most and could take either seat; q can take only x, for y is the one of a.
  const std::vector<PanelCandidate> all{expert("x", {"w", "z"}, 0.9), expert("y", {"a"}, 0.9),
                                        expert("p", {"a", "w", "z"}, 0.5), expert("q", {}, 0.4)};
  const auto panel = convene(all, rules_of(2, {quota("a", 1), quota("w", {}, 2), quota("z", {}, 2)}));
  REQUIRE(panel);
  CHECK(order(*panel) == std::vector<std::string>{"x", "for it q", "y", "for it p"});
}

TEST_CASE("panel: what cannot be met is said with the least that must give way, and never silently", "[panel]") {
  std::vector<PanelCandidate> all;
  add(all, 9, "d", {"group:LDC"}, 0.1);
  add(all, 40, "x", {}, 0.9);
  PanelRules rules = rules_of(20, {quota("group:LDC", 12), quota("group:none", 1)});
  rules.quotas[0].place = "panel.toml:7";

  const auto panel = convene(all, rules);

  REQUIRE(panel);
  CHECK(panel->status == PanelStatus::kRelaxed);
  REQUIRE(panel->relaxations.size() == 2);
  CHECK(panel->relaxations[0].place == "panel.toml:7");
  CHECK(panel->relaxations[0].asked == 12);
  CHECK(panel->relaxations[0].met == 9);
  CHECK_THAT(told(panel->relaxations[0].message),
             Catch::StartsWith("panel.relaxed(rule=panel.at_least(n=12, subject=panel.group(name=group:LDC)), met=9, "
                               "found=possible, way=lower"));
  CHECK_THAT(told(panel->relaxations[1].message), Catch::Contains("few=none"));
  CHECK(panel->quotas[0].at_least == 12U);
  CHECK(panel->quotas[0].got == 9);
  CHECK(panel->seats.size() == 20);

  rules.quotas[0].at_least = panel->relaxations[0].met;
  rules.quotas.pop_back();
  const auto lowered = convene(all, rules);
  REQUIRE(lowered);
  CHECK(lowered->status == PanelStatus::kComplete);
  CHECK(ids(*lowered) == ids(*panel));
}

TEST_CASE("panel: of two rules that exclude each other the later or the lighter gives way", "[panel]") {
  std::vector<PanelCandidate> all;
  add(all, 10, "a", {"a"});
  add(all, 10, "b", {"b"});
  PanelRules rules = rules_of(10, {quota("a", 7), quota("b", 5)});
  const auto later = convene(all, rules);
  REQUIRE(later);
  REQUIRE(later->relaxations.size() == 1);
  CHECK(told(later->relaxations[0].rule) == "panel.at_least(n=5, subject=panel.group(name=b))");
  CHECK(later->relaxations[0].met == 3);

  rules.quotas[1].weight = 2;
  const auto lighter = convene(all, rules);
  REQUIRE(lighter);
  REQUIRE(lighter->relaxations.size() == 1);
  CHECK(told(lighter->relaxations[0].rule) == "panel.at_least(n=7, subject=panel.group(name=a))");
  CHECK(lighter->relaxations[0].met == 5);
}

TEST_CASE("panel: a cap gives way only where the seats cannot be filled under it", "[panel]") {
  std::vector<PanelCandidate> all;
  add(all, 10, "k", {"a"});
  for (PanelCandidate& one : all) one.country = "KE";
  add(all, 10, "x", {});
  PanelRules rules = rules_of(10, {quota("a", 5)});
  rules.per_country_at_most = 3;
  const auto quotas_first = convene(all, rules);
  REQUIRE(quotas_first);
  REQUIRE(quotas_first->relaxations.size() == 1);
  CHECK(told(quotas_first->relaxations[0].rule) == "panel.at_least(n=5, subject=panel.group(name=a))");
  CHECK(quotas_first->relaxations[0].met == 3);

  rules.seats = 15;
  rules.quotas.clear();
  const auto cap = convene(all, rules);
  REQUIRE(cap);
  REQUIRE(cap->relaxations.size() == 1);
  CHECK(cap->relaxations[0].rule ==
        Phrase{"panel.at_most", {{"n", std::int64_t{3}}, {"subject", nested({"panel.country", {{"name", "KE"}}})}}});
  CHECK(cap->relaxations[0].met == 5);
}

TEST_CASE("panel: among equals the public seed decides, and merit is never outdrawn", "[panel]") {
  std::vector<PanelCandidate> all;
  add(all, 200, "x", {});
  PanelRules rules = rules_of(20);
  rules.seed = 7;
  const auto first = convene(all, rules);
  std::ranges::reverse(all);
  const auto again = convene(all, rules);
  rules.seed = 8;
  const auto other = convene(all, rules);
  REQUIRE((first && again && other));
  CHECK(order(*first) == order(*again));
  CHECK(ids(*first) != ids(*other));
  CHECK(first->seed == 7);

  add(all, 20, "best", {}, 0.52);
  const auto merited = convene(all, rules);
  REQUIRE(merited);
  for (const PanelSeat& seat : merited->seats) CHECK(seat.id.starts_with("best"));
}

TEST_CASE("panel: who else stands changes nobody's draw", "[panel]") {
  std::vector<PanelCandidate> all;
  add(all, 100, "x", {});
  PanelRules rules = rules_of(20);
  rules.seed = 3;
  const auto before = convene(all, rules);
  all.push_back(expert("newcomer", {}));
  const auto after = convene(all, rules);
  REQUIRE((before && after));
  std::vector<std::string> gone;
  const auto old = ids(*before), now = ids(*after);
  std::ranges::set_difference(old, now, std::back_inserter(gone));
  CHECK(gone.size() == (now.contains("newcomer") ? 1U : 0U));
}

TEST_CASE("panel: draws are spread evenly over the candidates", "[panel]") {
  std::array<int, 10> bins{};
  for (int i = 0; i < 10'000; ++i) ++bins[static_cast<std::size_t>(panel_draw(5, "p" + std::to_string(i)) * 10)];
  for (const int bin : bins) CHECK(std::abs(bin - 1000) < 150);
}

TEST_CASE("panel: several are composed at once as one after another", "[panel]") {
  const PanelCase one = random_case(2);
  const auto alone = convene(one.candidates, one.rules);
  REQUIRE(alone);
  std::vector<std::set<std::string>> found(4);
  {
    std::vector<std::jthread> threads;
    for (auto& picked : found)
      threads.emplace_back([&one, &picked] {
        for (int i = 0; i < 10; ++i) picked = ids(convene(one.candidates, one.rules).value());
      });
  }
  for (const auto& picked : found) CHECK(picked == ids(*alone));
}

TEST_CASE("panel: wrong rules and candidates are refused with their place and what would be right", "[panel]") {
  std::vector<PanelCandidate> all;
  add(all, 10, "x", {"a"});
  PanelRules rules = rules_of(5, {quota("a", 1)});
  std::string place, says, remedy;
  SECTION("more seats than candidates") {
    rules.seats = 11;
    place = "seats", says = "only 10 candidates", remedy = "at most 10";
  }
  SECTION("no seats") {
    rules.seats = 0;
    place = "seats", says = "no seats", remedy = "1 or more";
  }
  SECTION("a minimum over the maximum") {
    rules.quotas = {quota("a", 3, 2)};
    place = "request", says = "exclude each other", remedy = "minimum";
  }
  SECTION("a share against a count") {
    rules.quotas[0].share_at_most = 0.1;
    place = "request", says = "at least 1 and at most 0", remedy = "minimum";
  }
  SECTION("a quota above the seats") {
    rules.quotas = {quota("a", 6)};
    place = "request", says = "only 5 seats", remedy = "at least 5";
  }
  SECTION("a quota that asks nothing") {
    rules.quotas = {quota("a", {})};
    place = "request", says = "asks nothing", remedy = "at_least";
  }
  SECTION("a share that is none") {
    rules.quotas[0].share_at_least = std::nan("");
    place = "request", says = "not between 0 and 1", remedy = "30 %";
  }
  SECTION("an unknown level") {
    rules.level = "globl";
    place = "level", says = "globl", remedy = "global";
  }
  SECTION("experts on no topics") {
    rules.experts_per_topic_at_least = 1;
    place = "experts_per_topic_at_least", says = "no topics", remedy = "list the topics";
  }
  SECTION("a candidate twice") {
    all.push_back(all[3]);
    place = "candidate x3", says = "twice", remedy = "once";
  }
  SECTION("merit out of range") {
    all[3].merit = 1.5;
    place = "candidate x3", says = "merit", remedy = "score";
  }
  SECTION("a relevance for each topic") {
    all[3].topics = {1};
    place = "candidate x3", says = "1 relevances for 0";
  }
  const auto panel = convene(all, rules);
  REQUIRE_FALSE(panel);
  CHECK(panel.error().code == ErrorCode::kInvalid);
  CHECK(panel.error().place == place);
  CHECK_THAT(panel.error().message, Catch::Contains(says));
  CHECK_THAT(panel.error().remedy, Catch::Contains(remedy));
}

TEST_CASE("panel: a profile's groups are its constituency, regions, country groups and gender", "[panel]") {
  Profile profile;
  profile.country = "UG";
  profile.roles = {Role::kAdviser, Role::kLabour, Role::kGovernment};
  profile.gender = Gender::kFemale;
  const auto groups = panel_groups(profile, taxonomy());
  const auto has = [&](const std::string& group) { return std::ranges::count(groups, group) == 1; };
  CHECK(has("constituency:labour"));
  CHECK_FALSE(has("constituency:government"));
  CHECK(has("region:002"));
  CHECK(has("region:africa"));
  CHECK(has("region:eastern-africa"));
  CHECK(has("group:LDC"));
  CHECK(has("group:LLDC"));
  CHECK(has("group:developing"));
  CHECK(has("gender:female"));
  CHECK_FALSE(has("group:UG"));

  profile.country = "DE";
  profile.roles = {Role::kAdviser};
  profile.gender.reset();
  profile.organisation.women_led = true;  // says who leads where it works, not who the expert is
  const auto others = panel_groups(profile, taxonomy());
  CHECK(std::ranges::count(others, "constituency:others") == 1);
  CHECK(std::ranges::count(others, "group:developed") == 1);
  CHECK(std::ranges::count(others, "region:europe") == 1);
  CHECK(std::ranges::count(others, "gender:unknown") == 1);
}

}  // namespace counterpart::engine
