// Values of JSON as cells, and rows of cells as CSV.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "server/layer.h"
#include "server/wire/csv_writer.h"
#include "server/wire/xlsx_writer.h"

namespace counterpart::server {

// Of a text, a number, a flag or null.
Cell cell_of(const boost::json::value& scalar);
std::string cell_text(const Cell& cell);
void add_row(CsvWriter& csv, const Cells& cells);

}  // namespace counterpart::server
