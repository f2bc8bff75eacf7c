#include "server/handlers/desks.h"

#include <algorithm>

#include "index/store/versions.h"
#include "server/handlers/scope.h"
#include "server/wire/arguments.h"

namespace counterpart::server {
namespace {

constexpr std::string_view kNewToken =
    "`counterpart token create --role officer --office OFFICE --desk DESK` makes a token that acts";

bool is_of_office(const CaseNow& now, const std::string& office, const Directory& directory) {
  for (const Side side : kSides)
    if (engine::office_of(now.of, side, directory) == office) return true;
  const OpenItem* open = std::get_if<OpenItem>(&now.standing);
  return open && (open->task.owner.office == office || (open->second && open->second->owner.office == office));
}

// Do owners act on cases of that kind at all?
bool is_for_owners(std::string_view kind) {
  return std::ranges::any_of(life_cycles().acts, [&](const ActRow& row) { return row.kind == kind && (row.who & kOwner); });
}

// What an officer is told of a case whose profile was erased.
Error erased_or_absent(const Call& call, const std::string& id, const Error& error) {
  if (error.code != ErrorCode::kNotFound) return error;
  const Result<std::optional<ErasedCase>> erased = call.data.cases.erased(id);
  const bool theirs = erased && *erased &&
                      (call.caller.reach(Right::kCasework) == Reach::kAll ||
                       (!call.caller.office.empty() && (*erased)->office == call.caller.office));
  if (theirs)
    return {ErrorCode::kNotFound, "id", "this case went when a profile of it was erased for good", "nothing of it is left"};
  return {ErrorCode::kNotFound, "id", "there is no such case in your sight", "`GET /v1/desk` lists what your office has"};
}

}  // namespace

Result<Sending> sending_of(const Call& call) {
  const std::string as = text_of(call.request, "as");
  if (!as.empty() && as != "review" && as != "draft")
    return fail(ErrorCode::kInvalid, "as", "neither review nor draft",
                "leave it out: the profile's office says what is reviewed");
  Sending sending{.to_review = !as.empty(), .submits = as != "draft"};
  if (call.caller.role == TokenRole::kOwner) {
    sending.by = By::kOwner;
  } else if (!call.caller.desk.empty() || !text_of(call.request, "desk").empty()) {
    Result<Desk> desk = acting_desk(call);
    if (!desk) return tl::unexpected(std::move(desk.error()));
    sending.desk = std::move(desk->id);
  }
  return sending;
}

Result<Desk> acting_desk(const Call& call) {
  const std::string asked = text_of(call.request, "desk");
  const Caller& caller = call.caller;
  if (caller.role == TokenRole::kOwner) return tl::unexpected(out_of_reach(caller, Right::kCasework, "desk"));
  std::string id = asked;
  if (caller.role == TokenRole::kOfficer) {
    if (caller.desk.empty())
      return fail(ErrorCode::kForbidden, "desk", "this token has no desk: it reads its office's work and does not act",
                  std::string(kNewToken));
    if (!asked.empty() && asked != caller.desk)
      return fail(ErrorCode::kForbidden, "desk", "this token acts with the desk `" + caller.desk + "` alone", "leave it out");
    id = caller.desk;
  }
  if (id.empty()) return fail(ErrorCode::kInvalid, "desk", "missing", "say with which desk you act: ?desk=DESK");
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  const Desk* desk = offices->directory.desk(id);
  if (!desk) return fail(ErrorCode::kNotFound, "desk", "there is no such desk", "GET /v1/desks lists them");
  if (caller.role == TokenRole::kOfficer && desk->office != caller.office)
    return fail(ErrorCode::kForbidden, "desk", "this token's desk has gone to the office `" + desk->office + "`",
                std::string(kNewToken));
  return *desk;
}

Result<std::string> office_asked(const Call& call) {
  std::string asked = text_of(call.request, "office");
  if (call.caller.reach(Right::kCasework) == Reach::kAll) return asked;
  if (call.caller.role == TokenRole::kOfficer && (asked.empty() || asked == call.caller.office)) return call.caller.office;
  return tl::unexpected(out_of_reach(call.caller, Right::kCasework, "office"));
}

bool is_in_sight(const Call& call, const CaseNow& now) {
  const Caller& caller = call.caller;
  if (caller.reach(Right::kCasework) == Reach::kAll) return true;
  if (caller.role == TokenRole::kOfficer) return is_of_office(now, caller.office, call.data.cases.offices()->directory);
  const std::string& profile = now.of.asking.profile;
  const Result<std::uint64_t> life = call.data.store.life(profile);
  return life && is_for_owners(now.of.kind) && is_own(caller, profile, {}, *life);
}

Result<CaseNow> case_in_sight(const Call& call, std::string_view kind, const std::string& id) {
  Result<CaseNow> now = call.data.cases.get(id, call.data.now());
  if (!now) return tl::unexpected(erased_or_absent(call, id, now.error()));
  if ((kind.empty() || now->of.kind == kind) && is_in_sight(call, *now)) return now;
  return tl::unexpected(erased_or_absent(call, id, {ErrorCode::kNotFound, {}, {}, {}}));
}

CaseTeller teller_of(const Call& call, const Offices& offices) {
  // Whoever sees a case may know what its draft is called.
  const auto name_of = [published = names_of(call), &store = call.data.store](std::string_view id) -> ProfileName {
    if (ProfileName name = published(id); !name.title.empty()) return name;
    if (const Result<StoredProfile> stored = store.get(id)) return {stored->profile.title, stored->profile.country};
    const Result<std::optional<Proposal>> proposal = read_proposal(store, id, false);
    if (!proposal || !*proposal) return {};
    return {(*proposal)->profile.title, (*proposal)->profile.country};
  };
  return {offices.directory, name_of, call.speech, call.caller.role == TokenRole::kOwner};
}

}  // namespace counterpart::server
