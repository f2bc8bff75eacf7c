#include "index/bulk/bulk_table.h"

#include <algorithm>
#include <boost/json.hpp>

#include "index/bulk/bulk_code_page.h"

namespace counterpart::index {

bool is_blank_row(const std::vector<std::string>& cells) {
  return std::ranges::all_of(cells, [](const std::string& cell) { return trim_cell(cell).empty(); });
}

std::size_t columns_among(const std::vector<std::string>& cells) {
  return static_cast<std::size_t>(
      std::ranges::count_if(cells, [](const std::string& cell) { return csv_column(cell) != nullptr; }));
}

Status BulkTable::read_header(const std::vector<std::string>& cells, const std::string& line) {
  if (columns_among(cells) == 0)
    return fail(ErrorCode::kInvalid, line, "none of its cells is the name of a column",
                "begin with a line of names, such as id, kind, title, country, offers, parted by commas, semicolons or tabs");
  for (const auto& cell : cells) {
    const auto name = trim_cell(cell);
    const CsvColumn* found = name.empty() ? nullptr : csv_column(name);
    const std::string place = line + ", " + std::string(name.substr(0, 80));
    if (!found && !name.empty()) return fail(ErrorCode::kInvalid, place, "is no member of a profile", csv_column_meant(name));
    if (found && std::ranges::find(columns_, found) != columns_.end())
      return fail(ErrorCode::kInvalid, place, "heads two columns", "keep one of them");
    if (found && stands_in(found->name))
      return fail(ErrorCode::kInvalid, place, "is in another column too, the whole list or an entry of it",
                  "keep one of the two ways");
    if (found && found->name == "kind") kind_at_ = columns_.size();
    columns_.push_back(found);
  }
  return {};
}

bool BulkTable::stands_in(const std::string& name) const {
  const auto list_of = [](const std::string& one) { return one.substr(0, one.find('[')); };
  return std::ranges::any_of(columns_, [&](const CsvColumn* other) {
    return other && list_of(other->name) == list_of(name) && (other->name == list_of(name) || name == list_of(name));
  });
}

void BulkTable::read_row(const std::vector<std::string>& cells, const std::string& advice, BulkReader::Raw& raw) const {
  boost::json::object profile;
  std::vector<Error> unused;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const CsvColumn* column = this->column(i);
    if (!is_utf8(cells[i])) {
      raw.faults.push_back({ErrorCode::kInvalid, column ? column->name : "row",
                            "is not in UTF-8, and the file does not show for certain in what it is", advice});
      if (column) read_cell(*column, "?", taxonomy_, profile, unused);
    } else if (column) {
      read_cell(*column, cells[i], taxonomy_, profile, raw.faults);
    } else if (!trim_cell(cells[i]).empty()) {
      raw.faults.push_back({ErrorCode::kInvalid, "row", "cell " + std::to_string(i + 1) + " stands in a column without a name",
                            "name the column, or empty it"});
    }
  }
  close_gaps(profile);
  raw.json = boost::json::serialize(profile);
}

}  // namespace counterpart::index
