// What handlers ask before they touch a profile: is it in the caller's sight, and within reach?
#pragma once

#include <optional>
#include <string>

#include "engine/result.h"
#include "index/store.h"
#include "server/access/rights.h"

namespace counterpart {

struct Call;

// kNotFound also for a profile that the token's filter hides. Private members as far as the caller may see them.
Result<StoredProfile> look_up(const Call& call, const std::string& id);

// Whether `call`'s caller has `right` to the stored profile `id`, which `place` of the request names. kNotFound as in
// look_up; kForbidden: not one of its own. A profile that is not there passes where nothing needs to be known of it.
Status reachable(const Call& call, Right right, const std::string& id, const std::string& place);

// Whether `profile` may be stored over what is there, and the version that must be there then (nothing: any). Fills in the
// office of an officer's new profile. kForbidden.
Result<std::optional<std::uint64_t>> writable(const Call& call, Right right, Profile& profile);

// The token's conditions behind those of the request.
void narrow(const Call& call, Conditions& where);

}  // namespace counterpart
