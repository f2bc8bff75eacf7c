// The one writer of workbooks (.xlsx): a sheet of a table, or one to be filled in, as spreadsheet programs of all six languages
// open it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
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
// The same of rows that are made one after the other; nothing: that was the last.
Result<std::string> write_workbook(std::span<const std::string> header, const std::function<std::optional<Cells>()>& next,
                                   const SheetStyle& style);

// A sheet to be filled in: a header, and below each of its cells what may be written there.
struct BlankColumn {
  std::string heading;
  std::string note;                    // shown at the heading; empty: none
  std::vector<std::string> list = {};  // to choose from; empty: anything may be written
  bool several = false;                // of the list, parted by semicolons, which the program then does not check
  double width = 18;                   // in characters
};
struct BlankSheet {
  SheetStyle style, lists;  // of the sheet, and of a second one that holds what may be chosen
  std::string error;        // told where something else is written than the list has; at most 255 characters
  std::vector<BlankColumn> columns;
  std::size_t rows = 5'000;  // below the header in which the lists can be dropped down
};
// Errors as write_workbook().
Result<std::string> write_blank(const BlankSheet& sheet);

}  // namespace counterpart::server
