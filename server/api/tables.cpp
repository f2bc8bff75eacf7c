#include "server/api/tables.h"

#include <algorithm>
#include <utility>

#include "server/tables/cells.h"
#include "server/tables/headings.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::string_view kWhichList = "list";  // the column that tells which, where an answer has several

// Answers whose rows are not the entries of the first list that they have, but of `list`; and where `within` is given, the
// entries of that list in each of these, with what the entry itself says under the name `parent`.
struct Taken {
  std::string_view component, list, within = {}, parent = {};
};
constexpr Taken kTaken[] = {
    {"Digest", "profiles", "changes", "profile"}, {"Coverage", "dimensions", "keys", "dimension"}, {"Panel", "seats"}};

// What stands in a cell for entries of a list, and for the members of one of them.
constexpr std::string_view kBetweenEntries = "; ", kBetweenMembers = " | ";

class Schemas {
 public:
  explicit Schemas(const json::object& components) : components_(components) {}

  const json::object& all() const { return components_; }
  // What a schema refers to; of allOf, its first.
  const json::object& resolved(const json::object& schema) const {
    const json::object* at = &schema;
    for (int steps = 0; steps < 8; ++steps) {
      if (const json::value* all = at->if_contains("allOf"); all && all->is_array() && !all->as_array().empty()) {
        at = &all->as_array()[0].as_object();
        continue;
      }
      const json::value* ref = at->if_contains("$ref");
      if (!ref) break;
      const std::string_view name = std::string_view(ref->as_string()).substr(std::string_view("#/components/schemas/").size());
      const json::value* found = components_.if_contains(name);
      if (!found) break;
      at = &found->as_object();
    }
    return *at;
  }
  // The schema of the entries, where `schema` is of a list of objects; else nullptr.
  const json::object* entries_of(const json::object& schema) const {
    const json::value* items = resolved(schema).if_contains("items");
    if (!items || !items->is_object()) return nullptr;
    const json::object& entry = resolved(items->as_object());
    return entry.contains("properties") ? &entry : nullptr;
  }

  // Members of members have a column each; what is a list fits in one.
  void add_columns(const json::object& entry, const TableColumn& under, std::string_view but,
                   std::vector<TableColumn>& columns) const {
    for (const auto& [name, member] : entry.at("properties").as_object()) {
      if (name == but || !member.is_object()) continue;
      TableColumn column = under;
      column.name += (column.name.empty() ? "" : ".") + std::string(name);
      column.path.emplace_back(name);
      const json::object& schema = resolved(member.as_object());
      if (schema.contains("properties") && column.path.size() < 4)
        add_columns(schema, column, {}, columns);
      else
        columns.push_back(std::move(column));
    }
  }

 private:
  const json::object& components_;
};

TableShape shape_of(std::string_view component, const json::object& answer, const Schemas& schemas) {
  TableShape shape;
  const json::value* members = schemas.resolved(answer).if_contains("properties");
  if (!members) return shape;
  const auto row = std::ranges::find(kTaken, component, &Taken::component);
  const Taken* taken = row == std::end(kTaken) ? nullptr : row;
  const json::object* first = nullptr;
  for (const auto& [name, member] : members->as_object()) {
    const json::object* entry = member.is_object() ? schemas.entries_of(member.as_object()) : nullptr;
    if (!entry || (taken && name != taken->list)) continue;
    // Lists of other entries are another answer's business.
    if (first && entry != first) continue;
    first = entry;
    shape.lists.emplace_back(name);
  }
  if (!first) return shape;
  if (taken && !taken->within.empty()) {
    shape.within = taken->within;
    schemas.add_columns(*first, {.name = {}, .path = {}, .of_parent = true}, taken->within, shape.columns);
    for (TableColumn& column : shape.columns) column.name = std::string(taken->parent) + "." + column.name;
    first = schemas.entries_of(first->at("properties").at(taken->within).as_object());
  }
  if (first) schemas.add_columns(*first, {}, {}, shape.columns);
  return shape;
}

std::string text_of(const json::value& value);

std::string joined(const json::array& list) {
  std::string out;
  for (const json::value& entry : list) {
    const std::string text = text_of(entry);
    if (!text.empty()) out += (out.empty() ? std::string_view{} : kBetweenEntries), out += text;
  }
  return out;
}

std::string joined(const json::object& object) {
  std::string out;
  for (const auto& [name, member] : object) {
    const std::string text = text_of(member);
    if (!text.empty()) out += (out.empty() ? std::string_view{} : kBetweenMembers), out += text;
  }
  return out;
}

std::string text_of(const json::value& value) {
  if (value.is_array()) return joined(value.as_array());
  return value.is_object() ? joined(value.as_object()) : cell_text(cell_of(value));
}

Cell cell_at(const json::object& entry, const std::vector<std::string>& path) {
  const json::object* at = &entry;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const json::value* member = at->if_contains(path[i]);
    if (!member || member->is_null()) return std::string();
    if (i + 1 == path.size()) {
      return member->is_structured() ? Cell(text_of(*member)) : cell_of(*member);
    }
    if (!member->is_object()) return text_of(*member);  // where a schema allows one or the other
    at = &member->as_object();
  }
  return std::string();
}

}  // namespace

Tables::Tables(std::string_view openapi) {
  const json::value document = json::parse(openapi);
  const Schemas schemas(document.at("components").at("schemas").as_object());
  for (const auto& [name, schema] : schemas.all()) {
    TableShape shape = shape_of(name, schema.as_object(), schemas);
    if (!shape.columns.empty()) shapes_.emplace(name, std::move(shape));
  }
}

const TableShape* Tables::of(const Route& route) const {
  for (const Answer& answer : route.answers)
    if (answer.status == 200 && answer.media == kJson)
      if (const auto found = shapes_.find(answer.schema); found != shapes_.end()) return &found->second;
  return nullptr;
}

Table table_of(const json::object& answer, const TableShape& shape) {
  Table table;
  const bool several = shape.lists.size() > 1;
  if (several) table.header.emplace_back(kWhichList);
  for (const TableColumn& column : shape.columns) table.header.push_back(column.name);
  const auto add = [&](const std::string& list, const json::object& entry, const json::object& parent) {
    Cells cells;
    if (several) cells.emplace_back(list);
    for (const TableColumn& column : shape.columns) cells.push_back(cell_at(column.of_parent ? parent : entry, column.path));
    table.rows.push_back(std::move(cells));
  };
  for (const std::string& list : shape.lists) {
    const json::value* entries = answer.if_contains(list);
    if (!entries || !entries->is_array()) continue;
    for (const json::value& entry : entries->as_array()) {
      if (shape.within.empty()) {
        add(list, entry.as_object(), entry.as_object());
        continue;
      }
      if (const json::value* inner = entry.as_object().if_contains(shape.within))
        for (const json::value& one : inner->as_array()) add(list, one.as_object(), entry.as_object());
    }
  }
  return table;
}

void put_into_words(Table& table, const Words& words, std::string_view language) {
  if (language.empty()) return;
  for (std::string& name : table.header) name = heading_of(name, words, language);
  table.right_to_left = language == "ar";
}

Result<std::string> to_workbook(const Table& table) {
  return write_workbook(table.header, table.rows, {.right_to_left = table.right_to_left});
}

std::string to_csv(const Table& table) {
  CsvWriter csv({});
  add_row(csv, Cells(table.header.begin(), table.header.end()));
  for (const Cells& cells : table.rows) add_row(csv, cells);
  return csv.take();
}

}  // namespace counterpart::server
