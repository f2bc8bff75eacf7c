#include "engine/solver/branch_and_cut.h"

#include <CbcHeuristic.hpp>
#include <CbcHeuristicFPump.hpp>
#include <CbcHeuristicRINS.hpp>
#include <CbcModel.hpp>
#include <CglGomory.hpp>
#include <CglKnapsackCover.hpp>
#include <CglMixedIntegerRounding2.hpp>
#include <CglProbing.hpp>
#include <CglZeroHalf.hpp>
#include <CoinError.hpp>
#include <CoinPackedMatrix.hpp>
#include <OsiClpSolverInterface.hpp>
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/barrier.h"

namespace counterpart::engine {
namespace {

constexpr int kMaxNodes = 2000;
constexpr int kMaxCoverNodes = 100;  // a portfolio is asked for and waited for
constexpr int kSeed = 1986;
// CBC's tolerances are absolute and near 1e-6; a gain of one stands well above them.
constexpr double kScale = 1000;

struct Lp {
  CoinPackedMatrix matrix{false, 0, 0};
  std::vector<double> column_upper, cost, row_lower, row_upper;
};

void add_row(Lp& lp, const std::vector<int>& columns, const std::vector<double>& factors, double lower, double upper) {
  lp.matrix.appendRow(static_cast<int>(columns.size()), columns.data(), factors.data());
  lp.row_lower.push_back(lower);
  lp.row_upper.push_back(upper);
}

// Costs, for CBC minimises. A row with a price has one column for what it lacks and one for what it has too much.
Lp lp_of(const SelectionProblem& problem) {
  const std::size_t count = problem.gains.size();
  Lp lp;
  for (const double gain : problem.gains) lp.cost.push_back(-kScale * gain);
  lp.column_upper.assign(count, 1);
  for (const SelectionRow& row : problem.rows)
    if (row.price > 0) {
      lp.cost.insert(lp.cost.end(), 2, kScale * row.price);
      lp.column_upper.insert(lp.column_upper.end(), 2, static_cast<double>(count));
    }
  lp.matrix.setDimensions(0, static_cast<int>(lp.cost.size()));
  std::vector<int> columns(count);
  for (std::size_t i = 0; i < count; ++i) columns[i] = static_cast<int>(i);
  const auto picks = static_cast<double>(problem.picks);
  add_row(lp, columns, std::vector<double>(count, 1.0), picks, picks);
  auto slack = static_cast<int>(count);
  for (const SelectionRow& row : problem.rows) {
    columns.assign(row.columns.begin(), row.columns.end());
    std::vector<double> factors(columns.size(), 1.0);
    if (row.price > 0) {
      columns.insert(columns.end(), {slack, slack + 1});
      factors.insert(factors.end(), {1.0, -1.0});
      slack += 2;
    }
    add_row(lp, columns, factors, static_cast<double>(row.lower), static_cast<double>(row.upper));
  }
  return lp;
}

void equip(CbcModel& model) {
  CglProbing probing;
  probing.setMaxPass(1);
  probing.setMaxProbe(10);
  probing.setMaxLook(50);
  probing.setRowCuts(3);
  CglGomory gomory;
  gomory.setLimit(300);
  CglKnapsackCover cover;
  CglMixedIntegerRounding2 rounding_cuts;
  CglZeroHalf zero_half;
  model.addCutGenerator(&probing, -1, "probing");
  model.addCutGenerator(&gomory, -98, "gomory");
  model.addCutGenerator(&cover, -98, "cover");
  model.addCutGenerator(&rounding_cuts, -98, "rounding");
  model.addCutGenerator(&zero_half, -98, "zero half");
  CbcRounding rounding(model);
  CbcHeuristicFPump pump(model);
  pump.setSeed(kSeed);
  rounding.setSeed(kSeed);
  CbcHeuristicRINS neighbours(model);
  neighbours.setHowOften(20);
  neighbours.setSeed(kSeed);
  model.addHeuristic(&rounding, "rounding");
  model.addHeuristic(&pump, "pump");
  model.addHeuristic(&neighbours, "neighbours");
}

// The picks' own arithmetic, in place of the solver's rounded one. False: a row without a price, or the number of
// picks, is broken.
bool evaluate(const SelectionProblem& problem, Selection& selection) {
  selection.value = 0;
  for (std::size_t i = 0; i < problem.gains.size(); ++i)
    if (selection.picked[i]) selection.value += problem.gains[i];
  if (std::cmp_not_equal(std::ranges::count(selection.picked, true), problem.picks)) return false;
  for (const SelectionRow& row : problem.rows) {
    std::size_t got = 0;
    for (const std::uint32_t column : row.columns) got += selection.picked[column];
    const std::size_t broken = got < row.lower ? row.lower - got : got > row.upper ? got - row.upper : 0;
    if (broken > 0 && !(row.price > 0)) return false;
    selection.value -= row.price * static_cast<double>(broken);
  }
  return true;
}

// What branch and cut found; `values` is empty if it found nothing.
struct Searched {
  bool infeasible = false;
  bool proven = false;
  std::vector<double> values;                               // by column of the Lp
  double bound = -std::numeric_limits<double>::infinity();  // no solution costs less
};

struct SearchLimits {
  double gap = 0;
  int nodes = kMaxNodes;
  std::vector<double> start = {};  // a solution to begin with, by column; empty: none
};
Result<Searched> branch_and_cut(const Lp& lp, std::size_t integers, const SearchLimits& limits) {
  OsiClpSolverInterface clp;
  clp.messageHandler()->setLogLevel(0);
  clp.getModelPtr()->setLogLevel(0);
  const std::vector<double> column_lower(lp.cost.size(), 0.0);
  clp.loadProblem(lp.matrix, column_lower.data(), lp.column_upper.data(), lp.cost.data(), lp.row_lower.data(),
                  lp.row_upper.data());
  for (std::size_t i = 0; i < integers; ++i) clp.setInteger(static_cast<int>(i));
  clp.getModelPtr()->setRandomSeed(kSeed);
  clp.initialSolve();
  Searched searched;
  searched.infeasible = clp.isProvenPrimalInfeasible();
  if (searched.infeasible) return searched;
  if (!clp.isProvenOptimal()) return fail(ErrorCode::kInternal, "solver", "the solver gave up on the relaxed problem");
  CbcModel model(clp);
  model.setLogLevel(0);
  model.solver()->messageHandler()->setLogLevel(0);
  model.setRandomSeed(kSeed);
  model.setNumberThreads(0);
  model.setMaximumNodes(limits.nodes);
  model.setAllowableGap(1e-7);
  model.setAllowableFractionGap(limits.gap);
  equip(model);
  if (!limits.start.empty()) {
    std::vector<double> solution = limits.start;
    double cost = 0;
    for (std::size_t i = 0; i < solution.size(); ++i) cost += solution[i] * lp.cost[i];
    model.setBestSolution(solution.data(), static_cast<int>(solution.size()), cost, true);
  }
  model.branchAndBound();
  searched.infeasible = model.isProvenInfeasible();
  searched.proven = model.isProvenOptimal();
  searched.bound = model.getBestPossibleObjValue();
  if (const double* best = model.bestSolution()) searched.values.assign(best, best + lp.cost.size());
  return searched;
}

Result<Selection> search(const SelectionProblem& problem) {
  const Result<Searched> searched = branch_and_cut(lp_of(problem), problem.gains.size(),
                                                   {problem.gap, kMaxNodes, {problem.start.begin(), problem.start.end()}});
  if (!searched) return tl::unexpected(searched.error());
  Selection selection;
  selection.infeasible = searched->infeasible;
  selection.bound = -searched->bound / kScale;
  if (searched->values.empty()) return selection;
  selection.picked.resize(problem.gains.size());
  for (std::size_t i = 0; i < problem.gains.size(); ++i) selection.picked[i] = searched->values[i] > 0.5;
  if (!evaluate(problem, selection))
    return fail(ErrorCode::kInternal, "panel", "the solver's selection breaks the rules it was given");
  selection.bound = std::max(selection.bound, selection.value);
  return selection;
}

// A row with a price has one more column, for what it lacks.
Lp lp_of(const CoverProblem& problem) {
  Lp lp;
  for (const double cost : problem.costs) lp.cost.push_back(kScale * cost);
  lp.column_upper.assign(lp.cost.size(), 1);
  for (const CoverRow& row : problem.rows)
    if (row.price > 0) {
      lp.cost.push_back(kScale * row.price);
      lp.column_upper.push_back(std::max(0.0, row.demand));
    }
  lp.matrix.setDimensions(0, static_cast<int>(lp.cost.size()));
  auto slack = static_cast<int>(problem.costs.size());
  for (const CoverRow& row : problem.rows) {
    std::vector<int> columns;
    std::vector<double> factors;
    for (const auto& [column, factor] : row.terms) {
      columns.push_back(static_cast<int>(column));
      factors.push_back(factor);
    }
    if (row.price > 0) {
      columns.push_back(slack++);
      factors.push_back(1.0);
    }
    add_row(lp, columns, factors, row.demand, std::numeric_limits<double>::max());
  }
  return lp;
}

Result<Cover> search(const CoverProblem& problem) {
  Cover cover{.picked = std::vector<bool>(problem.costs.size()), .proven = true};
  if (problem.rows.empty()) return cover;
  const Result<Searched> searched = branch_and_cut(lp_of(problem), problem.costs.size(), {0, kMaxCoverNodes, {}});
  if (!searched) return tl::unexpected(searched.error());
  if (searched->values.empty()) return fail(ErrorCode::kInternal, "portfolio", "the solver found no set at all");
  cover.proven = searched->proven;
  for (std::size_t i = 0; i < problem.costs.size(); ++i) cover.picked[i] = searched->values[i] > 0.5;
  return cover;
}

template <class Problem>
auto solved(const Problem& problem) {
  return guarded("solver", [&]() -> decltype(search(problem)) {
    try {
      return search(problem);
    } catch (const CoinError& error) {
      return fail(ErrorCode::kInternal, "solver", "the solver failed: " + error.message());
    }
  });
}

}  // namespace

Result<Selection> solve_selection(const SelectionProblem& problem) { return solved(problem); }

Result<Cover> solve_cover(const CoverProblem& problem) { return solved(problem); }

}  // namespace counterpart::engine
