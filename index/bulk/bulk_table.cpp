#include "index/bulk/bulk_table.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <span>
#include <utility>

#include "engine/base/nearest.h"
#include "index/bulk/bulk_code_page.h"

namespace counterpart::index {
namespace {

const BulkWords& no_words() {
  static const BulkWords kNone;
  return kNone;
}

}  // namespace

std::optional<std::size_t> SentTable::column_of(std::string_view place) const {
  for (; !place.empty(); place = place.substr(0, std::min(place.find_last_of(".["), place.size() - 1))) {
    if (const auto found = std::ranges::find(members, place); found != members.end())
      return static_cast<std::size_t>(found - members.begin());
    if (place.find_first_of(".[") == place.npos) break;
  }
  return std::nullopt;
}

BulkTable::BulkTable(const Taxonomy& taxonomy, const BulkOptions& options)
    : codes_{taxonomy, options.words ? *options.words : no_words()}, keep_cells_(options.keep_cells) {}

// The contract's names go before all others, as programs write them.
BulkTable::Heading BulkTable::heading_of(std::string_view name) const {
  if (const CsvColumn* column = csv_column(name)) return {.column = column};
  if (codes_.words.is_answer(name)) return {.is_answer = true};
  const std::vector<CalledColumn> called = codes_.words.columns_called(name);
  if (called.size() == 1) return {.column = csv_column(called[0].column), .language = called[0].language};
  Heading heading;
  for (const CalledColumn& one : called) heading.several.push_back(one.column);
  return heading;
}

std::size_t BulkTable::columns_among(const std::vector<std::string>& cells) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(cells, [&](const std::string& cell) { return heading_of(trim_cell(cell)).column != nullptr; }));
}

Status BulkTable::read_header(const std::vector<std::string>& cells, const std::string& what, std::uint64_t number) {
  const std::string line = what + " " + std::to_string(number);
  if (columns_among(cells) == 0)
    return fail(ErrorCode::kInvalid, line, "none of its cells is the name of a column",
                "begin with a line of names, such as id, kind, title, country, offers, parted by commas, semicolons or tabs");
  std::map<std::string, std::size_t> languages;
  for (const auto& cell : cells) {
    const auto name = trim_cell(cell);
    const Heading heading = name.empty() ? Heading() : heading_of(name);
    const CsvColumn* found = heading.column;
    const std::string place = line + ", " + std::string(name.substr(0, 80));
    if (!heading.several.empty()) {
      const std::vector<std::string_view> several(heading.several.begin(), heading.several.end());
      return fail(ErrorCode::kInvalid, place, "may head several columns", "write which is meant: " + joined_with_or(several));
    }
    if (!found && !heading.is_answer && !name.empty())
      return fail(ErrorCode::kInvalid, place, "is no member of a profile", csv_column_meant(name, codes_.words));
    if (found && std::ranges::find(columns_, found) != columns_.end())
      return fail(ErrorCode::kInvalid, place, "heads two columns", "keep one of them");
    if (found && stands_in(found->name))
      return fail(ErrorCode::kInvalid, place, "is in another column too, the whole list or an entry of it",
                  "keep one of the two ways");
    if (found && found->name == "kind") kind_at_ = columns_.size();
    if (heading.is_answer) sent_.answers.push_back(columns_.size());
    if (found) ++languages[heading.language];
    columns_.push_back(found);
    sent_.members.push_back(found ? found->name : std::string());
  }
  sent_.header_line = number;
  sent_.header = cells;
  sent_.width = cells.size();
  while (sent_.width > 0 && trim_cell(cells[sent_.width - 1]).empty()) --sent_.width;
  sent_.language = std::ranges::max_element(languages, {}, [](const auto& one) { return one.second; })->first;
  return {};
}

bool BulkTable::is_blank(const std::vector<std::string>& cells) const {
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (!std::ranges::binary_search(sent_.answers, i) && !trim_cell(cells[i]).empty()) return false;
  return true;
}

Result<std::optional<BulkReader::Raw>> BulkTable::end() const {
  if (!has_header() || any_row_) return std::nullopt;
  return fail(ErrorCode::kInvalid, "line " + std::to_string(sent_.header_line + 1),
              "there are no rows below the names of the columns", "write one profile a row");
}

bool BulkTable::stands_in(const std::string& name) const {
  const auto list_of = [](const std::string& one) { return one.substr(0, one.find('[')); };
  return std::ranges::any_of(columns_, [&](const CsvColumn* other) {
    return other && list_of(other->name) == list_of(name) && (other->name == list_of(name) || name == list_of(name));
  });
}

void BulkTable::read_row(std::vector<std::string> cells, const std::string& advice, BulkReader::Raw& raw) {
  boost::json::object profile;
  std::vector<Error> unused;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (std::ranges::binary_search(sent_.answers, i)) continue;
    const CsvColumn* column = this->column(i);
    if (!is_utf8(cells[i])) {
      raw.faults.push_back({ErrorCode::kInvalid, column ? column->name : "row",
                            "is not in UTF-8, and the file does not show for certain in what it is", advice});
      if (column) read_cell(*column, "?", codes_, profile, unused);
    } else if (column) {
      read_cell(*column, guarded_ ? without_guard(cells[i]) : cells[i], codes_, profile, raw.faults);
    } else if (!trim_cell(cells[i]).empty()) {
      raw.faults.push_back({ErrorCode::kInvalid, "row", "cell " + std::to_string(i + 1) + " stands in a column without a name",
                            "name the column, or empty it"});
    }
  }
  close_gaps(profile);
  raw.json = boost::json::serialize(profile);
  keep_row(std::move(cells), raw);
}

void BulkTable::keep_row(std::vector<std::string> cells, BulkReader::Raw& raw) {
  any_row_ = true;
  sent_.width = std::max(sent_.width, cells.size());
  if (keep_cells_) raw.cells = std::move(cells);
}

}  // namespace counterpart::index
