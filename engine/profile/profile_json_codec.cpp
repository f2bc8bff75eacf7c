#include "engine/profile/profile_json_codec.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/base/hex.h"
#include "engine/base/nearest.h"

namespace counterpart::engine {
namespace {

// "a text", "a list", ...
std::string_view shape_of(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: return "null";
    case boost::json::kind::bool_: return "true or false";
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
    case boost::json::kind::double_: return "a number";
    case boost::json::kind::string: return "a text";
    case boost::json::kind::array: return "a list";
    case boost::json::kind::object: return "an object";
  }
  return "unknown";
}

// A name that no row has.
Error unknown_member(std::string_view name, std::span<const Member> members) {
  std::vector<std::string_view> names;
  for (const Member& member : members) names.push_back(member.name);
  std::string known = "members are ";
  for (const std::string_view member : names) {
    if (member != names.front()) known += ", ";
    known += member;
  }
  return {ErrorCode::kInvalid, std::string(printable_name(name)), "there is no such member",
          did_you_mean(nearest(name, names), known)};
}

Error at_place(Error error, std::string_view name) {
  error.place = join_place(std::string(name), error.place);
  return error;
}

// What was said to be none within `member` since there were `before`: a private object is one thing, and stands for all of it.
void place_removed(PrivateRemoved& removed, std::size_t before, const Member& member) {
  if (removed.members.size() == before) return;
  if (member.notes.is_private) {
    removed.members.resize(before);
    removed.members.emplace_back(member.name);
    return;
  }
  for (std::size_t i = before; i < removed.members.size(); ++i)
    removed.members[i] = join_place(std::string(member.name), removed.members[i]);
}

// Our own bytes come in the table's order, so the search for a name begins at `next`, and leaves it at what was found.
const Member* find_member(std::span<const Member> members, std::string_view name, std::size_t& next) {
  for (std::size_t tries = 0; tries < members.size(); ++tries) {
    if (members[next].name == name) return &members[next];
    next = next + 1 < members.size() ? next + 1 : 0;
  }
  return nullptr;
}

Status read_member(const Member& member, const boost::json::value& value, void* object, const Rules& rules) {
  const std::size_t removed_before = rules.removed ? rules.removed->members.size() : 0;
  if (value.is_null() && member.notes.is_private && !rules.trusted()) {
    if (rules.removed) rules.removed->members.emplace_back(member.name);
    return {};
  }
  const MemberFindings before(rules.findings);
  void* const field = const_cast<void*>(member.field(object));  // of `object`, which is ours to change
  Status status = before.settle(member.kind->read(value, field, rules), member.name);
  if (rules.removed) place_removed(*rules.removed, removed_before, member);
  return status;
}

bool has_private(std::span<const Member> members) {
  return std::ranges::any_of(members, [](const Member& m) { return m.notes.is_private || has_private(m.kind->shape.members); });
}

bool is_wanted(const Member& member, JsonOut::Part part) {
  switch (part) {
    case JsonOut::Part::kAll: return true;
    case JsonOut::Part::kPublic: return !member.notes.is_private;
    case JsonOut::Part::kPrivateOnly: return member.notes.is_private || has_private(member.kind->shape.members);
  }
  return false;
}

}  // namespace

void JsonOut::text(std::string_view value) {
  out += '"';
  std::size_t done = 0;  // up to here `value` is in `out`
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto c = static_cast<unsigned char>(value[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out += value.substr(done, i - done);
    done = i + 1;
    out += '\\';
    switch (c) {
      case '"': out += '"'; break;
      case '\\': out += '\\'; break;
      case '\n': out += 'n'; break;
      case '\r': out += 'r'; break;
      case '\t': out += 't'; break;
      default: (out += "u00") += hex(value.substr(i, 1));
    }
  }
  out += value.substr(done);
  out += '"';
}

void JsonOut::integer(std::int64_t value) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void JsonOut::number(double value) {
  if (value == std::floor(value) && std::abs(value) < kMaxExactInteger) return integer(static_cast<std::int64_t>(value));
  char digits[64];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

tl::unexpected<Error> wrong_shape(std::string_view wanted, const boost::json::value& value) {
  return refuse("must be " + std::string(wanted) + ", not " + std::string(shape_of(value)),
                value.is_null() ? "leave the member out" : "");
}

bool MemberFindings::told(std::string_view place) const {
  return findings_ && std::any_of(findings_->faults.begin() + static_cast<std::ptrdiff_t>(faults_), findings_->faults.end(),
                                  [&](const Error& fault) { return fault.place == place; });
}

Status MemberFindings::add(Error fault) const {
  if (!findings_) return tl::unexpected(std::move(fault));
  if (findings_->faults.size() < kMaxFaults) findings_->faults.push_back(std::move(fault));
  return {};
}

Status MemberFindings::settle(Status status, std::string_view name) const {
  if (!findings_) return status ? status : Status(tl::unexpected(at_place(std::move(status.error()), name)));
  if (!status) (void)add(std::move(status.error()));
  for (std::size_t i = faults_; i < findings_->faults.size(); ++i)
    findings_->faults[i] = at_place(std::move(findings_->faults[i]), name);
  for (std::size_t i = remarks_; i < findings_->remarks.size(); ++i)
    findings_->remarks[i] = at_place(std::move(findings_->remarks[i]), name);
  return {};
}

Status read_members(std::span<const Member> members, const boost::json::value& value, void* object, const Rules& rules) {
  const boost::json::object* given = value.if_object();
  if (!given) return wrong_shape("an object", value);
  std::size_t next = 0;
  for (const auto& [key, member_value] : *given) {
    const std::string_view name(key.data(), key.size());
    const Member* member = find_member(members, name, next);
    Status status = member ? read_member(*member, member_value, object, rules)
                           : MemberFindings(rules.findings).add(unknown_member(name, members));
    if (!status) return status;
  }
  if (rules.trusted()) return {};
  for (const Member& member : members) {
    if (!member.notes.required || given->contains(member.name)) continue;
    Status status = MemberFindings(rules.findings)
                        .add({ErrorCode::kInvalid, std::string(member.name), "is required", std::string(member.notes.remedy)});
    if (!status) return status;
  }
  return {};
}

std::optional<Error> first_unknown(std::span<const Member> members, const boost::json::value& value) {
  if (const boost::json::array* list = value.if_array()) {
    for (std::size_t i = 0; i < list->size(); ++i)
      if (std::optional<Error> found = first_unknown(members, (*list)[i]))
        return at_place(std::move(*found), "[" + std::to_string(i) + "]");
    return std::nullopt;
  }
  const boost::json::object* given = value.if_object();
  if (!given || members.empty()) return std::nullopt;
  std::size_t next = 0;
  for (const auto& [key, member_value] : *given) {
    const std::string_view name(key.data(), key.size());
    const Member* member = find_member(members, name, next);
    if (!member) return unknown_member(name, members);
    if (std::optional<Error> found = first_unknown(member->kind->shape.members, member_value))
      return at_place(std::move(*found), name);
  }
  return std::nullopt;
}

void write_members(std::span<const Member> members, const void* object, JsonOut& json) {
  const std::size_t begin = json.out.size();
  json.out += '{';
  for (const Member& member : members) {
    const void* const field = member.field(object);
    if (!is_wanted(member, json.part) || !member.kind->stated(field)) continue;
    const std::size_t before = json.out.size();
    if (before > begin + 1) json.out += ',';
    ((json.out += '"') += member.name) += "\":";
    const std::size_t empty = json.out.size();
    member.kind->write(field, json);
    if (json.out.size() == empty) json.out.resize(before);
  }
  if (json.out.size() == begin + 1) return json.out.resize(begin);
  json.out += '}';
}

}  // namespace counterpart::engine
