#include "server/tables/cells.h"

#include <cmath>
#include <cstdio>
#include <vector>

namespace counterpart::server {

Cell cell_of(const boost::json::value& scalar) {
  if (scalar.is_bool()) return scalar.as_bool();
  if (scalar.is_number()) return scalar.to_number<double>();
  return scalar.is_string() ? std::string(scalar.as_string()) : std::string();
}

std::string cell_text(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* flag = std::get_if<bool>(&cell)) return *flag ? "true" : "false";
  const double number = std::get<double>(cell);
  char text[32];
  std::snprintf(text, sizeof text, std::abs(number) < 1e15 && number == std::floor(number) ? "%.0f" : "%.15g", number);
  return text;
}

void add_row(CsvWriter& csv, const Cells& cells) {
  std::vector<std::string> texts;
  std::vector<CsvCell> row;
  for (const Cell& cell : cells) texts.push_back(cell_text(cell));
  for (std::size_t i = 0; i < cells.size(); ++i) row.push_back({texts[i], std::holds_alternative<std::string>(cells[i])});
  csv.row(row);
}

}  // namespace counterpart::server
