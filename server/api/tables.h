// Every list of the API as a table: its columns are what the schema of its answer says of an entry, in the schema's order, so
// that they are the same for every call; its rows are read out of the JSON answer, so that they are the same as there.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "server/handlers/route.h"
#include "server/layer.h"
#include "server/wire/xlsx_writer.h"
#include "server/words/words.h"

namespace counterpart::server {

struct TableColumn {
  std::string name;               // "organisation.size"
  std::vector<std::string> path;  // of members, from the entry
  bool of_parent = false;         // from the entry that the row's own is listed in
};

struct TableShape {
  std::vector<std::string> lists;  // members of the answer that are its rows; of several, the first column tells which
  std::string within;              // where a row is an entry of a list in an entry: that list's member; else empty
  std::vector<TableColumn> columns;
};

struct Table {
  std::vector<std::string> header;  // names of members, for programs; or what put_into_words() makes of them
  std::vector<Cells> rows;
  bool right_to_left = false;
};

// Immutable after construction; safe from any thread.
class Tables {
 public:
  // The OpenAPI document, as openapi_of() made it.
  explicit Tables(std::string_view openapi);

  // Of the route's answer 200; nullptr: it is no list.
  const TableShape* of(const Route& route) const;
  const std::map<std::string, TableShape, std::less<>>& all() const { return shapes_; }

 private:
  std::map<std::string, TableShape, std::less<>> shapes_;  // by the component of the answer
};

Table table_of(const boost::json::object& answer, const TableShape& shape);

// The header in words of `language` (server/tables/headings.h); empty: it stays.
void put_into_words(Table& table, const Words& words, std::string_view language);

// As write_workbook().
Result<std::string> to_workbook(const Table& table);
// RFC 4180, in UTF-8; no cell begins as a formula does.
std::string to_csv(const Table& table);

}  // namespace counterpart::server
