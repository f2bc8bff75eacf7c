// assign() beside exact answers by other means: network simplex, weighted matching, trying every choice.
#include "tests/engine/allocation/assignment_exact.h"

#include <cmath>
#include <cstdint>

#include "tests/engine/allocation/assignment_problems.h"
#include "tests/support/catch.h"

namespace counterpart::engine {
namespace {

ExactSides sides_of(const AssignmentProblem& problem, std::uint32_t first_side) {
  ExactSides sides;
  for (std::uint32_t i = 0; i < problem.nodes.size(); ++i) {
    const AssignmentNode& node = problem.nodes[i];
    const int office = node.office == kNoOffice ? -1 : static_cast<int>(node.office);
    (i < first_side ? sides.left : sides.right).push_back(static_cast<int>(node.capacity));
    (i < first_side ? sides.left_office : sides.right_office).push_back(office);
  }
  for (auto* offices : {&sides.office_left, &sides.office_right})
    offices->assign(problem.office_capacity.begin(), problem.office_capacity.end());
  for (const AssignmentEdge& edge : problem.edges)
    sides.pairs.push_back({static_cast<int>(edge.a), static_cast<int>(edge.b - first_side), edge.value});
  return sides;
}

// The same with the profiles in another order, so that neither side comes first.
AssignmentProblem renumbered(const AssignmentProblem& problem, std::mt19937& random) {
  std::vector<std::uint32_t> place(problem.nodes.size());
  std::iota(place.begin(), place.end(), 0U);
  std::shuffle(place.begin(), place.end(), random);
  AssignmentProblem other = problem;
  for (std::size_t i = 0; i < place.size(); ++i) other.nodes[place[i]] = problem.nodes[i];
  for (AssignmentEdge& edge : other.edges) {
    edge.a = place[edge.a];
    edge.b = place[edge.b];
    if (edge.a > edge.b) std::swap(edge.a, edge.b);
  }
  return other;
}

std::int64_t places_of_group(const AssignmentProblem& problem, const std::vector<std::uint32_t>& chosen) {
  std::int64_t places = 0;
  for (const std::uint32_t e : chosen)
    for (const std::uint32_t node : {problem.edges[e].a, problem.edges[e].b})
      if (problem.nodes[node].groups != 0) ++places;
  return places;
}

// Of every choice, 2^edges of them, that gives the members of groups so many places.
std::int64_t best_of_all(const AssignmentProblem& problem, std::int64_t places_at_least = 0) {
  std::int64_t best = 0;
  for (std::uint32_t bits = 0; bits < 1U << problem.edges.size(); ++bits) {
    std::vector<std::uint32_t> chosen;
    for (std::uint32_t e = 0; e < problem.edges.size(); ++e)
      if (bits >> e & 1) chosen.push_back(e);
    const std::int64_t value = value_of(problem, chosen);
    if (value > best && keeps_capacities(problem, chosen) && places_of_group(problem, chosen) >= places_at_least) best = value;
  }
  return best;
}

}  // namespace

TEST_CASE("Between two sides with offices the value is that of network simplex, and proved", "[assignment]") {
  std::mt19937 random(1);
  int with_offices = 0;
  for (int round = 0; round < 200; ++round) {
    Invented rules;
    rules.nodes = 4 + static_cast<std::uint32_t>(random() % 40);
    rules.first_side = 1 + static_cast<std::uint32_t>(random() % (rules.nodes - 2));
    rules.density = 0.1 + 0.001 * static_cast<double>(random() % 800);
    rules.offices = static_cast<std::uint32_t>(random() % 7);
    rules.value_at_most = round % 2 == 0 ? 5 : kMaxPairValue;
    const AssignmentProblem problem = invent(rules, random);
    const Result<Assignment> found = assign(renumbered(problem, random));
    REQUIRE(found);
    INFO("round " << round);
    CHECK(keeps_capacities(problem, found->chosen));  // `chosen` is of the same edges
    CHECK(value_of(problem, found->chosen) == found->value);
    CHECK(found->value == exact_between(sides_of(problem, rules.first_side)));
    CHECK(found->bound == found->value);
    CHECK(found->gap == 0);
    if (rules.offices > 1) ++with_offices;
  }
  CHECK(with_offices > 100);
}

TEST_CASE("Within one side and one partner each, the value is near weighted matching's and the bound above it",
          "[assignment]") {
  std::mt19937 random(2);
  double worst = 0, sum = 0;
  for (int round = 0; round < 100; ++round) {
    Invented rules;
    rules.nodes = 20 + static_cast<std::uint32_t>(random() % 80);
    rules.density = 0.05 + 0.001 * static_cast<double>(random() % 200);
    rules.capacity_at_most = 1;
    const AssignmentProblem problem = invent(rules, random);
    std::vector<ExactPair> pairs;
    for (const AssignmentEdge& edge : problem.edges)
      pairs.push_back({static_cast<int>(edge.a), static_cast<int>(edge.b), edge.value});
    const std::int64_t exact = exact_matching(static_cast<int>(rules.nodes), pairs);
    const Result<Assignment> found = assign(problem);
    REQUIRE(found);
    INFO("round " << round);
    CHECK(keeps_capacities(problem, found->chosen));
    CHECK(found->value <= exact);
    CHECK(exact <= found->bound);
    const double lost = exact > 0 ? 1 - static_cast<double>(found->value) / static_cast<double>(exact) : 0;
    worst = std::max(worst, lost);
    sum += lost;
  }
  INFO("worst " << worst << ", on average " << sum / 100);
  CHECK(worst < 0.03);
  CHECK(sum / 100 < 0.005);
}

TEST_CASE("Within one side, with offices on both, the best of all choices lies between value and bound", "[assignment]") {
  std::mt19937 random(3);
  double lost = 0;
  int best_found = 0, rounds = 0;
  while (rounds < 200) {
    Invented rules;
    rules.nodes = 3 + static_cast<std::uint32_t>(random() % 6);
    rules.density = 0.7;
    rules.offices = static_cast<std::uint32_t>(random() % 4);
    const AssignmentProblem problem = invent(rules, random);
    if (problem.edges.size() > 12) continue;
    ++rounds;
    const std::int64_t exact = best_of_all(problem);
    const Result<Assignment> found = assign(problem);
    REQUIRE(found);
    INFO("round " << rounds);
    CHECK(keeps_capacities(problem, found->chosen));
    CHECK(value_of(problem, found->chosen) == found->value);
    CHECK(found->value <= exact);
    CHECK(exact <= found->bound);
    if (found->value == exact) ++best_found;
    if (exact > 0) lost += 1 - static_cast<double>(found->value) / static_cast<double>(exact);
  }
  INFO("best in " << best_found << " of 200, lost on average " << lost / 200);
  CHECK(best_found >= 190);
  CHECK(lost / 200 < 0.01);
}

TEST_CASE("Under a floor no choice that gives the group as many places goes over the bound", "[assignment]") {
  std::mt19937 random(5);
  int preferred = 0;
  for (int round = 0; round < 200; ++round) {
    Invented rules;
    rules.nodes = 7;
    rules.first_side = round % 2 == 0 ? 3 : 0;
    rules.density = rules.first_side > 0 ? 0.9 : 0.5;
    AssignmentProblem problem = invent(rules, random);
    if (problem.edges.size() > 13) problem.edges.resize(13);
    for (AssignmentNode& node : problem.nodes) node.groups = random() % 3 == 0 ? 1 : 0;
    problem.floors = {{"few", 0.4}};
    const Result<Assignment> found = assign(problem);
    REQUIRE(found);
    INFO("round " << round);
    CHECK(keeps_capacities(problem, found->chosen));
    const std::int64_t places = places_of_group(problem, found->chosen);
    const std::int64_t exact = best_of_all(problem, places);
    CHECK(found->value <= exact);
    CHECK(exact <= found->bound);
    if (rules.first_side > 0) CHECK(found->gap == 0);
    const auto all = static_cast<double>(2 * found->chosen.size());
    CHECK(found->floors[0].short_by ==
          static_cast<std::uint64_t>(std::max(0.0, std::ceil(0.4 * all - 1e-9) - static_cast<double>(places))));
    if (found->floors_cost > 0) ++preferred;
  }
  CHECK(preferred > 10);
}

}  // namespace counterpart::engine
