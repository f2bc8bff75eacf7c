// The one writer of CSV: rows of cells that a spreadsheet reads as they are meant, and runs nothing of.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/result.h"
#include "server/layer.h"

namespace counterpart::server {

// kPlain: RFC 4180, for programs. kExcel: begins with the mark by which Excel knows UTF-8, without which it spoils every
// letter beyond ASCII.
enum class CsvForm : std::uint8_t { kPlain, kExcel };

struct CsvStyle {
  CsvForm form = CsvForm::kPlain;
  char separator = ',';  // where a computer writes decimals with a comma, its Excel separates by ';'
};

// `form`: "csv" or "excel". `separator`: "comma", "semicolon", "tab", or the character itself; empty: a comma in plain, a
// semicolon in Excel's form. kInvalid.
Result<CsvStyle> csv_style(std::string_view form, std::string_view separator);

struct CsvCell {
  std::string_view value;
  bool is_text = true;  // else a number of ours, which is no formula though it begin with a minus
};

// Not thread-safe.
class CsvWriter {
 public:
  explicit CsvWriter(CsvStyle style);

  // Cells are quoted where they must be, and never begin as a formula does (= + - @ tab, CR, LF, and the full-width forms):
  // an apostrophe goes before.
  void row(std::initializer_list<std::string_view> cells);
  void row(std::span<const CsvCell> cells);
  std::string take() { return std::move(text_); }

 private:
  void cell(const CsvCell& cell);

  CsvStyle style_;
  std::string text_;
};

}  // namespace counterpart::server
