#include "engine/allocation/assignment_flow.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

#include "engine/solver/circulation.h"

namespace counterpart::engine {
namespace {

__extension__ typedef __int128 Wide;  // a bound from any potentials, however large

// Capacities that more than the pairs there are would take; an office that cannot run full is no office.
struct Limits {
  std::vector<std::int32_t> node, office;
  std::vector<std::uint32_t> office_of;
};

Limits limits_of(const AssignmentProblem& problem) {
  Limits limits;
  limits.node.assign(problem.nodes.size(), 0);
  for (const AssignmentEdge& edge : problem.edges) {
    ++limits.node[edge.a];
    ++limits.node[edge.b];
  }
  std::vector<std::int64_t> wanted(problem.office_capacity.size(), 0);
  for (std::size_t i = 0; i < problem.nodes.size(); ++i) {
    const AssignmentNode& node = problem.nodes[i];
    limits.node[i] = static_cast<std::int32_t>(std::min<std::int64_t>(limits.node[i], node.capacity));
    if (node.office != kNoOffice) wanted[node.office] += limits.node[i];
  }
  for (std::size_t i = 0; i < problem.nodes.size(); ++i) {
    const std::uint32_t office = problem.nodes[i].office;
    const bool binds = office != kNoOffice && wanted[office] > problem.office_capacity[office];
    limits.office_of.push_back(binds ? office : kNoOffice);
  }
  for (std::size_t i = 0; i < wanted.size(); ++i)
    limits.office.push_back(static_cast<std::int32_t>(std::min<std::int64_t>(wanted[i], problem.office_capacity[i])));
  return limits;
}

// Union of what must stand on one side, with for each member whether it stands across from its root.
class Sides {
 public:
  explicit Sides(std::size_t count) : parent_(count), across_(count, 0) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  // False: `a` and `b` are known to stand otherwise.
  bool join(std::size_t a, std::size_t b, bool opposite) {
    const bool differ = (side(a) != side(b)) != opposite;
    const std::size_t from = root(a), to = root(b);
    if (from == to) return !differ;
    parent_[std::max(from, to)] = std::min(from, to);
    across_[std::max(from, to)] = differ ? 1 : 0;
    return true;
  }
  bool side(std::size_t i) {
    root(i);
    return across_[i] != 0;
  }

 private:
  // Halves the path on its way; afterwards the parent of `i` is its root.
  std::size_t root(std::size_t i) {
    std::size_t top = i;
    bool across = false;
    for (; parent_[top] != top; top = parent_[top]) across ^= across_[top] != 0;
    while (i != top) {
      const std::size_t next = parent_[i];
      const bool below = across_[i] != 0;
      parent_[i] = top;
      across_[i] = across ? 1 : 0;
      across ^= below;
      i = next;
    }
    return top;
  }
  std::vector<std::size_t> parent_;
  std::vector<std::uint8_t> across_;
};

// By node; nullopt: a pair within one side or an office on both cannot be avoided.
std::optional<std::vector<bool>> two_sides(const AssignmentProblem& problem, const Limits& limits) {
  const std::size_t count = problem.nodes.size();
  Sides sides(count + problem.office_capacity.size());
  for (std::size_t i = 0; i < count; ++i)
    if (limits.office_of[i] != kNoOffice) sides.join(i, count + limits.office_of[i], false);
  for (const AssignmentEdge& edge : problem.edges)
    if (!sides.join(edge.a, edge.b, true)) return std::nullopt;
  std::vector<bool> found(count);
  for (std::size_t i = 0; i < count; ++i) found[i] = sides.side(i);
  return found;
}

// From a hub by the giving profiles to the taking ones and back to the hub, offices between profile and hub.
class Network {
 public:
  Network(const AssignmentProblem& problem, const Limits& limits) : limits_(limits) {
    for (auto* copies : {&giving_, &taking_}) copies->assign(problem.nodes.size(), kNone);
    for (auto* copies : {&giving_offices_, &taking_offices_}) copies->assign(problem.office_capacity.size(), kNone);
  }

  void add(std::uint32_t from, std::uint32_t to, std::int64_t worth, std::uint32_t edge) {
    const std::int32_t tail = profile(from, giving_, giving_offices_, true);
    const std::int32_t head = profile(to, taking_, taking_offices_, false);
    edges_.push_back({static_cast<std::uint32_t>(arcs_.size()), edge});
    arcs_.push_back({tail, head, 1, -worth});
  }

  // Adds `a_unit` onto `halves` of each edge used; returns the bound of the whole flow.
  Wide solve(std::vector<std::uint8_t>& halves, std::uint8_t a_unit) const {
    const Circulation best = solve_circulation(count_, arcs_);
    for (const EdgeArc& used : edges_)
      if (best.flow[used.arc] > 0) halves[used.edge] = static_cast<std::uint8_t>(halves[used.edge] + a_unit);
    Wide bound = 0;  // weak duality: every arc at its capacity where its reduced cost is a gain
    for (const CirculationArc& arc : arcs_) {
      const Wide reduced = Wide{arc.cost} + best.potential[static_cast<std::size_t>(arc.from)] -
                           best.potential[static_cast<std::size_t>(arc.to)];
      if (reduced < 0) bound -= reduced * arc.capacity;
    }
    return bound;
  }

 private:
  static constexpr std::int32_t kNone = -1;
  static constexpr std::int32_t kHub = 0;

  void tie(std::int32_t hub, std::int32_t node, std::int32_t capacity, bool gives) {
    arcs_.push_back(gives ? CirculationArc{hub, node, capacity, 0} : CirculationArc{node, hub, capacity, 0});
  }
  std::int32_t profile(std::uint32_t node, std::vector<std::int32_t>& copies, std::vector<std::int32_t>& offices, bool gives) {
    if (copies[node] != kNone) return copies[node];
    std::int32_t hub = kHub;
    if (const std::uint32_t office = limits_.office_of[node]; office != kNoOffice) {
      if (offices[office] == kNone) {
        offices[office] = count_++;
        tie(kHub, offices[office], limits_.office[office], gives);
      }
      hub = offices[office];
    }
    copies[node] = count_++;
    tie(hub, copies[node], limits_.node[node], gives);
    return copies[node];
  }

  struct EdgeArc {
    std::uint32_t arc = 0, edge = 0;
  };
  const Limits& limits_;
  std::int32_t count_ = 1;
  std::vector<std::int32_t> giving_, taking_, giving_offices_, taking_offices_;
  std::vector<CirculationArc> arcs_;
  std::vector<EdgeArc> edges_;
};

}  // namespace

AssignmentFlow solve_flow(const AssignmentProblem& problem, std::span<const std::int64_t> worth) {
  const Limits limits = limits_of(problem);
  const std::optional<std::vector<bool>> sides = two_sides(problem, limits);
  AssignmentFlow flow;
  flow.halves.assign(problem.edges.size(), 0);
  Network network(problem, limits);
  for (std::uint32_t e = 0; e < problem.edges.size(); ++e) {
    const AssignmentEdge& edge = problem.edges[e];
    const bool forth = !sides || !(*sides)[edge.a];
    if (forth) network.add(edge.a, edge.b, worth[e], e);
    if (!sides || !forth) network.add(edge.b, edge.a, worth[e], e);
  }
  const Wide bound = network.solve(flow.halves, sides ? 2 : 1) / (sides ? 1 : 2);
  flow.bound = static_cast<std::int64_t>(std::min<Wide>(bound, std::numeric_limits<std::int64_t>::max()));
  return flow;
}

}  // namespace counterpart::engine
