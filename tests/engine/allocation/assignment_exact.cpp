#include "tests/engine/allocation/assignment_exact.h"

#include <lemon/list_graph.h>
#include <lemon/matching.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

namespace counterpart::engine {

std::int64_t exact_between(const ExactSides& sides) {
  using Graph = lemon::ListDigraph;
  Graph graph;
  Graph::ArcMap<std::int64_t> upper(graph), cost(graph);
  const auto arc = [&](Graph::Node from, Graph::Node to, std::int64_t capacity, std::int64_t price) {
    const Graph::Arc added = graph.addArc(from, to);
    upper[added] = capacity;
    cost[added] = price;
  };
  const Graph::Node source = graph.addNode(), drain = graph.addNode();
  arc(drain, source, 1'000'000, 0);
  std::vector<Graph::Node> left, right, office_left, office_right;
  for (const int capacity : sides.office_left) {
    office_left.push_back(graph.addNode());
    arc(source, office_left.back(), capacity, 0);
  }
  for (const int capacity : sides.office_right) {
    office_right.push_back(graph.addNode());
    arc(office_right.back(), drain, capacity, 0);
  }
  for (std::size_t i = 0; i < sides.left.size(); ++i) {
    left.push_back(graph.addNode());
    const int office = sides.left_office[i];
    arc(office < 0 ? source : office_left[static_cast<std::size_t>(office)], left.back(), sides.left[i], 0);
  }
  for (std::size_t i = 0; i < sides.right.size(); ++i) {
    right.push_back(graph.addNode());
    const int office = sides.right_office[i];
    arc(right.back(), office < 0 ? drain : office_right[static_cast<std::size_t>(office)], sides.right[i], 0);
  }
  for (const ExactPair& pair : sides.pairs)
    arc(left[static_cast<std::size_t>(pair.a)], right[static_cast<std::size_t>(pair.b)], 1, -pair.value);
  lemon::NetworkSimplex<Graph, std::int64_t, std::int64_t> simplex(graph);
  simplex.upperMap(upper).costMap(cost);
  simplex.run();
  return -simplex.totalCost<std::int64_t>();
}

std::int64_t exact_matching(int nodes, const std::vector<ExactPair>& pairs) {
  using Graph = lemon::SmartGraph;
  Graph graph;
  for (int i = 0; i < nodes; ++i) graph.addNode();
  Graph::EdgeMap<std::int64_t> weight(graph);
  for (const ExactPair& pair : pairs) weight[graph.addEdge(Graph::nodeFromId(pair.a), Graph::nodeFromId(pair.b))] = pair.value;
  lemon::MaxWeightedMatching<Graph, Graph::EdgeMap<std::int64_t>> matching(graph, weight);
  matching.run();
  return matching.matchingWeight();
}

}  // namespace counterpart::engine
