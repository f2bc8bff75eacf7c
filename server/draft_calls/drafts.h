// What the calls of owners without an account have in common: the draft that a call is about, and how it is told.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/office.h"
#include "engine/profile/profile.h"
#include "index/draft/own_drafts.h"
#include "server/handlers/route.h"
#include "server/layer.h"

namespace counterpart::server {

// The draft of the path, if it is the one that the caller's secret opens. kNotFound: any other, whether there is one or not.
Result<OwnDraft> own_draft(const Call& call);

// As much of it as can be read, with its id; what keeps it from being a profile is put into `faults`.
Profile profile_of(const Call& call, const OwnDraft& draft, std::vector<Error>& faults);

// The mailbox of its owner, if it can be written to; empty: there is none.
std::string mail_of(const Profile& profile);

// Who takes it in: the office that it names, else that of its country, else the one on duty. kInvalid, at "office": there is no
// such office. kConflict, at "offices": there is none at all.
Result<std::string> receiving_office(const Profile& profile, const Directory& directory);

// Its reviews, oldest first; `open`: those alone that are, or are not.
Result<std::vector<Case>> reviews_of(const Call& call, const std::string& id, std::optional<bool> open);

// 412 where the draft is not as If-Match says.
std::optional<Response> overtaken_draft(const Call& call, const OwnDraft& draft);

// All that its owner is told, with `more`, or why there is nothing to tell.
Response draft_response(const Call& call, Result<OwnDraft> draft, int status, boost::json::object more = {});

inline constexpr Answer kNoDraft = {404, {}, {}, "this secret opens no such draft"};
inline constexpr Answer kDraftOvertaken = {412, {}, {}, "it was saved from elsewhere meanwhile"};

}  // namespace counterpart::server
