#include "engine/allocation/assignment_selection.h"

#include <algorithm>
#include <numeric>

namespace counterpart::engine {

// The pairs of each node, best first.
struct ChosenPairs::Adjacency {
  std::vector<std::size_t> begin;
  std::vector<std::uint32_t> edges;
};

// Kept between exchanges to save allocations.
struct ChosenPairs::Exchange {
  std::vector<std::uint32_t> displaced, added;
};

ChosenPairs::ChosenPairs(const AssignmentProblem& problem, std::span<const std::int64_t> worth)
    : problem_(problem), worth_(worth), chosen_(problem.edges.size(), 0), at_node_(problem.nodes.size()),
      office_room_(problem.office_capacity.begin(), problem.office_capacity.end()), at_office_(problem.office_capacity.size()) {
  room_.reserve(problem.nodes.size());
  for (const AssignmentNode& node : problem.nodes) room_.push_back(node.capacity);
}

std::uint32_t ChosenPairs::places_in(std::uint32_t edge, std::uint32_t office) const {
  const AssignmentEdge& pair = problem_.edges[edge];
  return (office_of(pair.a) == office ? 1U : 0U) + (office_of(pair.b) == office ? 1U : 0U);
}

bool ChosenPairs::fits(std::uint32_t edge) const {
  const AssignmentEdge& pair = problem_.edges[edge];
  if (room_[pair.a] == 0 || room_[pair.b] == 0) return false;
  for (const std::uint32_t node : {pair.a, pair.b})
    if (const std::uint32_t office = office_of(node); office != kNoOffice)
      if (office_room_[office] < places_in(edge, office)) return false;
  return true;
}

void ChosenPairs::take(std::uint32_t edge) {
  chosen_[edge] = 1;
  for (const std::uint32_t node : {problem_.edges[edge].a, problem_.edges[edge].b}) {
    --room_[node];
    std::vector<std::uint32_t>& held = at_node_[node];
    const auto at = [this](std::uint32_t one, std::uint32_t other) { return before(one, other); };
    held.insert(std::upper_bound(held.begin(), held.end(), edge, at), edge);
    if (const std::uint32_t office = office_of(node); office != kNoOffice) {
      --office_room_[office];
      at_office_[office].insert({worth_[edge], -std::int64_t{edge}});
    }
  }
}

void ChosenPairs::drop(std::uint32_t edge) {
  chosen_[edge] = 0;
  for (const std::uint32_t node : {problem_.edges[edge].a, problem_.edges[edge].b}) {
    ++room_[node];
    std::vector<std::uint32_t>& held = at_node_[node];
    held.erase(std::find(held.begin(), held.end(), edge));
    if (const std::uint32_t office = office_of(node); office != kNoOffice) {
      ++office_room_[office];
      at_office_[office].erase({worth_[edge], -std::int64_t{edge}});
    }
  }
}

bool ChosenPairs::displaced_in(std::uint32_t office, std::uint32_t edge, std::vector<std::uint32_t>& out) const {
  std::int64_t room = office_room_[office] - places_in(edge, office);
  for (const std::uint32_t gone : out) room += places_in(gone, office);
  for (const auto& [worth, minus_edge] : at_office_[office]) {
    if (room >= 0) break;
    const auto next = static_cast<std::uint32_t>(-minus_edge);
    if (std::find(out.begin(), out.end(), next) != out.end()) continue;
    out.push_back(next);
    room += places_in(next, office);
  }
  return room >= 0;
}

// The cheapest pairs that must go for `edge` to fit; false: it never fits.
bool ChosenPairs::displaced_by(std::uint32_t edge, std::vector<std::uint32_t>& out) const {
  const AssignmentEdge& pair = problem_.edges[edge];
  out.clear();
  for (const std::uint32_t node : {pair.a, pair.b}) {
    if (room_[node] > 0) continue;
    if (at_node_[node].empty()) return false;
    out.push_back(at_node_[node].back());
  }
  for (const std::uint32_t node : {pair.a, pair.b})
    if (const std::uint32_t office = office_of(node); office != kNoOffice)
      if (!displaced_in(office, edge, out)) return false;
  return true;
}

// Whether a gain is in sight, so that most exchanges need not be made to be refused: the best that each partner of old
// would find among those with room.
bool ChosenPairs::promises(std::uint32_t edge, const Adjacency& adjacency, const std::vector<std::uint32_t>& displaced) const {
  const AssignmentEdge& pair = problem_.edges[edge];
  const auto freed = [&](std::uint32_t node) {
    return std::any_of(displaced.begin(), displaced.end(),
                       [&](std::uint32_t gone) { return problem_.edges[gone].a == node || problem_.edges[gone].b == node; });
  };
  std::int64_t gain = worth_[edge];
  for (const std::uint32_t gone : displaced) gain -= worth_[gone];
  for (const std::uint32_t gone : displaced)
    for (const std::uint32_t node : {problem_.edges[gone].a, problem_.edges[gone].b}) {
      if (gain > 0) return true;
      if (node == pair.a || node == pair.b) continue;
      for (std::size_t i = adjacency.begin[node]; i < adjacency.begin[node + 1]; ++i) {
        const std::uint32_t other = adjacency.edges[i];
        const std::uint32_t far = problem_.edges[other].a ^ problem_.edges[other].b ^ node;
        if (holds(other) || (room_[far] == 0 && !freed(far))) continue;
        gain += worth_[other];
        break;
      }
    }
  return gain > 0;
}

bool ChosenPairs::exchange(std::uint32_t edge, const Adjacency& adjacency, Exchange& work) {
  if (!displaced_by(edge, work.displaced) || !promises(edge, adjacency, work.displaced)) return false;
  std::int64_t gain = worth_[edge];
  for (const std::uint32_t gone : work.displaced) gain -= worth_[gone];
  for (const std::uint32_t gone : work.displaced) drop(gone);
  take(edge);
  work.added.assign(1, edge);
  for (const std::uint32_t gone : work.displaced)
    for (const std::uint32_t node : {problem_.edges[gone].a, problem_.edges[gone].b})
      for (std::size_t i = adjacency.begin[node]; i < adjacency.begin[node + 1] && room_[node] > 0; ++i) {
        const std::uint32_t other = adjacency.edges[i];
        if (holds(other) || !fits(other)) continue;
        take(other);
        work.added.push_back(other);
        gain += worth_[other];
      }
  if (gain > 0) return true;
  for (const std::uint32_t added : work.added) drop(added);
  for (const std::uint32_t gone : work.displaced) take(gone);
  return false;
}

std::vector<std::uint32_t> ChosenPairs::by_worth() const {
  std::vector<std::uint32_t> order(problem_.edges.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [this](std::uint32_t one, std::uint32_t other) { return before(one, other); });
  return order;
}

void ChosenPairs::improve() {
  const std::vector<std::uint32_t> order = by_worth();
  Adjacency adjacency;
  adjacency.begin.assign(problem_.nodes.size() + 1, 0);
  for (const AssignmentEdge& pair : problem_.edges)
    for (const std::uint32_t node : {pair.a, pair.b}) ++adjacency.begin[node + 1];
  std::partial_sum(adjacency.begin.begin(), adjacency.begin.end(), adjacency.begin.begin());
  adjacency.edges.resize(2 * problem_.edges.size());
  std::vector<std::size_t> next(adjacency.begin.begin(), adjacency.begin.end() - 1);
  for (const std::uint32_t edge : order)
    for (const std::uint32_t node : {problem_.edges[edge].a, problem_.edges[edge].b}) adjacency.edges[next[node]++] = edge;
  Exchange work;
  for (bool gained = true; gained;) {
    gained = false;
    for (const std::uint32_t edge : order)
      if (!holds(edge) && exchange(edge, adjacency, work)) gained = true;
  }
}

bool ChosenPairs::blocks(std::uint32_t edge) const {
  const AssignmentEdge& pair = problem_.edges[edge];
  std::int64_t asked = 0;  // of an office that both ends share
  for (const std::uint32_t node : {pair.a, pair.b}) {
    const std::vector<std::uint32_t>& held = at_node_[node];
    if (!held.empty() && worth_[held.back()] < worth_[edge]) continue;  // its place at the office comes free with it
    if (room_[node] == 0) return false;
    const std::uint32_t office = office_of(node);
    if (office == kNoOffice) continue;
    asked = office_of(pair.a) == office_of(pair.b) ? asked + 1 : 1;
    if (office_room_[office] >= asked) continue;
    if (at_office_[office].empty() || at_office_[office].begin()->first >= worth_[edge]) return false;
  }
  return true;
}

std::uint64_t ChosenPairs::blocking_pairs() const {
  std::uint64_t count = 0;
  for (std::uint32_t edge = 0; edge < chosen_.size(); ++edge)
    if (!holds(edge) && blocks(edge)) ++count;
  return count;
}

}  // namespace counterpart::engine
