#include "engine/solver/circulation.h"

#include <lemon/cost_scaling.h>
#include <lemon/smart_graph.h>

namespace counterpart::engine {

Circulation solve_circulation(std::int32_t nodes, const std::vector<CirculationArc>& arcs) {
  using Graph = lemon::SmartDigraph;
  Graph graph;
  graph.reserveNode(nodes);
  graph.reserveArc(static_cast<int>(arcs.size()));
  for (std::int32_t i = 0; i < nodes; ++i) graph.addNode();
  for (const CirculationArc& arc : arcs) graph.addArc(Graph::nodeFromId(arc.from), Graph::nodeFromId(arc.to));
  Graph::ArcMap<std::int32_t> capacity(graph);
  Graph::ArcMap<std::int64_t> cost(graph);
  for (std::size_t i = 0; i < arcs.size(); ++i) {
    const Graph::Arc arc = Graph::arcFromId(static_cast<int>(i));
    capacity[arc] = arcs[i].capacity;
    cost[arc] = arcs[i].cost;
  }
  lemon::CostScaling<Graph, std::int32_t, std::int64_t> solver(graph);
  solver.upperMap(capacity).costMap(cost);
  solver.run();
  Circulation found;
  found.flow.reserve(arcs.size());
  for (std::size_t i = 0; i < arcs.size(); ++i) found.flow.push_back(solver.flow(Graph::arcFromId(static_cast<int>(i))));
  found.potential.reserve(static_cast<std::size_t>(nodes));
  for (std::int32_t i = 0; i < nodes; ++i) found.potential.push_back(solver.potential(Graph::nodeFromId(i)));
  return found;
}

}  // namespace counterpart::engine
