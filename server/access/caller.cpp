#include "server/access/caller.h"

#include <algorithm>

#include "engine/programme/eligibility.h"

namespace counterpart::server {

Reach Caller::reach(Right right) const {
  if (!known && (right == Right::kPrivate || right == Right::kGovern)) return Reach::kNone;
  return has_draft ? grant_of(right).of_draft : reach_of(role, right);
}

Caller Caller::local() {
  Caller caller{.role = TokenRole::kAdmin, .name = "local"};
  caller.limited = false;
  return caller;
}

Caller Caller::open() {
  Caller caller = local();
  caller.name = "open";
  caller.known = false;
  return caller;
}

Caller Caller::of_draft(std::string id) {
  Caller caller{.role = TokenRole::kOwner, .name = "draft " + id};
  caller.profiles = {std::move(id)};
  caller.has_draft = true;
  return caller;
}

bool is_own(const Caller& caller, std::string_view id, std::string_view office, std::uint64_t life) {
  if (caller.role == TokenRole::kOfficer) return !office.empty() && office == caller.office;
  if (caller.role != TokenRole::kOwner) return false;
  const auto found = std::ranges::find(caller.profiles, id);
  if (found == caller.profiles.end()) return false;
  const auto at = static_cast<std::size_t>(found - caller.profiles.begin());
  return life == (at < caller.lives.size() ? caller.lives[at] : 0);
}

bool in_sight(const Caller& caller, const Profile& profile, const Taxonomy& taxonomy) {
  return std::ranges::all_of(caller.filter, [&](const Condition& condition) { return holds(condition, profile, taxonomy); });
}

bool may(const Caller& caller, Right right, const Profile& profile, std::uint64_t life, const Taxonomy& taxonomy) {
  const Reach reach = caller.reach(right);
  if (reach == Reach::kNone || !in_sight(caller, profile, taxonomy)) return false;
  return reach == Reach::kAll || is_own(caller, profile.id, profile.office, life);
}

Error out_of_reach(const Caller& caller, Right right, std::string place) {
  if (caller.has_draft)
    return {ErrorCode::kForbidden, std::move(place), "the secret of a draft opens that draft alone",
            "ask an office of the network for a token"};
  const std::string role(name_of(caller.role));
  if (!caller.known)
    return {ErrorCode::kForbidden, std::move(place), "a server that asks for no token does not do this",
            "use the command line on its own machine, or start it without --open-local"};
  if (caller.reach(right) == Reach::kNone)
    return {ErrorCode::kForbidden, std::move(place), "a token of the role " + role + " may not do this",
            "ask the administrator for one that may"};
  const std::string own = caller.role == TokenRole::kOfficer ? "profiles of the office `" + caller.office + "`"
                                                             : std::string("the profiles that it names");
  const std::string what = caller.reach(right) == Reach::kOwn ? own : "what its filter leaves in sight";
  return {ErrorCode::kForbidden, std::move(place), "this token reaches " + what + " only",
          "ask whoever answers for that profile, or the administrator"};
}

}  // namespace counterpart::server
