// What became of a draft without an account, and what its owner does about it with the draft's secret alone: handed in, taken
// back, taken out and erased.
#include <utility>

#include "engine/profile/members.h"
#include "engine/profile/profile_json.h"
#include "index/store/versions.h"
#include "server/draft_calls/drafts.h"
#include "server/handlers/desks.h"
#include "server/handlers/entity_tags.h"
#include "server/handlers/scope.h"
#include "server/wire/cases.h"
#include "server/wire/versions.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostLetters = 1'000;  // about one case, that are read

// Nobody unknown publishes by themselves: it is held for a review, whatever its office does with profiles of others.
Result<Submitted> hand_in(const Call& call, const OwnDraft& draft, Profile profile, const PrivateRemoved& removed) {
  const Result<std::uint64_t> life = call.data.store.life(draft.id);
  if (!life) return tl::unexpected(life.error());
  if (Result<OwnDraft> still = own_draft(call); !still) return tl::unexpected(std::move(still.error()));
  Write write;
  write.who = call.caller.name;
  write.profile = std::move(profile);
  write.removed = removed;
  // An erasure meanwhile has ended that life, and must not be undone.
  write.consent = [life = *life](const Present& present) -> Status {
    if (present.life == life) return {};
    return fail(ErrorCode::kNotFound, "id", "there is no such draft");
  };
  return hold_back(call.data, std::move(write), {.by = By::kOwner, .to_review = true});
}

Response submit(const Call& call) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  const Result<OwnDraft> draft = own_draft(call);
  if (!draft) return problem(draft.error(), call.request);
  if (std::optional<Response> other = overtaken_draft(call, *draft)) return std::move(*other);
  PrivateRemoved removed;
  Result<Profile> profile = parse_profile(draft->json, call.data.taxonomy, &removed);
  if (!profile) return problem(profile.error(), call.request);
  if (mail_of(*profile).empty() || profile->contact.email != draft->confirmed)
    return problem(
        {ErrorCode::kConflict, "contact.email", "its owner has not confirmed it yet", "`:confirm-mail` sends a letter to it"},
        call.request);
  if (std::optional<Response> found = revealing(call, *profile)) return std::move(*found);
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  Result<std::string> office = receiving_office(*profile, offices->directory);
  if (!office) return problem(office.error(), call.request);
  profile->id = draft->id;
  profile->office = std::move(*office);
  if (const Result<Submitted> held = hand_in(call, *draft, std::move(*profile), removed); !held)
    return problem(held.error(), call.request);
  if (Status noted = call.data.drafts.handed_in(draft->id, draft->version); !noted) return problem(noted.error(), call.request);
  return draft_response(call, own_draft(call), 200);
}

// The act of an owner that closes a case; nullptr: none from this state.
const ActRow* closing_act(const CaseNow& now) {
  const OpenItem* open = std::get_if<OpenItem>(&now.standing);
  if (!open) return nullptr;
  for (const ActRow* row : life_cycles().acts_from(now.of.kind, open->state)) {
    const StateRow* to = (row->who & kOwner) ? life_cycles().state(now.of.kind, row->to) : nullptr;
    if (to && !is_open(*to)) return row;
  }
  return nullptr;
}

// Both what is published and what is proposed for its next version; the newest case first, for the other may follow it.
Response withdraw_all(const Call& call) {
  Result<OwnDraft> draft = own_draft(call);
  if (!draft) return problem(draft.error(), call.request);
  const Result<std::vector<Case>> open = reviews_of(call, call.id, true);
  if (!open) return problem(open.error(), call.request);
  if (open->empty())
    return problem({ErrorCode::kConflict, "review", "nothing of it is with an office", "`:erase` removes the draft"},
                   call.request);
  for (auto of = open->rbegin(); of != open->rend(); ++of) {
    const Result<CaseNow> now = call.data.cases.get(of->id, call.data.now());
    if (!now) return problem(now.error(), call.request);
    const ActRow* row = closing_act(*now);
    if (!row) continue;
    ActRequest act{.case_id = of->id, .by = By::kOwner, .verb = std::string(row->verb)};
    act.who = call.caller.name;
    if (const Result<Acted> acted = call.data.cases.act(act, call.data.now()); !acted)
      return problem(acted.error(), call.request);
  }
  return draft_response(call, std::move(draft), 200);
}

Result<json::array> write_reviews(const Call& call, const CaseTeller& teller) {
  const Result<std::vector<Case>> cases = reviews_of(call, call.id, {});
  if (!cases) return tl::unexpected(cases.error());
  json::array out;
  for (const Case& of : *cases) {
    const Result<CaseNow> now = call.data.cases.get(of.id, call.data.now());
    if (!now) return tl::unexpected(now.error());
    out.push_back(write_case(*now, teller));
  }
  return out;
}

// Those to its owner: about the draft, and about each of its reviews.
Result<json::array> write_letters(const Call& call) {
  const Result<std::vector<Case>> cases = reviews_of(call, call.id, {});
  if (!cases) return tl::unexpected(cases.error());
  std::vector<std::string> about{call.id};
  for (const Case& of : *cases) about.push_back(of.id);
  json::array out;
  for (const std::string& id : about) {
    const auto letters = call.data.cases.letters({.case_id = id}, 0, kMostLetters);
    if (!letters) return tl::unexpected(letters.error());
    for (const StoredLetter& letter : *letters)
      if (letter.letter.profile == call.id) out.push_back(write_letter(letter));
  }
  return out;
}

// Everything that is held about it.
Result<json::object> write_all(const Call& call, const OwnDraft& draft) {
  Result<json::array> letters = write_letters(call);
  if (!letters) return tl::unexpected(std::move(letters.error()));
  json::object out{{"letters", std::move(*letters)}};
  if (!draft.confirmed.empty()) out["confirmed"] = draft.confirmed;
  if (const Result<StoredProfile> stored = call.data.store.get(call.id, true))
    out["profile"] = json::parse(to_json(stored->profile, Visibility::kWithPrivate));
  const Result<std::optional<Proposal>> proposal = read_proposal(call.data.store, call.id, true);
  if (!proposal) return tl::unexpected(proposal.error());
  if (*proposal) out["proposed"] = json::parse(to_json((*proposal)->profile, Visibility::kWithPrivate));
  json::array versions;
  if (const auto kept = versions_of(call.data.store, call.id, true))
    for (const ProfileVersion& version : *kept) versions.push_back(write_version(call.id, version));
  out["versions"] = std::move(versions);
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  Result<json::array> reviews = write_reviews(call, teller_of(call, *offices));
  if (!reviews) return tl::unexpected(std::move(reviews.error()));
  out["reviews"] = std::move(*reviews);
  return out;
}

Response export_all(const Call& call) {
  Result<OwnDraft> draft = own_draft(call);
  if (!draft) return problem(draft.error(), call.request);
  if (Status noted = call.data.store.write_audited({}, {.who = call.caller.name, .what = "export draft", .subject = call.id});
      !noted)
    return problem(noted.error(), call.request);
  Result<json::object> all = write_all(call, *draft);
  if (!all) return problem(all.error(), call.request);
  return draft_response(call, std::move(draft), 200, {{"held", std::move(*all)}});
}

Response erase(const Call& call) {
  if (const Result<OwnDraft> draft = own_draft(call); !draft) return problem(draft.error(), call.request);
  Write write;
  write.kind = Write::Kind::kErase;
  write.profile.id = call.id;
  write.who = call.caller.name;
  // Whoever calls again has no secret any more.
  const auto never = [](const ErasedProfile&, const std::string&) { return false; };
  return receipt_response(call, call.data.erasures.erase({{call.id, std::move(write)}}, never, call.caller.name));
}

double cost_of_erasing(const Request&) { return grant_of(Right::kErase).cost; }

constexpr Parameter kSubmitting[] = {kIfMatch, kInsist};
constexpr Answer kSubmitted[] = {{200, kJson, "OwnDraft", "with the office; what is published stays as it is until the review"},
                                 kNoDraft,
                                 {409, {}, {}, "the mailbox is not confirmed, or no office is there"},
                                 kDraftOvertaken,
                                 {422, {}, {}, "a public text tells who it is; `findings` says where"}};
constexpr Answer kWithdrawn[] = {{200, kJson, "OwnDraft", "matched no more, and with no office"},
                                 kNoDraft,
                                 {409, {}, {}, "nothing of it is with an office"}};
constexpr Answer kEverything[] = {{200, kJson, "OwnDraft", "with `held`: everything that is kept of it"}, kNoDraft};
constexpr Answer kGone[] = {
    {200, kJson, "ErasureReceipt", "nothing is left: each place and its verdict"},
    {202, kJson, "ErasureReceipt", "it is gone, but not yet from all files: `pending` says why; it goes on by itself"},
    kNoDraft};

constexpr Route kRoutes[] = {
    {"POST", "/v1/drafts/{id}:submit", submit, Right::kDraft, "Hand a draft in, to be reviewed and published", kSubmitting,
     kSubmitted},
    {"POST",
     "/v1/drafts/{id}:withdraw",
     withdraw_all,
     Right::kDraft,
     "Take back what was handed in or published",
     {},
     kWithdrawn},
    {"POST",
     "/v1/drafts/{id}:export",
     export_all,
     Right::kDraft,
     "Everything that is held about a draft and its profile",
     {},
     kEverything},
    {"POST",
     "/v1/drafts/{id}:erase",
     erase,
     Right::kDraft,
     "Remove a draft and its profile with every trace, with a receipt",
     {},
     kGone,
     {0, {}, {}, cost_of_erasing}},
};

}  // namespace

std::span<const Route> draft_act_routes() { return kRoutes; }

}  // namespace counterpart::server
