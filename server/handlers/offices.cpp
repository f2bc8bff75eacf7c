#include "server/wire/offices.h"

#include <algorithm>

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
  return problem(412, "precondition-failed", "Precondition failed",
                 {ErrorCode::kConflict, std::string(member), "the directory is another meanwhile",
                  "look at `now`, and repeat the change with its new ETag"},
                 call.request.id, {{"now", std::move(now)}});
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
Response changed(const Call& call, const Replacement& replacement, const std::function<Response(const Offices&)>& answer) {
  const auto now = call.data.cases.change_offices(replacement.change, call.caller.name, call.data.now());
  if (now) return answer(**now);
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  if (now.error().code == ErrorCode::kConflict && replacement.held && offices->version != replacement.seen.version)
    return changed_meanwhile(call, call.request.headers.contains("if-match") ? "If-Match" : "If-None-Match",
                             write_directory(*offices));
  return problem(now.error(), call.request);
}

Response no_content(const Offices&) { return {.status = 204, .content_type = {}, .headers = {}, .body = {}, .stream = {}}; }

Response put_directory(const Call& call) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  const Result<DirectoryBody> body = read_directory_body(call.request, call.data.taxonomy);
  if (!body) return problem(body.error(), call.request);
  const std::shared_ptr<const Offices> seen = call.data.cases.offices();
  if (const std::string_view member = unmet(call, seen->version); !member.empty())
    return changed_meanwhile(call, member, write_directory(*seen));
  Replacement replacement{*seen, has_condition(call)};
  for (const Office& office : body->offices) replacement.put(office);
  for (const Desk& desk : body->desks) replacement.put(desk);
  for (const Office& office : seen->directory.offices())
    if (std::ranges::find(body->offices, office.id, &Office::id) == body->offices.end()) replacement.remove_office(office.id);
  remove_others(body->desks, {}, replacement);
  return changed(call, replacement,
                 [](const Offices& now) { return versioned_response(200, write_directory(now), now.version); });
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
  if (const std::string_view member = unmet(call, version); !member.empty())
    return changed_meanwhile(call, member,
                             version > 0 ? write_office_with_desks(*seen->directory.office(call.id), *seen) : json::object());
  Replacement replacement{*seen, has_condition(call)};
  replacement.put(body->office);
  for (const Desk& desk : body->desks) replacement.put(desk);
  remove_others(body->desks, call.id, replacement);
  return changed(call, replacement, [&](const Offices& now) {
    return versioned_response(version > 0 ? 200 : 201, write_office_with_desks(*now.directory.office(call.id), now),
                              version_of(now, call.id));
  });
}

Response delete_office(const Call& call) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  const std::shared_ptr<const Offices> seen = call.data.cases.offices();
  const Office* office = seen->directory.office(call.id);
  if (!office) return problem(no_office().value(), call.request);
  if (const std::string_view member = unmet(call, version_of(*seen, call.id)); !member.empty())
    return changed_meanwhile(call, member, write_office_with_desks(*office, *seen));
  Replacement replacement{*seen, has_condition(call)};
  replacement.remove_office(call.id);
  remove_others({}, call.id, replacement);
  return changed(call, replacement, no_content);
}

Response put_desk(const Call& call) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  const Result<Desk> body = read_desk_body(call.request, call.data.taxonomy);
  if (!body) return problem(body.error(), call.request);
  if (body->id != call.id)
    return problem({ErrorCode::kInvalid, "id", "another id than the path's", "make them equal"}, call.request);
  const std::shared_ptr<const Offices> seen = call.data.cases.offices();
  const std::uint64_t version = version_of_desk(*seen, call.id);
  if (const std::string_view member = unmet(call, version); !member.empty())
    return changed_meanwhile(call, member, version > 0 ? write_desk(*seen->directory.desk(call.id), *seen) : json::object());
  Replacement replacement{*seen, has_condition(call)};
  replacement.put(*body);
  return changed(call, replacement, [&](const Offices& now) {
    return versioned_response(version > 0 ? 200 : 201, write_desk(*now.directory.desk(call.id), now),
                              version_of_desk(now, call.id));
  });
}

Response delete_desk(const Call& call) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  const std::shared_ptr<const Offices> seen = call.data.cases.offices();
  const Desk* desk = seen->directory.desk(call.id);
  if (!desk) return problem(no_desk().value(), call.request);
  if (const std::string_view member = unmet(call, version_of_desk(*seen, call.id)); !member.empty())
    return changed_meanwhile(call, member, write_desk(*desk, *seen));
  Replacement replacement{*seen, has_condition(call)};
  replacement.remove_desk(call.id);
  return changed(call, replacement, no_content);
}

constexpr Parameter kDesksOf[] = {{"office", R"({"type":"string","minLength":1})", "only of this one"}};
constexpr Parameter kConditions[] = {{"If-Match", kTags, "the version that must be stored; else 412", false, kHeader},
                                     {"If-None-Match", kTags, "* : nothing must be stored; else 412", false, kHeader}};

constexpr Answer kDirectory[] = {{200, kJson, "OfficeDirectory", "all offices and desks"}};
constexpr Answer kDirectoryPut[] = {{200, kJson, "OfficeDirectory", "as it is now"},
                                    {409, {}, {}, "an office that would go has open cases"},
                                    {412, {}, {}, "changed meanwhile; `now` tells what is there"}};
constexpr Answer kOfficeGot[] = {{200, kJson, "OfficeWithDesks", "with its desks"}, {404, {}, {}, "no such office"}};
constexpr Answer kOfficePut[] = {{200, kJson, "OfficeWithDesks", "as it is now"},
                                 {201, kJson, "OfficeWithDesks", "it is new"},
                                 {409, {}, {}, "in conflict with open cases"},
                                 {412, {}, {}, "changed meanwhile; `now` tells what is there"}};
constexpr Answer kDesksGot[] = {{200, kJson, "Desks", "by id"}};
constexpr Answer kDeskGot[] = {{200, kJson, "Desk", "as it is"}, {404, {}, {}, "no such desk"}};
constexpr Answer kDeskPut[] = {{200, kJson, "Desk", "as it is now"},
                               {201, kJson, "Desk", "it is new"},
                               {409, {}, {}, "in conflict with open cases"},
                               {412, {}, {}, "changed meanwhile; `now` tells what is there"}};
constexpr Answer kGone[] = {{204, {}, {}, "gone"},
                            {404, {}, {}, "no such one"},
                            {409, {}, {}, "it has open cases"},
                            {412, {}, {}, "changed meanwhile; `now` tells what is there"}};

constexpr Body kOfDirectory{8 * kMiB, kJson, "OfficeDirectory"}, kOfOffice{kMiB, kJson, "OfficeWithDesks"},
    kOfDesk{64 * 1024, kJson, "Desk"};

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
    {"DELETE", "/v1/desks/{id}", delete_desk, Right::kGovern, "Remove a desk that nothing names", kConditions, kGone}};

}  // namespace

std::span<const Route> office_routes() { return kRoutes; }

}  // namespace counterpart::server
