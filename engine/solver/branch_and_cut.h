// 0-1 selection and covering problems solved by branch and cut; the one place that knows the solver (COIN-OR CBC).
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/base/result.h"

namespace counterpart::engine {

// Between `lower` and `upper` of `columns` are picked.
struct SelectionRow {
  std::vector<std::uint32_t> columns;  // distinct
  std::size_t lower = 0, upper = 0;
  double price = 0;  // of each unit by which it is broken; 0: it may not be
};

// Pick exactly `picks` columns of greatest sum of gains less the prices paid.
struct SelectionProblem {
  std::vector<double> gains;
  std::size_t picks = 0;
  std::vector<SelectionRow> rows;
  double gap = 1e-6;        // relative; nothing better than this is looked for
  std::vector<bool> start;  // a selection that keeps all rows, to improve on; only where no row has a price; or empty
};

struct Selection {
  bool infeasible = false;   // proven: no selection keeps the rows
  std::vector<bool> picked;  // by column; empty: none was found. Checked against the rows.
  double value = 0;          // gains less prices of `picked`
  double bound = 0;          // proven: no selection has more
};

// Deterministic: one thread, fixed seeds, a limit on nodes and none on time. From any thread.
// kInternal: the solver gave up or contradicts itself.
Result<Selection> solve_selection(const SelectionProblem& problem);

// The sum of factor times pick over `terms` is at least `demand`.
struct CoverRow {
  std::vector<std::pair<std::uint32_t, double>> terms;  // column and factor, columns distinct
  double demand = 0;
  double price = 0;  // of each unit that it lacks; 0: it may lack nothing
};

// Any number of columns, at the least sum of costs and prices. Some picks must keep all rows without a price.
struct CoverProblem {
  std::vector<double> costs;  // by column, >= 0
  std::vector<CoverRow> rows;
};

struct Cover {
  std::vector<bool> picked;  // by column
  bool proven = false;       // nothing costs less
};

// As solve_selection.
Result<Cover> solve_cover(const CoverProblem& problem);

}  // namespace counterpart::engine
