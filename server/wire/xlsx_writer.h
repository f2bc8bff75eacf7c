// The one writer of workbooks (.xlsx): a sheet of a table, as spreadsheet programs of all six languages open it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/result.h"
#include "server/layer.h"

namespace counterpart::server {

using Cell = std::variant<std::string, double, bool>;  // an empty string: nothing
using Cells = std::vector<Cell>;

struct SheetStyle {
  std::string name = "List";  // at most 31 characters, none of []:*?/\ .
  bool right_to_left = false;
};

// The bytes of a workbook: `header` frozen and with filters, then the rows. A text is a text, whatever it begins with; one over
// 32,767 characters, which no cell holds, is cut and says so. kTooLarge: over 1,048,575 rows. kInternal: no memory.
// Safe from any thread.
Result<std::string> write_workbook(std::span<const std::string> header, std::span<const Cells> rows, const SheetStyle& style);

}  // namespace counterpart::server
