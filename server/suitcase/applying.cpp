#include "server/suitcase/applying.h"

#include <algorithm>
#include <set>

#include "index/base/time.h"
#include "server/http/problem.h"
#include "server/suitcase/inner_call.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

// THE table of what may be done without a link.
struct Stands {
  Does does;
  std::string_view method, pattern;
};
constexpr Stands kStands[] = {{Does::kAct, "POST", "/v1/cases/{id}:{verb}"},
                              {Does::kProfile, "PUT", "/v1/profiles/{id}"},
                              {Does::kInterest, "POST", "/v1/interests"}};

constexpr std::string_view kNested[] = {"contact", "organisation", "finance", "partner"};  // told member by member, too
constexpr std::string_view kNotTheirs[] = {"id", "due_diligence", "alias_of"};             // of no writer

InnerCall call_of(const Suitcase& suitcase, const Operation& operation, const Caller& caller, const Choice* choice) {
  const Stands& row = *std::ranges::find(kStands, operation.does, &Stands::does);
  InnerCall inner{row.method, row.pattern, operation.subject, operation.verb};
  inner.headers["content-type"] = "application/json";
  inner.body = json::serialize(choice ? choice->body : operation.body);
  if (operation.does == Does::kInterest)
    inner.headers["idempotency-key"] = "suitcase-" + suitcase.id + "-" + operation.id;
  else
    inner.headers["if-match"] = choice ? choice->if_match : operation.if_match;
  if (caller.role != TokenRole::kOfficer && !suitcase.desk.empty()) inner.query.emplace("desk", suitcase.desk);
  return inner;
}

json::object document_of(const Response& response) {
  boost::system::error_code failed;
  const json::value value = json::parse(response.body, failed);
  return !failed && value.is_object() ? value.as_object() : json::object();
}

const json::value* at(const json::value& value, std::string_view name) {
  return value.is_object() ? value.as_object().if_contains(name) : nullptr;
}

// {"contact.email": ..., "title": ...}
json::object flat(const json::value& profile) {
  json::object out;
  if (!profile.is_object()) return out;
  for (const auto& [name, value] : profile.as_object()) {
    if (std::ranges::find(kNotTheirs, std::string_view(name)) != std::end(kNotTheirs)) continue;
    if (value.is_object() && std::ranges::find(kNested, std::string_view(name)) != std::end(kNested))
      for (const auto& [inner, one] : value.as_object()) out[std::string(name) + "." + std::string(inner)] = one;
    else
      out[name] = value;
  }
  return out;
}

// Of a case, which nobody writes as a whole: how it stands now, and what was done there beside what was to be done.
json::array case_apart(const json::object& problem, const Operation& operation) {
  json::array out;
  const json::value none;
  const json::value *theirs = problem.if_contains("theirs"), *base = problem.if_contains("base");
  const json::value *now = at(theirs ? *theirs : none, "state"), *was = at(base ? *base : none, "state");
  if (now) {
    json::object row{{"member", "state"}, {"theirs", *now}, {"changed_by", "them"}};
    if (was) row["base"] = *was;
    out.push_back(std::move(row));
  }
  json::object act{{"member", "act"}, {"yours", operation.verb}, {"changed_by", "both"}};
  if (const json::value* between = problem.if_contains("between");
      between && between->is_array() && !between->as_array().empty())
    if (const json::value* verb = at(between->as_array().back(), "verb")) act["theirs"] = *verb;
  out.push_back(std::move(act));
  return out;
}

void tell_conflict(const Operation& operation, json::object problem, json::object& verdict) {
  verdict["verdict"] = "conflict";
  if (operation.does == Does::kProfile && !operation.seen.is_null()) problem["base"] = operation.seen;
  const json::value none;
  const auto told = [&](const char* name) -> const json::value& {
    const json::value* value = problem.if_contains(name);
    return value ? *value : none;
  };
  verdict["members"] = operation.does == Does::kProfile ? members_apart(told("base"), operation.body, told("theirs"))
                                                        : case_apart(problem, operation);
  for (const char* name : {"yours", "theirs", "base", "no_base", "between"})
    if (json::value* value = problem.if_contains(name)) {
      verdict[name] = std::move(*value);
      problem.erase(name);
    }
  verdict["problem"] = std::move(problem);
}

// Of the profile that it changes; 0: it changes none.
std::uint64_t version_of(const Call& call, const Operation& operation) {
  if (operation.does != Does::kProfile) return 0;
  const Result<StoredProfile> stored = call.data.store.get(operation.subject);
  return stored ? stored->version : 0;
}

}  // namespace

json::array members_apart(const json::value& base, const json::value& yours, const json::value& theirs) {
  const json::object was = flat(base), mine = flat(yours), other = flat(theirs);
  std::set<std::string> names;
  for (const json::object* one : {&mine, &other})
    for (const auto& [name, value] : *one) names.emplace(name);
  const auto same = [](const json::value* a, const json::value* b) { return a && b ? *a == *b : a == b; };
  json::array out;
  for (const std::string& name : names) {
    const json::value *then = was.if_contains(name), *here = mine.if_contains(name), *there = other.if_contains(name);
    if (same(here, there)) continue;
    json::object row{{"member", name}};
    // Without a base nobody knows who has changed it.
    row["changed_by"] = !base.is_object() ? "both" : same(then, there) ? "you" : same(then, here) ? "them" : "both";
    for (const auto& [key, value] : {std::pair("base", then), std::pair("yours", here), std::pair("theirs", there)})
      if (value) row[key] = *value;
    out.push_back(std::move(row));
  }
  return out;
}

json::object verdict_on(const Call& call, const Caller& packer, const Suitcase& suitcase, const Operation& operation,
                        const Choice* choice) {
  json::object verdict{{"operation", operation.id}, {"does", name_of(operation.does)}, {"written_at", operation.written_at}};
  if (!operation.subject.empty()) verdict["subject"] = operation.subject;
  if (!operation.verb.empty()) verdict["verb"] = operation.verb;
  const auto close = [&](std::string_view as, bool given_up) {
    verdict["verdict"] = as;
    const std::int64_t now = call.data.now();
    verdict["at"] = iso_time(static_cast<std::uint64_t>(now));
    // What cannot be noted now is refused as overtaken when it comes again: each is conditional on what its writer saw.
    static_cast<void>(note_done(call.data.store, suitcase.id, operation.id, {now, given_up}));
    return std::move(verdict);
  };
  const auto refused = [&](json::object problem) {
    verdict["verdict"] = "refused";
    verdict["problem"] = std::move(problem);
    return std::move(verdict);
  };
  const Result<std::optional<DoneOperation>> before = done_before(call.data.store, suitcase.id, operation.id);
  if (!before) return refused(document_of(problem(before.error(), call.request)));
  if (*before) {
    verdict["verdict"] = (*before)->given_up ? "given_up" : "already_done";
    verdict["at"] = iso_time(static_cast<std::uint64_t>((*before)->at));
    return verdict;
  }
  if (choice && choice->give_up) return close("given_up", true);
  const Caller& caller = choice ? call.caller : packer;
  const std::uint64_t version = version_of(call, operation);
  const Response answer = answer_of(call, caller, call_of(suitcase, operation, caller, choice));
  if (answer.status < 300) {
    const json::object told = document_of(answer);
    for (const char* name : {"id", "version", "state"})
      if (const json::value* value = told.if_contains(name)) verdict[std::string("now_") + name] = *value;
    if (answer.status == 202) verdict["held"] = true;
    return close("done", false);
  }
  json::object wrong = document_of(answer);
  const json::value* theirs = wrong.if_contains("theirs");
  if ((answer.status != 412 && answer.status != 409) || !theirs || !theirs->is_object()) return refused(std::move(wrong));
  tell_conflict(operation, std::move(wrong), verdict);
  // A choice names what it was made on: where yet another change came between, that is not known, and it is handed in again.
  if (version > 0 && version == version_of(call, operation)) verdict["now_version"] = version;
  if (operation.does != Does::kProfile || !verdict.at("members").as_array().empty()) return verdict;
  for (const char* name : {"yours", "theirs", "base", "no_base", "problem", "members"}) verdict.erase(name);
  return close("already_done", false);  // somebody has made the very same of it, or this was before a crash
}

}  // namespace counterpart::server
