// What handlers ask before they touch a profile: is it in the caller's sight, and within reach?
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/result.h"
#include "index/store/store.h"
#include "server/access/rights.h"
#include "server/layer.h"
#include "server/wire/runs.h"

namespace counterpart::server {

struct Call;

// kNotFound also for a profile that the token's filter hides. Private members as far as the caller may see them.
Result<StoredProfile> look_up(const Call& call, const std::string& id);

// Whether `call`'s caller has `right` to the stored profile `id`, which `place` of the request names. kNotFound as in
// look_up; kForbidden: not one of its own. A profile that is not there passes where nothing needs to be known of it.
Status reachable(const Call& call, Right right, const std::string& id, const std::string& place);

// Does the caller see the private members of what it may write?
bool sees_private(const Call& call);

// What a request would store.
struct Given {
  Profile profile;
  PrivateRemoved removed = {};
  PrivateMembers left_out = PrivateMembers::kReplace;  // of private members, where the caller sees them; others keep them
};
// The write that puts it, with the consent that the caller's rights give to what is there when its turn comes; refused at
// once by what is there now. Fills in the office of an officer's new profile, and of an owner's the one that answers for it.
// kForbidden. `call` must outlive the write.
Result<Write> putting(const Call& call, Right right, Given given);
// The write that erases `id`, in the same way; kNotFound too, as in reachable().
Result<Write> erasing(const Call& call, const std::string& id, const std::string& place);

// May the caller have the receipt of a profile that was erased for `who`, in its life `life`, when `office` answered for it?
bool may_repeat_erasure(const Call& call, const std::string& id, const std::string& office, std::uint64_t life,
                        const std::string& who);

// Titles and countries as they are now.
NameOf names_of(const Call& call);

// The token's conditions behind those of the request.
void narrow(const Call& call, Conditions& where);

}  // namespace counterpart::server
