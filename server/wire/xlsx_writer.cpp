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

Result<std::string> write_workbook(std::span<const std::string> header, std::span<const Cells> rows, const SheetStyle& style) {
  if (rows.size() > kMostRows)
    return fail(ErrorCode::kTooLarge, {}, "has more rows than a workbook can hold", "ask for fewer, or for CSV or JSON");
  const MemoryFile file;
  const auto no_memory = [] { return fail(ErrorCode::kInternal, {}, "there is no memory for a workbook"); };
  if (!file.is_open()) return no_memory();
  lxw_workbook_options options{.constant_memory = LXW_TRUE, .tmpdir = nullptr, .use_zip64 = LXW_FALSE};
  lxw_workbook* workbook = workbook_new_opt(file.name().c_str(), &options);
  if (!workbook) return no_memory();
  SheetWriter sheet(workbook, style);
  if (sheet.ready()) {
    sheet.header(header);
    for (std::size_t i = 0; i < rows.size(); ++i) sheet.row(i + 1, rows[i]);
    sheet.filters(rows.size(), header.size());
  }
  const bool ready = sheet.ready();
  if (workbook_close(workbook) != LXW_NO_ERROR || !ready) return no_memory();  // it frees the workbook
  return file.bytes();
}

}  // namespace counterpart::server
