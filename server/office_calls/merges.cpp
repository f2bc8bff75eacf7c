// Two profiles that are one: what they would be together, the proposal to merge them, and two again. The cases themselves are
// calls of casework.
#include <algorithm>

#include "engine/profile/profile_json.h"
#include "index/casework/merging.h"
#include "server/handlers/desks.h"
#include "server/handlers/entity_tags.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/wire/arguments.h"
#include "server/wire/cases.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::string_view kKind = "merge", kOpening = "propose", kUndoing = "undo";
constexpr std::size_t kMaxNote = 4000, kMaxChoices = 100;

struct MergeCall {
  std::string with;
  std::vector<Choice> keep;
  std::string note;
};

Result<std::vector<Choice>> read_choices(const json::value& value) {
  const auto unclear = [](std::string place) {
    return fail(ErrorCode::kInvalid, std::move(place), "says not whose word stands",
                "a: of the one that stays, b: of the other, both: of lists");
  };
  const json::object* object = value.if_object();
  if (!object || object->size() > kMaxChoices) return unclear("keep");
  std::vector<Choice> choices;
  for (const auto& [member, word] : *object) {
    const std::string name(member);
    const std::optional<Keep> keep = word.is_string() ? parse_word<Keep>(std::string_view(word.as_string())) : std::nullopt;
    if (!keep || name.empty() || name.size() > 200) return unclear("keep." + name.substr(0, 80));
    choices.push_back({name, *keep});
  }
  return choices;
}

Result<MergeCall> read_merge(const Request& request) {
  const Result<json::object>& object = json_body(request);
  if (!object) return tl::unexpected(object.error());
  MergeCall call;
  for (const auto& [key, value] : *object) {
    const std::string_view name = key;
    Status read;
    if (name == "with")
      read = into(words_of(value, name, 128), call.with);
    else if (name == "note")
      read = into(words_of(value, name, kMaxNote), call.note);
    else if (name == "keep")
      read = into(read_choices(value), call.keep);
    else
      read = fail(ErrorCode::kInvalid, std::string(name.substr(0, 80)), "is no member of this call", "see /openapi.json");
    if (!read) return tl::unexpected(std::move(read.error()));
  }
  if (!is_id(call.with)) return fail(ErrorCode::kInvalid, "with", "not an id", "1 to 128 of A-Z a-z 0-9 : . _ -");
  return call;
}

// Of private members the names alone, and of all of them: in which the two differ would tell whether a guess was right.
json::array write_differing(const Merged& merged, std::span<const Choice> keep) {
  json::array list;
  const auto add = [&](const MemberPath& path, Keep kept) -> json::object& {
    list.push_back(json::object{{"member", path.name},
                                {"keep", name_of(kept)},
                                {"may_be_both", path.shape().is_list()},
                                {"private", path.is_private()}});
    return list.back().as_object();
  };
  for (const MergedMember& member : merged.differing) {
    if (member.path->is_private()) continue;
    json::object& one = add(*member.path, member.keep);
    for (const auto& [name, value] : {std::pair{"a", &member.a}, {"b", &member.b}, {"result", &member.result}})
      one[name] = *value;
  }
  for (const MemberPath& path : all_members()) {
    const bool within = path.way.size() > 1 && path.way.front()->notes.is_private;
    if (!path.is_private() || within) continue;
    const auto chosen = std::ranges::find(keep, path.name, &Choice::member);
    add(path, chosen == keep.end() ? Keep::kA : chosen->keep);
  }
  return list;
}

// Keys are turned by the offices: an administrator, who acts with any desk, turns none, but may look what would be.
Result<Desk> key_desk(const Call& call, bool preview) {
  if (!preview && call.caller.role == TokenRole::kAdmin && call.caller.name != Caller::local().name)
    return fail(ErrorCode::kForbidden, "desk", "an administrator turns no key", "a desk of the side's own office turns it");
  return acting_desk(call);
}

Status is_itself(const Call& call, const std::string& id, const std::string& place) {
  const Result<std::string> survivor = survivor_of(call.data.store.database(), id);
  if (!survivor) return tl::unexpected(survivor.error());
  if (*survivor == id) return {};
  return fail(ErrorCode::kConflict, place, "is an alias of `" + *survivor + "`", "merge that one, or undo the merge");
}

// The proposal, by a desk of one of the two offices.
Result<ActRequest> proposal_of(const Call& call, const MergeCall& given, const Merging& merging, const Desk& desk) {
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  const auto is_its = [&](const StoredProfile& one) {
    return offices->directory.office_or_duty(one.profile.office).id == desk.office;
  };
  const bool of_a = is_its(merging.a);
  if (!of_a && !is_its(merging.b))
    return fail(ErrorCode::kForbidden, "desk", "is of neither of the two offices", "a desk of one of them proposes it");
  ActRequest act;
  act.opens = NewCase{
      .kind = std::string(kKind), .programme = {}, .from = of_a ? call.id : given.with, .to = of_a ? given.with : call.id};
  act.verb = kOpening;
  act.desk = desk.id;
  act.who = call.caller.name;
  act.said.note = given.note;
  act.said.facts.survivor = call.id;
  act.said.facts.keep = given.keep;
  return act;
}

json::object write_acted(const Call& call, const Acted& acted) {
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  const CaseTeller teller = teller_of(call, *offices);
  json::object of = write_case({acted.after, acted.standing, false}, teller);
  of["letters"] = write_readers(acted.letters, teller);
  return of;
}

Response propose_merge(const Call& call) {
  const Result<MergeCall> given = read_merge(call.request);
  if (!given) return problem(given.error(), call.request);
  const Result<bool> preview = flag_of(call.request, "preview");
  if (!preview) return problem(preview.error(), call.request);
  const Result<Desk> desk = key_desk(call, *preview);
  if (!desk) return problem(desk.error(), call.request);
  for (const auto& [id, place] : {std::pair{&call.id, "id"}, {&given->with, "with"}}) {
    const Result<StoredProfile> there = look_up(call, *id);
    if (!there) return problem({there.error().code, place, there.error().message, there.error().remedy}, call.request);
    if (const Status own = is_itself(call, *id, place); !own) return problem(own.error(), call.request);
  }
  if (call.id == given->with)
    return problem({ErrorCode::kInvalid, "with", "is the same profile", "name another profile"}, call.request);
  const Result<Merging> merging = merging_of(call.data.store, call.id, given->with, given->keep);
  if (!merging) return problem(merging.error(), call.request);
  const Result<ActRequest> act = proposal_of(call, *given, *merging, *desk);
  if (!act) return problem(act.error(), call.request);
  const std::int64_t now = call.data.now();
  const Result<Acted> acted = *preview ? call.data.cases.preview(*act, now) : call.data.cases.act(*act, now);
  if (!acted) return problem(acted.error(), call.request);
  Response response =
      json_response(*preview ? 200 : 201, {{"survivor", call.id},
                                           {"alias", given->with},
                                           {"differing", write_differing(merging->merged, given->keep)},
                                           {"profile", json::parse(to_json(merging->merged.profile, Visibility::kPublic))},
                                           {"case", write_acted(call, *acted)},
                                           {"preview", *preview}});
  if (!*preview) response.headers.emplace_back("Location", link_to(kKind, acted->after.id));
  return response;
}

Response unmerge(const Call& call) {
  const Result<bool> preview = flag_of(call.request, "preview");
  if (!preview) return problem(preview.error(), call.request);
  const Result<Desk> desk = key_desk(call, *preview);
  if (!desk) return problem(desk.error(), call.request);
  if (const Result<StoredProfile> there = look_up(call, call.id); !there) return problem(there.error(), call.request);
  const Result<Parting> parting = parting_of(call.data.store, call.id);
  if (!parting) return problem(parting.error(), call.request);
  const Result<CaseNow> of = case_in_sight(call, kKind, parting->alias.case_id);
  if (!of) return problem(of.error(), call.request);
  ActRequest act;
  act.case_id = of->of.id;
  act.verb = kUndoing;
  act.desk = desk->id;
  act.who = call.caller.name;
  const std::int64_t now = call.data.now();
  const Result<Acted> acted = *preview ? call.data.cases.preview(act, now) : call.data.cases.act(act, now);
  if (!acted) return problem(acted.error(), call.request);
  return json_response(200, {{"survivor", parting->alias.survivor},
                             {"alias", call.id},
                             {"stays", strings(parting->parted.stays)},
                             {"case", write_acted(call, *acted)},
                             {"preview", *preview}});
}

constexpr std::string_view kFlag = R"({"type":"string","enum":["true","false"],"default":"false"})";
constexpr Parameter kActing[] = {
    {"desk", R"({"type":"string","minLength":1})", "the desk that acts; an officer's token has its own"},
    {"preview", kFlag, "true: nothing is stored; the answer tells what would be"}};

constexpr Answer kProposed[] = {
    {201, kJson, "Merge", "proposed to the other office, which answers by POST /v1/cases/{id}:agree or :refuse"},
    {200, kJson, "Merge", "a preview"},
    {404, {}, {}, "no such profile or desk"},
    {409, {}, {}, "one of them is an alias already, or such a proposal is open"}};
constexpr Answer kParted[] = {{200, kJson, "Unmerge", "two again; or a preview"},
                              {404, {}, {}, "no such profile, or no such desk"},
                              {409, {}, {}, "no alias, or its survivor is one by now"}};

constexpr Route kRoutes[] = {
    {"POST",
     "/v1/profiles/{id}:merge",
     propose_merge,
     Right::kCasework,
     "Propose that another profile becomes an alias of this one: nothing is deleted, every id stays",
     kActing,
     kProposed,
     {64 * 1024, kJson, "MergeRequest"}},
    {"POST", "/v1/profiles/{id}:unmerge", unmerge, Right::kCasework,
     "Make an alias a profile of its own again. What somebody has changed since stays with the survivor, and is told", kActing,
     kParted}};

}  // namespace

std::span<const Route> merge_routes() { return kRoutes; }

}  // namespace counterpart::server
