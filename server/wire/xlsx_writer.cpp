#include "server/wire/xlsx_writer.h"

#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <string_view>

namespace counterpart::server {
namespace {

constexpr std::size_t kMostRows = LXW_ROW_MAX - 1;  // one is the header's
constexpr std::size_t kMostOfACell = 32'767;        // characters of UTF-16, of which a byte of UTF-8 is never more than one
constexpr std::string_view kCut = " [...] (longer than a cell can hold: the JSON answer has all of it)";
constexpr double kLeastWidth = 10, kMostWidth = 60;  // of a column, in characters

// A file that has no name on any disk.
class MemoryFile {
 public:
  MemoryFile() : file_(::memfd_create("workbook", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (file_ >= 0) ::close(file_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  bool is_open() const { return file_ >= 0; }
  std::string name() const { return "/proc/self/fd/" + std::to_string(file_); }
  std::string bytes() const {
    std::string all;
    char piece[1 << 16];
    for (off_t at = 0;;) {
      const ssize_t size = ::pread(file_, piece, sizeof piece, at);
      if (size <= 0) return all;
      all.append(piece, static_cast<std::size_t>(size));
      at += size;
    }
  }

 private:
  int file_;
};

std::string fitting(const std::string& text) {
  if (text.size() <= kMostOfACell) return text;
  std::size_t end = kMostOfACell - kCut.size();
  while ((static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;  // whole characters
  return text.substr(0, end) + std::string(kCut);
}

class SheetWriter {
 public:
  SheetWriter(lxw_workbook* workbook, const SheetStyle& style)
      : sheet_(workbook_add_worksheet(workbook, style.name.c_str())), bold_(workbook_add_format(workbook)) {
    if (!sheet_ || !bold_) return;
    format_set_bold(bold_);
    if (style.right_to_left) worksheet_right_to_left(sheet_);
  }
  bool ready() const { return sheet_ && bold_; }

  void header(std::span<const std::string> names) {
    for (std::size_t column = 0; column < names.size(); ++column) {
      worksheet_write_string(sheet_, 0, at(column), names[column].c_str(), bold_);
      const double width = std::clamp(2.0 * static_cast<double>(names[column].size()), kLeastWidth, kMostWidth);
      worksheet_set_column(sheet_, at(column), at(column), width, nullptr);
    }
    worksheet_freeze_panes(sheet_, 1, 0);
  }
  void filters(std::size_t rows, std::size_t columns) {
    if (columns > 0) worksheet_autofilter(sheet_, 0, 0, static_cast<lxw_row_t>(rows), at(columns - 1));
  }
  void row(std::size_t number, const Cells& cells) {
    const auto line = static_cast<lxw_row_t>(number);
    for (std::size_t column = 0; column < cells.size(); ++column) {
      const Cell& cell = cells[column];
      if (const auto* text = std::get_if<std::string>(&cell)) {
        if (!text->empty()) worksheet_write_string(sheet_, line, at(column), fitting(*text).c_str(), nullptr);
      } else if (const auto* value = std::get_if<double>(&cell)) {
        worksheet_write_number(sheet_, line, at(column), *value, nullptr);
      } else {
        worksheet_write_boolean(sheet_, line, at(column), std::get<bool>(cell) ? 1 : 0, nullptr);
      }
    }
  }

 private:
  static lxw_col_t at(std::size_t column) { return static_cast<lxw_col_t>(column); }

  lxw_worksheet* sheet_;
  lxw_format* bold_;
};

}  // namespace

namespace {

// What `fill` makes of a new workbook; false: there is no memory.
template <class Fill>
Result<std::string> written(bool row_by_row, const Fill& fill) {
  const MemoryFile file;
  const auto no_memory = [] { return fail(ErrorCode::kInternal, {}, "there is no memory for a workbook"); };
  if (!file.is_open()) return no_memory();
  lxw_workbook_options options{.constant_memory = static_cast<std::uint8_t>(row_by_row ? LXW_TRUE : LXW_FALSE),
                               .tmpdir = nullptr,
                               .use_zip64 = LXW_FALSE};
  lxw_workbook* workbook = workbook_new_opt(file.name().c_str(), &options);
  if (!workbook) return no_memory();
  const bool ready = fill(workbook);
  if (workbook_close(workbook) != LXW_NO_ERROR || !ready) return no_memory();  // it frees the workbook
  return file.bytes();
}

// The lists of a sheet to be filled in, a column each, and what lets a column choose from its own.
class BlankWriter {
 public:
  BlankWriter(lxw_workbook* workbook, const BlankSheet& blank)
      : blank_(blank), sheet_(workbook_add_worksheet(workbook, blank.style.name.c_str())),
        lists_(workbook_add_worksheet(workbook, blank.lists.name.c_str())), bold_(workbook_add_format(workbook)) {}

  bool fill() {
    if (!sheet_ || !lists_ || !bold_) return false;
    format_set_bold(bold_);
    if (blank_.style.right_to_left) worksheet_right_to_left(sheet_);
    if (blank_.lists.right_to_left) worksheet_right_to_left(lists_);
    worksheet_freeze_panes(sheet_, 1, 0);
    worksheet_freeze_panes(lists_, 1, 0);
    for (std::size_t i = 0; i < blank_.columns.size(); ++i) column(static_cast<lxw_col_t>(i), blank_.columns[i]);
    return true;
  }

 private:
  void column(lxw_col_t at, const BlankColumn& column) {
    worksheet_set_column(sheet_, at, at, column.width, nullptr);
    worksheet_write_string(sheet_, 0, at, column.heading.c_str(), bold_);
    if (!column.note.empty()) worksheet_write_comment(sheet_, 0, at, column.note.c_str());
    if (column.list.empty()) return;
    worksheet_set_column(lists_, next_, next_, 30, nullptr);
    worksheet_write_string(lists_, 0, next_, column.heading.c_str(), bold_);
    lxw_row_t row = 0;
    for (const std::string& entry : column.list) worksheet_write_string(lists_, ++row, next_, entry.c_str(), nullptr);
    char first[LXW_MAX_CELL_NAME_LENGTH], last[LXW_MAX_CELL_NAME_LENGTH];
    lxw_rowcol_to_cell_abs(first, 1, next_, 1, 1);
    lxw_rowcol_to_cell_abs(last, row, next_, 1, 1);
    std::string formula = "='" + blank_.lists.name + "'!" + first + ":" + last, error = blank_.error;
    lxw_data_validation choice{};
    choice.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
    choice.value_formula = formula.data();
    choice.show_error = static_cast<std::uint8_t>(column.several ? LXW_VALIDATION_OFF : LXW_VALIDATION_ON);
    if (!column.several) choice.error_message = error.data();
    worksheet_data_validation_range(sheet_, 1, at, static_cast<lxw_row_t>(blank_.rows), at, &choice);
    ++next_;
  }

  const BlankSheet& blank_;
  lxw_worksheet *sheet_, *lists_;
  lxw_format* bold_;
  lxw_col_t next_ = 0;  // of the lists' sheet
};

}  // namespace

Result<std::string> write_workbook(std::span<const std::string> header, std::span<const Cells> rows, const SheetStyle& style) {
  std::size_t at = 0;
  return write_workbook(
      header, [&] { return at < rows.size() ? std::optional(rows[at++]) : std::nullopt; }, style);
}

Result<std::string> write_workbook(std::span<const std::string> header, const std::function<std::optional<Cells>()>& next,
                                   const SheetStyle& style) {
  bool too_many = false;
  Result<std::string> bytes = written(true, [&](lxw_workbook* workbook) {
    SheetWriter sheet(workbook, style);
    if (!sheet.ready()) return false;
    sheet.header(header);
    std::size_t rows = 0;
    for (auto row = next(); row && !too_many; row = next()) {
      too_many = rows == kMostRows;
      if (!too_many) sheet.row(++rows, *row);
    }
    sheet.filters(rows, header.size());
    return true;
  });
  if (too_many)
    return fail(ErrorCode::kTooLarge, {}, "has more rows than a workbook can hold", "ask for fewer, or for CSV or JSON");
  return bytes;
}

Result<std::string> write_blank(const BlankSheet& blank) {
  return written(false, [&](lxw_workbook* workbook) { return BlankWriter(workbook, blank).fill(); });
}

}  // namespace counterpart::server
