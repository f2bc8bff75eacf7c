#include "engine/allocation/assignment.h"

#include <limits>

#include "tests/engine/allocation/assignment_problems.h"
#include "tests/support/catch.h"

namespace counterpart::engine {
namespace {

AssignmentProblem of(std::vector<std::uint32_t> capacities, std::vector<AssignmentEdge> edges) {
  AssignmentProblem problem;
  for (const std::uint32_t capacity : capacities) {
    problem.nodes.emplace_back();
    problem.nodes.back().capacity = capacity;
  }
  problem.edges = std::move(edges);
  return problem;
}

// `seekers` with room for one, one attractive and one plain counterpart who each have room for `room`; the plain one is
// of the group.
AssignmentProblem favourite(std::uint32_t seekers, std::uint32_t room) {
  std::vector<std::uint32_t> capacities(seekers, 1);
  capacities.insert(capacities.end(), 2, room);
  AssignmentProblem problem = of(std::move(capacities), {});
  for (std::uint32_t i = 0; i < seekers; ++i) {
    problem.edges.push_back({i, seekers, 900'000});
    problem.edges.push_back({i, seekers + 1, static_cast<std::int32_t>(800'000 - 10'000 * i)});
  }
  problem.nodes.back().groups = 1;
  return problem;
}

Error refusal(const AssignmentProblem& problem) {
  const Result<Assignment> found = assign(problem);
  REQUIRE_FALSE(found);
  CHECK_FALSE(found.error().message.empty());
  CHECK_FALSE(found.error().remedy.empty());
  return found.error();
}

}  // namespace

TEST_CASE("Nobody and no pairs make an empty assignment", "[assignment]") {
  for (const AssignmentProblem& problem : {AssignmentProblem{}, of({1, 1}, {}), of({0, 3}, {{0, 1, 5}})}) {
    const Result<Assignment> found = assign(problem);
    REQUIRE(found);
    CHECK(found->chosen.empty());
    CHECK(found->value == 0);
    CHECK(found->bound == 0);
    CHECK(found->gap == 0);
  }
}

TEST_CASE("The total counts, not each one's best", "[assignment]") {
  const Result<Assignment> found = assign(of({1, 1, 1, 1}, {{0, 2, 10}, {0, 3, 9}, {1, 2, 9}, {1, 3, 1}}));
  REQUIRE(found);
  CHECK(found->chosen == std::vector<std::uint32_t>{1, 2});
  CHECK(found->value == 18);
  CHECK(found->blocking_pairs == 1);  // 0 and 2 would both rather have each other
}

TEST_CASE("A pair blocks where each end has room or less, at its office too", "[assignment]") {
  // 0-1 taken; 0-2 is worth less than what 0 has; 3 and 4 have room but their office has not.
  AssignmentProblem problem = of({1, 1, 1, 1, 1, 1}, {{0, 1, 50}, {0, 2, 40}, {3, 5, 30}, {4, 5, 20}});
  Result<Assignment> found = assign(problem);
  REQUIRE(found);
  CHECK(found->chosen == std::vector<std::uint32_t>{0, 2});
  CHECK(found->blocking_pairs == 0);

  problem = of({1, 1, 1, 1, 1, 1}, {{0, 3, 50}, {1, 4, 30}, {2, 5, 40}});
  problem.office_capacity = {2};
  for (const std::size_t node : {0, 1, 2}) problem.nodes[node].office = 0;
  found = assign(problem);
  REQUIRE(found);
  CHECK(found->chosen == std::vector<std::uint32_t>{0, 2});
  CHECK(found->gap == 0);
  CHECK(found->blocking_pairs == 0);

  problem = of({1, 1, 1, 1}, {{0, 1, 9}, {1, 2, 10}, {2, 3, 9}});
  found = assign(problem);
  REQUIRE(found);
  CHECK(found->chosen == std::vector<std::uint32_t>{0, 2});
  CHECK(found->blocking_pairs == 1);
}

TEST_CASE("A pair within one office takes two of its places", "[assignment]") {
  AssignmentProblem problem = of({1, 1, 1}, {{0, 1, 10}, {1, 2, 3}});
  problem.office_capacity = {1};
  problem.nodes[0].office = problem.nodes[1].office = 0;
  const Result<Assignment> found = assign(problem);
  REQUIRE(found);
  CHECK(found->chosen == std::vector<std::uint32_t>{1});
  CHECK(found->bound >= 3);
  CHECK(found->blocking_pairs == 1);  // 0-1: at 1 in place of 1-2, which frees the office; at 0 so too
}

TEST_CASE("Three who suit each other: one pair, and a bound of one and a half", "[assignment]") {
  const Result<Assignment> found = assign(of({1, 1, 1}, {{0, 1, 100}, {0, 2, 100}, {1, 2, 100}}));
  REQUIRE(found);
  CHECK(found->chosen.size() == 1);
  CHECK(found->bound == 150);
  CHECK(found->gap == Approx(1.0 / 3));
}

TEST_CASE("The order of the pairs does not matter", "[assignment]") {
  std::mt19937 random(4);
  for (int round = 0; round < 40; ++round) {
    Invented rules;
    rules.nodes = 30;
    rules.density = 0.3;
    rules.offices = 4;
    rules.value_at_most = 3;  // many ties
    AssignmentProblem problem = invent(rules, random);
    for (AssignmentNode& node : problem.nodes) node.groups = random() % 4 == 0 ? 1 : 0;
    problem.floors = {{"few", 0.35}};
    AssignmentProblem shuffled = problem;
    std::vector<std::uint32_t> order(problem.edges.size());
    std::iota(order.begin(), order.end(), 0U);
    std::shuffle(order.begin(), order.end(), random);
    for (std::size_t i = 0; i < order.size(); ++i) shuffled.edges[i] = problem.edges[order[i]];
    const Result<Assignment> one = assign(problem), other = assign(shuffled);
    REQUIRE(one);
    REQUIRE(other);
    std::vector<std::uint32_t> chosen;
    for (const std::uint32_t e : other->chosen) chosen.push_back(order[e]);
    std::sort(chosen.begin(), chosen.end());
    CHECK(chosen == one->chosen);
    CHECK(std::is_sorted(other->chosen.begin(), other->chosen.end()));
    CHECK(one->bound == other->bound);
  }
}

TEST_CASE("A floor is kept at the smallest cost where it can be", "[assignment]") {
  AssignmentProblem problem = favourite(10, 10);
  Result<Assignment> found = assign(problem);
  REQUIRE(found);
  CHECK(found->value == 9'000'000);
  CHECK(found->floors.empty());

  problem.floors = {{"group:LDC", 0.15}};  // 3 of 20 places
  found = assign(problem);
  REQUIRE(found);
  REQUIRE(found->floors.size() == 1);
  const FloorResult& floor = found->floors[0];
  CHECK(floor.group == "group:LDC");
  CHECK(floor.wanted == 0.15);
  CHECK(floor.short_by == 0);
  CHECK(floor.reached >= 0.15);
  CHECK(floor.reached <= 0.2);  // not much more than was asked
  CHECK(found->chosen.size() == 10);
  CHECK(keeps_capacities(problem, found->chosen));
  CHECK(found->value == value_of(problem, found->chosen));  // without the bonus
  CHECK(found->floors_cost == 9'000'000 - found->value);
  CHECK(found->floors_cost > 0);
  CHECK(found->gap == 0);  // nobody can give the group as much for less
}

TEST_CASE("A floor that holds already costs nothing", "[assignment]") {
  AssignmentProblem problem = favourite(10, 6);
  problem.floors = {{"group:LDC", 0.2}};  // four seekers find no room with the favourite
  const Result<Assignment> found = assign(problem);
  REQUIRE(found);
  CHECK(found->floors[0].reached == Approx(0.2));
  CHECK(found->floors[0].short_by == 0);
  CHECK(found->floors_cost == 0);
}

TEST_CASE("A floor that cannot be kept is said to be short, and no pair of others is refused for it", "[assignment]") {
  AssignmentProblem problem = favourite(10, 10);
  problem.nodes.back().capacity = 4;
  problem.floors = {{"group:LDC", 0.5}};
  const Result<Assignment> found = assign(problem);
  REQUIRE(found);
  CHECK(found->chosen.size() == 10);
  CHECK(found->floors[0].reached == Approx(0.2));  // 4 of 20 places
  CHECK(found->floors[0].short_by == 6);
}

TEST_CASE("Two floors are kept together where they can be", "[assignment]") {
  AssignmentProblem problem = of({1, 1, 1, 1, 1, 1, 6, 6, 6}, {});
  for (std::uint32_t i = 0; i < 6; ++i)
    for (std::uint32_t k = 0; k < 3; ++k)
      problem.edges.push_back({i, 6 + k, static_cast<std::int32_t>(900'000 - 200'000 * k - 30'000 * i * k)});
  problem.nodes[7].groups = 1;
  problem.nodes[8].groups = 2;
  problem.floors = {{"one", 0.16}, {"two", 0.08}};  // 2 and 1 of 12 places
  const Result<Assignment> found = assign(problem);
  REQUIRE(found);
  CHECK(found->floors[0].short_by == 0);
  CHECK(found->floors[1].short_by == 0);
  CHECK(found->value <= found->bound);
}

TEST_CASE("What breaks a rule is refused with its place and a remedy", "[assignment]") {
  AssignmentProblem problem = of({1, 1, 1}, {{0, 1, 5}, {0, 2, 5}, {1, 2, 5}});
  const auto with = [&](AssignmentEdge edge) {
    AssignmentProblem changed = problem;
    changed.edges[1] = edge;
    const Error error = refusal(changed);
    CHECK(error.code == ErrorCode::kInvalid);
    return error.place;
  };
  CHECK(with({0, 3, 5}) == "edges[1]");
  CHECK(with({1, 1, 5}) == "edges[1]");
  CHECK(with({2, 0, 5}) == "edges[1]");
  CHECK(with({0, 2, 0}) == "edges[1]");
  CHECK(with({0, 2, kMaxPairValue + 1}) == "edges[1]");
  CHECK(with({0, 1, 4}) == "edges[1]");
  CHECK(with({1, 2, 4}) == "edges[2]");

  AssignmentProblem changed = problem;
  changed.nodes[2].office = 0;
  CHECK(refusal(changed).place == "nodes[2]");
  for (const double share : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    changed = problem;
    changed.floors = {{"one", 0.5}, {"two", share}};
    CHECK(refusal(changed).place == "floors[1]");
  }
  changed.floors.assign(kMaxAssignmentFloors + 1, {"one", 0.5});
  CHECK(refusal(changed).code == ErrorCode::kTooLarge);
}

TEST_CASE("assignment: a floor for one side is a share of that side's places", "[assignment]") {
  AssignmentProblem problem;
  problem.nodes = {{.capacity = 1, .outside = 1}, {.capacity = 1, .outside = 1}, {.capacity = 1, .groups = 1}, {.capacity = 1}};
  problem.edges = {{0, 2, 500'000}, {1, 3, 500'000}};
  problem.floors = {{"LDC", 0.5}};
  const auto found = assign(problem);
  REQUIRE(found);
  REQUIRE(found->chosen.size() == 2);
  CHECK(found->floors.at(0).reached == Approx(0.5));  // one of two projects, not one of four places
  CHECK(found->floors.at(0).short_by == 0);
}

}  // namespace counterpart::engine
