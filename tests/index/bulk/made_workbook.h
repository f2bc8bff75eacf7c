// Workbooks made by hand, right ones and such as nobody's spreadsheet program would write.
#pragma once

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "index/bulk/bulk_reader.h"
#include "index/workbook/workbook_parts.h"
#include "tests/index/bulk/bulk_rows.h"
#include "tests/index/bulk/zipped.h"

namespace counterpart::index {

// A workbook of one sheet with these rows (XML of <row> elements), and what else is in it or stands for a part of it.
inline std::string workbook(const std::string& rows, std::vector<ZipEntry> more = {}) {
  static const std::string kSheet = "xl/worksheets/sheet1.xml";
  if (std::ranges::find(more, kSheet, &ZipEntry::first) == more.end())
    more.emplace_back(kSheet, "<worksheet><sheetData>" + rows + "</sheetData></worksheet>");
  return workbook_of(std::move(more));
}

// Cells as texts of their own.
inline std::string row_of(const std::vector<std::string>& cells) {
  std::string out = "<row>";
  for (const std::string& cell : cells) out += "<c t=\"inlineStr\"><is><t>" + cell + "</t></is></c>";
  return out + "</row>";
}
inline const std::string kSheetHeader = row_of({"id", "kind", "title", "country", "offers", "valid_until"});

inline Rows sheet(const std::string& bytes) {
  std::istringstream in(bytes);
  return all(*read_workbook(in, real_taxonomy()));
}

// A part of a whole workbook, as text.
inline std::string part_of(const std::string& bytes, const std::string& name) {
  auto parts = WorkbookParts::open(bytes).value();
  auto part = parts->part(name).value();
  std::string text;
  for (std::string_view piece = part->next().value(); !piece.empty(); piece = part->next().value()) text += piece;
  return text;
}

}  // namespace counterpart::index
