// The rows of a workbook's first sheet (Office Open XML spreadsheet, ECMA-376 part 1, section 18), as the text that a person
// sees, one in memory at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

inline constexpr std::size_t kMaxSheetColumns = 1'024;
inline constexpr std::size_t kMaxSharedText = 64 << 20;  // bytes of all texts that cells share

// A cell that has no value to be taken, by its column from 0.
struct SheetFault {
  std::size_t column = 0;
  std::string message, remedy;
};

struct SheetRow {
  std::uint64_t number = 0;        // as the spreadsheet program shows it, from 1
  std::vector<std::string> cells;  // up to the last one that is there
  std::vector<SheetFault> faults = {};
  bool too_long = false;  // over a MiB of text; its cells were dropped
};

// Nothing is computed: a cell with a formula is a fault, whatever value it has last had. A number is written with up to 15
// digits, a date as 2027-01-31 (with a time behind it where it has one), a box as true or false. Not thread-safe.
class Workbook {
 public:
  // `bytes`: of the whole file. The first sheet that is not hidden is read. kInvalid, kTooLarge: no workbook, damaged, locked
  // with a password, linked with other files, or over a limit (workbook_parts.h).
  static Result<std::unique_ptr<Workbook>> open(std::string bytes);
  ~Workbook();

  // Nothing: the end. An error ends it; rows given before stand. A row without cells is passed over.
  Result<std::optional<SheetRow>> next();
  const std::string& sheet() const;  // its name

 private:
  struct Impl;
  explicit Workbook(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::index
