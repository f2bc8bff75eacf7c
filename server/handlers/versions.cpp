// Versions of a profile, what differs between two, one taken up again; and what is proposed for the next.
#include "server/wire/versions.h"

#include <charconv>

#include "engine/profile/members.h"
#include "engine/profile/profile_json.h"
#include "index/store/aliases.h"
#include "server/handlers/desks.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

Result<std::uint64_t> number_in(std::string_view text, std::string_view place) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed == std::errc() && end == text.data() + text.size() && number > 0) return number;
  return fail(ErrorCode::kInvalid, std::string(place), "not the number of a version",
              "GET /v1/profiles/{id}/versions lists them");
}

// What was public once may have been taken back: it is for whoever may write the profile.
Result<ProfileVersion> version_in_reach(const Call& call, std::string_view number, std::string_view place) {
  if (Status may = reachable(call, Right::kWrite, call.id, "id"); !may) return tl::unexpected(std::move(may.error()));
  return number_in(number, place).and_then([&](std::uint64_t version) {
    return version_of(call.data.store, call.id, version);
  });
}

Response list_versions(const Call& call) {
  if (Status may = reachable(call, Right::kWrite, call.id, "id"); !may) return problem(may.error(), call.request);
  const Result<std::vector<ProfileVersion>> versions = versions_of(call.data.store, call.id, false);
  if (!versions) return problem(versions.error(), call.request);
  boost::json::object body = write_versions(call.id, *versions);
  const Result<std::vector<std::string>> family = family_of(call.data.store.database(), call.id);
  if (!family) return problem(family.error(), call.request);
  if (family->front() != call.id)
    body["alias_of"] = family->front();
  else if (family->size() > 1)
    body["aliases"] = boost::json::array(family->begin() + 1, family->end());
  return json_response(200, std::move(body));
}

Response get_version(const Call& call) {
  const Result<ProfileVersion> version = version_in_reach(call, call.part, "version");
  if (!version) return problem(version.error(), call.request);
  boost::json::object body = write_version(call.id, *version);
  if (const std::string against = text_of(call.request, "against"); !against.empty()) {
    const Result<ProfileVersion> other = version_in_reach(call, against, "against");
    if (!other) return problem(other.error(), call.request);
    body["against"] = other->version;
    body["differences"] = write_difference(other->public_json, version->public_json);
  }
  return json_response(200, std::move(body));
}

// Its office and its end stay those of now: an old end may be past. So do private members, which have no history.
Response restore_version(const Call& call) {
  const Result<ProfileVersion> version = version_in_reach(call, call.part, "version");
  if (!version) return problem(version.error(), call.request);
  const Result<Sending> sending = sending_of(call);
  if (!sending) return problem(sending.error(), call.request);
  const Result<StoredProfile> now = call.service.get(call.id);
  if (!now) return problem(now.error(), call.request);
  Result<Profile> profile = decode_profile(version->public_json);
  if (!profile) return problem(profile.error(), call.request);
  profile->office = now->profile.office;
  profile->valid_until = now->profile.valid_until;
  Result<Write> write = putting(call, Right::kWrite, {std::move(*profile), {}, PrivateMembers::kKeep});
  if (!write) return problem(write.error(), call.request);
  Precondition condition = precondition_of(call);
  if (condition.failed) return std::move(*condition.failed);
  write->expect_version = condition.version;
  return put_response(call, take_one(call, std::move(*write), *sending), condition);
}

Response get_draft(const Call& call) {
  Result<Proposal> proposal = look_up_proposal(call, call.id);
  if (!proposal) return problem(proposal.error(), call.request);
  if (!private_json(proposal->profile).empty()) {
    const Result<bool> noted = note_private_read(call, "read private draft", call.id);
    if (!noted) return problem(noted.error(), call.request);
    if (!*noted) remove_private(proposal->profile);
  }
  boost::json::object body = write_proposal(*proposal);
  if (proposal->base > 0)
    if (const Result<StoredProfile> now = call.service.get(call.id))
      body["differences"] =
          write_difference(to_json(now->profile, Visibility::kPublic), to_json(proposal->profile, Visibility::kPublic));
  Response response = json_response(200, std::move(body));
  response.headers.emplace_back("Vary", "Authorization");
  return response;
}

Response list_drafts(const Call& call) {
  const Result<std::uint64_t> limit = number_of(call.request, "limit", kPage);
  if (!limit) return problem(limit.error(), call.request);
  const std::string after = text_of(call.request, "after");
  if (!after.empty() && !is_id(after))
    return problem({ErrorCode::kInvalid, "after", "not an id", "1 to 128 of A-Z a-z 0-9 : . _ -"}, call.request);
  const Result<std::vector<std::string>> ids =
      proposed_ids(call.data.store.database(), after, static_cast<std::size_t>(*limit) + 1);
  if (!ids) return problem(ids.error(), call.request);
  const bool more = ids->size() > *limit;
  boost::json::array drafts;
  std::string last;
  for (std::size_t i = 0; i < ids->size() && i < *limit; ++i) {
    last = (*ids)[i];
    if (const Result<Proposal> proposal = look_up_proposal(call, last)) {
      boost::json::object one = write_proposal(*proposal);
      one.erase("profile");
      one["title"] = proposal->profile.title;
      drafts.push_back(std::move(one));
    }
  }
  boost::json::object body{{"drafts", std::move(drafts)}, {"more", more}};
  if (!last.empty()) body["after"] = last;
  return json_response(200, std::move(body));
}

constexpr std::string_view kVersionNumber = R"({"type":"string","pattern":"^[1-9][0-9]*$"})";
constexpr Parameter kAgainst[] = {
    {"against", kVersionNumber, "another version: `differences` tells what each member lost and gained since that one"}};
constexpr Parameter kRestoring[] = {kIfMatch, kSentAs, kSentBy};
constexpr Parameter kDrafts[] = {{"after", kIdSchema, "`after` of the page before"},
                                 {"limit", kPage, "drafts a page, of which the caller may not see each"}};

constexpr Answer kVersions[] = {{200, kJson, "Versions", "ascending; the last one is in force"},
                                {404, {}, {}, "no such profile"}};
constexpr Answer kVersion[] = {{200, kJson, "Version", "its public members"}, {404, {}, {}, "no such version is kept"}};
constexpr Answer kRestored[] = {{200, kJson, "Written", "in force again, or it is already"},
                                kHeld,
                                {404, {}, {}, "no such version is kept"},
                                {409, {}, {}, "changed by another call at the same moment"},
                                {412, {}, {}, "the stored version is another"}};
constexpr Answer kDraft[] = {{200, kJson, "Draft", "what is proposed, private members for whom they are"},
                             {404, {}, {}, "nothing is proposed"}};
constexpr Answer kListedDrafts[] = {{200, kJson, "Drafts", "in order of the profiles' ids"}};

constexpr Route kRoutes[] = {
    {"GET", "/v1/drafts", list_drafts, Right::kWrite, "What is proposed and not published yet", kDrafts, kListedDrafts},
    {"GET",
     "/v1/profiles/{id}/draft",
     get_draft,
     Right::kWrite,
     "What is proposed for a profile, and how it differs from what is published",
     {},
     kDraft},
    {"GET", "/v1/profiles/{id}/versions", list_versions, Right::kWrite, "Who published what when", {}, kVersions},
    {"GET", "/v1/profiles/{id}/versions/{version}", get_version, Right::kWrite, "A version, and what differs from another",
     kAgainst, kVersion},
    {"POST", "/v1/profiles/{id}/versions/{version}:restore", restore_version, Right::kWrite,
     "Make an old version the next one, through a review where there is one", kRestoring, kRestored}};

}  // namespace

std::span<const Route> version_routes() { return kRoutes; }

}  // namespace counterpart::server
