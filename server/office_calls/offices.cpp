#include "server/wire/offices.h"

#include <algorithm>
#include <set>

#include "index/base/time.h"
#include "server/handlers/access.h"
#include "server/handlers/desks.h"
#include "server/handlers/entity_tags.h"
#include "server/handlers/route.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

// The newest version of an office and its desks: they are read and replaced together.
std::uint64_t version_of(const Offices& offices, const std::string& office) {
  const auto found = offices.office_versions.find(office);
  std::uint64_t version = found != offices.office_versions.end() ? found->second : 0;
  for (const Desk& desk : offices.directory.desks())
    if (desk.office == office) version = std::max(version, offices.desk_versions.find(desk.id)->second);
  return version;
}
std::uint64_t version_of_desk(const Offices& offices, const std::string& desk) {
  const auto found = offices.desk_versions.find(desk);
  return found != offices.desk_versions.end() ? found->second : 0;
}

Response versioned_response(int status, json::object body, std::uint64_t version) {
  Response response = json_response(status, std::move(body));
  response.headers.emplace_back("ETag", etag_of(version));
  return response;
}

Response changed_meanwhile(const Call& call, std::string_view member, json::object now) {
  return overtaken(
      call.request, member,
      {.yours = sent(call.request), .theirs = std::move(now), .no_base = "earlier versions of the directory are not kept"});
}

// The field whose condition a stored `version` (0: nothing is stored) does not meet; empty: none.
std::string_view unmet(const Call& call, std::uint64_t version) {
  const std::string match = header(call.request, "if-match"), none = header(call.request, "if-none-match");
  if (!match.empty() && (version == 0 || !names_version(match, version, false))) return "If-Match";
  if (!none.empty() && version > 0 && names_version(none, version, true)) return "If-None-Match";
  return {};
}
bool has_condition(const Call& call) {
  return call.request.headers.contains("if-match") || call.request.headers.contains("if-none-match");
}

tl::unexpected<Error> no_office() {
  return fail(ErrorCode::kNotFound, "id", "there is no such office", "GET /v1/offices lists them");
}
tl::unexpected<Error> no_desk() {
  return fail(ErrorCode::kNotFound, "id", "there is no such desk", "GET /v1/desks lists them");
}

// ---- reading

Response list_offices(const Call& call) {
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  return versioned_response(200, write_directory(*offices), offices->version);
}

Response get_office(const Call& call) {
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  const Office* office = offices->directory.office(call.id);
  if (!office) return problem(no_office().value(), call.request);
  return versioned_response(200, write_office_with_desks(*office, *offices), version_of(*offices, call.id));
}

Response list_desks(const Call& call) {
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  const std::string office = text_of(call.request, "office");
  json::array desks;
  for (const Desk& desk : offices->directory.desks())
    if (office.empty() || desk.office == office) desks.push_back(write_desk(desk, *offices));
  return versioned_response(200, json::object{{"version", offices->version}, {"desks", std::move(desks)}}, offices->version);
}

Response get_desk(const Call& call) {
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  const Desk* desk = offices->directory.desk(call.id);
  if (!desk) return problem(no_desk().value(), call.request);
  return versioned_response(200, write_desk(*desk, *offices), version_of_desk(*offices, call.id));
}

// ---- changing

// Puts all of `given` and removes what `is_meant` names beyond it. With a condition each row is held to the version that
// `seen` has of it, so that nobody else's change is lost.
struct Replacement {
  const Offices& seen;
  bool held;
  DirectoryChange change = {};

  void put(const Office& office) { change.offices.push_back({office.id, office, expected(seen.office_versions, office.id)}); }
  void put(const Desk& desk) { change.desks.push_back({desk.id, desk, expected(seen.desk_versions, desk.id)}); }
  void remove_office(const std::string& id) { change.offices.push_back({id, {}, expected(seen.office_versions, id)}); }
  void remove_desk(const std::string& id) { change.desks.push_back({id, {}, expected(seen.desk_versions, id)}); }

  std::optional<std::uint64_t> expected(const std::map<std::string, std::uint64_t, std::less<>>& versions,
                                        const std::string& id) const {
    if (!held) return std::nullopt;
    const auto found = versions.find(id);
    return found != versions.end() ? found->second : 0;
  }
};

// Desks of `office` (empty: all) that `desks` has not.
void remove_others(const std::vector<Desk>& desks, const std::string& office, Replacement& replacement) {
  for (const Desk& desk : replacement.seen.directory.desks())
    if ((office.empty() || desk.office == office) && std::ranges::find(desks, desk.id, &Desk::id) == desks.end())
      replacement.remove_desk(desk.id);
}

// What follows a checked precondition: the change is made, and a conflict with somebody else's is told.
using TellNow = std::function<Response(const Offices&)>;
Response changed(const Call& call, const Replacement& replacement, const TellNow& answer) {
  const auto now = call.data.cases.change_offices(replacement.change, call.caller.name, call.data.now());
  if (now) {
    end_sessions(call);  // of desks that are gone
    return answer(**now);
  }
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  if (now.error().code == ErrorCode::kConflict && replacement.held && offices->version != replacement.seen.version)
    return changed_meanwhile(call, call.request.headers.contains("if-match") ? "If-Match" : "If-None-Match",
                             write_directory(*offices));
  return problem(now.error(), call.request);
}

Response no_content(const Offices&) { return {.status = 204, .content_type = {}, .headers = {}, .body = {}, .stream = {}}; }

// Makes the change that `fill` states of what is stored under `version` (0: nothing), if the call's conditions are met. `now`:
// what is stored, as it is told.
Response change(const Call& call, const Offices& seen, std::uint64_t version, json::object now,
                const std::function<void(Replacement&)>& fill, const TellNow& answer) {
  if (const std::string_view member = unmet(call, version); !member.empty())
    return changed_meanwhile(call, member, std::move(now));
  Replacement replacement{seen, has_condition(call)};
  fill(replacement);
  return changed(call, replacement, answer);
}

Response put_directory(const Call& call) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  const Result<DirectoryBody> body = read_directory_body(call.request, call.data.taxonomy);
  if (!body) return problem(body.error(), call.request);
  const std::shared_ptr<const Offices> seen = call.data.cases.offices();
  const auto stands_in = [&](const std::string& office) {
    const auto found = read_stand_in(call.data.store.database(), office);
    return found && *found;
  };
  const auto fill = [&](Replacement& replacement) {
    for (const Office& office : body->offices) replacement.put(office);
    for (const Desk& desk : body->desks) replacement.put(desk);
    for (const Office& office : seen->directory.offices()) {
      // What stands for an office of the network stays, whether it is said or not.
      if (stands_in(office.id)) continue;
      if (std::ranges::find(body->offices, office.id, &Office::id) == body->offices.end()) replacement.remove_office(office.id);
      remove_others(body->desks, office.id, replacement);
    }
  };
  return change(call, *seen, seen->version, write_directory(*seen), fill,
                [](const Offices& now) { return versioned_response(200, write_directory(now), now.version); });
}

// An office and a desk are put and removed in one way each.
json::object told_office(const std::string& id, const Offices& offices) {
  const Office* office = offices.directory.office(id);
  return office ? write_office_with_desks(*office, offices) : json::object();
}
json::object told_desk(const std::string& id, const Offices& offices) {
  const Desk* desk = offices.directory.desk(id);
  return desk ? write_desk(*desk, offices) : json::object();
}

Response put_office(const Call& call) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  const Result<OfficeBody> body = read_office_body(call.request, call.data.taxonomy);
  if (!body) return problem(body.error(), call.request);
  if (body->office.id != call.id)
    return problem({ErrorCode::kInvalid, "office.id", "another id than the path's", "make them equal"}, call.request);
  for (std::size_t i = 0; i < body->desks.size(); ++i)
    if (body->desks[i].office != call.id)
      return problem({ErrorCode::kInvalid, "desks[" + std::to_string(i) + "].office", "another office than the path's",
                      "put that desk with its own office, or all at once by PUT /v1/offices"},
                     call.request);
  const std::shared_ptr<const Offices> seen = call.data.cases.offices();
  const std::uint64_t version = version_of(*seen, call.id);
  const auto fill = [&](Replacement& replacement) {
    replacement.put(body->office);
    for (const Desk& desk : body->desks) replacement.put(desk);
    remove_others(body->desks, call.id, replacement);
  };
  return change(call, *seen, version, told_office(call.id, *seen), fill, [&](const Offices& now) {
    return versioned_response(version > 0 ? 200 : 201, told_office(call.id, now), version_of(now, call.id));
  });
}

Response delete_office(const Call& call) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  const std::shared_ptr<const Offices> seen = call.data.cases.offices();
  if (!seen->directory.office(call.id)) return problem(no_office().value(), call.request);
  const auto fill = [&](Replacement& replacement) {
    replacement.remove_office(call.id);
    remove_others({}, call.id, replacement);
  };
  return change(call, *seen, version_of(*seen, call.id), told_office(call.id, *seen), fill, no_content);
}

Response put_desk(const Call& call) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  const Result<Desk> body = read_desk_body(call.request, call.data.taxonomy);
  if (!body) return problem(body.error(), call.request);
  if (body->id != call.id)
    return problem({ErrorCode::kInvalid, "id", "another id than the path's", "make them equal"}, call.request);
  const std::shared_ptr<const Offices> seen = call.data.cases.offices();
  const std::uint64_t version = version_of_desk(*seen, call.id);
  const auto fill = [&](Replacement& replacement) { replacement.put(*body); };
  return change(call, *seen, version, told_desk(call.id, *seen), fill, [&](const Offices& now) {
    return versioned_response(version > 0 ? 200 : 201, told_desk(call.id, now), version_of_desk(now, call.id));
  });
}

Response delete_desk(const Call& call) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  const std::shared_ptr<const Offices> seen = call.data.cases.offices();
  if (!seen->directory.desk(call.id)) return problem(no_desk().value(), call.request);
  const auto fill = [&](Replacement& replacement) { replacement.remove_desk(call.id); };
  return change(call, *seen, version_of_desk(*seen, call.id), told_desk(call.id, *seen), fill, no_content);
}

// ---- who is away

// A desk itself and the head of its office (or who sits in for the head) say when it is away, and whoever governs.
Status may_say_absence(const Call& call, const Desk& desk, const Offices& offices) {
  const Caller& caller = call.caller;
  if (caller.reach(Right::kGovern) == Reach::kAll) return {};
  const std::string& head = offices.directory.office(desk.office)->head;
  const Day today = offices.clock->day_in(desk.office, call.data.now());
  const bool own = caller.role == TokenRole::kOfficer && caller.office == desk.office && !caller.desk.empty() &&
                   (caller.desk == desk.id || caller.desk == head ||
                    caller.desk == responsible(head, desk.office, today, offices.directory).desk);
  if (own) return {};
  return fail(ErrorCode::kForbidden, "desk", "the desk itself and the head of its office alone say when it is away",
              "ask `" + head + "`, the head of `" + desk.office + "`");
}

// Whose the work of the desk is in these days: a row for each time that it goes from one to another.
json::array write_work(const Desk& desk, Day from, Day until, const Directory& directory, const CaseTeller& teller) {
  std::set<Day> days{from};
  const auto consider = [&](Day day) {
    if (from < day && day <= until) days.insert(day);
  };
  for (const Desk& each : directory.desks()) {
    if (each.ends) consider(*each.ends);
    if (!each.absence) continue;
    consider(each.absence->from);
    consider(each.absence->until + 1);
  }
  json::array work;
  Responsible last;
  for (const Day day : days) {
    Responsible now = responsible(desk.id, desk.office, day, directory);
    if (!work.empty() && now.desk == last.desk) continue;
    if (!work.empty()) work.back().as_object()["until"] = iso_date(day - 1);
    work.push_back(json::object{{"from", iso_date(day)}, {"until", iso_date(until)}, {"owner", write_owner(now, teller)}});
    last = std::move(now);
  }
  return work;
}

// In the member of the body where the fault is the caller's own.
Error of_absence(Error error, const Desk& desk) {
  const std::string own = "desk " + desk.id + ".absence.";
  if (error.place.starts_with(own)) error.place.erase(0, own.size());
  return error;
}

Response say_absence(const Call& call, const std::function<Result<std::optional<Absence>>(Day today)>& read) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  const std::shared_ptr<const Offices> seen = call.data.cases.offices();
  const Desk* before = seen->directory.desk(call.id);
  if (!before) return problem(no_desk().value(), call.request);
  if (const Status may = may_say_absence(call, *before, *seen); !may) return problem(may.error(), call.request);
  const Result<bool> preview = flag_of(call.request, "preview");
  if (!preview) return problem(preview.error(), call.request);
  const std::int64_t now = call.data.now();
  const Day today = seen->clock->day_in(before->office, now);
  Result<std::optional<Absence>> absence = read(today);
  if (!absence) return problem(absence.error(), call.request);

  Desk desk = *before;
  desk.absence = std::move(*absence);
  std::vector<Desk> desks = seen->directory.desks();
  *std::ranges::find(desks, desk.id, &Desk::id) = desk;
  const Result<Directory> then = Directory::make(seen->directory.offices(), std::move(desks));
  if (!then) return problem(of_absence(then.error(), desk), call.request);
  const Result<DeskView> view = call.data.cases.desk(desk.id, now, 0);
  if (!view) return problem(view.error(), call.request);
  const auto told = [&](const Offices& offices) {
    const CaseTeller teller = teller_of(call, offices);
    const Day from = desk.absence ? std::max(today, desk.absence->from) : today;
    json::object body{{"desk", write_desk(desk, offices)}, {"preview", *preview}, {"tasks", view->mine.count}};
    body["work"] = write_work(desk, from, desk.absence ? desk.absence->until : from, *then, teller);
    return versioned_response(200, std::move(body), version_of_desk(offices, desk.id));
  };
  if (*preview) return told(*seen);
  const auto fill = [&](Replacement& replacement) { replacement.put(desk); };
  return change(call, *seen, version_of_desk(*seen, desk.id), told_desk(desk.id, *seen), fill, told);
}

Response put_absence(const Call& call) {
  return say_absence(call, [&](Day today) -> Result<std::optional<Absence>> {
    Result<Absence> absence = read_absence_body(call.request, call.data.taxonomy);
    if (!absence) return tl::unexpected(std::move(absence.error()));
    if (absence->until < today) return fail(ErrorCode::kInvalid, "until", "is past", "the last day of an absence to come");
    return std::optional(std::move(*absence));
  });
}

Response end_absence(const Call& call) {
  return say_absence(call, [](Day) -> Result<std::optional<Absence>> { return std::nullopt; });
}

constexpr Parameter kDesksOf[] = {{"office", R"({"type":"string","minLength":1})", "only of this one"}};
constexpr Parameter kConditions[] = {{"If-Match", kTags, "the version that must be stored; else 412", false, kHeader},
                                     {"If-None-Match", kTags, "* : nothing must be stored; else 412", false, kHeader}};

constexpr Parameter kSaying[] = {{"If-Match", kTags, "the version of the desk that must be stored; else 412", false, kHeader},
                                 {"preview", R"({"type":"string","enum":["true","false"],"default":"false"})",
                                  "true: nothing is stored; the answer is the same"}};

constexpr Answer kDirectory[] = {{200, kJson, "OfficeDirectory", "all offices and desks"}};
constexpr Answer kDirectoryPut[] = {{200, kJson, "OfficeDirectory", "as it is now"},
                                    {409, {}, {}, "an office that would go has open cases"},
                                    {412, {}, {}, "changed meanwhile; `theirs` tells what is there"}};
constexpr Answer kOfficeGot[] = {{200, kJson, "OfficeWithDesks", "with its desks"}, {404, {}, {}, "no such office"}};
constexpr Answer kOfficePut[] = {{200, kJson, "OfficeWithDesks", "as it is now"},
                                 {201, kJson, "OfficeWithDesks", "it is new"},
                                 {409, {}, {}, "in conflict with open cases"},
                                 {412, {}, {}, "changed meanwhile; `theirs` tells what is there"}};
constexpr Answer kDesksGot[] = {{200, kJson, "Desks", "by id"}};
constexpr Answer kDeskGot[] = {{200, kJson, "Desk", "as it is"}, {404, {}, {}, "no such desk"}};
constexpr Answer kDeskPut[] = {{200, kJson, "Desk", "as it is now"},
                               {201, kJson, "Desk", "it is new"},
                               {409, {}, {}, "in conflict with open cases"},
                               {412, {}, {}, "changed meanwhile; `theirs` tells what is there"}};
constexpr Answer kAbsence[] = {{200, kJson, "AbsenceAnswer", "who has the work on which days"},
                               {404, {}, {}, "no such desk"},
                               {412, {}, {}, "changed meanwhile; `theirs` tells what is there"}};
constexpr Answer kGone[] = {{204, {}, {}, "gone"},
                            {404, {}, {}, "no such one"},
                            {409, {}, {}, "it has open cases"},
                            {412, {}, {}, "changed meanwhile; `theirs` tells what is there"}};

constexpr Body kOfDirectory{8 * kMiB, kJson, "OfficeDirectory"}, kOfOffice{kMiB, kJson, "OfficeWithDesks"},
    kOfDesk{64 * 1024, kJson, "Desk"}, kOfAbsence{4 * 1024, kJson, "Absence"};

constexpr Route kRoutes[] = {
    {"GET", "/v1/offices", list_offices, Right::kOffices, "The directory of offices and desks", {}, kDirectory},
    {"PUT", "/v1/offices", put_directory, Right::kGovern,
     "Replace the whole directory: what is left out goes. It must be consistent, and is replaced in one step or not at all",
     kConditions, kDirectoryPut, kOfDirectory},
    {"GET", "/v1/offices/{id}", get_office, Right::kOffices, "An office and its desks", {}, kOfficeGot},
    {"PUT", "/v1/offices/{id}", put_office, Right::kGovern, "Put an office with all its desks; a desk that is left out goes",
     kConditions, kOfficePut, kOfOffice},
    {"DELETE", "/v1/offices/{id}", delete_office, Right::kGovern, "Remove an office and its desks", kConditions, kGone},
    {"GET", "/v1/desks", list_desks, Right::kOffices, "The desks", kDesksOf, kDesksGot},
    {"GET", "/v1/desks/{id}", get_desk, Right::kOffices, "A desk", {}, kDeskGot},
    {"PUT", "/v1/desks/{id}", put_desk, Right::kGovern, "Put a desk: new, absent, handed to an heir", kConditions, kDeskPut,
     kOfDesk},
    {"PUT", "/v1/desks/{id}/absence", put_absence, Right::kCasework,
     "Say that a desk is away, until when, and who sits in: its own officer, or the head of its office", kSaying, kAbsence,
     kOfAbsence},
    {"DELETE", "/v1/desks/{id}/absence", end_absence, Right::kCasework, "Say that a desk is back", kSaying, kAbsence},
    {"DELETE", "/v1/desks/{id}", delete_desk, Right::kGovern, "Remove a desk that nothing names", kConditions, kGone}};

}  // namespace

std::span<const Route> office_routes() { return kRoutes; }

}  // namespace counterpart::server
