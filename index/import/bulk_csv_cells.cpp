#include "index/import/bulk_csv_cells.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <optional>
#include <span>

#include "engine/base/fold.h"
#include "engine/base/nearest.h"
#include "engine/profile/profile_check.h"
#include "index/import/bulk_number.h"

namespace counterpart::index {
namespace {

namespace json = boost::json;

// Every member of the contract's table.
constexpr CsvColumn kColumns[] = {
    {"id", CsvCell::kText},
    {"kind", CsvCell::kWord},
    {"title", CsvCell::kText},
    {"gender", CsvCell::kText},
    {"summary", CsvCell::kText},
    {"offers", CsvCell::kText},
    {"seeks", CsvCell::kText},
    {"lang", CsvCell::kText},
    {"country", CsvCell::kCountry},
    {"countries_of_activity", CsvCell::kCountries},
    {"roles", CsvCell::kWords},
    {"organisation.type", CsvCell::kText},
    {"organisation.size", CsvCell::kWord},
    {"organisation.founded", CsvCell::kNumber},
    {"organisation.employees", CsvCell::kNumber},
    {"organisation.women_owned", CsvCell::kFlag},
    {"organisation.women_led", CsvCell::kFlag},
    {"organisation.languages", CsvCell::kTags},
    {"organisation.identifiers", CsvCell::kIdentifiers},
    {"organisation.legal_name", CsvCell::kText},
    {"sectors", CsvCell::kCodes},
    {"products", CsvCell::kCodes},
    {"technologies", CsvCell::kWords},
    {"themes", CsvCell::kWords},
    {"sdgs", CsvCell::kCodes},
    {"cooperation", CsvCell::kWords},
    {"stage", CsvCell::kWord},
    {"trl", CsvCell::kNumber},
    {"ipr", CsvCell::kWord},
    {"finance.offered.min", CsvCell::kNumber},
    {"finance.offered.max", CsvCell::kNumber},
    {"finance.offered.currency", CsvCell::kText},
    {"finance.offered.instruments", CsvCell::kWords},
    {"finance.sought.min", CsvCell::kNumber},
    {"finance.sought.max", CsvCell::kNumber},
    {"finance.sought.currency", CsvCell::kText},
    {"finance.sought.instruments", CsvCell::kWords},
    {"partner.countries", CsvCell::kCountries},
    {"partner.exclude_countries", CsvCell::kCountries},
    {"partner.country_groups", CsvCell::kTags},
    {"partner.kinds", CsvCell::kWords},
    {"partner.roles", CsvCell::kWords},
    {"partner.sizes", CsvCell::kWords},
    {"partner.languages", CsvCell::kTags},
    {"partner.sectors", CsvCell::kCodes},
    {"capacity", CsvCell::kNumber},
    {"programmes", CsvCell::kTags},
    {"office", CsvCell::kText},
    {"valid_until", CsvCell::kDate},
    {"contact.person", CsvCell::kText},
    {"contact.email", CsvCell::kText},
    {"contact.phone", CsvCell::kText},
    {"contact.website", CsvCell::kText},
    {"contact.address", CsvCell::kText},
};

std::string heading_key(std::string_view text) {
  std::string key = fold(trim_cell(text));
  std::erase_if(key, [](char c) { return c == ' ' || c == '_' || c == '-' || c == '.' || c == '\n' || c == '\t'; });
  if (key.starts_with("organization")) key.replace(0, 12, "organisation");
  return key;
}

// A code of letters as the lists write it: "Technology supplier" -> "technology_supplier".
std::string word_of(std::string_view text) {
  std::string word = lower_case(text);
  std::ranges::replace_if(
      word, [](char c) { return c == ' ' || c == '-'; }, '_');
  return word;
}

// At `separators`, without blanks around; empty parts are none.
std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  for (bool more = true; more;) {
    const auto end = text.find_first_of(separators);
    more = end != std::string_view::npos;
    if (const auto part = trim_cell(text.substr(0, end)); !part.empty()) parts.push_back(part);
    if (more) text.remove_prefix(end + 1);
  }
  return parts;
}

// What spreadsheets of six languages make of a box that is ticked.
std::optional<bool> flag_of(std::string_view text) {
  static constexpr std::string_view kYes[] = {"true", "yes",    "1",  "y",          "wahr", "ja",   "vrai", "oui", "verdadero",
                                              "si",   "истина", "да", "verdadeiro", "sim",  "vero", "是",   "نعم"};
  static constexpr std::string_view kNo[] = {"false", "no",    "0",    "n",   "falsch", "nein", "faux",
                                             "non",   "falso", "ложь", "нет", "nao",    "否",   "لا"};
  const std::string folded = fold(text);
  const auto is = [&](std::string_view word) { return fold(word) == folded; };
  if (std::ranges::any_of(kYes, is)) return true;
  if (std::ranges::any_of(kNo, is)) return false;
  return std::nullopt;
}

// What is a date in one way alone; 01/02/2027 is not, and stays what it is.
std::string date_of(std::string_view text) {
  int year = 0, month = 0, day = 0, used = 0;
  const std::string given(text);
  const auto form = [&](const char* pattern, int* first, int* second, int* third) {
    used = 0;
    return std::sscanf(given.c_str(), pattern, first, second, third, &used) == 3 && used > 0;
  };
  const bool found = (form("%4d-%2d-%2d%n", &year, &month, &day) &&
                      given.find_first_not_of("0:T .Z", static_cast<std::size_t>(used)) == given.npos) ||
                     (form("%4d/%2d/%2d%n", &year, &month, &day) && static_cast<std::size_t>(used) == given.size()) ||
                     (form("%2d.%2d.%4d%n", &day, &month, &year) && static_cast<std::size_t>(used) == given.size());
  if (!found || year < 1000 || month < 1 || day < 1 || month > 99 || day > 99) return given;
  char iso[32];
  std::snprintf(iso, sizeof iso, "%04d-%02d-%02d", year, month, day);
  return iso;
}

std::string country_of(std::string_view text, const Taxonomy& taxonomy, bool or_group) {
  if (or_group && taxonomy.is_country_or_group(text)) return std::string(text);
  const std::vector<std::string> codes = taxonomy.country_names().find(text);
  return codes.size() == 1 ? codes.front() : std::string(text);
}

json::value number(const CsvColumn& column, std::string_view text, std::vector<Error>& faults) {
  const Result<double> read = read_number(text);
  if (!read) {
    faults.push_back(read.error());
    faults.back().place = column.name;
    return json::string(text);
  }
  if (*read == std::floor(*read) && std::abs(*read) < 1e15) return static_cast<std::int64_t>(*read);
  return *read;
}

json::array identifiers(std::string_view text) {
  json::array list;
  for (const auto part : split(text, ";\n")) {
    const auto equals = std::min(part.find('='), part.size());  // scheme=id
    const auto id = part.substr(std::min(equals + 1, part.size()));
    list.emplace_back(json::object{{"scheme", trim_cell(part.substr(0, equals))}, {"id", trim_cell(id)}});
  }
  return list;
}

json::value value_of(const CsvColumn& column, std::string_view text, const Taxonomy& taxonomy, std::vector<Error>& faults) {
  switch (column.cell) {
    case CsvCell::kText: return json::string(text);
    case CsvCell::kNumber: return number(column, text, faults);
    case CsvCell::kDate: return json::string(date_of(text));
    case CsvCell::kCountry: return json::string(country_of(text, taxonomy, false));
    case CsvCell::kWord: return json::string(word_of(text));
    case CsvCell::kIdentifiers: return identifiers(text);
    case CsvCell::kFlag: {
      const auto flag = flag_of(text);
      if (flag) return *flag;
      faults.push_back(
          {ErrorCode::kInvalid, std::string(column.name), quoted(text) + " is neither yes nor no", "write true or false"});
      return json::string(text);
    }
    case CsvCell::kCountries:
    case CsvCell::kWords:
    case CsvCell::kCodes:
    case CsvCell::kTags: break;
  }
  json::array list;
  // A name of a country may hold a comma, and 9,4 is target 9.4 and not two goals; words have none.
  std::string given(text);
  if (column.cell == CsvCell::kCodes)
    for (auto comma = given.find(','); comma != given.npos; comma = given.find(',', comma + 1))
      if (comma + 1 < given.size() && !(given[comma + 1] >= '0' && given[comma + 1] <= '9')) given[comma] = ';';
  const bool at_commas = column.cell == CsvCell::kWords || column.cell == CsvCell::kTags;
  for (const auto part : split(given, at_commas ? ";\n|," : ";\n|"))
    list.emplace_back(json::string(column.cell == CsvCell::kCountries ? country_of(part, taxonomy, true)
                                   : column.cell == CsvCell::kWords   ? word_of(part)
                                                                      : std::string(part)));
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

// ="0901" keeps a spreadsheet from making a number of it.
std::string_view without_formula(std::string_view text) {
  if (text.size() >= 3 && text.starts_with("=\"") && text.ends_with('"') && text.find('"', 2) == text.size() - 1)
    return trim_cell(text.substr(2, text.size() - 3));
  return text;
}

bool is_spreadsheet_error(std::string_view text) {
  static constexpr std::string_view kErrors[] = {"#N/A", "#NAME?",  "#REF!",  "#VALUE!",  "#DIV/0!", "#NUM!",  "#NULL!",
                                                 "#NV",  "#BEZUG!", "#WERT!", "#VALEUR!", "#NOM?",   "#¡REF!", "#¡VALOR!"};
  return std::ranges::find(kErrors, text) != std::end(kErrors) ||
         (text.size() >= 4 && text.find_first_not_of('#') == text.npos);
}

}  // namespace

std::string_view trim_cell(std::string_view text) {
  static constexpr std::string_view kBlanks[] = {" ", "\t", "\r", "\n", "\xC2\xA0", "\xE2\x80\xAF", "\xE3\x80\x80"};
  for (bool cut = true; std::exchange(cut, false);)
    for (const std::string_view blank : kBlanks) {
      if (text.starts_with(blank)) text.remove_prefix(blank.size()), cut = true;
      if (text.ends_with(blank)) text.remove_suffix(blank.size()), cut = true;
    }
  return text;
}

const CsvColumn* csv_column(std::string_view heading) {
  if (heading.size() > 100) return nullptr;
  const std::string key = heading_key(heading);
  const auto* found = std::find_if(std::begin(kColumns), std::end(kColumns),
                                   [&](const CsvColumn& column) { return heading_key(column.name) == key; });
  return found == std::end(kColumns) ? nullptr : found;
}

std::string csv_column_meant(std::string_view heading) {
  std::vector<std::string_view> names;
  for (const CsvColumn& column : kColumns) names.push_back(column.name);
  std::string known = "columns are ";
  for (const std::string_view name : names) known.append(name == names.front() ? "" : ", ").append(name);
  return did_you_mean(nearest(word_of(trim_cell(heading)), names), known);
}

void read_cell(const CsvColumn& column, std::string_view text, const Taxonomy& taxonomy, json::object& profile,
               std::vector<Error>& faults) {
  text = without_formula(trim_cell(text));
  if (text.empty()) return;
  if (is_spreadsheet_error(text)) {
    faults.push_back({ErrorCode::kInvalid, std::string(column.name), quoted(text) + " is a spreadsheet's error, no value",
                      "mend the cell, or empty it"});
    return set(profile, column.name, json::string(text));
  }
  set(profile, column.name, value_of(column, text, taxonomy, faults));
}

}  // namespace counterpart::index
