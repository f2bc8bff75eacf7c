// What the cells of a workbook's sheets refer to: which sheet there is where, shared texts, and which formats are dates.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/workbook/workbook_parts.h"

namespace counterpart::index {

struct WorkbookTables {
  std::string sheet_name, sheet_part;   // the first that is not hidden
  bool days_since_1904 = false;         // else since 1900
  std::vector<std::string> texts = {};  // that cells share
  std::vector<bool> dates = {};         // by cell format: shows a date
};
// Errors: kInvalid, kTooLarge, of WorkbookParts and XmlPart.
Result<WorkbookTables> read_tables(WorkbookParts& parts);

// The part of the first sheet that is not hidden. Errors the same.
Result<std::string> sheet_part(WorkbookParts& parts);

// "_x000D_" stands for a character that XML cannot hold.
std::string without_escapes(std::string_view text);

}  // namespace counterpart::index
