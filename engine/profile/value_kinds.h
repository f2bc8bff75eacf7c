// What the members of a profile are made of. Each kind of value has
//   Field                  what stands in the struct
//   kShape                 what it looks like, for those who describe it
//   read(json, field, rules)   from JSON, checked
//   write(field, json)
//   stated(field)          is there anything to write?
// The tables in members.cpp are built of these.
#pragma once

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "engine/profile/members.h"
#include "engine/profile/profile_check.h"
#include "engine/profile/profile_json_codec.h"
#include "engine/taxonomy/vocabulary.h"

namespace counterpart::engine {

// ---- texts

using TextCheck = Status (*)(std::string_view);

struct TextOptions {
  std::size_t max_length;
  Lines lines = Lines::kOne;
  bool blank_is_none = false;  // a blank text is as good as none; otherwise it is an error
  TextCheck check = nullptr;
};

Status read_text(const boost::json::value& value, std::string& field, const Rules& rules, const TextOptions& options);

// One line; of some other form than free text it has a check.
template <std::size_t kMax, Form kForm = Form::kLine, TextCheck kCheck = nullptr>
struct Line {
  using Field = std::string;
  static constexpr ValueShape kShape{.form = kForm, .max_length = kMax};
  static Status read(const boost::json::value& value, std::string& field, const Rules& rules) {
    return read_text(value, field, rules, {.max_length = kMax, .check = kCheck});
  }
  static void write(const std::string& field, JsonOut& json) { json.text(field); }
  static bool stated(const std::string& field) { return !field.empty(); }
};

template <std::size_t kMax>
struct Lengthy : Line<kMax, Form::kText> {
  static Status read(const boost::json::value& value, std::string& field, const Rules& rules) {
    return read_text(value, field, rules, {.max_length = kMax, .lines = Lines::kMany, .blank_is_none = true});
  }
};

using CodeCheck = Status (*)(std::string_view, const Taxonomy&);

// A short text that the taxonomy knows.
template <CodeCheck kCheck>
struct Known : Line<64> {
  static Status read(const boost::json::value& value, std::string& field, const Rules& rules) {
    if (Status status = Line<64>::read(value, field, rules); !status || rules.trusted()) return status;
    return kCheck(field, *rules.taxonomy);
  }
};

struct Country : Known<check_country> {
  static constexpr ValueShape kShape{.form = Form::kCountry};
};
struct CountryOrGroup : Known<check_country_or_group> {
  static constexpr ValueShape kShape{.form = Form::kCountryOrGroup};
};

template <CodeList Taxonomy::*kList>
Status check_code_of(std::string_view code, const Taxonomy& taxonomy) {
  return check_code(code, taxonomy.*kList);
}

// A code of one list of the taxonomy.
template <CodeList Taxonomy::*kList, Spelling kSpelling = Spelling::kAsIs>
struct Code : Known<check_code_of<kList>> {
  static constexpr ValueShape kShape{.form = Form::kCode, .codes = kList, .spelling = kSpelling};
};

// A word of a closed vocabulary.
template <class T>
struct Word {
  using Field = T;
  static constexpr ValueShape kShape{.form = Form::kWord, .words = Vocabulary<T>::kNames};
  static Status read(const boost::json::value& value, T& field, const Rules&) {
    const boost::json::string* text = value.if_string();
    if (!text) return wrong_shape("a text", value);
    const std::string_view word(text->data(), text->size());
    const std::optional<T> found = parse_word<T>(word);
    if (!found) return tl::unexpected(wrong_word(word, Vocabulary<T>::kNames));
    field = *found;
    return {};
  }
  static void write(T field, JsonOut& json) { json.text(name_of(field)); }
  static bool stated(T) { return true; }
};

// ---- numbers and flags

Result<std::int64_t> read_integer(const boost::json::value& value, std::int64_t least, std::int64_t most);

template <class T, std::int64_t kLeast, std::int64_t kMost>
struct Integer {
  using Field = T;
  static constexpr ValueShape kShape{.form = Form::kInteger, .least = kLeast, .most = kMost};
  static Status read(const boost::json::value& value, T& field, const Rules&) {
    const Result<std::int64_t> number = read_integer(value, kLeast, kMost);
    if (!number) return tl::unexpected(number.error());
    field = static_cast<T>(*number);
    return {};
  }
  static void write(T field, JsonOut& json) { json.integer(field); }
  static bool stated(T) { return true; }
};

// One that is `kOtherwise` where it is not stated.
template <class T, std::int64_t kLeast, std::int64_t kMost, T kOtherwise>
struct IntegerOr : Integer<T, kLeast, kMost> {
  static constexpr ValueShape kShape{.form = Form::kInteger, .least = kLeast, .most = kMost, .otherwise = kOtherwise};
  static bool stated(T field) { return field != kOtherwise; }
};

inline constexpr std::int64_t kMaxAmount = 1'000'000'000'000'000;

struct Amount {
  using Field = double;
  static constexpr ValueShape kShape{.form = Form::kAmount, .most = kMaxAmount};
  static Status read(const boost::json::value& value, double& field, const Rules& rules);
  static void write(double field, JsonOut& json) { json.number(field); }
  static bool stated(double) { return true; }
};
// Of which the check of its object refuses 0.
struct AmountAboveZero : Amount {
  static constexpr ValueShape kShape{.form = Form::kAmount, .most = kMaxAmount, .above_least = true};
};

struct Boolean {
  using Field = bool;
  static constexpr ValueShape kShape{.form = Form::kFlag};
  static Status read(const boost::json::value& value, bool& field, const Rules&) {
    if (!value.is_bool()) return wrong_shape("true or false", value);
    field = value.get_bool();
    return {};
  }
  static void write(bool field, JsonOut& json) { json.boolean(field); }
  static bool stated(bool) { return true; }
};

// ---- what is made of other kinds

// May be absent.
template <class Kind>
struct Maybe {
  using Field = std::optional<typename Kind::Field>;
  static constexpr ValueShape kShape = Kind::kShape;
  static Status read(const boost::json::value& value, Field& field, const Rules& rules) {
    return Kind::read(value, field.emplace(), rules);
  }
  static void write(const Field& field, JsonOut& json) { Kind::write(*field, json); }
  static bool stated(const Field& field) { return field.has_value(); }
  static const void* value(const Field& field) { return field ? &*field : nullptr; }
};

constexpr ValueShape list_of(ValueShape entry, std::size_t most) {
  entry.max_entries = most;
  return entry;
}

// No entry twice.
template <class Kind, std::size_t kMost>
struct List {
  using Field = std::vector<typename Kind::Field>;
  static constexpr ValueShape kShape = list_of(Kind::kShape, kMost);
  static Status read(const boost::json::value& value, Field& field, const Rules& rules);
  static void write(const Field& field, JsonOut& json) {
    json.out += '[';
    for (const auto& entry : field) {
      if (json.out.back() != '[') json.out += ',';
      Kind::write(entry, json);
    }
    json.out += ']';
  }
  static bool stated(const Field& field) { return !field.empty(); }
};

template <class Kind, std::size_t kMost>
Status List<Kind, kMost>::read(const boost::json::value& value, Field& field, const Rules& rules) {
  const boost::json::array* given = value.if_array();
  if (!given) return wrong_shape("a list", value);
  if (given->size() > kMost)
    return refuse("has " + std::to_string(given->size()) + " entries", "at most " + std::to_string(kMost));
  field.clear();
  field.reserve(given->size());
  std::vector<std::size_t> places;  // of the entries in `field`, where they are checked
  for (std::size_t index = 0; index < given->size(); ++index) {
    if (rules.findings && rules.findings->faults.size() >= kMaxFaults) break;  // what was meant by each takes time to find
    const auto place = [&] { return "[" + std::to_string(index) + "]"; };
    typename Kind::Field entry{};
    const MemberFindings before(rules.findings);
    Status status = Kind::read((*given)[index], entry, rules);
    if (!status || rules.findings) status = before.settle(std::move(status), place());
    if (!status) return status;
    if (before.faults_since()) continue;
    if (!rules.trusted()) {
      if (const auto first = std::ranges::find(field, entry); first != field.end()) {
        const std::size_t same = places[static_cast<std::size_t>(first - field.begin())];
        status = before.settle(refuse("is the same as [" + std::to_string(same) + "]", "keep one of the two"), place());
        if (!status) return status;
        continue;
      }
      places.push_back(index);
    }
    field.push_back(std::move(entry));
  }
  return {};
}

// ---- rows and tables; the compiler refuses a row of another struct

template <class Object>
struct MemberOf {
  Member row;
};

template <class Object, std::size_t kSize>
struct Table {
  using Described = Object;
  std::string_view name;
  std::array<Member, kSize> rows{};
};

template <class Object, std::size_t kSize>
constexpr Table<Object, kSize> table(std::string_view name, const MemberOf<Object> (&rows)[kSize]) {
  Table<Object, kSize> made{name};
  for (std::size_t i = 0; i < kSize; ++i) made.rows[i] = rows[i].row;
  return made;
}

template <class Kind>
const void* bare_value(const void* field) {
  if constexpr (requires { &Kind::value; })
    return Kind::value(*static_cast<const typename Kind::Field*>(field));
  else
    return field;
}

template <class Kind, class Field = typename Kind::Field>
inline constexpr ValueKind kKind{
    .shape = Kind::kShape,
    .read = [](const boost::json::value& value, void* field,
               const Rules& rules) { return Kind::read(value, *static_cast<Field*>(field), rules); },
    .write = [](const void* field, JsonOut& json) { Kind::write(*static_cast<const Field*>(field), json); },
    .stated = [](const void* field) { return Kind::stated(*static_cast<const Field*>(field)); },
    .assign = [](void* field, const void* from) { *static_cast<Field*>(field) = *static_cast<const Field*>(from); },
    .value = bare_value<Kind>,
};

// The row of one field.
template <auto kField, class Kind, class Object, class Field>
constexpr MemberOf<Object> row_of(Field Object::*, std::string_view name, const MemberNotes& notes) {
  static_assert(std::is_same_v<Field, typename Kind::Field>, "the field is not of the kind's type");
  return {{name, &kKind<Kind>, [](const void* object) -> const void* { return &(static_cast<const Object*>(object)->*kField); },
           notes}};
}
template <auto kField, class Kind>
constexpr auto member(std::string_view name, const MemberNotes& notes = {}) {
  return row_of<kField, Kind>(kField, name, notes);
}

// Members of the struct itself that JSON holds in an object of their own.
template <class Kind>
constexpr MemberOf<typename Kind::Field> group(std::string_view name) {
  return {{name, &kKind<Kind>, [](const void* object) { return object; }}};
}

template <const auto& kTable>
using DescribedBy = typename std::remove_cvref_t<decltype(kTable)>::Described;

// A struct with members of its own; kCheck has the rules that more than one of them are under.
template <const auto& kTable, Status (*kCheck)(const DescribedBy<kTable>&) = nullptr>
struct Nested {
  using Field = DescribedBy<kTable>;
  static constexpr ValueShape kShape{.form = Form::kObject, .object = kTable.name, .members = kTable.rows};
  static Status read(const boost::json::value& value, Field& object, const Rules& rules) {
    const MemberFindings before(rules.findings);
    if (Status status = read_members(kTable.rows, value, &object, rules); !status || rules.trusted()) return status;
    if constexpr (kCheck != nullptr)
      if (Status checked = kCheck(object); !checked && !before.told(checked.error().place)) return checked;
    return {};
  }
  static void write(const Field& object, JsonOut& json) { write_members(kTable.rows, &object, json); }
  static bool stated(const Field& object) {
    return std::ranges::any_of(kTable.rows, [&](const Member& row) { return row.kind->stated(row.field(&object)); });
  }
};

}  // namespace counterpart::engine
