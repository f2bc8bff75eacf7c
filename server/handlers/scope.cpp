#include "server/handlers/scope.h"

#include "engine/profile/identity.h"
#include "engine/profile/members.h"
#include "engine/profile/profile_json.h"
#include "index/base/time.h"
#include "index/network/receipts.h"
#include "index/network/records.h"
#include "index/replica/replication.h"
#include "index/store/aliases.h"
#include "index/store/versions.h"
#include "server/handlers/received.h"
#include "server/wire/arguments.h"
#include "server/wire/versions.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

// Nothing of the stored profile needs to be known.
bool reaches_all(const Caller& caller, Right right) { return caller.reach(right) == Reach::kAll && caller.filter.empty(); }

// Asked after what was read of `id`: a life that it did not have then only grows, so the right is never too great.
Result<std::uint64_t> life_of(const Call& call, const std::string& id) {
  return call.caller.role == TokenRole::kOwner ? call.data.store.life(id) : Result<std::uint64_t>(0);
}

tl::unexpected<Error> absent() { return fail(ErrorCode::kNotFound, "id", "there is no such profile"); }

// Of what is there already.
Status agreed(const Call& call, Right right, const Present& present, const std::string& place) {
  const Taxonomy& taxonomy = call.data.taxonomy;
  if (!present.profile) return {};
  if (!in_sight(call.caller, *present.profile, taxonomy)) return absent();
  if (may(call.caller, right, *present.profile, present.life, taxonomy)) return {};
  return tl::unexpected(out_of_reach(call.caller, right, place));
}

// Of what would be stored over it. `office`: of what would be; `named`: by the request.
struct Replacing {
  Right right;
  std::string id, office;
  bool named;
};
Status agreed(const Call& call, const Replacing& wanted, const Present& present) {
  const Caller& caller = call.caller;
  const auto refused = [&](std::string place) -> Status {
    return tl::unexpected(out_of_reach(caller, wanted.right, std::move(place)));
  };
  if (!present.profile) {
    const bool own = caller.reach(wanted.right) == Reach::kAll || is_own(caller, wanted.id, wanted.office, present.life);
    return own ? Status() : refused("id");
  }
  if (!may(caller, wanted.right, *present.profile, present.life, call.data.taxonomy)) return refused("id");
  if (caller.role != TokenRole::kOwner || wanted.office == present.profile->office) return {};
  if (!wanted.named)
    return fail(ErrorCode::kConflict, "office", "another call has changed it at the same moment", "repeat this one");
  return fail(ErrorCode::kForbidden, "office", "an owner's profile stays with the office that answers for it",
              "leave `office` as it is; the offices or the administrator can hand it over");
}

// What is stored under an id at this moment, as a consent is shown it; where nothing is published, what is proposed.
struct StoredNow {
  std::optional<Profile> profile = {};  // public members; nullopt: there is none
  std::uint64_t life = 0;
  Present present() const { return {profile ? &*profile : nullptr, life}; }
};
Result<StoredNow> stored_now(const Call& call, const std::string& id) {
  StoredNow now;
  if (!id.empty()) {
    Result<StoredProfile> stored = call.service.get(id);
    if (!stored && stored.error().code != ErrorCode::kNotFound) return tl::unexpected(stored.error());
    if (stored) {
      now.profile = std::move(stored->profile);
    } else {
      Result<std::optional<Proposal>> proposal = read_proposal(call.data.store, id, false);
      if (!proposal) return tl::unexpected(std::move(proposal.error()));
      if (*proposal) now.profile = std::move((*proposal)->profile);
    }
  }
  const Result<std::uint64_t> life = life_of(call, now.profile ? now.profile->id : id);
  if (!life) return tl::unexpected(life.error());
  now.life = *life;
  return now;
}

// The office that answers for a profile of which the caller names none.
std::string office_unnamed(const Caller& caller, const Present& present) {
  if (caller.role == TokenRole::kOfficer) return caller.office;
  return caller.role == TokenRole::kOwner && present.profile ? present.profile->office : std::string();
}

}  // namespace

bool sees_private(const Call& call) { return call.caller.reach(Right::kPrivate) != Reach::kNone; }

bool sees_exclusions(const Call& call) {
  return call.caller.role == TokenRole::kOfficer || call.caller.role == TokenRole::kAdmin;
}

Error as_known(const Call& call, const Error& error) {
  if (error.code != ErrorCode::kConflict || error.message != kIsExcluded || sees_exclusions(call)) return error;
  return {ErrorCode::kNotFound, error.place, "there is no such profile", {}};
}

boost::json::value due_diligence(const Call& call, const std::string& id) {
  const Result<Diligence> stated = read_diligence(call.data.store.database(), id);
  if (!stated || (!stated->check && !stated->listed)) return nullptr;
  return write_diligence(*stated, call.data.today(), sees_exclusions(call));
}

namespace {

// May the caller be told of it as of anybody in a list?
bool is_in_view(const Call& call, const std::string& id) {
  const Result<std::string> survivor = survivor_of(call.data.store.database(), id);
  if (!survivor) return false;
  const Result<StoredProfile> stored = call.data.store.get(*survivor);
  const Result<bool> excluded = is_excluded(call.data.store.database(), *survivor);
  return stored && excluded && !*excluded && in_sight(call.caller, stored->profile, call.data.taxonomy);
}

}  // namespace

Status tell_origin(const Call& call, std::string_view id, boost::json::object& told, std::string_view member) {
  const Result<std::optional<Origin>> origin = origin_of(call.data.store.database(), id);
  if (!origin) return tl::unexpected(origin.error());
  if (!*origin) return {};
  boost::json::object from{{"office", (*origin)->office}, {"name", (*origin)->name}};
  if ((*origin)->as_of != 0) from["as_of"] = iso_time((*origin)->as_of);
  told[member] = std::move(from);
  return {};
}

Status tell_origins(const Call& call, boost::json::array& list) {
  for (boost::json::value& one : list)
    if (Status told = tell_origin(call, std::string_view(one.at("id").as_string()), one.as_object()); !told) return told;
  return {};
}

Status tell_origins(const Call& call, boost::json::array& list, std::string_view within) {
  for (boost::json::value& one : list)
    if (Status told = tell_origins(call, one.at(within).as_array()); !told) return told;
  return tell_origins(call, list);
}

Status tell_beside(const Call& call, const std::string& id, boost::json::object& match) {
  if (Status told = tell_origin(call, id, match); !told) return told;
  if (boost::json::value stated = due_diligence(call, id); !stated.is_null()) match["due_diligence"] = std::move(stated);
  Result<std::vector<Case>> released =
      call.data.cases.list({.kind = "good_practice", .profile = id, .state = "public"}, {}, kGoodPractice);
  if (!released) return tl::unexpected(std::move(released.error()));
  if (released->empty()) return {};
  const auto names = names_of(call);
  boost::json::array told;
  for (const Case& one : *released) {
    const std::string& partner = one.party(one.asking.profile == id ? Side::kAnswering : Side::kAsking).profile;
    if (is_in_view(call, partner)) told.push_back(write_good_practice(one, id, names));
  }
  if (!told.empty()) match["good_practice"] = std::move(told);
  return {};
}

Result<StoredProfile> look_up(const Call& call, const std::string& id) {
  const bool sees = sees_private(call);
  Result<StoredProfile> stored = call.service.get(id, sees);
  if (!stored) return stored;
  const Taxonomy& taxonomy = call.data.taxonomy;
  if (!in_sight(call.caller, stored->profile, taxonomy)) return absent();
  const Result<std::uint64_t> life = life_of(call, stored->profile.id);
  if (!life) return tl::unexpected(life.error());
  if (sees && !may(call.caller, Right::kPrivate, stored->profile, *life, taxonomy)) remove_private(stored->profile);
  return stored;
}

Result<Proposal> look_up_proposal(const Call& call, const std::string& id) {
  const bool sees = sees_private(call);
  if (Status now = reachable(call, Right::kWrite, id, "id"); !now) return tl::unexpected(std::move(now.error()));
  Result<std::optional<Proposal>> found = read_proposal(call.data.store, id, sees);
  if (!found) return tl::unexpected(std::move(found.error()));
  if (!*found) return fail(ErrorCode::kNotFound, "id", "nothing is proposed for this profile");
  Proposal& proposal = **found;
  const Result<std::uint64_t> life = life_of(call, id);
  if (!life) return tl::unexpected(life.error());
  const Taxonomy& taxonomy = call.data.taxonomy;
  if (!may(call.caller, Right::kWrite, proposal.profile, *life, taxonomy))
    return tl::unexpected(out_of_reach(call.caller, Right::kWrite, "id"));
  if (sees && !may(call.caller, Right::kPrivate, proposal.profile, *life, taxonomy)) remove_private(proposal.profile);
  return std::move(proposal);
}

Status reachable(const Call& call, Right right, const std::string& id, const std::string& place) {
  if (reaches_all(call.caller, right)) return {};
  const Result<StoredNow> now = stored_now(call, id);
  if (!now) return tl::unexpected(now.error());
  return now->profile ? agreed(call, right, now->present(), place) : absent();
}

Result<Write> putting(const Call& call, Right right, Given given) {
  const Caller& caller = call.caller;
  Profile& profile = given.profile;
  Write write;
  write.who = caller.name;
  write.removed = given.removed;
  write.private_members = sees_private(call) ? given.left_out : PrivateMembers::kUnseen;
  if (profile.id.empty()) write.expect_version = 0;
  const bool named = !profile.office.empty();
  if (reaches_all(caller, right)) {
    if (!named) profile.office = office_unnamed(caller, {});
  } else {
    const Result<StoredNow> now = stored_now(call, profile.id);
    if (!now) return tl::unexpected(now.error());
    if (!named) profile.office = office_unnamed(caller, now->present());
    if (!may(caller, right, profile, now->life, call.data.taxonomy))
      return tl::unexpected(out_of_reach(caller, right, caller.role == TokenRole::kOfficer ? "office" : "id"));
    write.consent = [&call, wanted = Replacing{right, profile.id, profile.office, named}](const Present& present) {
      return agreed(call, wanted, present);
    };
    if (Status consents = write.consent(now->present()); !consents) return tl::unexpected(consents.error());
  }
  write.profile = std::move(profile);
  return write;
}

Result<Write> erasing(const Call& call, const std::string& id, const std::string& place) {
  if (Status now = reachable(call, Right::kWrite, id, place); !now) return tl::unexpected(now.error());
  Write write;
  write.kind = Write::Kind::kErase;
  write.profile.id = id;
  write.who = call.caller.name;
  if (!reaches_all(call.caller, Right::kWrite))
    write.consent = [&call, place](const Present& present) { return agreed(call, Right::kWrite, present, place); };
  return write;
}

bool may_repeat_erasure(const Call& call, const std::string& id, const std::string& office, std::uint64_t life,
                        const std::string& who) {
  if (reaches_all(call.caller, Right::kWrite) || who == call.caller.name) return true;
  return call.caller.filter.empty() && is_own(call.caller, id, office, life);
}

Result<bool> note_private_read(const Call& call, std::string what, const std::string& id) {
  const Status noted = call.data.store.write_audited({}, {.who = call.caller.name, .what = std::move(what), .subject = id});
  if (!noted && call.data.replication.follows() && !call.request.headers.contains(kOwnerIsAway))
    return tl::unexpected(noted.error());
  return noted.has_value();
}

Result<StoredProfile> seen_by(const Call& call, const std::string& id) {
  Result<StoredProfile> stored = look_up(call, id);
  if (!stored || private_json(stored->profile).empty()) return stored;
  const Result<bool> noted = note_private_read(call, "read private", id);
  if (!noted) return tl::unexpected(noted.error());
  if (!*noted) remove_private(stored->profile);
  return stored;
}

namespace {

// What the caller had before it: the public members of the version that its If-Match names, for whoever may see history.
Response precondition_failed(const Call& call, std::string_view member) {
  const Result<StoredProfile> now = seen_by(call, call.id);
  Conflict conflict{.yours = sent(call.request), .no_base = "that version is not kept, or not for you to see"};
  if (now) conflict.theirs = boost::json::parse(to_json(now->profile, Visibility::kWithPrivate));
  if (const auto named = version_named(header(call.request, "if-match"));
      named && reachable(call, Right::kWrite, call.id, "id"))
    if (const Result<ProfileVersion> base = version_of(call.data.store, call.id, *named))
      conflict.base = boost::json::parse(base->public_json);
  return overtaken(call.request, member, conflict);
}

}  // namespace

Precondition precondition_of(const Call& call) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return {{}, std::move(wrong), {}};
  const std::string match = header(call.request, "if-match");
  const std::string none = header(call.request, "if-none-match");
  if (match.empty() && none.empty()) return {};
  const Result<StoredProfile> stored = call.service.get(call.id);
  if (!stored && stored.error().code != ErrorCode::kNotFound) return {{}, problem(stored.error(), call.request), {}};
  const std::uint64_t version = stored ? stored->version : 0;
  if (!match.empty() && (version == 0 || !names_version(match, version, false)))
    return {{}, precondition_failed(call, "If-Match"), {}};
  if (!none.empty() && version > 0 && names_version(none, version, true))
    return {{}, precondition_failed(call, "If-None-Match"), {}};
  return {version, {}, match.empty() ? "If-None-Match" : "If-Match"};
}

Response refused(const Call& call, const Error& error, const Precondition& condition) {
  if (error.code == ErrorCode::kConflict && condition.version && error.place == call.id)
    return precondition_failed(call, condition.member);
  return problem(error, call.request);
}

Response written_response(const Written& written, int status) {
  Response response = json_response(status, write_written(written));
  response.headers.emplace_back("ETag", etag_of(written.version));
  if (status == 201) response.headers.emplace_back("Location", "/v1/profiles/" + written.id);
  return response;
}

Response held_response(const Submitted& held) {
  Response response = json_response(202, write_submitted(held));
  response.headers.emplace_back("Location", "/v1/profiles/" + held.id + "/draft");
  if (held.version > 0) response.headers.emplace_back("ETag", etag_of(held.version));
  return response;
}

Result<TakenIn> take_one(const Call& call, Write write, const Sending& sending) {
  std::vector<Write> one;
  one.push_back(std::move(write));
  return std::move(take_in(call.service, std::move(one), sending).front());
}

Response put_response(const Call& call, const Result<TakenIn>& taken, const Precondition& condition) {
  if (!taken) return refused(call, taken.error(), condition);
  return taken->held ? held_response(*taken->held) : written_response(taken->written, taken->written.created ? 201 : 200);
}

std::optional<Response> revealing(const Call& call, const Profile& profile) {
  const std::string insist = text_of(call.request, "insist", "false");
  if (insist == "true") return std::nullopt;
  if (insist != "false")
    return problem({ErrorCode::kInvalid, "insist", "neither true nor false", "leave it out, or say true"}, call.request);
  const std::vector<Revelation> found = revelations_in(profile);
  if (found.empty()) return std::nullopt;
  return problem(422, "reveals-identity", "A public text tells who this is",
                 {ErrorCode::kInvalid, std::string(found.front().member),
                  "everybody may read this text, and it seems to hold contact data",
                  "correct it at the places in `findings`, or repeat the call with ?insist=true"},
                 call.request.id, {{"findings", write_revelations(found)}});
}

namespace {

boost::json::object write_receipt(const ErasureReceipt& receipt, const RefusalsIn& reader) {
  boost::json::array places;
  for (const ErasurePlace& place : receipt.places)
    places.push_back({{"place", place.place}, {"verdict", place.verdict}, {"detail", place.detail}});
  boost::json::object out{{"profiles", boost::json::array(receipt.profiles.begin(), receipt.profiles.end())},
                          {"at", receipt.at},
                          {"sequence", receipt.sequence},
                          {"complete", receipt.complete},
                          {"files_searched", receipt.files},
                          {"bytes_searched", receipt.bytes},
                          {"places", std::move(places)}};
  if (receipt.pending) {
    Error why = *receipt.pending;
    reader.say(why);
    out["pending"] = {{"reason", why.message}, {"remedy", why.remedy}};
  }
  return out;
}

}  // namespace

Response receipt_response(const Call& call, const Result<ErasureReceipt>& done) {
  Result<ErasureReceipt> receipt = done;
  if (receipt)
    if (const Status added = add_offices(call.data.store, *receipt); !added) receipt = tl::unexpected(added.error());
  if (!receipt) return problem(receipt.error(), call.request);
  const RefusalsIn reader{call.data.refusals, language_of_refusals(call.request)};
  if (!receipt->pending) return json_response(200, write_receipt(*receipt, reader));
  if (receipt->pending->code == ErrorCode::kUnavailable) return json_response(202, write_receipt(*receipt, reader));
  return unfinished(*receipt->pending, "the profiles are erased, but the files in which they stood are not all rewritten yet",
                    call.request);
}

NameOf names_of(const Call& call) {
  return [corpus = call.data.corpus(), &taxonomy = call.data.taxonomy,
          &store = call.data.store](std::string_view id) -> ProfileName {
    std::optional<Row> row = corpus->find(id);
    if (!row)
      if (const Result<std::string> survivor = survivor_of(store.database(), id)) row = corpus->find(*survivor);
    if (!row) return {};
    const std::uint16_t country = corpus->traits(*row).country;
    return {std::string(corpus->title(*row)), taxonomy.countries.entries()[country].code};
  };
}

std::function<bool(std::string_view)> left_since(const Call& call) {
  return [corpus = call.data.corpus(), &store = call.data.store](std::string_view id) {
    if (corpus->find(id)) return false;
    const Result<std::optional<Alias>> alias = read_alias(store.database(), id);
    const Result<bool> excluded = is_excluded(store.database(), id);
    return (alias && *alias) || (excluded && *excluded);
  };
}

void narrow(const Call& call, Conditions& where) {
  where.insert(where.end(), call.caller.filter.begin(), call.caller.filter.end());
}

}  // namespace counterpart::server
