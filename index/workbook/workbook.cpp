#include "index/workbook/workbook.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <utility>

#include "engine/profile/profile_json.h"
#include "index/workbook/workbook_parts.h"
#include "index/workbook/workbook_tables.h"
#include "index/workbook/workbook_xml.h"

namespace counterpart::index {
namespace {

constexpr std::uint64_t kMaxRows = 1'048'576;  // of the format
constexpr double kSecondsOfADay = 86'400;
constexpr double kLastDay = 2'958'466;  // 10000-01-01

// "BC17" -> 54; nothing where there is no column.
std::optional<std::size_t> column_of(std::string_view reference) {
  std::size_t column = 0;
  for (const char c : reference) {
    if (c < 'A' || c > 'Z') break;
    if (column > kMaxSheetColumns) return kMaxSheetColumns;
    column = column * 26 + static_cast<std::size_t>(c - 'A') + 1;
  }
  return column == 0 ? std::nullopt : std::optional(column - 1);
}

std::optional<double> double_of(std::string_view text) {
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = failed == std::errc() && end == text.data() + text.size() && std::isfinite(value);
  return whole ? std::optional(value) : std::nullopt;
}

template <class Number>
Number number_or(std::string_view text, Number otherwise) {
  Number value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failed == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

// .1 + .2 is stored as 0.30000000000000004, and shown as 0.3.
std::string shown(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, std::abs(value) < 1e15 && value == std::floor(value) ? "%.0f" : "%.15g", value);
  return buffer;
}

// Day 1 is 1900-01-01, and 60 a 29 February that was not; or day 0 is 1904-01-01.
std::string date_of(double serial, bool since_1904) {
  double day = std::floor(serial);
  auto second = std::llround((serial - day) * kSecondsOfADay);
  if (second == static_cast<long long>(kSecondsOfADay)) second = 0, ++day;
  if (!since_1904 && day < 60) ++day;
  using namespace std::chrono;
  const sys_days zero = since_1904 ? sys_days(year(1904) / 1 / 1) : sys_days(year(1899) / 12 / 30);
  const year_month_day date(zero + days(static_cast<int>(day)));
  char buffer[64];
  const int size = std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02u", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  if (second != 0)
    std::snprintf(buffer + size, sizeof buffer - static_cast<std::size_t>(size), " %02lld:%02lld:%02lld", second / 3600,
                  second / 60 % 60, second % 60);
  return buffer;
}

}  // namespace

struct Workbook::Impl {
  std::unique_ptr<WorkbookParts> parts;
  WorkbookTables tables;
  std::unique_ptr<XmlPart> sheet;
  SheetRow row;
  std::uint64_t last_row = 0;
  std::size_t bytes = 0;  // of the row
  // The cell under way.
  std::size_t column = 0, next_column = 0, format = 0;
  std::string type, value;
  bool in_cell = false, reading = false, has_formula = false, phonetic = false;

  void refuse(std::string message, std::string remedy) {
    sheet->refuse({ErrorCode::kTooLarge, "row " + std::to_string(row.number), std::move(message), std::move(remedy)});
  }

  void start(std::string_view element, const XmlAttributes& attributes) {
    if (element == "row") return start_row(attributes);
    if (element == "c") return start_cell(attributes);
    if (!in_cell) return;
    if (element == "f") has_formula = true;
    if (element == "rPh") phonetic = true;
    reading = element == "v" || (element == "t" && !phonetic);
  }

  void start_row(const XmlAttributes& attributes) {
    row = {};
    bytes = next_column = 0;
    row.number = number_or<std::uint64_t>(attributes.get("r"), last_row + 1);
    if (row.number <= last_row || row.number > kMaxRows)
      return refuse("its number is out of order", "open the workbook in a spreadsheet program and save it again as .xlsx");
    last_row = row.number;
  }

  void start_cell(const XmlAttributes& attributes) {
    in_cell = true;
    has_formula = phonetic = reading = false;
    value.clear();
    type = attributes.get("t");
    format = number_or<std::size_t>(attributes.get("s"), 0);
    column = column_of(attributes.get("r")).value_or(next_column);
    next_column = column + 1;
    if (column >= kMaxSheetColumns)
      refuse("has more than " + std::to_string(kMaxSheetColumns) + " columns", "delete the columns that no profile needs");
  }

  void end(std::string_view element) {
    if (element == "c" && in_cell) return end_cell();
    if (element == "v" || element == "t") reading = false;
    if (element == "rPh") phonetic = false;
    if (element == "row" && (!row.cells.empty() || row.too_long)) sheet->pause();
  }

  void text(std::string_view piece) {
    if (in_cell && reading && value.size() <= kMaxProfileBytes) value += piece;
  }

  void end_cell() {
    in_cell = false;
    std::string shown = take();
    if (shown.empty() || row.too_long) return;
    if ((bytes += shown.size()) > kMaxProfileBytes) {
      row.cells.clear();
      row.too_long = true;
      return;
    }
    if (row.cells.size() <= column) row.cells.resize(column + 1);
    row.cells[column] = std::move(shown);
  }

  // A cell that holds no value stays empty, with a fault; its row is one all the same.
  std::string fault(std::string message, std::string remedy) {
    if (row.cells.size() <= column) row.cells.resize(column + 1);
    row.faults.push_back({column, std::move(message), std::move(remedy)});
    return {};
  }

  // What the cell shows.
  std::string take() {
    if (has_formula) return fault("holds a formula", "copy the column, and paste it as values");
    if (value.empty()) return {};
    if (type == "s") {
      const std::size_t number = number_or(value, tables.texts.size());
      if (number >= tables.texts.size()) return fault("refers to a text that is not there", "write it again");
      return tables.texts[number];
    }
    if (type == "inlineStr" || type == "str") return without_escapes(value);
    if (type == "b") return value == "1" || value == "true" ? "true" : "false";
    if (type == "e") return value;  // "#N/A"; whoever reads the cells knows them
    if (type == "d") return value;  // ISO 8601
    const std::optional<double> number = double_of(value);
    if (!number) return fault("holds what is no number, though it says so", "write it again");
    const bool date = format < tables.dates.size() && tables.dates[format] && *number >= 1 && *number < kLastDay;
    return date ? date_of(*number, tables.days_since_1904) : index::shown(*number);
  }
};

Workbook::Workbook(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Workbook::~Workbook() = default;

Result<std::unique_ptr<Workbook>> Workbook::open(std::string bytes) {
  auto impl = std::make_unique<Impl>();
  Result<std::unique_ptr<WorkbookParts>> parts = WorkbookParts::open(std::move(bytes));
  if (!parts) return tl::unexpected(parts.error());
  impl->parts = std::move(*parts);
  Result<WorkbookTables> tables = read_tables(*impl->parts);
  if (!tables) return tl::unexpected(tables.error());
  impl->tables = std::move(*tables);
  auto part = impl->parts->part(impl->tables.sheet_part);
  if (!part) return tl::unexpected(part.error());
  Impl* own = impl.get();
  impl->sheet = std::make_unique<XmlPart>(
      impl->tables.sheet_part, std::move(*part),
      XmlHandlers{[own](std::string_view element, const XmlAttributes& attributes) { own->start(element, attributes); },
                  [own](std::string_view element) { own->end(element); }, [own](std::string_view text) { own->text(text); }});
  return std::unique_ptr<Workbook>(new Workbook(std::move(impl)));
}

Result<std::optional<SheetRow>> Workbook::next() {
  const Result<bool> paused = impl_->sheet->read_on();
  if (!paused) return tl::unexpected(paused.error());
  if (!*paused) return std::nullopt;
  return std::exchange(impl_->row, {});
}

const std::string& Workbook::sheet() const { return impl_->tables.sheet_name; }

}  // namespace counterpart::index
