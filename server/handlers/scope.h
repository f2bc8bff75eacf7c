// What handlers ask before they touch a profile: is it in the caller's sight, and within reach? And how the write of one is
// conditioned and answered.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/store/store.h"
#include "index/store/versions.h"
#include "server/access/rights.h"
#include "server/handlers/entity_tags.h"
#include "server/handlers/route.h"
#include "server/layer.h"
#include "server/service/cases.h"
#include "server/wire/runs.h"

namespace counterpart::server {

// kNotFound also for a profile that the token's filter hides. Private members as far as the caller may see them.
Result<StoredProfile> look_up(const Call& call, const std::string& id);

// What is proposed for the profile, for whoever may write it; private members as in look_up. kNotFound, kForbidden.
Result<Proposal> look_up_proposal(const Call& call, const std::string& id);

// Whether `call`'s caller has `right` to the stored profile `id`, which `place` of the request names. kNotFound as in
// look_up; kForbidden: not one of its own. A profile that is not there passes where nothing needs to be known of it.
Status reachable(const Call& call, Right right, const std::string& id, const std::string& place);

// Does the caller see the private members of what it may write?
bool sees_private(const Call& call);

// Notes in the audit log that private members are read. False: it cannot, and they are not to be shown. Error: the owner whom
// this server follows can, and is to be asked; unless the request says by this header that it does not answer.
inline constexpr const char* kOwnerIsAway = "x-counterpart-owner-is-away";
Result<bool> note_private_read(const Call& call, std::string what, const std::string& id);

// look_up(), with the private members that the caller may see only where the log can tell of it; on a full disk the public ones
// still are.
Result<StoredProfile> seen_by(const Call& call, const std::string& id);

// May the caller know who is excluded, and why? Officers and administrators.
bool sees_exclusions(const Call& call);
// That somebody is excluded, who may not be known to be so, is told as that there is nobody.
Error as_known(const Call& call, const Error& error);
// {status, by, at, until, reason, listed} as far as the caller may know it; null: nothing is stated.
boost::json::value due_diligence(const Call& call, const std::string& id);
// Adds to what is said of a match with `id` its due diligence, and good practice: the first kGoodPractice introductions of
// which both sides let everybody read what they came to.
inline constexpr std::size_t kGoodPractice = 3;
Status tell_beside(const Call& call, const std::string& id, boost::json::object& match);

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

// The version that a write of the path's profile must find, by If-Match and If-None-Match; nullopt: any. An answer at once if
// the condition fails already.
struct Precondition {
  std::optional<std::uint64_t> version;
  std::optional<Response> failed;
  std::string_view member;
};
Precondition precondition_of(const Call& call);

// A conflict that is about the version is told as the condition that failed, another as it is.
Response refused(const Call& call, const Error& error, const Precondition& condition);
Response written_response(const Written& written, int status);
// 202: it waits for its review.
Response held_response(const Submitted& held);

// take_in() of one.
Result<TakenIn> take_one(const Call& call, Write write, const Sending& sending);
// What PUT answers.
Response put_response(const Call& call, const Result<TakenIn>& taken, const Precondition& condition);

// What the texts of a new or changed profile tell of who it is: 422, for whoever sends it to correct, or to insist on by
// `?insist=true`. Nothing: they tell nothing, or it is insisted on.
std::optional<Response> revealing(const Call& call, const Profile& profile);
// What an erasure for good answers.
Response receipt_response(const Call& call, const Result<ErasureReceipt>& receipt);

inline constexpr Parameter kIfMatch = {"If-Match", kTags, "the version that must be stored; else 412", false, kHeader};
inline constexpr Parameter kSentAs = {"as", R"({"type":"string","enum":["review","draft"]})",
                                      "review: held back until it is reviewed, also where its office reviews nothing; draft: "
                                      "held back until it is submitted"};
inline constexpr Parameter kSentBy = {"desk", R"({"type":"string","minLength":1})",
                                      "the desk that submits what is held back; an officer's token has its own"};
inline constexpr Parameter kInsist = {"insist", R"({"type":"string","enum":["true","false"],"default":"false"})",
                                      "true: store it although a public text seems to hold contact data"};
inline constexpr Answer kHeld = {202, kJson, "Held", "held back until it is reviewed; what is published stays as it is"};

// Titles and countries as they are now.
NameOf names_of(const Call& call);

// Of ids in a published run: who is in no list any more, an alias by now, or excluded.
std::function<bool(std::string_view id)> left_since(const Call& call);

// The token's conditions behind those of the request.
void narrow(const Call& call, Conditions& where);

}  // namespace counterpart::server
