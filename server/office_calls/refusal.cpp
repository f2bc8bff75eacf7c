#include "server/office_calls/refusal.h"

#include <algorithm>
#include <set>

#include "engine/match/refusal_help.h"
#include "engine/profile/profile_json.h"
#include "server/handlers/desks.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kInstead = 3, kMaxMember = 64;
constexpr std::string_view kPartner = "partner.";

// The reason for which the case was closed, where that was a refusal.
const RefusalRow* refusal_of(const Case& of) {
  const RefusalRow* refusal = nullptr;
  const auto watch = [&](const Act& act, const ActRow& row, const Progress& after) {
    if (is_open(*after.state)) refusal = nullptr;
    if (row.says == "decline") refusal = engine::refusal_row(act.said.reason);
  };
  return engine::progress_of(of, life_cycles(), watch) ? refusal : nullptr;
}

// Does the caller act for the side? An administrator does for both.
bool is_for(const Call& call, const Case& of, Side side) {
  if (call.caller.reach(Right::kCasework) == Reach::kAll) return true;
  if (call.caller.role == TokenRole::kOwner) return side == Side::kAsking;
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  return engine::office_of(of, side, offices->directory) == call.caller.office;
}

// Whom the asker has asked, whatever came of it, and who has asked it.
std::set<std::string> asked_before(const Call& call, const Case& of) {
  std::set<std::string> asked;
  if (const auto cases = call.data.cases.list({.kind = of.kind, .profile = of.asking.profile}, {}, kPage.most))
    for (const Case& one : *cases) asked.insert({one.asking.profile, one.answering.profile});
  return asked;
}

struct Alternatives {
  json::array counterparts;
  bool meet = false;  // the reason does not apply to them; else nobody is known of whom that can be told
};

Result<Alternatives> alternatives(const Call& call, const Case& of, const Conditions& where) {
  const std::set<std::string> asked = asked_before(call, of);
  MatchCall match;
  match.profile_id = of.asking.profile;
  match.programme = of.programme;
  match.where = where;
  narrow(call, match.within);
  match.limit = std::min<std::size_t>(kInstead + asked.size(), kMatchList.most);
  match.tell_absence = false;
  const Result<Matches> found = call.service.match(match);
  if (!found) return tl::unexpected(found.error());
  Alternatives out;
  for (const Match& one : found->matches) {
    if (asked.contains(one.id) || out.counterparts.size() == kInstead) continue;
    out.counterparts.push_back(
        json::object{{"id", one.id}, {"title", one.title}, {"country", one.country}, {"band", engine::name_of(one.band)}});
  }
  out.meet = !where.empty() && !out.counterparts.empty();
  return out;
}

// Whoever is refused may be asked about by both sides' profiles, as they are now.
struct Both {
  StoredProfile asker, refusing;
};
std::optional<Both> profiles_of(const Call& call, const Case& of) {
  Result<StoredProfile> asker = call.data.store.get(of.asking.profile), refusing = call.data.store.get(of.answering.profile);
  if (!asker || !refusing) return std::nullopt;
  return Both{std::move(*asker), std::move(*refusing)};
}

// What a profile states at "capacity", "partner.sizes".
json::value stated(const Profile& profile, std::string_view member) {
  const json::value all = json::parse(to_json(profile, Visibility::kPublic));
  const std::size_t dot = member.find('.');
  const json::value* found = all.as_object().if_contains(member.substr(0, dot));
  if (found && dot != member.npos) found = found->as_object().if_contains(member.substr(dot + 1));
  return found ? *found : json::value();
}

// ---- what a profile states about its counterparts

struct Statement {
  std::string member;
  json::value value;  // null: it is not stated any more
};
Result<Statement> read_statement(const Call& call) {
  const Result<json::object>& body = json_body(call.request);
  if (!body) return tl::unexpected(body.error());
  Statement read;
  for (const auto& [name, value] : *body) {
    if (name == "value") {
      read.value = value;
    } else if (name == "member") {
      if (Status is = into(words_of(value, name, kMaxMember), read.member); !is) return tl::unexpected(std::move(is.error()));
    } else {
      return fail(ErrorCode::kInvalid, std::string(name).substr(0, 80), "no such member", "members are member, value");
    }
  }
  if (!body->contains("value")) return fail(ErrorCode::kInvalid, "value", "missing", "say what is stated, or null");
  if (read.member == "capacity" || (read.member.starts_with(kPartner) && read.member.size() > kPartner.size())) return read;
  return fail(ErrorCode::kInvalid, "member", "no condition of a profile",
              "capacity, or a member of partner, as in partner.sizes");
}

// `profile` as it states that.
Result<Profile> stating(const Profile& profile, const Statement& said, const Taxonomy& taxonomy) {
  json::object all = json::parse(to_json(profile, Visibility::kPublic)).as_object();
  json::object* within = &all;
  std::string_view member = said.member;
  if (member.starts_with(kPartner)) {
    json::value& partner = all[kPartner.substr(0, kPartner.size() - 1)];
    if (!partner.is_object()) partner = json::object();
    within = &partner.as_object();
    member.remove_prefix(kPartner.size());
  }
  if (said.value.is_null())
    within->erase(member);
  else
    (*within)[member] = said.value;
  return parse_profile(json::serialize(all), taxonomy);
}

Response state_condition(const Call& call) {
  const Result<Statement> said = read_statement(call);
  if (!said) return problem(said.error(), call.request);
  const Result<Sending> sending = sending_of(call);
  if (!sending) return problem(sending.error(), call.request);
  const Result<StoredProfile> now = look_up(call, call.id);
  if (!now) return problem(now.error(), call.request);
  Result<Profile> profile = stating(now->profile, *said, call.data.taxonomy);
  if (!profile) return problem(profile.error(), call.request);
  Result<Write> write = putting(call, Right::kWrite, {std::move(*profile), {}, PrivateMembers::kKeep});
  if (!write) return problem(write.error(), call.request);
  Precondition condition = precondition_of(call);
  if (condition.failed) return std::move(*condition.failed);
  write->expect_version = condition.version.value_or(now->version);
  return put_response(call, take_one(call, std::move(*write), *sending), condition);
}

constexpr Parameter kStating[] = {kIfMatch, kSentAs, kSentBy};
constexpr Answer kStated[] = {{200, kJson, "Written", "in force, or it was already"},
                              kHeld,
                              {404, {}, {}, "no such profile"},
                              {409, {}, {}, "changed by another call at the same moment"},
                              {412, {}, {}, "the stored version is another"}};
constexpr Route kRoutes[] = {{"POST",
                              "/v1/profiles/{id}:state-condition",
                              state_condition,
                              Right::kWrite,
                              "State one condition on counterparts, as in the `condition_offer` of a refusal; all else stays",
                              kStating,
                              kStated,
                              {64 * 1024, kJson, "ConditionStatement"}}};

}  // namespace

void add_instead(const Call& call, const Case& of, json::object& body) {
  const RefusalRow* row = refusal_of(of);
  if (!row || !is_for(call, of, Side::kAsking)) return;
  const std::optional<Both> both = profiles_of(call, of);
  if (!both) return;
  const Refused refused{both->asker.profile, both->refusing.profile, of.log.front().said.facts};
  const Conditions where = row->meets ? row->meets(refused) : Conditions();
  Result<Alternatives> found = alternatives(call, of, where);
  // Where nobody states what the reason is about, the best who may be asked at all.
  if (found && !where.empty() && found->counterparts.empty()) found = alternatives(call, of, {});
  if (!found) return;
  body["instead"] =
      json::object{{"reason", row->reason},
                   {"text", call.speech.term(found->meet ? "instead.meets." + std::string(row->reason) : "instead.best")},
                   {"meets", found->meet},
                   {"counterparts", std::move(found->counterparts)}};
}

void add_condition_offer(const Call& call, const Case& of, json::object& body) {
  const RefusalRow* row = refusal_of(of);
  if (!row || !row->state || !is_for(call, of, Side::kAnswering)) return;
  const std::optional<Both> both = profiles_of(call, of);
  if (!both) return;
  const std::string& id = of.answering.profile;
  const Refused refused{both->asker.profile, both->refusing.profile, of.log.front().said.facts,
                        call.data.cases.places_taken(id)};
  Profile changed = both->refusing.profile;
  if (!row->state(changed, refused)) return;
  json::object offer{{"profile", id},
                     {"version", both->refusing.version},
                     {"member", row->member},
                     {"value", stated(changed, row->member)},
                     {"text", call.speech.term("condition_offer." + std::string(row->reason))}};
  if (json::value now = stated(both->refusing.profile, row->member); !now.is_null()) offer["now"] = std::move(now);
  body["condition_offer"] = std::move(offer);
}

std::span<const Route> condition_routes() { return kRoutes; }

}  // namespace counterpart::server
