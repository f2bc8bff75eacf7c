#include "engine/survey/merge.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

#include "engine/profile/profile_json.h"

namespace counterpart::engine {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> kWholes{"finance.offered", "finance.sought", "contact"};
// Not stating them is a rule, too.
constexpr std::array<std::string_view, 5> kRules{"partner", "capacity", "programmes", "office", "valid_until"};

bool is_within(std::string_view name, std::string_view object) {
  return name.starts_with(object) && (name.size() == object.size() || name[object.size()] == '.');
}
template <class Names>
bool is_within_any(std::string_view name, const Names& objects) {
  return std::ranges::any_of(objects, [&](std::string_view object) { return is_within(name, object); });
}

// The members that are merged as one thing each.
const std::vector<const MemberPath*>& units() {
  static const std::vector<const MemberPath*> found = [] {
    std::vector<const MemberPath*> all;
    for (const MemberPath& path : all_members()) {
      const bool whole = std::ranges::find(kWholes, path.name) != kWholes.end();
      const bool holds_others = path.shape().form == Form::kObject && !path.shape().is_list() && !whole;
      if (path.name == "id" || holds_others || (!whole && is_within_any(path.name, kWholes))) continue;
      all.push_back(&path);
    }
    return all;
  }();
  return found;
}

json::value everything_in(const Profile& profile) { return json::parse(to_json(profile, Visibility::kWithPrivate)); }

json::value member_of(const json::value& profile, std::string_view name) {
  const json::value* at = &profile;
  while (!name.empty()) {
    const std::string_view part = name.substr(0, name.find('.'));
    name.remove_prefix(std::min(part.size() + 1, name.size()));
    at = at->is_object() ? at->as_object().if_contains(part) : nullptr;
    if (!at) return nullptr;
  }
  return *at;
}

void set_member(json::value& profile, std::string_view name, json::value value) {
  json::object* at = &profile.as_object();
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    json::value& next = (*at)[name.substr(0, dot)];
    if (!next.is_object()) next = json::object();
    at = &next.as_object();
    name.remove_prefix(dot + 1);
  }
  if (value.is_null())
    at->erase(name);
  else
    (*at)[name] = std::move(value);
}

// Of our own bytes, so it decodes.
Result<Profile> profile_of(const json::value& given) { return decode_profile(json::serialize(given)); }

tl::unexpected<Error> wrong_choice(const Choice& choice, std::string message, std::string remedy) {
  return fail(ErrorCode::kInvalid, "keep." + choice.member, std::move(message), std::move(remedy));
}

json::value united(const json::value& a, const json::value& b) {
  json::array all = a.is_array() ? a.as_array() : json::array();
  for (const json::value& one : b.is_array() ? b.as_array() : json::array())
    if (std::ranges::find(all, one) == all.end()) all.push_back(one);
  return all;
}

// A private member is one in which they may differ: who is refused because they do not has learnt what it is.
const MemberPath* private_member(std::string_view name) {
  const auto path = std::ranges::find(all_members(), name, &MemberPath::name);
  if (path == all_members().end() || !path->is_private()) return nullptr;
  return path->way.size() > 1 && path->way.front()->notes.is_private ? nullptr : &*path;  // what is in a contact is not chosen
}

Status check(std::span<const Choice> choices, const std::vector<MergedMember>& differing) {
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const Choice& choice = choices[i];
    if (std::ranges::find(choices.first(i), choice.member, &Choice::member) != choices.begin() + static_cast<std::ptrdiff_t>(i))
      return wrong_choice(choice, "is given twice", "say it once");
    const auto found =
        std::ranges::find_if(differing, [&](const MergedMember& one) { return one.path->name == choice.member; });
    const MemberPath* path = found == differing.end() ? private_member(choice.member) : found->path;
    if (!path) return wrong_choice(choice, "is no member in which the two differ", "a preview tells in which they do");
    if (choice.keep != Keep::kBoth) continue;
    const ValueShape& shape = path->shape();
    if (!shape.is_list()) return wrong_choice(choice, "is no list, and cannot be of both", "a or b");
    if (found != differing.end() && united(found->a, found->b).as_array().size() > shape.max_entries)
      return wrong_choice(choice, "would have more than " + std::to_string(shape.max_entries) + " entries", "a or b");
  }
  return {};
}

Keep kept(const MergedMember& member, std::span<const Choice> choices) {
  const auto chosen = std::ranges::find(choices, member.path->name, &Choice::member);
  if (chosen != choices.end()) return chosen->keep;
  return member.a.is_null() && !is_within_any(member.path->name, kRules) ? Keep::kB : Keep::kA;
}

}  // namespace

Result<Merged> merge_profiles(const Profile& a, const Profile& b, std::span<const Choice> choices) {
  if (a.kind != b.kind)
    return fail(ErrorCode::kInvalid, "kind", "the two are of two kinds, and cannot be one", "correct the one that is wrong");
  json::value whole = everything_in(a);
  const json::value other = everything_in(b);
  std::vector<MergedMember> differing;
  for (const MemberPath* path : units()) {
    MergedMember member{path, Keep::kA, member_of(whole, path->name), member_of(other, path->name), {}};
    if (member.a != member.b) differing.push_back(std::move(member));
  }
  if (Status right = check(choices, differing); !right) return tl::unexpected(std::move(right.error()));
  for (MergedMember& member : differing) {
    member.keep = kept(member, choices);
    member.result = member.keep == Keep::kBoth ? united(member.a, member.b) : member.keep == Keep::kB ? member.b : member.a;
    set_member(whole, member.path->name, member.result);
  }
  Result<Profile> profile = profile_of(whole);
  if (!profile) return tl::unexpected(std::move(profile.error()));
  return Merged{std::move(*profile), std::move(differing)};
}

Result<Parted> part_profiles(const Profile& before, const Profile& merged, const Profile& now) {
  json::value whole = everything_in(now);
  const json::value was = everything_in(before), made = everything_in(merged);
  Parted parted;
  for (const MemberPath* path : units()) {
    const json::value then = member_of(was, path->name), there = member_of(whole, path->name);
    const json::value by_merge = member_of(made, path->name);
    if (then == by_merge || there == then) continue;
    if (there == by_merge)
      set_member(whole, path->name, then);
    else
      parted.stays.push_back(path->name);
  }
  Result<Profile> profile = profile_of(whole);
  if (!profile) return tl::unexpected(std::move(profile.error()));
  parted.profile = std::move(*profile);
  return parted;
}

}  // namespace counterpart::engine
