#include "server/access/scope.h"

#include "engine/profile_json.h"
#include "server/routes.h"

namespace counterpart {
namespace {

// Nothing of the stored profile needs to be known.
bool reaches_all(const Caller& caller, Right right) {
  return caller.reach(right) == Reach::kAll && caller.filter.empty();
}

}  // namespace

Result<StoredProfile> look_up(const Call& call, const std::string& id) {
  const bool sees = call.caller.reach(Right::kPrivate) != Reach::kNone;
  Result<StoredProfile> stored = call.service.get(id, sees);
  if (!stored) return stored;
  const Taxonomy& taxonomy = call.service.taxonomy();
  if (!in_sight(call.caller, stored->profile, taxonomy))
    return fail(ErrorCode::kNotFound, id, "there is no such profile");
  if (sees && !may(call.caller, Right::kPrivate, stored->profile, taxonomy)) remove_private(stored->profile);
  return stored;
}

Status reachable(const Call& call, Right right, const std::string& id, const std::string& place) {
  if (reaches_all(call.caller, right)) return {};
  const Result<StoredProfile> stored = look_up(call, id);
  if (!stored) return tl::unexpected(stored.error());
  if (may(call.caller, right, stored->profile, call.service.taxonomy())) return {};
  return tl::unexpected(out_of_reach(call.caller, right, place));
}

Result<std::optional<std::uint64_t>> writable(const Call& call, Right right, Profile& profile) {
  const Caller& caller = call.caller;
  const Taxonomy& taxonomy = call.service.taxonomy();
  if (caller.role == TokenRole::kOfficer && profile.office.empty()) profile.office = caller.office;
  if (reaches_all(caller, right)) return std::optional<std::uint64_t>();
  const std::string place = caller.role == TokenRole::kOfficer ? "office" : "id";
  if (!may(caller, right, profile, taxonomy)) return tl::unexpected(out_of_reach(caller, right, place));
  if (profile.id.empty()) return std::optional<std::uint64_t>(0);
  const Result<StoredProfile> stored = call.service.get(profile.id);
  if (!stored) {
    if (stored.error().code != ErrorCode::kNotFound) return tl::unexpected(stored.error());
    return std::optional<std::uint64_t>(0);
  }
  if (!may(caller, right, stored->profile, taxonomy)) return tl::unexpected(out_of_reach(caller, right, "id"));
  return std::optional<std::uint64_t>(stored->version);
}

void narrow(const Call& call, Conditions& where) {
  where.insert(where.end(), call.caller.filter.begin(), call.caller.filter.end());
}

}  // namespace counterpart
