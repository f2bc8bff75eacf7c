// A workbook given back as it was sent, with an answer beside its rows: columns added to the sheet that Workbook reads. All
// else stays: formats, other sheets, drop-down lists, formulas.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

struct SheetAnswer {
  std::vector<std::size_t> columns;                             // where they stand, from 0, ascending; what stood there goes
  std::map<std::uint64_t, std::vector<std::string>> rows;       // by number: a text for each of `columns`; empty: none
  std::vector<std::uint64_t> marked;                            // rows that are coloured, ascending
  std::vector<std::pair<std::uint64_t, std::size_t>> at_fault;  // cells that are coloured more
};

// `bytes`: of a workbook that Workbook::open() takes. Memory does not grow with the sheet. What an answer before it coloured is
// coloured no more. Errors as Workbook's; kInternal: it cannot be packed.
Result<std::string> with_answer(std::string bytes, const SheetAnswer& answer);

}  // namespace counterpart::index
