#include "engine/cycles/life_cycles.h"

#include "tests/engine/casework/network.h"
#include "tests/support/catch.h"

namespace counterpart::engine {
namespace {

// The table with rows of one's own.
struct OwnTable {
  std::vector<KindRow> kinds{life_cycles().kinds.begin(), life_cycles().kinds.end()};
  std::vector<StateRow> states{life_cycles().states.begin(), life_cycles().states.end()};
  std::vector<ActRow> acts{life_cycles().acts.begin(), life_cycles().acts.end()};
  LifeCycles table() const {
    LifeCycles own = life_cycles();
    own.kinds = kinds;
    own.states = states;
    own.acts = acts;
    return own;
  }
  StateRow& state(std::string_view name) { return *std::ranges::find(states, name, &StateRow::state); }
};

std::string only_fault(const OwnTable& own) {
  const std::vector<std::string> faults = faults_of(own.table());
  return faults.empty() ? "" : faults.front();
}

}  // namespace

TEST_CASE("life cycles: the table has no fault", "[casework]") {
  CHECK(faults_of(life_cycles()) == std::vector<std::string>{});
}

TEST_CASE("life cycles: what is missing in a table is found", "[casework]") {
  OwnTable own;
  SECTION("an open state without a limit") {
    own.state("review").limit = "";
    CHECK(only_fault(own) == "profile review: has no limit");
  }
  SECTION("a lapse without its row") {
    own.state("sent").lapses = "vanish";
    CHECK(only_fault(own) == "interest sent: its lapse is no act of the clock");
  }
  SECTION("an open state that whose court it is cannot leave") {
    own.state("promoted").court = Court::kAnswering;
    std::erase_if(own.acts, [](const ActRow& row) { return row.verb == "drop"; });
    for (ActRow& row : own.acts)
      if (row.verb == "negotiate") row.who = kAskingOffice;
    CHECK(only_fault(own) == "introduction promoted: whose court it is has no act that moves it");
  }
  SECTION("a state that nothing leads to") {
    own.states.push_back({"interest", "lost", Court::kNobody});
    CHECK(only_fault(own) == "interest lost: no act leads to it");
  }
  SECTION("an act that cannot be done") {
    own.acts.push_back({"interest", "lost", "find", "sent", kAskingOffice});
    CHECK(only_fault(own) == "interest find: no state that is reached has it");
  }
}

TEST_CASE("life cycles: eight reasons to decline, and the act for where to move", "[casework]") {
  CHECK(life_cycles().reasons_of("decline").size() == 8);
  CHECK(life_cycles().act_to("introduction", "promoted", "negotiation")->verb == "negotiate");
  CHECK(life_cycles().act_to("introduction", "promoted", "operational") == nullptr);
}

TEST_CASE("life cycles: a fourth one is rows", "[casework]") {
  OwnTable own;
  own.kinds.push_back({"visit", Places::kNone});
  own.states.push_back({"visit", "asked", Court::kAnswering, "answer"});
  own.states.push_back({"visit", "arranged"});
  own.acts.push_back({"visit", "", "ask", "asked", kAskingOffice});
  own.acts.push_back({"visit", "asked", "arrange", "arranged", kAnsweringOffice});
  const LifeCycles table = own.table();
  REQUIRE(faults_of(table).empty());

  const Network network;
  const Casework work{network.directory, network.clock, network.limits, table};
  Case visit = interest_between("dakar", "riyadh");
  visit.kind = "visit";
  visit = apply(visit, network.act("awa", "ask", utc("2026-11-26", 10)), work, network.places).value().changed;
  const Standing standing = standing_of(visit, work, utc("2026-11-26", 11)).value();
  CHECK(std::get<OpenItem>(standing).task.owner.desk == "noura");
  CHECK(std::get<OpenItem>(standing).task.next.front() == "arrange");
  visit = apply(visit, network.act("omar", "arrange", utc("2026-11-30", 10)), work, network.places).value().changed;
  CHECK(std::get<ClosedItem>(standing_of(visit, work, utc("2026-11-30", 10)).value()).state == "arranged");
}

TEST_CASE("life cycles: limits are settings, by their names", "[casework]") {
  CHECK(Limits::make({{"answer", 3}}).value().days(*life_cycles().limit("answer")) == 3);
  CHECK(Limits().days(*life_cycles().limit("answer")) == 5);
  CHECK(Limits::make({{"answers", 3}}).error().place == "answers");
  CHECK(Limits::make({{"answer", 0}}).error().code == ErrorCode::kInvalid);
  CHECK(Limits::make({{"end", 0}}));
}

}  // namespace counterpart::engine
