#include "server/wire/csv_writer.h"

#include <algorithm>
#include <vector>

#include "index/bulk/bulk_csv_cells.h"

namespace counterpart::server {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

struct Separator {
  std::string_view name, character;
};
constexpr Separator kSeparators[] = {{"comma", ","}, {"semicolon", ";"}, {"tab", "\t"}};

}  // namespace

Result<CsvStyle> csv_style(std::string_view form, std::string_view separator) {
  CsvStyle style;
  if (form == "excel")
    style = {CsvForm::kExcel, ';'};
  else if (form != "csv")
    return fail(ErrorCode::kInvalid, "format", "`" + std::string(form.substr(0, 80)) + "` is no form of CSV", "csv or excel");
  if (separator.empty()) return style;
  for (const Separator& one : kSeparators)
    if (separator == one.name || separator == one.character) {
      style.separator = one.character[0];
      return style;
    }
  return fail(ErrorCode::kInvalid, "sep", "`" + std::string(separator.substr(0, 80)) + "` is no separator",
              "comma, semicolon or tab");
}

CsvWriter::CsvWriter(CsvStyle style) : style_(style) {
  if (style.form == CsvForm::kExcel) text_ = kByteOrderMark;
}

void CsvWriter::row(std::initializer_list<std::string_view> cells) {
  std::vector<CsvCell> texts;
  for (const std::string_view text : cells) texts.push_back({text});
  row(texts);
}

void CsvWriter::row(std::span<const CsvCell> cells) {
  bool first = true;
  for (const CsvCell& one : cells) {
    if (!first) text_ += style_.separator;
    first = false;
    cell(one);
  }
  text_ += "\r\n";
}

void CsvWriter::cell(const CsvCell& cell) {
  const std::string_view value = cell.value;
  // What begins with the apostrophe of such a one gets another, so that whoever reads it takes one away.
  const bool formula = cell.is_text && (index::begins_formula(value) || index::without_guard(value).size() < value.size());
  const bool quoted = value.find_first_of("\"\r\n") != value.npos || value.find(style_.separator) != value.npos ||
                      value.starts_with(' ') || value.ends_with(' ');
  if (quoted) text_ += '"';
  if (formula) text_ += '\'';
  for (const char c : value) {
    if (c == '"') text_ += '"';
    text_ += c;
  }
  if (quoted) text_ += '"';
}

}  // namespace counterpart::server
