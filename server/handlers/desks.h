// Who acts on cases, who may see which, and how they are told: what the handlers of casework have in common.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "index/casework/case_store.h"
#include "server/handlers/call.h"
#include "server/layer.h"
#include "server/service/cases.h"
#include "server/wire/cases.h"

namespace counterpart::server {

// The desk that the call is made with: an officer's is its token's; an administrator and the command line name theirs by
// `?desk=`. kForbidden: another's, a token that has none, or an owner's. kInvalid: none is named. kNotFound: there is no such
// desk.
Result<Desk> acting_desk(const Call& call);

// How the call sends profiles in, by `?as=` and whoever acts. kInvalid, and of acting_desk() where a desk is named.
Result<Sending> sending_of(const Call& call);

// The office whose cases and letters are asked for by `?office=`; empty: of all. kForbidden: another's than the caller's own.
Result<std::string> office_asked(const Call& call);

// A case as far as the caller may see it. An officer: one that its office is in, or that has come to its desks. An owner: one
// that a profile of its own began, of a kind that owners act on. kNotFound otherwise, and where a profile of it was erased.
// `kind`: that it is of; empty: any.
Result<CaseNow> case_in_sight(const Call& call, std::string_view kind, const std::string& id);
// Of one that is read already.
bool is_in_sight(const Call& call, const CaseNow& now);

// With `offices` held as long as it is used.
CaseTeller teller_of(const Call& call, const Offices& offices);

}  // namespace counterpart::server
