// CSV: a header of member names, `;` inside a cell for lists, dots for nested members.
#include <csv.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "engine/profile_json.h"
#include "index/bulk_input.h"
#include "index/importer.h"

namespace counterpart {
namespace {

namespace json = boost::json;

enum class Cell : std::uint8_t { kText, kNumber, kFlag, kList, kIdentifiers };
struct Column {
  std::string_view name;
  Cell cell;
};
// Every member of the contract's table; a value of the wrong type is passed on as text, for parse_profile to refuse.
constexpr Column kColumns[] = {
    {"id", Cell::kText},
    {"kind", Cell::kText},
    {"title", Cell::kText},
    {"gender", Cell::kText},
    {"summary", Cell::kText},
    {"offers", Cell::kText},
    {"seeks", Cell::kText},
    {"lang", Cell::kText},
    {"country", Cell::kText},
    {"countries_of_activity", Cell::kList},
    {"roles", Cell::kList},
    {"organisation.type", Cell::kText},
    {"organisation.size", Cell::kText},
    {"organisation.founded", Cell::kNumber},
    {"organisation.employees", Cell::kNumber},
    {"organisation.women_owned", Cell::kFlag},
    {"organisation.women_led", Cell::kFlag},
    {"organisation.languages", Cell::kList},
    {"organisation.identifiers", Cell::kIdentifiers},
    {"organisation.legal_name", Cell::kText},
    {"sectors", Cell::kList},
    {"products", Cell::kList},
    {"technologies", Cell::kList},
    {"themes", Cell::kList},
    {"sdgs", Cell::kList},
    {"cooperation", Cell::kList},
    {"stage", Cell::kText},
    {"trl", Cell::kNumber},
    {"ipr", Cell::kText},
    {"finance.offered.min", Cell::kNumber},
    {"finance.offered.max", Cell::kNumber},
    {"finance.offered.currency", Cell::kText},
    {"finance.offered.instruments", Cell::kList},
    {"finance.sought.min", Cell::kNumber},
    {"finance.sought.max", Cell::kNumber},
    {"finance.sought.currency", Cell::kText},
    {"finance.sought.instruments", Cell::kList},
    {"partner.countries", Cell::kList},
    {"partner.exclude_countries", Cell::kList},
    {"partner.country_groups", Cell::kList},
    {"partner.kinds", Cell::kList},
    {"partner.roles", Cell::kList},
    {"partner.sizes", Cell::kList},
    {"partner.languages", Cell::kList},
    {"partner.sectors", Cell::kList},
    {"capacity", Cell::kNumber},
    {"programmes", Cell::kList},
    {"office", Cell::kText},
    {"valid_until", Cell::kText},
    {"contact.person", Cell::kText},
    {"contact.email", Cell::kText},
    {"contact.phone", Cell::kText},
    {"contact.website", Cell::kText},
    {"contact.address", Cell::kText},
};

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (bool more = true; more;) {
    const auto end = text.find(';');
    more = end != std::string_view::npos;
    if (const auto part = trim(text.substr(0, end)); !part.empty()) parts.push_back(part);
    if (more) text.remove_prefix(end + 1);
  }
  return parts;
}

json::value number(std::string_view text) {
  json::error_code error;
  auto value = json::parse(text, error);
  return !error && value.is_number() ? value : json::value(json::string(text));
}

json::value flag(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (lower == "true" || lower == "false") return lower == "true";
  return json::string(text);
}

json::value value_of(Cell cell, std::string_view text) {
  if (cell == Cell::kNumber) return number(trim(text));
  if (cell == Cell::kFlag) return flag(trim(text));
  if (cell == Cell::kText) return json::string(trim(text));
  json::array list;
  for (const auto part : split(text)) {
    if (cell == Cell::kList) {
      list.emplace_back(json::string(part));
      continue;
    }
    const auto equals = std::min(part.find('='), part.size());  // scheme=id
    const auto id = part.substr(std::min(equals + 1, part.size()));
    list.emplace_back(json::object{{"scheme", trim(part.substr(0, equals))}, {"id", trim(id)}});
  }
  return list;
}

void set(json::object& profile, std::string_view name, json::value value) {
  json::object* at = &profile;
  for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    json::value& member = (*at)[name.substr(0, dot)];
    if (!member.is_object()) member = json::object();
    at = &member.as_object();
    name.remove_prefix(dot + 1);
  }
  (*at)[name] = std::move(value);
}

struct Row {
  std::uint64_t line = 0;
  std::vector<std::string> cells;
};

class CsvReader : public BulkReader {
 public:
  explicit CsvReader(std::istream& in) : input_(in) { ready_ = csv_init(&parser_, 0) == 0; }
  ~CsvReader() override {
    if (ready_) csv_free(&parser_);
  }
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  Result<std::optional<Raw>> next() override {
    if (columns_.empty()) {
      const auto header = next_row();
      if (!header) return tl::unexpected(header.error());
      if (!*header) return std::nullopt;
      if (const auto read = read_header(**header); !read) return tl::unexpected(read.error());
    }
    const auto row = next_row();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return std::nullopt;
    return convert(**row);
  }

 private:
  static void on_cell(void* text, std::size_t size, void* self) {
    auto& reader = *static_cast<CsvReader*>(self);
    if (reader.current_.cells.empty()) reader.current_.line = reader.row_line_;
    reader.current_.cells.emplace_back(static_cast<const char*>(text), size);
  }
  static void on_row(int, void* self) {
    auto& reader = *static_cast<CsvReader*>(self);
    reader.rows_.push_back(std::exchange(reader.current_, {}));
    reader.in_row_ = false;
  }

  Result<std::optional<Row>> next_row() {
    while (rows_.empty()) {
      if (!ready_) return fail(ErrorCode::kInternal, {}, "there is no memory for the CSV parser");
      if (ended_) return std::nullopt;
      if (const auto fed = feed(); !fed) return tl::unexpected(fed.error());
    }
    Row row = std::move(rows_.front());
    rows_.pop_front();
    return row;
  }

  // One line, or as much of it as there is: the parser does not tell lines, and a quoted cell may hold several.
  Status feed() {
    if (rest_.empty()) {
      const auto bytes = input_.next();
      if (!bytes) return tl::unexpected(bytes.error());
      rest_ = *bytes;
    }
    if (rest_.empty()) {
      ended_ = true;
      csv_fini(&parser_, on_cell, on_row, this);
      return {};
    }
    const auto end = rest_.find('\n');
    const auto part = rest_.substr(0, end == std::string_view::npos ? end : end + 1);
    rest_.remove_prefix(part.size());
    if (!in_row_) {
      row_line_ = line_;
      row_bytes_ = 0;
    }
    in_row_ = true;
    row_bytes_ += part.size();
    if (end != std::string_view::npos) ++line_;
    if (row_bytes_ > kMaxProfileBytes)
      return fail(ErrorCode::kTooLarge, "line " + std::to_string(row_line_), "the row is longer than 1 MiB",
                  "look for a quotation mark that is not closed");
    const auto parsed = csv_parse(&parser_, part.data(), part.size(), on_cell, on_row, this);
    if (parsed != part.size())
      return fail(ErrorCode::kInvalid, "line " + std::to_string(line_), csv_strerror(csv_error(&parser_)));
    // A blank line begins no row.
    if (in_row_ && current_.cells.empty() && trim(part).empty() && parser_.quoted == 0) in_row_ = false;
    return {};
  }

  Status read_header(const Row& header) {
    for (const auto& cell : header.cells) {
      const auto name = trim(cell);
      const auto* found = std::find_if(std::begin(kColumns), std::end(kColumns),
                                       [&](const Column& column) { return column.name == name; });
      const std::string place = "line " + std::to_string(header.line) + ", " + std::string(name.substr(0, 80));
      if (found == std::end(kColumns))
        return fail(ErrorCode::kInvalid, place, "is no member of a profile", "name the columns as in the contract");
      if (std::find(columns_.begin(), columns_.end(), found) != columns_.end())
        return fail(ErrorCode::kInvalid, place, "heads two columns", "keep one of them");
      columns_.push_back(found);
    }
    return {};
  }

  Raw convert(const Row& row) const {
    Raw raw;
    raw.line = row.line;
    raw.bytes_read = input_.bytes_read() - rest_.size();
    if (row.cells.size() != columns_.size()) {
      raw.refused = Error{ErrorCode::kInvalid, "row",
                          "has " + std::to_string(row.cells.size()) + " cells, the header has " +
                              std::to_string(columns_.size()),
                          "put cells that hold a comma or a quotation mark in quotation marks"};
      return raw;
    }
    json::object profile;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (!trim(row.cells[i]).empty()) set(profile, columns_[i]->name, value_of(columns_[i]->cell, row.cells[i]));
    raw.json = json::serialize(profile);
    return raw;
  }

  BulkInput input_;
  csv_parser parser_{};
  bool ready_ = false, ended_ = false, in_row_ = false;
  std::string_view rest_;
  std::uint64_t line_ = 1, row_line_ = 1;
  std::size_t row_bytes_ = 0;
  Row current_;
  std::deque<Row> rows_;
  std::vector<const Column*> columns_;
};

}  // namespace

std::unique_ptr<BulkReader> read_csv(std::istream& in) { return std::make_unique<CsvReader>(in); }

}  // namespace counterpart
