#include "server/draft_calls/drafts.h"

#include <algorithm>
#include <utility>

#include "engine/profile/draft_json.h"
#include "engine/profile/identity.h"
#include "index/casework/case_plan.h"
#include "server/handlers/desks.h"
#include "server/handlers/entity_tags.h"
#include "server/post/mail.h"
#include "server/wire/drafts.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostCases = 100;  // of one profile, that are read

tl::unexpected<Error> no_office() {
  return fail(ErrorCode::kConflict, "offices", "there is no office yet that could take it",
              "ask the administrator of this server");
}

// The one that its owner is told of: the last that is open, else the last.
Result<std::optional<CaseNow>> review_of(const Call& call, const std::string& id) {
  for (const std::optional<bool> open : {std::optional(true), std::optional<bool>()}) {
    const Result<std::vector<Case>> cases = reviews_of(call, id, open);
    if (!cases) return tl::unexpected(cases.error());
    if (!cases->empty())
      return call.data.cases.get(cases->back().id, call.data.now()).map([](CaseNow now) {
        return std::optional(std::move(now));
      });
  }
  return std::nullopt;
}
Result<DraftState> state_of(const Call& call, OwnDraft draft) {
  DraftState state;
  const Profile profile = profile_of(call, draft, state.missing);
  state.mail = mail_of(profile);
  if (state.mail.empty() || state.mail != draft.confirmed)
    state.missing.push_back(
        {ErrorCode::kConflict, "contact.email", "its owner has not confirmed it yet", "`:confirm-mail` sends a letter to it"});
  state.reveals = revelations_in(profile);
  state.advice = advice_on(profile, call.data.advice, call.speech.language, {}, call.data.taxonomy);
  const auto letters = call.data.cases.letters({.case_id = draft.id}, 0, kMostConfirmations);
  if (!letters) return tl::unexpected(letters.error());
  if (!letters->empty()) state.letter = letters->back().state;
  Result<std::optional<CaseNow>> review = review_of(call, draft.id);
  if (!review) return tl::unexpected(review.error());
  state.review = std::move(*review);
  Result<std::vector<ProfileVersion>> versions = versions_of(call.data.store, draft.id, false);
  if (versions)
    state.versions = std::move(*versions);
  else if (versions.error().code != ErrorCode::kNotFound)
    return tl::unexpected(versions.error());
  state.draft = std::move(draft);
  return state;
}
}  // namespace

Result<OwnDraft> own_draft(const Call& call) {
  if (call.caller.has_draft && call.caller.profiles.front() == call.id) return call.data.drafts.get(call.id);
  return fail(ErrorCode::kNotFound, "id", "this secret opens no such draft", "each draft has its own");
}

Profile profile_of(const Call& call, const OwnDraft& draft, std::vector<Error>& faults) {
  Findings findings;
  Result<Profile> profile = parse_draft(draft.json, call.data.taxonomy, findings);
  faults = std::move(findings.faults);
  if (!profile) return {};  // its members were those of a profile when it was saved
  profile->id = draft.id;
  return std::move(*profile);
}
Result<std::string> receiving_office(const Profile& profile, const Directory& directory) {
  const std::vector<Office>& offices = directory.offices();
  if (offices.empty()) return no_office();
  if (!profile.office.empty()) {
    if (directory.office(profile.office)) return profile.office;
    return fail(ErrorCode::kInvalid, "office", "there is no such office",
                "leave it out: the office of its country takes it, or the one on duty");
  }
  const auto of_country =
      std::ranges::find_if(offices, [&](const Office& office) { return office.working_time.country == profile.country; });
  return of_country != offices.end() ? of_country->id : directory.duty().id;
}

Result<std::vector<Case>> reviews_of(const Call& call, const std::string& id, std::optional<bool> open) {
  return call.data.cases.list({.kind = std::string(kind_of_profiles(life_cycles())), .profile = id, .open = open}, {},
                              kMostCases);
}

std::string mail_of(const Profile& profile) {
  return is_mail_address(profile.contact.email) ? profile.contact.email : std::string();
}
std::optional<Response> overtaken_draft(const Call& call, const OwnDraft& draft) {
  const std::string match = header(call.request, "if-match");
  if (match.empty() || names_version(match, draft.version, false)) return std::nullopt;
  return overtaken(
      call.request, "If-Match",
      {.yours = sent(call.request), .theirs = json::parse(draft.json), .no_base = "earlier states of a draft are not kept"});
}
Response draft_response(const Call& call, Result<OwnDraft> draft, int status, json::object more) {
  if (!draft) return problem(draft.error(), call.request);
  const std::uint64_t version = draft->version;
  const Result<DraftState> state = state_of(call, std::move(*draft));
  if (!state) return problem(state.error(), call.request);
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  json::object body = write_own_draft(*state, teller_of(call, *offices), {call.data.refusals, call.speech.language});
  for (auto& [name, value] : more) body[name] = std::move(value);
  Response response = json_response(status, body);
  response.headers.emplace_back("ETag", etag_of(version));
  response.headers.emplace_back("Vary", "Authorization");
  return response;
}
}  // namespace counterpart::server
