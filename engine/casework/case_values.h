// Kinds of values that offices, desks and acts have and profiles have not; see engine/profile/value_kinds.h.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "engine/calendar/time_zone.h"
#include "engine/profile/profile_json_tree.h"
#include "engine/profile/value_kinds.h"

namespace counterpart::engine {

// A date in JSON.
struct Date {
  using Field = Day;
  static constexpr ValueShape kShape{.form = Form::kDate};
  static Status read(const boost::json::value& value, Day& field, const Rules& rules);
  static void write(Day field, JsonOut& json);
  static bool stated(Day) { return true; }
};

// True or false; `kOtherwise` where it is not stated.
template <bool kOtherwise>
struct BooleanOr : Boolean {
  static bool stated(bool field) { return field != kOtherwise; }
};

using Slug = Line<64, Form::kSlug, check_slug>;
using ShortLine = Line<500>;
using Seconds = Integer<std::int64_t, 0, 1LL << 53>;
constexpr MemberNotes kRequired{.required = true};

// A whole struct along its table.
template <class Object>
Result<Object> read_whole(std::span<const Member> members, const boost::json::value& json, const Taxonomy& taxonomy) {
  Object object;
  if (Status status = read_members(members, json, &object, {.taxonomy = &taxonomy}); !status)
    return tl::unexpected(std::move(status.error()));
  return object;
}
// Of our own bytes: kCorrupt, with `what` as the place.
inline tl::unexpected<Error> damaged(std::string_view what, const Error& error) {
  return fail(ErrorCode::kCorrupt, std::string(what), "does not decode: " + describe(error), "restore the last backup");
}
template <class Object>
Result<Object> decode_whole(std::span<const Member> members, const boost::json::value& json, std::string_view what) {
  Object object;
  if (const Status status = read_members(members, json, &object, {}); !status) return damaged(what, status.error());
  return object;
}
template <class Object>
Result<Object> decode_whole(std::span<const Member> members, std::string_view text, std::string_view what) {
  JsonTree tree;
  if (const Status status = tree.parse(text); !status) return damaged(what, status.error());
  return decode_whole<Object>(members, tree.root(), what);
}
template <class Object>
std::string write_whole(std::span<const Member> members, const Object& object) {
  JsonOut json(JsonOut::Part::kAll);
  write_members(members, &object, json);
  return std::move(json.out);
}

}  // namespace counterpart::engine
