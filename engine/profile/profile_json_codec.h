// What the members of a profile are made of: for each kind of value how it is read from JSON, checked and written. The
// table in profile_json.cpp is built of these.
#pragma once

#include <algorithm>
#include <boost/json/value.hpp>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/nearest.h"
#include "engine/profile/profile_check.h"
#include "engine/taxonomy/vocabulary.h"

namespace counterpart::engine {

// JSON text as it grows.
class JsonOut {
 public:
  enum class Part : std::uint8_t { kPublic, kAll, kPrivateOnly };
  explicit JsonOut(Part wanted) : part(wanted) {}

  void text(std::string_view value);
  void integer(std::int64_t value);
  void number(double value);  // the shortest digits that give the same double
  void boolean(bool value) { out += value ? "true" : "false"; }

  std::string out;
  const Part part;
};

// One row of a table of members. `Object` is the struct that the member belongs to.
template <class Object>
struct Member {
  enum class Privacy : std::uint8_t { kPublic, kPrivate, kMixed };  // kMixed: an object with private members
  std::string_view name;
  Status (*read)(const boost::json::value&, Object&, const Rules&);
  bool (*write)(const Object&, JsonOut&);  // false: there is nothing to write, and nothing was written
  Privacy privacy = Privacy::kPublic;      // a private member is of a kind whose errors quote no value
};

std::string_view shape_of(const boost::json::value& value);  // "a text", "a list", ...
// "must be a text, not a list".
tl::unexpected<Error> wrong_shape(std::string_view wanted, const boost::json::value& value);
// A name that no row has.
Error unknown_member(std::string_view name, std::span<const std::string_view> names);
// A private member `name` is null.
void note_removed(std::string_view name, const Rules& rules);
inline Error at_place(Error error, std::string_view name) {
  error.place = join_place(std::string(name), error.place);
  return error;
}

// What was found before a value was read, so that what it adds gets its name.
class MemberFindings {
 public:
  explicit MemberFindings(Findings* findings)
      : findings_(findings), faults_(findings ? findings->faults.size() : 0),
        remarks_(findings ? findings->remarks.size() : 0) {}

  bool faults_since() const { return findings_ && findings_->faults.size() > faults_; }
  // Is something said of this member already?
  bool told(std::string_view place) const {
    return findings_ && std::any_of(findings_->faults.begin() + static_cast<std::ptrdiff_t>(faults_), findings_->faults.end(),
                                    [&](const Error& fault) { return fault.place == place; });
  }
  // A fault of what holds the members.
  Status add(Error fault) const {
    if (!findings_) return tl::unexpected(std::move(fault));
    if (findings_->faults.size() < kMaxFaults) findings_->faults.push_back(std::move(fault));
    return {};
  }
  // Puts `name` before all places that were added since. Where findings are gathered a fault joins them, and reading goes
  // on; otherwise it comes back.
  Status settle(Status status, std::string_view name) const {
    if (!findings_) return status ? status : Status(tl::unexpected(at_place(std::move(status.error()), name)));
    if (!status) (void)add(std::move(status.error()));
    for (std::size_t i = faults_; i < findings_->faults.size(); ++i)
      findings_->faults[i] = at_place(std::move(findings_->faults[i]), name);
    for (std::size_t i = remarks_; i < findings_->remarks.size(); ++i)
      findings_->remarks[i] = at_place(std::move(findings_->remarks[i]), name);
    return {};
  }

 private:
  Findings* findings_;
  std::size_t faults_, remarks_;
};

// Members may come in any order; nothing of `object` but what is named changes.
template <class Object>
Status read_members(std::span<const Member<Object>> members, const boost::json::value& value, Object& object,
                    const Rules& rules) {
  const boost::json::object* given = value.if_object();
  if (!given) return wrong_shape("an object", value);
  std::size_t next = 0;  // our own bytes come in the table's order
  for (const auto& [key, member_value] : *given) {
    const std::string_view name(key.data(), key.size());
    std::size_t tries = 0;
    while (tries < members.size() && members[next].name != name) {
      next = next + 1 < members.size() ? next + 1 : 0;
      ++tries;
    }
    if (tries == members.size()) {
      std::vector<std::string_view> names;
      for (const Member<Object>& row : members) names.push_back(row.name);
      Status status = MemberFindings(rules.findings).add(unknown_member(name, names));
      if (!status) return status;
      continue;
    }
    const Member<Object>& member = members[next];
    if (member_value.is_null() && member.privacy == Member<Object>::Privacy::kPrivate && !rules.trusted()) {
      note_removed(member.name, rules);
      continue;
    }
    const MemberFindings before(rules.findings);
    Status status = before.settle(member.read(member_value, object, rules), member.name);
    if (!status) return status;
  }
  return {};
}

template <class Object>
bool write_members(std::span<const Member<Object>> members, const Object& object, JsonOut& json) {
  using Privacy = typename Member<Object>::Privacy;
  const std::size_t begin = json.out.size();
  json.out += '{';
  for (const Member<Object>& member : members) {
    if (json.part == JsonOut::Part::kPublic && member.privacy == Privacy::kPrivate) continue;
    if (json.part == JsonOut::Part::kPrivateOnly && member.privacy == Privacy::kPublic) continue;
    const std::size_t before = json.out.size();
    if (before > begin + 1) json.out += ',';
    ((json.out += '"') += member.name) += "\":";
    if (!member.write(object, json)) json.out.resize(before);
  }
  const bool something = json.out.size() > begin + 1;
  json.out += '}';
  if (!something) json.out.resize(begin);
  return something;
}

// ---- kinds of values: static read(value, field, rules) and write(field, json) -> was there anything to write

using TextCheck = Status (*)(std::string_view);

struct TextOptions {
  std::size_t max_length;
  Lines lines = Lines::kOne;
  bool blank_is_none = false;  // a blank text is as good as none; otherwise it is an error
  TextCheck check = nullptr;
};

Status read_text(const boost::json::value& value, std::string& field, const Rules& rules, const TextOptions& options);

template <std::size_t kMax, TextCheck kCheck = nullptr>
struct Line {
  using Value = std::string;
  static Status read(const boost::json::value& value, std::string& field, const Rules& rules) {
    return read_text(value, field, rules, {.max_length = kMax, .check = kCheck});
  }
  static bool write(const std::string& field, JsonOut& json) {
    if (!field.empty()) json.text(field);
    return !field.empty();
  }
};

template <std::size_t kMax>
struct Lengthy : Line<kMax> {
  static Status read(const boost::json::value& value, std::string& field, const Rules& rules) {
    return read_text(value, field, rules, {.max_length = kMax, .lines = Lines::kMany, .blank_is_none = true});
  }
};

// A code of one list of the taxonomy.
template <CodeList Taxonomy::*kList>
struct Code : Line<64> {
  static Status read(const boost::json::value& value, std::string& field, const Rules& rules) {
    if (Status status = Line<64>::read(value, field, rules); !status || rules.trusted()) return status;
    return check_code(field, rules.taxonomy->*kList);
  }
};

struct CountryOrGroup : Line<64> {
  static Status read(const boost::json::value& value, std::string& field, const Rules& rules) {
    if (Status status = Line<64>::read(value, field, rules); !status || rules.trusted()) return status;
    return check_country_or_group(field, *rules.taxonomy);
  }
};

template <class T>
struct Word {
  using Value = T;
  static Status read(const boost::json::value& value, T& field, const Rules&) {
    const boost::json::string* text = value.if_string();
    if (!text) return wrong_shape("a text", value);
    const std::string_view word(text->data(), text->size());
    const std::optional<T> found = parse_word<T>(word);
    if (!found) return tl::unexpected(wrong_word(word, Vocabulary<T>::kNames));
    field = *found;
    return {};
  }
  static bool write(T field, JsonOut& json) {
    json.text(name_of(field));
    return true;
  }
};

Result<std::int64_t> read_integer(const boost::json::value& value, std::int64_t least, std::int64_t most);

template <class T, std::int64_t kLeast, std::int64_t kMost>
struct Integer {
  using Value = T;
  static Status read(const boost::json::value& value, T& field, const Rules&) {
    const Result<std::int64_t> number = read_integer(value, kLeast, kMost);
    if (!number) return tl::unexpected(number.error());
    field = static_cast<T>(*number);
    return {};
  }
  static bool write(T field, JsonOut& json) {
    json.integer(field);
    return true;
  }
};

struct Amount {
  using Value = double;
  static Status read(const boost::json::value& value, double& field, const Rules& rules);
  static bool write(double field, JsonOut& json) {
    json.number(field);
    return true;
  }
};

struct Boolean {
  using Value = bool;
  static Status read(const boost::json::value& value, bool& field, const Rules&) {
    if (!value.is_bool()) return wrong_shape("true or false", value);
    field = value.get_bool();
    return {};
  }
  static bool write(bool field, JsonOut& json) {
    json.boolean(field);
    return true;
  }
};

template <class Kind>
struct Maybe {
  using Value = std::optional<typename Kind::Value>;
  static Status read(const boost::json::value& value, Value& field, const Rules& rules) {
    return Kind::read(value, field.emplace(), rules);
  }
  static bool write(const Value& field, JsonOut& json) { return field && Kind::write(*field, json); }
};

// No entry twice.
template <class Kind, std::size_t kMost>
struct List {
  using Value = std::vector<typename Kind::Value>;
  static Status read(const boost::json::value& value, Value& field, const Rules& rules) {
    const boost::json::array* given = value.if_array();
    if (!given) return wrong_shape("a list", value);
    if (given->size() > kMost)
      return refuse("has " + std::to_string(given->size()) + " entries", "at most " + std::to_string(kMost));
    field.clear();
    field.reserve(given->size());
    std::vector<std::size_t> places;  // of the entries in `field`, where they are checked
    for (std::size_t index = 0; index < given->size(); ++index) {
      if (rules.findings && rules.findings->faults.size() >= kMaxFaults) break;  // what was meant by each takes time to find
      const boost::json::value& entry_value = (*given)[index];
      const auto place = [&] { return "[" + std::to_string(index) + "]"; };
      typename Kind::Value entry{};
      const MemberFindings before(rules.findings);
      Status status = Kind::read(entry_value, entry, rules);
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
  static bool write(const Value& field, JsonOut& json) {
    if (field.empty()) return false;
    json.out += '[';
    for (const auto& entry : field) {
      if (json.out.back() != '[') json.out += ',';
      Kind::write(entry, json);
    }
    json.out += ']';
    return true;
  }
};

}  // namespace counterpart::engine
