#include "server/tables/profile_table.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "engine/profile/members.h"
#include "engine/profile/profile_json.h"
#include "server/tables/cells.h"
#include "server/tables/headings.h"

namespace counterpart::server {

namespace json = boost::json;

namespace {

constexpr std::string_view kBetweenEntries = "; ", kBetweenPair = "=";

std::vector<std::string> names_of(const MemberPath& path) {
  std::vector<std::string> names;
  for (const Member* member : path.way) names.emplace_back(member->name);
  return names;
}

// An entry of a list in a cell: a code, or a pair as scheme=id.
std::string entry_text(const json::value& entry) {
  if (!entry.is_object()) return cell_text(cell_of(entry));
  std::string text;
  for (const auto& [name, member] : entry.as_object())
    text += (text.empty() ? std::string_view() : kBetweenPair), text += cell_text(cell_of(member));
  return text;
}

Cell cell_at(const json::value* value) {
  if (!value) return std::string();
  if (!value->is_array()) return cell_of(*value);
  std::string text;
  for (const json::value& entry : value->as_array())
    text += (text.empty() ? std::string_view() : kBetweenEntries), text += entry_text(entry);
  return text;
}

// What is there at the end of the way; nullptr: nothing.
const json::value* follow(const json::value& from, const std::vector<std::string>& way, std::size_t entry) {
  const json::value* at = &from;
  for (std::size_t i = 0; i < way.size(); ++i) {
    at = at->is_object() ? at->as_object().if_contains(way[i]) : nullptr;
    if (!at) return nullptr;
    if (i > 0 || entry == SIZE_MAX) continue;
    at = at->is_array() && entry < at->as_array().size() ? &at->as_array()[entry] : nullptr;
    if (!at) return nullptr;
  }
  return at;
}

}  // namespace

ProfileTable::ProfileTable(std::size_t references) {
  for (const MemberPath& path : all_members()) {
    const ValueShape& shape = path.shape();
    if (path.is_private() || (shape.form == Form::kObject && !shape.is_list())) continue;
    if (shape.form != Form::kObject || shape.members.size() <= 2) {
      columns_.push_back({path.name, names_of(path)});
      continue;
    }
    for (std::size_t entry = 0; entry < std::min(references, shape.max_entries); ++entry)
      for (const Member& member : shape.members) {
        Column column{path.name + "[" + std::to_string(entry) + "]." + std::string(member.name), names_of(path), entry};
        column.way.emplace_back(member.name);
        columns_.push_back(std::move(column));
      }
  }
}

std::vector<std::string> ProfileTable::header(const Words& words, std::string_view language) const {
  std::vector<std::string> header;
  for (const Column& column : columns_) {
    if (!language.empty())
      header.push_back(heading_of(column.name, words, language));
    else if (column.entry == SIZE_MAX)
      header.push_back(column.name);
    else  // people count from 1
      header.push_back("reference_" + std::to_string(column.entry + 1) + "_" + column.way.back());
  }
  return header;
}

Cells ProfileTable::row(const Profile& profile) const {
  const json::value value = json::parse(to_json(profile, Visibility::kPublic));
  Cells cells;
  for (const Column& column : columns_) cells.push_back(cell_at(follow(value, column.way, column.entry)));
  return cells;
}

}  // namespace counterpart::server
