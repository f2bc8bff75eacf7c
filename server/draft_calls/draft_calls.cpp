// Drafts of owners who have no account: begun, saved as they are typed, and confirmed by mail.
#include <utility>

#include "engine/profile/draft_json.h"
#include "server/draft_calls/drafts.h"
#include "server/handlers/entity_tags.h"
#include "server/handlers/scope.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

// What was sent, as it is kept: any part of a profile.
Result<std::string> read_text(const Call& call) {
  const Result<json::object>& body = json_body(call.request);
  if (!body) return tl::unexpected(body.error());
  Findings findings;
  const Result<Profile> profile = parse_draft(call.request.body, call.data.taxonomy, findings);
  if (!profile) return tl::unexpected(profile.error());
  if (!profile->id.empty() && profile->id != call.id)
    return fail(ErrorCode::kInvalid, "id", "a draft has an id of its own", "leave it out");
  return json::serialize(*body);
}

Response begin_draft(const Call& call) {
  const Result<std::string> text = read_text(call);
  if (!text) return problem(text.error(), call.request);
  Result<OwnDrafts::Begun> begun = call.data.drafts.begin(*text, call.speech.language, call.data.now());
  if (!begun) return problem(begun.error(), call.request);
  const std::string id = begun->draft.id;
  Response response = draft_response(call, std::move(begun->draft), 201, {{"secret", begun->secret}});
  response.headers.emplace_back("Location", "/v1/drafts/" + id);
  return response;
}

Response get_draft(const Call& call) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  return draft_response(call, own_draft(call), 200);
}

Response save_draft(const Call& call) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  const Result<OwnDraft> before = own_draft(call);
  if (!before) return problem(before.error(), call.request);
  Result<std::string> text = read_text(call);
  if (!text) return problem(text.error(), call.request);
  if (std::optional<Response> other = overtaken_draft(call, *before)) return std::move(*other);
  const bool conditioned = !header(call.request, "if-match").empty();
  const auto expected = conditioned ? std::optional(before->version) : std::nullopt;
  Result<OwnDraft> saved = call.data.drafts.save(call.id, std::move(*text), call.speech.language, expected, call.data.now());
  if (!saved && saved.error().code == ErrorCode::kConflict)
    if (const Result<OwnDraft> now = own_draft(call))
      if (std::optional<Response> other = overtaken_draft(call, *now)) return std::move(*other);
  return draft_response(call, std::move(saved), 200);
}

Response ask_confirmation(const Call& call) {
  const Result<OwnDraft> draft = own_draft(call);
  if (!draft) return problem(draft.error(), call.request);
  std::vector<Error> faults;
  const Profile profile = profile_of(call, *draft, faults);
  const std::string mail = mail_of(profile);
  if (mail.empty())
    return problem({ErrorCode::kInvalid, "contact.email", "there is no mailbox to write to", "say one, and save the draft"},
                   call.request);
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  Profile of_any = profile;
  if (!offices->directory.office(of_any.office)) of_any.office.clear();
  const Result<std::string> office = receiving_office(of_any, offices->directory);
  if (!office) return problem(office.error(), call.request);
  return draft_response(call, call.data.drafts.ask_confirmation(call.id, mail, *office, call.data.cases, call.data.now()), 202);
}

Response confirm(const Call& call) {
  const Result<json::object>& body = json_body(call.request);
  if (!body) return problem(body.error(), call.request);
  const json::value* code = body->if_contains("code");
  if (body->size() != 1 || !code)
    return problem(
        {ErrorCode::kInvalid, "code", "missing, or something stands beside it", "say the code of the letter, and nothing else"},
        call.request);
  const Result<std::string> given = words_of(*code, "code", 100);
  if (!given) return problem(given.error(), call.request);
  if (Status done = call.data.drafts.confirm(call.id, *given, call.data.now()); !done)
    return problem(done.error(), call.request);
  return {.status = 204, .content_type = {}, .headers = {}, .body = {}, .stream = {}};
}

constexpr Parameter kSaving[] = {kIfMatch};
constexpr Answer kBegun[] = {{201, kJson, "OwnDraft", "its `secret` is shown this once"},
                             {403, {}, {}, "this server takes no drafts without an account"},
                             {429, {}, {}, "too many from this address"}};
constexpr Answer kShown[] = {{200, kJson, "OwnDraft", "as it is now"}, kNoDraft};
constexpr Answer kSaved[] = {{200, kJson, "OwnDraft", "on disk"}, kNoDraft, kDraftOvertaken};
constexpr Answer kAsked[] = {
    {202, kJson, "OwnDraft", "the letter is on its way"}, kNoDraft, {409, {}, {}, "confirmed already, or no office is there"}};
constexpr Answer kConfirmed[] = {{204, {}, {}, "confirmed"}};

constexpr Route kRoutes[] = {
    {"POST",
     "/v1/drafts",
     begin_draft,
     Right::kBegin,
     "Begin a draft without an account, where an administrator lets people do so",
     {},
     kBegun,
     {kMaxDraftBytes, kJson, "DraftProfile"}},
    {"GET",
     "/v1/drafts/{id}",
     get_draft,
     Right::kDraft,
     "A draft, what it lacks, and what became of what was handed in",
     {},
     kShown},
    {"PUT",
     "/v1/drafts/{id}",
     save_draft,
     Right::kDraft,
     "Save a draft: any part of a profile, in the place of all that was there",
     kSaving,
     kSaved,
     {kMaxDraftBytes, kJson, "DraftProfile"}},
    {"POST",
     "/v1/drafts/{id}:confirm-mail",
     ask_confirmation,
     Right::kDraft,
     "Send a letter to the draft's mailbox that asks whether it is its owner's",
     {},
     kAsked},
    {"POST",
     "/v1/drafts/{id}:confirm",
     confirm,
     Right::kOpen,
     "Say by the code of that letter that it is; the code is all that is needed",
     {},
     kConfirmed,
     {1024, kJson, "Confirmation"}},
};

}  // namespace

std::span<const Route> draft_routes() { return kRoutes; }

}  // namespace counterpart::server
