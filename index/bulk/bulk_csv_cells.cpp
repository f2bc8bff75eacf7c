#include "index/bulk/bulk_csv_cells.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <map>
#include <optional>
#include <span>

#include "engine/base/fold.h"
#include "engine/base/nearest.h"
#include "engine/profile/profile_check.h"
#include "index/bulk/bulk_number.h"

namespace counterpart::index {
namespace {

namespace json = boost::json;

// Every member but objects, whose members have columns of their own; a list of objects fits in one.
const std::vector<const CsvColumn*>& columns() {
  static const std::vector<const CsvColumn*> kColumns = [] {
    std::vector<const CsvColumn*> all;
    for (const MemberPath& path : all_members())
      if (path.shape().form != Form::kObject || path.shape().is_list()) all.push_back(&path);
    return all;
  }();
  return kColumns;
}

// Of a list of objects with more than two members each entry has columns too, one a member: references[0].title.
const std::vector<MemberPath>& entry_columns() {
  static const std::vector<MemberPath> kColumns = [] {
    std::vector<MemberPath> all;
    for (const CsvColumn* list : columns()) {
      if (list->shape().form != Form::kObject || list->shape().members.size() <= 2) continue;
      for (std::size_t entry = 0; entry < list->shape().max_entries; ++entry)
        for (const Member& member : list->shape().members) {
          all.push_back({list->name + "[" + std::to_string(entry) + "]." + std::string(member.name), list->way});
          all.back().way.push_back(&member);
        }
    }
    return all;
  }();
  return kColumns;
}

// The columns of the members of one entry of `list`, in the table's order; none beyond the most that it may have.
std::span<const CsvColumn> columns_of_entry(const CsvColumn& list, std::size_t entry) {
  const std::string place = list.name + "[" + std::to_string(entry) + "].";
  const auto first = std::ranges::find_if(entry_columns(), [&](const auto& one) { return one.name.starts_with(place); });
  return {first, first == entry_columns().end() ? 0 : list.shape().members.size()};
}

// Every column by what its heading may be. People count from 1: "Reference 1 title" is references[0].title.
const std::map<std::string, const CsvColumn*, std::less<>>& columns_by_key() {
  static const std::map<std::string, const CsvColumn*, std::less<>> kColumns = [] {
    std::map<std::string, const CsvColumn*, std::less<>> all;
    for (const CsvColumn* column : columns()) all.emplace(heading_key(column->name), column);
    for (const CsvColumn& column : entry_columns()) {
      const std::size_t open = column.name.find('['), close = column.name.find(']');
      const std::string number = std::to_string(std::stoul(column.name.substr(open + 1, close - open - 1)) + 1);
      const std::string list = heading_key(column.name.substr(0, open)), member = heading_key(column.name.substr(close + 1));
      all.emplace(list + number + member, &column);
      all.emplace(list.substr(0, list.size() - 1) + number + member, &column);
    }
    return all;
  }();
  return kColumns;
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

// One of a shape's codes as its list has it, or by what it is called in some language. nullopt: it is neither.
std::optional<std::string> code_among(const ValueShape& shape, std::string_view text, const CellCodes& codes) {
  const auto is_code = [&](std::string_view code) {
    if (shape.form == Form::kWord) return std::ranges::find(shape.words, code) != shape.words.end();
    if (shape.form == Form::kLanguage) return un_language(code).has_value();
    if (shape.form == Form::kCountryOrGroup) return codes.taxonomy.country_groups.find(code) != nullptr;
    return shape.codes && (codes.taxonomy.*shape.codes).find(code) != nullptr;
  };
  if (std::string word = word_of(text); is_code(word)) return word;
  if (is_code(text)) return std::string(text);
  return codes.words.code_called(text, is_code);
}

std::string country_of(const ValueShape& shape, std::string_view text, const CellCodes& codes) {
  const bool or_group = shape.form == Form::kCountryOrGroup;
  if (or_group && codes.taxonomy.is_country_or_group(text)) return std::string(text);
  const std::vector<std::string> countries = codes.taxonomy.country_names().find(text);
  if (countries.size() == 1) return countries.front();
  return (or_group ? code_among(shape, text, codes) : std::nullopt).value_or(std::string(text));
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

// The first member is what stands before the equals sign: scheme=id.
json::object pair_of(std::span<const Member> members, std::string_view text) {
  const auto equals = std::min(text.find('='), text.size());
  const auto second = text.substr(std::min(equals + 1, text.size()));
  return {{members[0].name, trim_cell(text.substr(0, equals))}, {members[1].name, trim_cell(second)}};
}

json::value value_of(const CsvColumn& column, std::string_view text, const CellCodes& codes, std::vector<Error>& faults);

// More members than two stand between bars, in the table's order: title | text | country | year | sector.
json::value object_of(std::span<const CsvColumn> members, std::string_view text, const CellCodes& codes,
                      std::vector<Error>& faults) {
  json::object object;
  for (const CsvColumn& member : members) {
    const auto bar = &member == &members.back() ? text.size() : std::min(text.find('|'), text.size());
    if (const auto part = trim_cell(text.substr(0, bar)); !part.empty())
      object[member.row().name] = value_of(member, part, codes, faults);
    text.remove_prefix(std::min(bar + 1, text.size()));
  }
  return object;
}

json::value flag(const CsvColumn& column, std::string_view text, std::vector<Error>& faults) {
  if (const auto read = flag_of(text)) return *read;
  faults.push_back({ErrorCode::kInvalid, column.name, quoted(text) + " is neither yes nor no", "write true or false"});
  return json::string(text);
}

// Of a list: one entry.
json::value value_of(const CsvColumn& column, std::string_view text, const CellCodes& codes, std::vector<Error>& faults) {
  const ValueShape& shape = column.shape();
  switch (shape.form) {
    case Form::kInteger:
    case Form::kAmount: return number(column, text, faults);
    case Form::kFlag: return flag(column, text, faults);
    case Form::kDate: return json::string(date_of(text));
    case Form::kCountry:
    case Form::kCountryOrGroup: return json::string(country_of(shape, text, codes));
    case Form::kWord: return json::string(code_among(shape, text, codes).value_or(word_of(text)));
    case Form::kCode:
      return json::string(
          code_among(shape, text, codes).value_or(shape.spelling == Spelling::kInWords ? word_of(text) : std::string(text)));
    case Form::kLanguage: return json::string(code_among(shape, text, codes).value_or(std::string(text)));
    case Form::kObject: return pair_of(shape.members, text);
    case Form::kLine:
    case Form::kText:
    case Form::kEmail:
    case Form::kId:
    case Form::kSlug:
    case Form::kParticipation: break;
  }
  return json::string(text);
}

// Where the cell of a list is parted. A country's name, a text or an amount may hold a comma, an identifier a bar.
std::string_view separators_of(const ValueShape& shape) {
  static constexpr Form kWithCommas[] = {Form::kLine,           Form::kText,    Form::kCountry,
                                         Form::kCountryOrGroup, Form::kInteger, Form::kAmount};
  if (shape.form == Form::kObject) return ";\n";
  const bool holds_commas =
      shape.spelling == Spelling::kInDigits || std::ranges::find(kWithCommas, shape.form) != std::end(kWithCommas);
  return holds_commas ? ";\n|" : ";\n|,";
}

// 9,4 is target 9.4 and not two goals.
std::string with_goals_parted(std::string_view text) {
  std::string parted(text);
  for (auto comma = parted.find(','); comma != parted.npos; comma = parted.find(',', comma + 1))
    if (comma + 1 < parted.size() && !(parted[comma + 1] >= '0' && parted[comma + 1] <= '9')) parted[comma] = ';';
  return parted;
}

// What a code is called may hold a comma; where the whole is no code, it parts two.
std::vector<std::string> parts_of(const ValueShape& shape, std::string_view text, const CellCodes& codes) {
  std::vector<std::string> parts;
  for (const std::string_view whole : split(text, ";\n")) {
    if ((shape.form == Form::kWord || shape.form == Form::kCode) && code_among(shape, whole, codes)) {
      parts.emplace_back(whole);
      continue;
    }
    const std::string given = shape.spelling == Spelling::kInDigits ? with_goals_parted(whole) : std::string(whole);
    for (const std::string_view part : split(given, separators_of(shape))) parts.emplace_back(part);
  }
  return parts;
}

json::array list_of(const CsvColumn& column, std::string_view text, const CellCodes& codes, std::vector<Error>& faults) {
  const bool wide = column.shape().members.size() > 2;
  json::array list;
  for (const std::string& part : parts_of(column.shape(), text, codes)) {
    const std::span<const CsvColumn> members =
        wide ? columns_of_entry(column, std::min(list.size(), column.shape().max_entries - 1)) : std::span<const CsvColumn>();
    list.push_back(wide ? object_of(members, part, codes, faults) : value_of(column, part, codes, faults));
  }
  return list;
}

// The member called `name`, made where it is not there: the entry of a list where an index stands behind it.
json::value& member_at(json::object& object, std::string_view name) {
  const auto open = name.find('[');
  json::value& member = object[name.substr(0, open)];
  if (open == std::string_view::npos) return member;
  if (!member.is_array()) member = json::array();
  const std::size_t entry = std::stoul(std::string(name.substr(open + 1)));
  json::array& list = member.as_array();
  if (list.size() <= entry) list.resize(entry + 1);
  return list[entry];
}

void set(json::object& profile, std::string_view name, json::value value) {
  json::object* at = &profile;
  for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    json::value& member = member_at(*at, name.substr(0, dot));
    if (!member.is_object()) member = json::object();
    at = &member.as_object();
    name.remove_prefix(dot + 1);
  }
  member_at(*at, name) = std::move(value);
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

bool begins_formula(std::string_view text) {
  static constexpr std::string_view kSigns[] = {
      "=", "+", "-", "@", "\t", "\r", "\n", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return std::ranges::any_of(kSigns, [&](std::string_view sign) { return text.starts_with(sign); });
}

std::string_view without_guard(std::string_view text) {
  if (!text.starts_with('\'')) return text;
  std::string_view rest = text;
  while (rest.starts_with('\'')) rest.remove_prefix(1);
  return begins_formula(rest) ? text.substr(1) : text;
}

const CsvColumn* csv_column(std::string_view heading) {
  if (heading.size() > 100) return nullptr;
  const auto found = columns_by_key().find(heading_key(heading));
  return found == columns_by_key().end() ? nullptr : found->second;
}

std::string csv_column_meant(std::string_view heading, const BulkWords& words) {
  std::vector<std::string_view> names;
  for (const CsvColumn* column : columns()) names.push_back(column->name);
  std::string known = "columns are ";
  for (const std::string_view name : names) known.append(name == names.front() ? "" : ", ").append(name);
  known += "; references also as reference_1_title, reference_1_text, reference_1_year and so on";
  std::string_view meant = nearest(word_of(trim_cell(heading)), names);
  if (meant.empty())
    meant = nearest(trim_cell(heading), std::vector<std::string_view>(words.headings().begin(), words.headings().end()));
  return did_you_mean(meant, known);
}

void read_cell(const CsvColumn& column, std::string_view text, const CellCodes& codes, json::object& profile,
               std::vector<Error>& faults) {
  text = without_formula(trim_cell(text));
  if (text.empty()) return;
  if (is_spreadsheet_error(text)) {
    faults.push_back(
        {ErrorCode::kInvalid, column.name, quoted(text) + " is a spreadsheet's error, no value", "mend the cell, or empty it"});
    return set(profile, column.name, json::string(text));
  }
  const bool list = column.shape().is_list();
  set(profile, column.name, list ? json::value(list_of(column, text, codes, faults)) : value_of(column, text, codes, faults));
}

void close_gaps(json::object& profile) {
  for (auto& [name, member] : profile)
    if (json::array* list = member.if_array())
      list->erase(std::remove(list->begin(), list->end(), json::value(nullptr)), list->end());
}

}  // namespace counterpart::index
