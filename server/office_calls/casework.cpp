#include <algorithm>

#include "engine/base/nearest.h"
#include "index/base/time.h"
#include "index/store/aliases.h"
#include "server/handlers/desks.h"
#include "server/handlers/entity_tags.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/office_calls/refusal.h"
#include "server/office_calls/shared_with.h"
#include "server/wire/arguments.h"
#include "server/wire/cases.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::string_view kMove = "move";

Response case_response(int status, json::object body, std::uint64_t version) {
  Response response = json_response(status, std::move(body));
  response.headers.emplace_back("Vary", "Authorization");
  response.headers.emplace_back("ETag", etag_of(version));
  return response;
}

// What the caller had seen, by the number that its If-Match names, and what was done since.
void add_base(const Call& call, const CaseNow& seen, const CaseTeller& teller, Conflict& conflict) {
  const std::optional<std::uint64_t> last = version_named(header(call.request, "if-match"));
  const Result<CaseNow> base =
      last ? call.data.cases.as_of(seen.of, *last, call.data.now()) : fail(ErrorCode::kInvalid, "If-Match", "names no version");
  if (!base) {
    conflict.no_base =
        last ? "the case never had the version that If-Match names" : "no If-Match named the version that was seen";
    return;
  }
  conflict.base = write_case(*base, teller);
  json::array between;
  for (const json::value& act : conflict.theirs.at("timeline").as_array())
    if (act.at("number").to_number<std::uint64_t>() > *last) between.push_back(act);
  conflict.more["between"] = std::move(between);
}

// What is refused because of what the case is now tells what it is, what was asked and what the caller had seen.
Response refused(const Call& call, const Error& error, const CaseNow* seen, std::string_view member = {}) {
  if (error.code != ErrorCode::kConflict || !seen) return problem(error, call.request);
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  const CaseTeller teller = teller_of(call, *offices);
  Conflict conflict{.yours = sent(call.request), .theirs = write_case(*seen, teller)};
  if (conflict.yours.is_object() && !call.verb.empty()) conflict.yours.as_object()["verb"] = call.verb;
  add_base(call, *seen, teller, conflict);
  if (!member.empty()) return overtaken(call.request, member, conflict);
  const ProblemKind& kind = kind_of(error.code);
  return problem(kind.status, kind.type, kind.title, error, call.request.id, write_conflict(conflict));
}

// Who acts: filled into the request. An owner acts for its own profile.
Status sign(const Call& call, ActRequest& act, const std::string& profile) {
  act.who = call.caller.name;
  if (call.caller.role == TokenRole::kOwner) {
    act.by = By::kOwner;
    const Result<std::uint64_t> life = call.data.store.life(profile);
    if (!life) return tl::unexpected(life.error());
    if (is_own(call.caller, profile, {}, *life)) return {};
    return tl::unexpected(out_of_reach(call.caller, Right::kCasework, "from"));
  }
  Result<Desk> desk = acting_desk(call);
  if (!desk) return tl::unexpected(std::move(desk.error()));
  act.desk = std::move(desk->id);
  return {};
}

// Both profiles as the store has them, so that what is refused names the member that was given.
Status check_profiles(const Call& call, const NewCase& opens) {
  const bool from = kind_at(call.request.path).empty() || life_cycles().kind(opens.kind)->two_sided();
  const std::pair<std::string_view, const std::string*> named[] = {{from ? "from" : "profile", &opens.from}, {"to", &opens.to}};
  for (const auto& [member, id] : named) {
    if (id->empty()) continue;
    if (const Result<StoredProfile> stored = call.data.store.get(*id); !stored) {
      Error error = stored.error();
      if (error.code == ErrorCode::kNotFound) error.place = member;
      return tl::unexpected(std::move(error));
    }
  }
  for (const auto& [member, id] : named) {
    if (id->empty() || !life_cycles().kind(opens.kind)->two_sided()) continue;
    if (Status may = check_not_excluded(call.data.store.database(), *id, member); !may)
      return tl::unexpected(as_known(call, may.error()));
  }
  if (!opens.programme.empty() && !call.data.programmes.contains(opens.programme))
    return fail(ErrorCode::kNotFound, "programme", "there is no such programme", "GET /v1/programmes lists them");
  return {};
}

// Before the store looks whether such a case is open already, which is nobody else's to know: cases are opened by the office
// that answers for the profile, or where the table says so by its owner.
Status may_open(const Call& call, const ActRequest& act) {
  const Caller& caller = call.caller;
  const NewCase& opens = *act.opens;
  if (caller.role == TokenRole::kOwner) {
    const ActRow* row = life_cycles().act(opens.kind, "", act.verb);
    return !row || (row->who & kOwner) ? Status() : tl::unexpected(out_of_reach(caller, Right::kCasework, "verb"));
  }
  if (caller.reach(Right::kCasework) == Reach::kAll) return {};
  const Result<StoredProfile> stored = call.data.store.get(opens.from);
  if (!stored) return tl::unexpected(stored.error());
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  return offices->directory.office_or_duty(stored->profile.office).id == caller.office
             ? Status()
             : tl::unexpected(out_of_reach(caller, Right::kCasework, "from"));
}

// Keys are for the offices to turn: an administrator, who acts with any desk, turns none. Whoever opens a case that takes a
// second key has turned the first.
Status may_turn(const Call& call, std::string_view kind, std::string_view verb) {
  const auto has_key = [&](const ActRow& row) { return row.kind == kind && (row.who & kSecondKey); };
  const bool second = std::ranges::any_of(life_cycles().acts, has_key);
  const bool is_key = std::ranges::any_of(life_cycles().acts, [&](const ActRow& row) {
    return row.kind == kind && row.verb == verb && (row.two_keys || has_key(row) || (second && row.from.empty()));
  });
  if (!is_key || call.caller.role != TokenRole::kAdmin || call.caller.name == Caller::local().name) return {};
  return fail(ErrorCode::kForbidden, "desk", "an administrator turns no key", "a desk of the side's own office turns it");
}

Response told(const Call& call, const Acted& acted, int status, bool preview) {
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  const CaseTeller teller = teller_of(call, *offices);
  json::object body = write_case({acted.after, acted.standing, false}, teller);
  if (const Result<CaseNow> now =
          preview ? Result<CaseNow>(fail(ErrorCode::kNotFound, "", "")) : call.data.cases.get(acted.after.id, call.data.now()))
    body["released"] = now->released;
  body["letters"] = write_readers(acted.letters, teller);
  body["preview"] = preview;
  if (!acted.others.empty()) body["others"] = strings(acted.others);
  add_condition_offer(call, acted.after, body);
  Response response = case_response(status, std::move(body), acted.after.log.size());
  if (status == 201) response.headers.emplace_back("Location", link_to(acted.after.kind, acted.after.id));
  return response;
}

// The open case that a repeated call would have opened, if it is the same in all that was said.
std::optional<CaseNow> opened_before(const Call& call, const ActRequest& act) {
  const NewCase& opens = *act.opens;
  const auto open = call.data.cases.list({.kind = opens.kind, .profile = opens.from, .open = true}, {}, kPage.most);
  if (!open) return std::nullopt;
  const auto same = std::ranges::find_if(*open, [&](const Case& one) {
    return one.asking.profile == opens.from && one.programme == opens.programme &&
           (opens.to.empty() || one.answering.profile == opens.to) && !one.log.empty();
  });
  if (same == open->end()) return std::nullopt;
  Result<CaseNow> now = call.data.cases.get(same->id, call.data.now());
  return now && is_in_sight(call, *now) ? std::optional(std::move(*now)) : std::nullopt;
}

Response open_case(const Call& call) {
  Result<OpeningCall> given = read_opening(call.request, kind_at(call.request.path), call.data.taxonomy);
  if (!given) return problem(given.error(), call.request);
  for (std::string* id : {&given->opens.from, &given->opens.to})
    if (Status named = into(survivor_of(call.data.store.database(), *id), *id); !named)
      return problem(named.error(), call.request);
  const Result<bool> preview = flag_of(call.request, "preview");
  if (!preview) return problem(preview.error(), call.request);
  ActRequest act{.opens = given->opens, .verb = given->verb, .said = given->said};
  if (act.verb.empty()) act.verb = life_cycles().acts_from(given->opens.kind, "").front()->verb;
  if (const Status signed_by = sign(call, act, given->opens.from); !signed_by) return problem(signed_by.error(), call.request);
  if (const Status there = check_profiles(call, given->opens); !there) return problem(there.error(), call.request);
  if (const Status may = may_open(call, act); !may) return problem(may.error(), call.request);
  if (const Status may = *preview ? Status() : may_turn(call, given->opens.kind, act.verb); !may)
    return problem(may.error(), call.request);
  if (!*preview)
    if (Status keyed = into(repeat_key_of(call.request, call.caller.name), act.repeat); !keyed)
      return problem(keyed.error(), call.request);
  const std::int64_t now = call.data.now();
  const Result<Acted> acted = *preview ? call.data.cases.preview(act, now) : call.data.cases.act(act, now);
  if (acted) return told(call, *acted, *preview ? 200 : 201, *preview);
  const std::optional<CaseNow> before =
      acted.error().code == ErrorCode::kConflict ? opened_before(call, act) : std::optional<CaseNow>();
  if (before && !*preview) {
    const Act& first = before->of.log.front();
    if (first.desk == act.desk && first.verb == act.verb && first.said == act.said)
      return told(call, {before->of, before->standing, {}, {}}, 200, false);
  }
  return refused(call, acted.error(), before ? &*before : nullptr);
}

// The verb of `move`: what leads from the state it is in to the one that is named.
Result<std::string> verb_to(const CaseNow& now, const std::string& to) {
  const std::string_view state = std::visit([](const auto& item) { return item.state; }, now.standing);
  if (const ActRow* row = life_cycles().act_to(now.of.kind, state, to); row && !to.empty()) return std::string(row->verb);
  std::string possible;
  for (const ActRow* row : life_cycles().acts_from(now.of.kind, state))
    if (!row->to.empty() && row->who != kClock) possible += (possible.empty() ? "" : ", ") + std::string(row->to);
  return fail(ErrorCode::kConflict, "to", "nothing leads there from `" + std::string(state) + "`",
              possible.empty() ? "it stays as it is" : "from there it goes to " + possible);
}

Response act_on_case(const Call& call) {
  const std::string_view kind = kind_at(call.request.path);
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  const Result<CaseNow> seen = case_in_sight(call, kind, call.id);
  if (!seen) return problem(seen.error(), call.request);
  Result<ActCall> given = read_act(call.request, call.verb == kMove, call.data.taxonomy);
  if (!given) return problem(given.error(), call.request);
  const Result<bool> preview = flag_of(call.request, "preview");
  if (!preview) return problem(preview.error(), call.request);
  ActRequest act{.case_id = call.id, .verb = call.verb, .said = std::move(given->said)};
  if (const Status signed_by = sign(call, act, seen->of.asking.profile); !signed_by)
    return problem(signed_by.error(), call.request);
  const std::string match = header(call.request, "if-match");
  if (!match.empty()) {
    act.last = static_cast<unsigned>(seen->of.log.size());
    if (!names_version(match, *act.last, false)) return refused(call, {ErrorCode::kConflict, {}, {}, {}}, &*seen, "If-Match");
  }
  if (call.verb == kMove) {
    Result<std::string> verb = verb_to(*seen, given->to);
    if (!verb) return refused(call, verb.error(), &*seen);
    act.verb = std::move(*verb);
  }
  if (const Status may = may_turn(call, seen->of.kind, act.verb); !may) return problem(may.error(), call.request);
  const std::int64_t now = call.data.now();
  const Result<Acted> acted = *preview ? call.data.cases.preview(act, now) : call.data.cases.act(act, now);
  if (acted) return told(call, *acted, 200, *preview);
  if (as_known(call, acted.error()).code != ErrorCode::kConflict) return problem(as_known(call, acted.error()), call.request);
  const Result<CaseNow> after = case_in_sight(call, kind, call.id);
  const bool overtaken = after && act.last && after->of.log.size() != *act.last;
  return refused(call, acted.error(), after ? &*after : nullptr, overtaken ? "If-Match" : "");
}

// What was released, for a side's own office; whoever the store does not give it gets the case without.
void add_contacts(const Call& call, const CaseNow& now, json::object& body) {
  if (!now.released || call.caller.reach(Right::kPrivate) == Reach::kNone || call.caller.role == TokenRole::kOwner) return;
  std::string office = call.caller.office;
  if (call.caller.role != TokenRole::kOfficer) {
    const Result<Desk> desk = acting_desk(call);
    if (!desk) return;
    office = desk->office;
  }
  if (const auto contacts = call.data.cases.contacts_of(now.of.id, office, call.caller.name))
    body["contacts"] = write_contacts(*contacts);
}

Response get_case(const Call& call) {
  const Result<CaseNow> now = case_in_sight(call, kind_at(call.request.path), call.id);
  if (!now) return problem(now.error(), call.request);
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  json::object body = write_case(*now, teller_of(call, *offices));
  add_contacts(call, *now, body);
  if (now->shared)
    if (const Status told = add_shared_with(call, *now->shared, body.at("shared_with").as_object()); !told)
      return problem(told.error(), call.request);
  add_instead(call, now->of, body);
  return case_response(200, std::move(body), now->of.log.size());
}

Result<CaseFilter> filter_of(const Call& call) {
  CaseFilter filter{.kind = std::string(kind_at(call.request.path)), .profile = text_of(call.request, "profile")};
  if (filter.kind.empty()) {
    filter.kind = text_of(call.request, "kind");
    if (!filter.kind.empty() && !life_cycles().kind(filter.kind))
      return fail(ErrorCode::kInvalid, "kind", "`" + filter.kind.substr(0, 80) + "` is no kind of case",
                  "one of " + joined_with_or(case_kinds()));
    filter.state = text_of(call.request, "state");
    filter.programme = text_of(call.request, "programme");
  }
  if (call.caller.role == TokenRole::kOwner) {
    if (std::ranges::find(call.caller.profiles, filter.profile) == call.caller.profiles.end())
      return tl::unexpected(out_of_reach(call.caller, Right::kCasework, "profile"));
  } else if (Status asked = into(office_asked(call), filter.office); !asked) {
    return tl::unexpected(std::move(asked.error()));
  }
  for (const char* name : {"profile", "after"})
    if (const std::string id = text_of(call.request, name); !id.empty() && !is_id(id))
      return fail(ErrorCode::kInvalid, name, "not an id", "1 to 128 of A-Z a-z 0-9 : . _ -");
  const std::string open = text_of(call.request, "open");
  if (call.request.query.contains("open") && open != "true" && open != "false")
    return fail(ErrorCode::kInvalid, "open", "neither true nor false", "leave it out for both");
  if (!open.empty()) filter.open = open == "true";
  return filter;
}

Response list_cases(const Call& call) {
  const Result<std::uint64_t> limit = number_of(call.request, "limit", kPage);
  if (!limit) return problem(limit.error(), call.request);
  const Result<CaseFilter> filter = filter_of(call);
  if (!filter) return problem(filter.error(), call.request);
  Result<std::vector<Case>> found =
      call.data.cases.list(*filter, text_of(call.request, "after"), static_cast<std::size_t>(*limit) + 1);
  if (!found) return problem(found.error(), call.request);
  const bool more = found->size() > *limit;
  if (more) found->pop_back();
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  const CaseTeller teller = teller_of(call, *offices);
  json::array cases;
  for (const Case& one : *found) {
    const Result<CaseNow> now = call.data.cases.get(one.id, call.data.now());
    if (now && is_in_sight(call, *now)) cases.push_back(write_listed_case(*now, teller));
  }
  json::object answer{{"cases", std::move(cases)}, {"more", more}};
  if (!found->empty()) answer["after"] = found->back().id;
  return json_response(200, std::move(answer));
}

constexpr std::string_view kText = R"({"type":"string","minLength":1})";
constexpr std::string_view kSaysSo = R"({"type":"string","enum":["true","false"],"default":"false"})";
constexpr std::string_view kEither = R"({"type":"string","enum":["true","false"]})";

constexpr Parameter kListed[] = {{"office", kText, "of either side; without it an officer's own, and an administrator's all"},
                                 {"profile", kIdSchema, "of either side"},
                                 {"open", kEither, "only open ones, or only closed ones"},
                                 {"after", kIdSchema, "`after` of the page before"},
                                 {"limit", kPage, "cases a page, of which the caller may not see each"}};
constexpr Parameter kAnyListed[] = {{"kind", kText, "of case"},
                                    {"state", kText, "as they stand"},
                                    {"programme", kText, "under which they run"},
                                    kListed[0],
                                    kListed[1],
                                    kListed[2],
                                    kListed[3],
                                    kListed[4]};
constexpr Parameter kDeskParameter = {"desk", kText, "the desk that acts; an officer's token has its own"};
constexpr Parameter kPreview = {"preview", kSaysSo,
                                "true: nothing is stored; the answer tells the due time and who would be written to"};
constexpr Parameter kOpening[] = {
    kDeskParameter,
    kPreview,
    {"Idempotency-Key", kKeySchema,
     "a repeated call with this key, of the same token within a week, finds the case that the first one opened; the same key "
     "with another body is refused with 409",
     false, kHeader}};
constexpr Parameter kActing[] = {
    kDeskParameter, kPreview, {"If-Match", kTags, "the last act that the caller has seen; else 412", false, kHeader}};
constexpr Parameter kReading[] = {{"desk", kText, "of an administrator: the desk that reads what was released to its office"}};

constexpr Answer kCases[] = {{200, kJson, "Cases", "in order of opening"}};
constexpr Answer kCase[] = {{200, kJson, "Case", "as it stands"}, {404, {}, {}, "no such case in sight"}};
constexpr Answer kOpened[] = {
    {201, kJson, "Case", "opened, on disk"},
    {200, kJson, "Case", "a preview, or the same was there already"},
    {404, {}, {}, "no such profile, programme or desk"},
    {409, {}, {}, "no place is left, another one is open (`theirs` tells which), or the key was used"}};
constexpr Answer kActed[] = {{200, kJson, "Case", "as it is after the act, on disk"},
                             {404, {}, {}, "no such case in sight, or no such desk"},
                             {409, {}, {}, "not possible in its state, or no place is left; `theirs` tells what it is"},
                             {412, {}, {}, "somebody has acted meanwhile; `theirs` tells what it is"}};

constexpr std::size_t kBodyLimit = 256 * 1024;
constexpr Body kOfInterest{kBodyLimit, kJson, "InterestRequest"}, kOfReview{kBodyLimit, kJson, "ReviewRequest"},
    kOfCase{kBodyLimit, kJson, "CaseRequest"}, kOfAct{kBodyLimit, kJson, "ActRequest"};
constexpr std::string_view kActHelp =
    "An act of the table of life cycles, by its verb; `move` takes the state `to` instead. The case tells which are possible";

constexpr Route kRoutes[] = {
    {"POST", "/v1/cases", open_case, Right::kCasework,
     "Open a case of any kind; some kinds are opened under programmes alone that run them", kOpening, kOpened, kOfCase},
    {"GET", "/v1/cases", list_cases, Right::kCasework, "Cases of all kinds", kAnyListed, kCases},
    {"GET", "/v1/cases/{id}", get_case, Right::kCasework, "A case of any kind", kReading, kCase},
    {"POST", "/v1/cases/{id}:{verb}", act_on_case, Right::kCasework, kActHelp, kActing, kActed, kOfAct},
    {"POST", "/v1/interests", open_case, Right::kCasework, "Send an expression of interest", kOpening, kOpened, kOfInterest},
    {"GET", "/v1/interests", list_cases, Right::kCasework, "Expressions of interest", kListed, kCases},
    {"GET", "/v1/interests/{id}", get_case, Right::kCasework, "An expression of interest", kReading, kCase},
    {"POST", "/v1/interests/{id}:{verb}", act_on_case, Right::kCasework, kActHelp, kActing, kActed, kOfAct},
    {"GET", "/v1/introductions", list_cases, Right::kCasework, "Introductions", kListed, kCases},
    {"GET", "/v1/introductions/{id}", get_case, Right::kCasework,
     "An introduction. `contacts` are in it when both keys are turned, for both sides' offices alone", kReading, kCase},
    {"POST", "/v1/introductions/{id}:{verb}", act_on_case, Right::kCasework, kActHelp, kActing, kActed, kOfAct},
    {"POST", "/v1/reviews", open_case, Right::kCasework, "Follow a stored profile as a case", kOpening, kOpened, kOfReview},
    {"GET", "/v1/reviews", list_cases, Right::kCasework, "Profiles as cases: drafts, reviews, what is published until when",
     kListed, kCases},
    {"GET", "/v1/reviews/{id}", get_case, Right::kCasework, "A profile as a case", kReading, kCase},
    {"POST", "/v1/reviews/{id}:{verb}", act_on_case, Right::kCasework, kActHelp, kActing, kActed, kOfAct}};

}  // namespace

std::span<const Route> casework_routes() { return kRoutes; }

}  // namespace counterpart::server
