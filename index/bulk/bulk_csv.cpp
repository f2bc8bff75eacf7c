// CSV as spreadsheets write it: a header of member names, `;` inside a cell for lists, dots for nested members.
//
// A quotation mark that is missing or too many makes the rest of a file one cell. So a row that ends wrong, or that holds
// lines which look like rows, is given up at its first line, and reading begins anew with the line after.
#include <csv.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/nearest.h"
#include "engine/profile/profile_check.h"
#include "engine/profile/profile_json.h"
#include "engine/taxonomy/vocabulary.h"
#include "index/bulk/bulk_code_page.h"
#include "index/bulk/bulk_input.h"
#include "index/bulk/bulk_reader.h"
#include "index/bulk/bulk_table.h"

namespace counterpart::index {
namespace {

using Cells = std::vector<std::string>;

// libcsv, one row at a time.
class RowParser {
 public:
  RowParser(char separator, unsigned char options) {
    ready_ = csv_init(&parser_, options) == 0;
    csv_set_delim(&parser_, static_cast<unsigned char>(separator));
  }
  ~RowParser() { csv_free(&parser_); }
  RowParser(const RowParser&) = delete;
  RowParser& operator=(const RowParser&) = delete;

  // False: a quotation mark stands where none may.
  bool add(std::string_view text) {
    return ready_ && csv_parse(&parser_, text.data(), text.size(), on_cell, on_row, this) == text.size();
  }
  bool ended() const { return ended_; }
  bool in_quotes() const { return parser_.quoted != 0; }
  Cells take() { return std::move(cells_); }

 private:
  static void on_cell(void* text, std::size_t size, void* self) {
    static_cast<RowParser*>(self)->cells_.emplace_back(static_cast<const char*>(text), size);
  }
  static void on_row(int, void* self) { static_cast<RowParser*>(self)->ended_ = true; }

  csv_parser parser_{};
  bool ready_ = false, ended_ = false;
  Cells cells_;
};

// One line by itself, whatever its quotation marks.
Cells cells_of(std::string_view line, char separator) {
  RowParser parser(separator, 0);
  (void)parser.add(line);
  (void)parser.add("\n");
  return parser.take();
}

struct Row {
  std::uint64_t line = 0;
  Cells cells;
  std::optional<Error> fault;  // the line is then its one cell
};

class CsvReader : public BulkReader {
 public:
  CsvReader(std::istream& in, const Taxonomy& taxonomy, const BulkOptions& options)
      : input_(in, options.stop), table_(taxonomy, options), encoding_(options.encoding) {}

  const SentTable* sent() const override { return table_.has_header() ? &table_.sent() : nullptr; }

  Result<std::optional<Raw>> next() override {
    if (!table_.has_header()) {
      const auto begun = begin();
      if (!begun) return tl::unexpected(begun.error());
      if (!*begun) return std::nullopt;
    }
    for (;;) {
      auto row = next_row();
      if (!row) return tl::unexpected(row.error());
      if (!*row) return table_.end();
      if ((*row)->fault || !table_.is_blank((*row)->cells)) return convert(std::move(**row));
    }
  }

 private:
  // ---- lines and rows

  Result<std::optional<BulkLine>> next_line() {
    if (again_.empty()) return lines_.next();
    BulkLine line = std::move(again_.front());
    again_.pop_front();
    return line;
  }

  // Gives up the row of `lines` at its first line; those that hold a separator may be rows of their own.
  Row give_up(std::vector<BulkLine> lines, std::string message, std::string remedy) {
    Row row{
        lines.front().number, {lines.front().text}, Error{ErrorCode::kInvalid, "row", std::move(message), std::move(remedy)}};
    auto next = lines.begin() + 1;
    while (next != lines.end() && !next->too_long && next->text.find(separator_) == std::string::npos) ++next;
    again_.insert(again_.begin(), std::make_move_iterator(next), std::make_move_iterator(lines.end()));
    return row;
  }

  // A line inside a cell of several lines that reads like a row of this file.
  bool looks_like_row(const BulkLine& line) const {
    const Cells cells = cells_of(line.text, separator_);
    return table_.kind_at() < cells.size() && cells.size() == table_.width() &&
           parse_word<Kind>(lower_case(trim_cell(cells[table_.kind_at()]))).has_value();
  }

  Result<std::optional<Row>> next_row() {
    static const std::string kRemedy =
        "put cells that hold a separator, a line break or a quotation mark in quotation marks, "
        "and double those inside";
    RowParser parser(separator_, CSV_STRICT);
    std::vector<BulkLine> lines;
    std::size_t size = 0;
    for (;;) {
      auto line = next_line();
      if (!line) return tl::unexpected(line.error());
      if (!*line) {
        if (lines.empty()) return std::nullopt;
        return give_up(std::move(lines), "a quotation mark is opened and never closed", kRemedy);
      }
      size += (*line)->text.size() + 1;
      lines.push_back(std::move(**line));
      const BulkLine& last = lines.back();
      if (last.too_long || size > kMaxProfileBytes + 1) {
        if (lines.size() > 1)
          return give_up(std::move(lines), "is longer than 1 MiB: a quotation mark is opened and not closed", kRemedy);
        return Row{
            last.number, {std::string()}, Error{ErrorCode::kTooLarge, "row", "is longer than 1 MiB", "shorten its texts"}};
      }
      if (!parser.add(last.text) || !parser.add("\n")) {
        std::string message = "a quotation mark stands in the middle of a cell";
        if (lines.size() > 1) message += ", on line " + std::to_string(last.number);
        return give_up(std::move(lines), std::move(message), kRemedy);
      }
      if (parser.ended()) break;
      if (!parser.in_quotes()) lines.clear(), size = 0;  // a blank line begins no row
    }
    if (std::any_of(lines.begin() + 1, lines.end(), [&](const BulkLine& line) { return looks_like_row(line); }))
      return give_up(std::move(lines), "a cell in quotation marks holds other rows", kRemedy);
    return Row{lines.front().number, parser.take(), std::nullopt};
  }

  // ---- the header

  // False: the file is empty.
  Result<bool> begin() {
    if (Status decoded = choose_encoding(); !decoded) return tl::unexpected(decoded.error());
    for (;;) {
      auto line = lines_.next();
      if (!line) return tl::unexpected(line.error());
      if (!*line) return false;
      if (take_separator((*line)->text)) continue;
      if (table_.is_blank(cells_of((*line)->text, separator_))) continue;
      choose_separator((*line)->text);
      again_.push_back(std::move(**line));
      break;
    }
    auto header = next_row();
    if (!header) return tl::unexpected(header.error());
    if (!*header) return false;
    if ((*header)->fault) {
      Error fault = *(*header)->fault;
      fault.place = "line " + std::to_string((*header)->line);
      return tl::unexpected(std::move(fault));
    }
    table_.parted_by(separator_);
    if (Status read = table_.read_header((*header)->cells, "line", (*header)->line); !read) return tl::unexpected(read.error());
    return true;
  }

  // "sep=;", as Excel writes and reads it.
  bool take_separator(std::string_view text) {
    text = trim_cell(text);
    if (text.starts_with('"') && text.ends_with('"') && text.size() > 1) text = text.substr(1, text.size() - 2);
    if (text.size() == 4 && equal_but_case(text, "sep=")) text = "sep=\t";  // its blank was trimmed
    if (text.size() != 5 || !equal_but_case(text.substr(0, 4), "sep=") || text[4] == '"') return false;
    separator_ = text[4];
    separator_given_ = true;
    return true;
  }

  // The one by which most of the header's cells are names of columns.
  void choose_separator(std::string_view header) {
    if (separator_given_) return;
    std::size_t most = 0;
    for (const char separator : {',', ';', '\t', '|'}) {
      const std::size_t known = table_.columns_among(cells_of(header, separator));
      if (known > most) {
        most = known;
        separator_ = separator;
      }
    }
  }

  // ---- encodings

  Status choose_encoding() {
    const auto sample = input_.peek();
    if (!sample) return tl::unexpected(sample.error());
    if (sample->starts_with("PK\x03\x04") || sample->starts_with("\xD0\xCF\x11\xE0"))
      return fail(ErrorCode::kInvalid, "line 1", "is a workbook, not a CSV file",
                  "name it .xlsx, or save it as \"CSV UTF-8\" from the spreadsheet program");
    if (!encoding_.empty()) return input_.decode(encoding_);
    if (input_.marked()) return {};
    encoding_ = guess_encoding(*sample);
    if (encoding_.empty()) return {};
    guessed_ = true;
    return input_.decode(encoding_);
  }

  // ---- a row's cells

  Raw convert(Row row) {
    Raw raw;
    raw.line = row.line;
    raw.bytes_read = lines_.bytes_read();
    if (row.fault) {
      raw.refused = std::move(row.fault);
      table_.keep_row(std::move(row.cells), raw);
      return raw;
    }
    // A spreadsheet fills rows up to its widest.
    while (row.cells.size() > table_.width() && trim_cell(row.cells.back()).empty()) row.cells.pop_back();
    if (row.cells.size() != table_.width()) {
      raw.refused =
          Error{ErrorCode::kInvalid, "row",
                "has " + std::to_string(row.cells.size()) + " cells, the header has " + std::to_string(table_.width()),
                std::string("put cells that hold a ") +
                    (separator_ == ','   ? "comma"
                     : separator_ == ';' ? "semicolon"
                                         : "separator") +
                    " or a quotation mark in quotation marks"};
      table_.keep_row(std::move(row.cells), raw);
      return raw;
    }
    table_.read_row(std::move(row.cells), "save it as \"CSV UTF-8\", or say what it is, as in --encoding windows-1252", raw);
    if (std::exchange(guessed_, false))
      raw.remarks.push_back({ErrorCode::kInvalid, std::string(kOfFile), "is not in UTF-8 and is read as " + encoding_,
                             "look at its accents and other letters"});
    return raw;
  }

  BulkInput input_;
  BulkLines lines_{input_};
  BulkTable table_;
  std::string encoding_;
  bool guessed_ = false;
  char separator_ = ',';
  bool separator_given_ = false;
  std::deque<BulkLine> again_;  // lines to be read once more, before those of lines_
};

}  // namespace

std::unique_ptr<BulkReader> read_csv(std::istream& in, const Taxonomy& taxonomy, const BulkOptions& options) {
  return std::make_unique<CsvReader>(in, taxonomy, options);
}

}  // namespace counterpart::index
