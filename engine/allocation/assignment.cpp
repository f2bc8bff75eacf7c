#include "engine/allocation/assignment.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "engine/allocation/assignment_flow.h"
#include "engine/allocation/assignment_selection.h"

namespace counterpart::engine {
namespace {

// A member's pair goes before any it could stand in place of: one at each end and one at each end's office.
constexpr std::int64_t kMostBonus = 4 * std::int64_t{kMaxPairValue};
constexpr std::int64_t kLeastBonus = 1000;  // a thousandth of a score
constexpr double kShareSlack = 1e-9;        // 0.3 * 10 is 3

std::string nth(const char* list, std::size_t i) { return std::string(list) + "[" + std::to_string(i) + "]"; }

Status check_edge(const AssignmentProblem& problem, std::size_t i) {
  const AssignmentEdge& edge = problem.edges[i];
  const std::string last = problem.nodes.empty() ? "none" : "0 to " + std::to_string(problem.nodes.size() - 1);
  if (std::max(edge.a, edge.b) >= problem.nodes.size())
    return fail(ErrorCode::kInvalid, nth("edges", i), "pairs a profile that is not among those given",
                "number both ends by their place among the profiles: " + last);
  if (edge.a == edge.b) return fail(ErrorCode::kInvalid, nth("edges", i), "pairs a profile with itself", "leave this pair out");
  if (edge.a > edge.b)
    return fail(ErrorCode::kInvalid, nth("edges", i), "names the later profile first", "name the earlier one first");
  if (edge.value < 1 || edge.value > kMaxPairValue)
    return fail(ErrorCode::kInvalid, nth("edges", i), "has the value " + std::to_string(edge.value),
                "give a value from 1 to " + std::to_string(kMaxPairValue) + ", or leave this pair out");
  return {};
}

Status check(const AssignmentProblem& problem) {
  const std::pair<std::size_t, std::size_t> limits[] = {{problem.nodes.size(), kMaxAssignmentNodes},
                                                        {problem.office_capacity.size(), kMaxAssignmentNodes},
                                                        {problem.edges.size(), kMaxAssignmentEdges},
                                                        {problem.floors.size(), kMaxAssignmentFloors}};
  const char* const lists[] = {"nodes", "office_capacity", "edges", "floors"};
  for (std::size_t i = 0; i < std::size(limits); ++i)
    if (limits[i].first > limits[i].second)
      return fail(ErrorCode::kTooLarge, lists[i], std::to_string(limits[i].first) + " entries are too many",
                  "give at most " + std::to_string(limits[i].second));
  for (std::size_t i = 0; i < problem.nodes.size(); ++i)
    if (problem.nodes[i].office != kNoOffice && problem.nodes[i].office >= problem.office_capacity.size())
      return fail(ErrorCode::kInvalid, nth("nodes", i), "belongs to an office that has no capacity given",
                  "give each office a capacity");
  for (std::size_t i = 0; i < problem.floors.size(); ++i)
    if (!(problem.floors[i].share >= 0 && problem.floors[i].share <= 1))
      return fail(ErrorCode::kInvalid, nth("floors", i), "the share for " + problem.floors[i].group + " is no share",
                  "give a number from 0 to 1");
  for (std::size_t i = 0; i < problem.edges.size(); ++i)
    if (Status one = check_edge(problem, i); !one) return one;
  return {};
}

// By place in `edges`, so that the answer does not hang on their order.
std::vector<std::uint32_t> sorted(const std::vector<AssignmentEdge>& edges) {
  std::vector<std::uint32_t> order(edges.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&edges](std::uint32_t one, std::uint32_t other) {
    const AssignmentEdge &x = edges[one], &y = edges[other];
    return x.a != y.a ? x.a < y.a : x.b != y.b ? x.b < y.b : one < other;
  });
  return order;
}

std::vector<std::int64_t> values_of(const AssignmentProblem& problem) {
  std::vector<std::int64_t> values;
  values.reserve(problem.edges.size());
  for (const AssignmentEdge& edge : problem.edges) values.push_back(edge.value);
  return values;
}

// A choice under given bonuses, one for each floor.
struct Attempt {
  std::vector<std::int64_t> bonus = {};
  std::vector<std::uint32_t> chosen = {};
  std::int64_t value = 0, bound = 0;
  std::vector<FloorResult> floors = {};

  std::uint64_t short_by() const {
    std::uint64_t sum = 0;
    for (const FloorResult& floor : floors) sum += floor.short_by;
    return sum;
  }
  bool better_than(const Attempt& other) const {
    return short_by() != other.short_by() ? short_by() < other.short_by() : value > other.value;
  }
};

std::int64_t places_of(const AssignmentProblem& problem, const AssignmentEdge& edge, std::size_t group) {
  return static_cast<std::int64_t>((problem.nodes[edge.a].groups >> group & 1) + (problem.nodes[edge.b].groups >> group & 1));
}

// Of the chosen, those that the floor is a share of.
double counted_for(const AssignmentProblem& problem, const std::vector<std::uint32_t>& chosen, std::size_t group) {
  std::uint64_t counted = 2 * chosen.size();
  for (const std::uint32_t e : chosen)
    counted -=
        (problem.nodes[problem.edges[e].a].outside >> group & 1) + (problem.nodes[problem.edges[e].b].outside >> group & 1);
  return static_cast<double>(counted);
}

std::vector<std::uint32_t> choose(const AssignmentProblem& problem, const std::vector<std::int64_t>& worth,
                                  const AssignmentFlow& flow) {
  ChosenPairs selection(problem, worth);
  std::vector<std::uint32_t> halves;
  for (std::uint32_t e = 0; e < flow.halves.size(); ++e) {
    if (flow.halves[e] == 2 && selection.fits(e)) selection.take(e);
    if (flow.halves[e] == 1) halves.push_back(e);
  }
  std::stable_sort(halves.begin(), halves.end(),
                   [&worth](std::uint32_t one, std::uint32_t other) { return worth[one] > worth[other]; });
  for (const std::uint32_t e : halves)
    if (selection.fits(e)) selection.take(e);
  std::int64_t total = 0;
  for (std::uint32_t e = 0; e < flow.halves.size(); ++e)
    if (selection.holds(e)) total += worth[e];
  if (total < flow.bound) selection.improve();
  std::vector<std::uint32_t> chosen;
  for (std::uint32_t e = 0; e < flow.halves.size(); ++e)
    if (selection.holds(e)) chosen.push_back(e);
  return chosen;
}

Attempt attempt(const AssignmentProblem& problem, std::vector<std::int64_t> bonus) {
  std::vector<std::int64_t> worth = values_of(problem);
  for (std::size_t g = 0; g < bonus.size(); ++g)
    if (bonus[g] > 0)
      for (std::size_t e = 0; e < worth.size(); ++e) worth[e] += bonus[g] * places_of(problem, problem.edges[e], g);
  const AssignmentFlow flow = solve_flow(problem, worth);
  Attempt found;
  found.chosen = choose(problem, worth, flow);
  found.bound = flow.bound;
  for (const std::uint32_t e : found.chosen) found.value += problem.edges[e].value;
  for (std::size_t g = 0; g < bonus.size(); ++g) {
    std::int64_t places = 0;
    for (const std::uint32_t e : found.chosen) places += places_of(problem, problem.edges[e], g);
    found.bound -= bonus[g] * places;  // who gives the group as many places has as much of the bonus
    FloorResult floor{problem.floors[g].group, problem.floors[g].share};
    const double all = counted_for(problem, found.chosen, g);
    if (all > 0) floor.reached = static_cast<double>(places) / all;
    const double missing = std::ceil(floor.wanted * all - kShareSlack) - static_cast<double>(places);
    if (missing > 0) floor.short_by = static_cast<std::uint64_t>(missing);
    found.floors.push_back(std::move(floor));
  }
  found.bonus = std::move(bonus);
  return found;
}

// Bonuses by size: each step makes one larger or smaller by a factor, which shrinks from solve to solve. For one floor
// this is bisection; several that compete for the same places come to terms.
class Bonuses {
 public:
  explicit Bonuses(const std::vector<FloorResult>& without) : level_(without.size()) { raise(without); }

  std::vector<std::int64_t> get() const {
    std::vector<std::int64_t> bonus;
    for (const std::optional<double>& level : level_)
      bonus.push_back(level ? std::llround(std::exp2(*level) * static_cast<double>(kLeastBonus)) : 0);
    return bonus;
  }
  void learn(const std::vector<FloorResult>& floors) {
    step_ /= 2;
    for (std::size_t g = 0; g < floors.size(); ++g)
      if (level_[g]) *level_[g] = std::clamp(*level_[g] + (floors[g].short_by > 0 ? step_ : -step_), 0.0, kTop);
    raise(floors);
  }

 private:
  // One that falls short for the first time starts at the top: whether it can hold at all is worth knowing.
  void raise(const std::vector<FloorResult>& floors) {
    for (std::size_t g = 0; g < floors.size(); ++g)
      if (!level_[g] && floors[g].short_by > 0) level_[g] = kTop;
  }
  const double kTop = std::log2(static_cast<double>(kMostBonus) / static_cast<double>(kLeastBonus));
  double step_ = kTop;
  std::vector<std::optional<double>> level_;  // nullopt: no bonus
};

// The smallest bonuses found under which the floors hold; where they cannot, those that come nearest.
Attempt with_floors(const AssignmentProblem& problem, const Attempt& plain) {
  Attempt best = plain;
  Bonuses bonuses(plain.floors);
  std::vector<std::int64_t> last;
  for (int solve = 1; solve < kFloorSolves && bonuses.get() != last; ++solve) {
    last = bonuses.get();
    Attempt now = attempt(problem, last);
    bonuses.learn(now.floors);
    if (now.better_than(best)) best = std::move(now);
  }
  best.bound = std::min(best.bound, plain.bound);
  return best;
}

}  // namespace

Result<Assignment> assign(const AssignmentProblem& problem) {
  if (Status checked = check(problem); !checked) return tl::unexpected(checked.error());
  const std::vector<std::uint32_t> order = sorted(problem.edges);
  AssignmentProblem ordered{problem.nodes, problem.office_capacity, {}, problem.floors};
  ordered.edges.reserve(order.size());
  for (const std::uint32_t e : order) {
    const AssignmentEdge& edge = problem.edges[e];
    if (!ordered.edges.empty() && ordered.edges.back().a == edge.a && ordered.edges.back().b == edge.b)
      return fail(ErrorCode::kInvalid, nth("edges", e), "names a pair for the second time", "give each pair once");
    ordered.edges.push_back(edge);
  }
  Attempt best = attempt(ordered, std::vector<std::int64_t>(problem.floors.size(), 0));
  const std::int64_t value_without = best.value;
  if (best.short_by() > 0) best = with_floors(ordered, best);

  Assignment result;
  result.value = best.value;
  result.bound = best.bound;
  if (best.bound > 0) result.gap = static_cast<double>(best.bound - best.value) / static_cast<double>(best.bound);
  result.floors_cost = std::max<std::int64_t>(0, value_without - best.value);
  result.floors = std::move(best.floors);
  const std::vector<std::int64_t> values = values_of(ordered);
  ChosenPairs selection(ordered, values);
  for (const std::uint32_t e : best.chosen) {
    selection.take(e);
    result.chosen.push_back(order[e]);
  }
  result.blocking_pairs = selection.blocking_pairs();
  std::sort(result.chosen.begin(), result.chosen.end());
  return result;
}

}  // namespace counterpart::engine
