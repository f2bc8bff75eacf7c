#include "server/wire/cases.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "engine/base/nearest.h"
#include "engine/casework/case_json.h"
#include "engine/casework/standing.h"
#include "index/base/time.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr Collection kCollections[] = {{"interest", "interests"}, {"introduction", "introductions"}, {"profile", "reviews"}};
constexpr std::string_view kRoot = "/v1/", kAnyKind = "cases";

constexpr std::string_view kFreeBecause[] = {"weekend", "holiday", "own"};  // by FreeDay::Why

std::string time_of(std::int64_t seconds) { return iso_time(static_cast<std::uint64_t>(seconds)); }

// An object of which nothing is stated is no text at all.
json::object parsed(const std::string& text) { return text.empty() ? json::object() : json::parse(text).as_object(); }

json::array verbs(const std::vector<std::string_view>& list) { return json::array(list.begin(), list.end()); }

// ---- why it is due

json::object write_why(const Due& due, Step step, std::string_view limit, const Speech& speech) {
  json::array skipped, unknown;
  for (const FreeDay& free : due.skipped) {
    json::object one{
        {"day", iso_date(free.day)}, {"country", free.country}, {"why", kFreeBecause[static_cast<std::size_t>(free.why)]}};
    if (!free.name.empty()) one["name"] = free.name;
    skipped.push_back(std::move(one));
  }
  for (const Due::Unknown& one : due.unknown)
    unknown.push_back(json::object{{"country", one.country}, {"since", iso_date(one.since)}});
  json::object why{{"text", speech.say(sentence_of(due, step, limit))},
                   {"limit", limit},
                   {"step", name_of(step)},
                   {"acted", iso_date(due.acted)},
                   {"from", iso_date(due.from)},
                   {"day", iso_date(due.due)},
                   {"working_days", due.working_days},
                   {"skipped", std::move(skipped)}};
  if (!unknown.empty()) why["unknown"] = std::move(unknown);
  return why;
}

// ---- who has it

json::object write_desk_name(const std::string& desk, const std::string& office, const CaseTeller& teller) {
  json::object out{{"desk", desk}, {"office", office}};
  if (const Desk* found = teller.directory.desk(desk)) out["name"] = found->name;
  return out;
}

void add_task(json::object& out, const Task& task, const CaseTeller& teller) {
  out["side"] = engine::name_of(task.side);
  out["step"] = engine::name_of(task.step);
  out["due"] = time_of(task.due.at);
  out["why_due"] = write_why(task.due, task.step, task.limit, teller.speech);
  out["promised"] = time_of(task.promised.at);
  out["since"] = time_of(task.since);
  out["owner"] = write_owner(task.owner, teller);
  out["inbox"] = task.inbox;
  out["next"] = verbs(task.next);
}

// ---- what it is between

json::object write_party(const Party& party, const CaseTeller& teller) {
  json::object out{{"profile", party.profile}, {"office", party.office}};
  const ProfileName name = teller.name_of(party.profile);
  if (!name.title.empty()) out["title"] = name.title;
  if (!name.country.empty()) out["country"] = name.country;
  return out;
}

std::string called(const std::string& profile, const CaseTeller& teller) {
  const ProfileName name = teller.name_of(profile);
  if (name.title.empty()) return profile;
  return name.country.empty() ? name.title : name.title + " (" + name.country + ")";
}

// ---- what was done and what can be done

bool is_between_offices(const Act& act) {
  return std::ranges::any_of(life_cycles().acts, [&](const ActRow& row) { return row.kind == "*" && row.verb == act.verb; });
}

json::array write_timeline(const Case& of, const CaseTeller& teller) {
  json::array timeline;
  for (const Act& act : of.log) {
    if (teller.to_owner && is_between_offices(act)) continue;
    json::object one = parsed(to_json(act));
    one["at"] = time_of(act.at);
    if (const auto said = one.find("said"); said != one.end()) {
      const json::object words = std::move(said->value().as_object());
      one.erase(said);
      if (!teller.to_owner)
        for (const auto& [name, value] : words) one[name] = value;
    }
    timeline.push_back(std::move(one));
  }
  return timeline;
}

json::array write_acts(const Case& of, std::string_view state) {
  const LifeCycles& table = life_cycles();
  json::array acts;
  for (const ActRow* row : table.acts_from(of.kind, state)) {
    if (row->who == kClock) continue;
    json::array says;
    for (const SaidRow& said : table.saids) {
      if (row->says.empty() || said.says != row->says) continue;
      json::object one{{"fact", said.fact}, {"required", said.need == Need::kMust}};
      if (said.fact == "reason") one["one_of"] = verbs(table.reasons_of(row->says));
      says.push_back(std::move(one));
    }
    json::object act{{"verb", row->verb}, {"says", std::move(says)}};
    if (!row->to.empty()) act["to"] = row->to;
    acts.push_back(std::move(act));
  }
  return acts;
}

// ---- bodies

std::string_view view_of(const json::string_view& text) { return {text.data(), text.size()}; }

Error unknown_member(std::string_view name, std::string_view known) {
  return {ErrorCode::kInvalid, std::string(name.substr(0, 80)), "no such member", "members are " + std::string(known)};
}

constexpr std::size_t kMaxId = 128, kMaxWord = 64;

// The kind of case that the body of a call names.
Result<std::string> kind_in(const json::object& object) {
  const std::vector<std::string_view> kinds = case_kinds();
  const json::value* named = object.if_contains("kind");
  if (!named) return fail(ErrorCode::kInvalid, "kind", "missing", "one of " + joined_with_or(kinds));
  Result<std::string> kind = words_of(*named, "kind", kMaxWord);
  if (!kind || std::ranges::find(kinds, *kind) != kinds.end()) return kind;
  return fail(ErrorCode::kInvalid, "kind", "`" + *kind + "` is no kind of case", "one of " + joined_with_or(kinds));
}

Result<std::string> read_id(const json::value& value, std::string_view place) {
  Result<std::string> id = words_of(value, place, kMaxId);
  if (!id || is_id(*id)) return id;
  return fail(ErrorCode::kInvalid, std::string(place), "not an id", "1 to 128 of A-Z a-z 0-9 : . _ -");
}

}  // namespace

std::string subject_of(const std::string& from, const std::string& to, const CaseTeller& teller) {
  if (from == to || to.empty()) return called(from, teller);
  return teller.speech.say({"subject.between", {{"one", called(from, teller)}, {"other", called(to, teller)}}});
}

std::vector<std::string_view> case_kinds() {
  std::vector<std::string_view> kinds;
  for (const KindRow& row : life_cycles().kinds) kinds.push_back(row.kind);
  return kinds;
}

std::string_view path_of(std::string_view kind) {
  const auto found = std::ranges::find(kCollections, kind, &Collection::kind);
  return found != std::end(kCollections) ? found->path : kAnyKind;
}

std::string_view kind_at(std::string_view target) {
  const auto found = std::ranges::find_if(kCollections, [&](const Collection& one) {
    if (!target.starts_with(kRoot) || !target.substr(kRoot.size()).starts_with(one.path)) return false;
    const std::string_view rest = target.substr(kRoot.size() + one.path.size());
    return rest.empty() || rest.front() == '/';
  });
  return found != std::end(kCollections) ? found->kind : std::string_view();
}

std::string link_to(std::string_view kind, std::string_view id) {
  return std::string(kRoot) + std::string(path_of(kind)) + "/" + std::string(id);
}

json::object write_owner(const Responsible& owner, const CaseTeller& teller) {
  json::object out = write_desk_name(owner.desk, owner.office, teller);
  if (owner.way.empty() || teller.to_owner) return out;
  json::array way;
  for (const Passed& passed : owner.way) {
    json::object one{{"desk", passed.desk}, {"why", engine::name_of(passed.why)}};
    if (passed.why == Gone::kAway) one["until"] = iso_date(passed.until);
    way.push_back(std::move(one));
  }
  out["way"] = std::move(way);
  return out;
}

json::object write_listed_case(const CaseNow& now, const CaseTeller& teller) {
  const Case& of = now.of;
  json::object out{{"id", of.id}, {"kind", of.kind}, {"subject", subject_of(of.asking.profile, of.answering.profile, teller)}};
  out["from"] = write_party(of.asking, teller);
  out["to"] = write_party(of.answering, teller);
  if (!of.programme.empty()) out["programme"] = of.programme;
  if (!of.origin.empty()) out["origin"] = of.origin;
  if (!of.log.empty()) out["opened"] = time_of(of.log.front().at);
  out["version"] = of.log.size();
  out["released"] = now.released;
  if (const auto& other = now.shared)
    out["shared_with"] = json::object{{"office", other->office}, {"unconfirmed", other->home ? 0 : other->waiting()}};
  add_figures(out, of, teller.to_owner);
  if (const ClosedItem* closed = std::get_if<ClosedItem>(&now.standing)) {
    out["open"] = false;
    out["state"] = closed->state;
    out["closed"] = time_of(closed->at);
    if (!closed->reason.empty()) out["reason"] = closed->reason;
    out["next"] = verbs(closed->next);
    return out;
  }
  const OpenItem& open = std::get<OpenItem>(now.standing);
  out["open"] = true;
  out["state"] = open.state;
  add_task(out, open.task, teller);
  if (open.second) {
    json::object second;
    add_task(second, *open.second, teller);
    out["second"] = std::move(second);
  }
  json::object desks;
  for (const Side side : kSides) desks[engine::name_of(side)] = write_owner(open.desks[index_of(side)], teller);
  out["desks"] = std::move(desks);
  return out;
}

json::object write_case(const CaseNow& now, const CaseTeller& teller) {
  json::object out = write_listed_case(now, teller);
  const Case& of = now.of;
  if (!of.log.empty() && !teller.to_owner) {
    json::object answers = parsed(to_json(of.log.front().said.facts));
    if (const auto found = answers.find("found"); found != answers.end()) {
      out["found"] = found->value();
      answers.erase(found);
    }
    if (!answers.empty()) out["answers"] = std::move(answers);
  }
  const std::string state(view_of(out.at("state").as_string()));
  out["acts"] = write_acts(of, state);
  out["timeline"] = write_timeline(of, teller);
  return out;
}

json::object write_desk_row(const DeskRow& row, const CaseTeller& teller) {
  json::object out{{"id", row.case_id},
                   {"kind", row.kind},
                   {"subject", subject_of(row.from, row.to, teller)},
                   {"from", row.from},
                   {"to", row.to},
                   {"state", row.state},
                   {"side", engine::name_of(row.side)},
                   {"step", engine::name_of(row.step)},
                   {"due", time_of(row.due.at)},
                   {"why_due", write_why(row.due, row.step, row.limit, teller.speech)},
                   {"promised", time_of(row.promised)},
                   {"since", time_of(row.since)},
                   {"owner", write_desk_name(row.desk, row.office, teller)},
                   {"inbox", row.inbox},
                   {"next", verbs(row.next)}};
  if (!row.programme.empty()) out["programme"] = row.programme;
  if (!row.origin.empty()) out["origin"] = row.origin;
  return out;
}

json::array write_readers(const std::vector<Letter>& letters, const CaseTeller& teller) {
  json::array out;
  for (const Letter& letter : letters) {
    json::object one{{"letter", letter.letter}};
    if (!letter.profile.empty())
      one["reader"] =
          json::object{{"profile", letter.profile},
                       {"name", teller.speech.say({"subject.owner_of", {{"profile", called(letter.profile, teller)}}})}};
    else
      one["reader"] = write_desk_name(letter.desk, letter.office, teller);
    out.push_back(std::move(one));
  }
  return out;
}

json::object write_letter(const StoredLetter& stored) {
  const Letter& letter = stored.letter;
  json::object arguments;
  for (const auto& [name, value] : letter.arguments) arguments[name] = value;
  json::object out{{"number", stored.number},
                   {"letter", letter.letter},
                   {"case", letter.case_id},
                   {"act", letter.act},
                   {"state", engine::name_of(stored.state)},
                   {"at", time_of(stored.at)},
                   {"state_since", time_of(stored.state_since)},
                   {"tries", stored.tries},
                   {"offices", strings(stored.offices)},
                   {"arguments", std::move(arguments)}};
  if (!letter.profile.empty()) out["profile"] = letter.profile;
  if (!letter.desk.empty()) out["desk"] = letter.desk;
  if (!letter.office.empty()) out["office"] = letter.office;
  if (stored.state == LetterState::kQueued) out["next_try"] = time_of(stored.next_try);
  // A mail server quotes the address that it refuses, and an owner's is no office's to see.
  if (!stored.words.empty() && letter.profile.empty()) out["words"] = stored.words;
  return out;
}

json::array write_contacts(const std::vector<ReleasedContact>& contacts) {
  json::array out;
  for (const ReleasedContact& one : contacts) {
    json::object contact;
    const std::pair<std::string_view, const std::string*> members[] = {{"person", &one.contact.person},
                                                                       {"email", &one.contact.email},
                                                                       {"phone", &one.contact.phone},
                                                                       {"website", &one.contact.website},
                                                                       {"address", &one.contact.address}};
    for (const auto& [name, value] : members)
      if (!value->empty()) contact[name] = *value;
    json::object side{{"profile", one.profile}, {"contact", std::move(contact)}};
    if (one.legal_name) side["legal_name"] = *one.legal_name;
    out.push_back(std::move(side));
  }
  return out;
}

Result<OpeningCall> read_opening(const Request& request, std::string_view kind, const Taxonomy& taxonomy) {
  const Result<json::object>& object = json_body(request);
  if (!object) return tl::unexpected(object.error());
  OpeningCall call;
  const bool any = kind.empty();
  if (Status known = any ? into(kind_in(*object), call.opens.kind) : Status(); !known)
    return tl::unexpected(std::move(known.error()));
  if (!any) call.opens.kind = kind;
  const bool two_sided = life_cycles().kind(call.opens.kind)->two_sided();
  const std::string_view from = any || two_sided ? "from" : "profile", facts = !any && two_sided ? "answers" : "facts";
  json::object said;
  const auto take = [&](std::string_view name, const json::value& value) -> Status {
    if (name == from) return into(read_id(value, name), call.opens.from);
    if (any && name == "kind") return {};
    if (name == "to" && two_sided) return into(read_id(value, name), call.opens.to);
    if (name == "programme") return into(words_of(value, name, kMaxWord), call.opens.programme);
    if (name == "verb") return into(words_of(value, name, kMaxWord), call.verb);
    if (name != facts && (name != "found" || any) && name != "reason" && name != "note")
      return tl::unexpected(unknown_member(
          name, any ? two_sided ? "kind, from, to, programme, facts, note, verb" : "kind, from, programme, facts, note, verb"
                : two_sided ? "from, to, programme, answers, found, note, verb"
                            : "profile, programme, facts, note, verb"));
    said[name == facts ? std::string_view("facts") : name] = value;
    return {};
  };
  for (const auto& [name, value] : *object)
    if (Status taken = take(view_of(name), value); !taken) return tl::unexpected(std::move(taken.error()));
  for (const auto& [name, id] : {std::pair{from, &call.opens.from}, {std::string_view("to"), &call.opens.to}})
    if (id->empty() && (name == from || two_sided))
      return fail(ErrorCode::kInvalid, std::string(name), "missing", "the id of a profile");
  if (const auto found = said.find("found"); found != said.end()) {
    const json::value what = found->value();
    said.erase(found);
    json::value& stated = said["facts"];
    if (stated.is_null()) stated = json::object{};
    if (stated.is_object()) stated.as_object()["found"] = what;
  }
  Result<Said> read = read_said(json::value(std::move(said)), taxonomy);
  if (!read) {
    Error error = std::move(read.error());
    if (error.place.starts_with("facts")) error.place.replace(0, 5, facts);
    return tl::unexpected(std::move(error));
  }
  call.said = std::move(*read);
  return call;
}

Result<ActCall> read_act(const Request& request, bool moves, const Taxonomy& taxonomy) {
  ActCall call;
  if (request.body.empty() && !moves) return call;
  const Result<json::object>& object = json_body(request);
  if (!object) return tl::unexpected(object.error());
  json::object said = *object;
  if (moves) {
    const auto to = said.find("to");
    if (to == said.end()) return fail(ErrorCode::kInvalid, "to", "missing", "the state to move to");
    if (Status taken = into(words_of(to->value(), "to", kMaxWord), call.to); !taken)
      return tl::unexpected(std::move(taken.error()));
    said.erase(to);
  }
  if (Status taken = into(read_said(json::value(std::move(said)), taxonomy), call.said); !taken)
    return tl::unexpected(std::move(taken.error()));
  return call;
}

}  // namespace counterpart::server
