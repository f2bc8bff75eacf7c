// Due diligence: what an office states of a profile that it has looked into.
#include <algorithm>

#include "index/base/time.h"
#include "server/handlers/desks.h"
#include "server/handlers/entity_tags.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/wire/arguments.h"
#include "server/wire/versions.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

Response told(const Call& call, const std::string& id, const Diligence& stated) {
  json::value body = write_diligence(stated, call.data.today(), sees_exclusions(call));
  json::object out = body.is_object() ? std::move(body.as_object()) : json::object{{"status", "not_checked"}};
  out["profile"] = id;
  Response response = json_response(200, std::move(out));
  response.headers.emplace_back("Vary", "Authorization");
  // Of what the caller may not know there is no trace: not even that something was stated.
  const bool hidden = stated.excluded() && !sees_exclusions(call);
  response.headers.emplace_back("ETag", etag_of(stated.check && !hidden ? stated.check->number : 0));
  return response;
}

Response get_check(const Call& call) {
  const Result<StoredProfile> stored = look_up(call, call.id);
  if (!stored) return problem(stored.error(), call.request);
  const std::string& id = stored->profile.id;
  const Result<Diligence> stated = read_diligence(call.data.store.database(), id);
  if (!stated) return problem(stated.error(), call.request);
  return told(call, id, *stated);
}

Response state_check(const Call& call) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  Result<Check> check = read_check(call.request);
  if (!check) return problem(check.error(), call.request);
  if (!sees_exclusions(call)) return problem(out_of_reach(call.caller, Right::kCasework, "desk"), call.request);
  const Result<Desk> desk = acting_desk(call);
  if (!desk) return problem(desk.error(), call.request);
  if (const Status may = reachable(call, Right::kCasework, call.id, "id"); !may) return problem(may.error(), call.request);
  const Result<StoredProfile> stored = call.service.get(call.id);
  if (!stored) return problem(stored.error(), call.request);
  const std::string& id = stored->profile.id;
  if (call.data.cases.offices()->directory.office_or_duty(stored->profile.office).id != desk->office)
    return problem({ErrorCode::kForbidden, "desk", "is of another office than the one that answers for the profile",
                    "a desk of its own office states it"},
                   call.request);
  if (!check->until.empty() && check->until < iso_date(static_cast<std::int32_t>(call.data.now() / engine::kSecondsOfDay)))
    return problem({ErrorCode::kInvalid, "until", "is past", "a day to come"}, call.request);
  check->office = desk->office;
  check->desk = desk->id;
  check->at = static_cast<std::uint64_t>(std::max<std::int64_t>(call.data.now(), 0));
  const std::string match = header(call.request, "if-match");
  Diligence before;
  bool meanwhile = false;
  Write write;
  write.kind = Write::Kind::kCheck;
  write.profile.id = id;
  write.who = call.caller.name;
  for (int tries = 0;; ++tries) {
    Result<Diligence> known = read_diligence(call.data.store.database(), id);
    if (!known) return problem(known.error(), call.request);
    before = std::move(*known);
    check->number = (before.check ? before.check->number : 0) + 1;
    if (!match.empty() && !names_version(match, check->number - 1, false)) {
      Conflict conflict{.yours = sent(call.request), .no_base = "no earlier statement is kept"};
      conflict.theirs = write_diligence(before, call.data.today(), true);
      return server::overtaken(call.request, "If-Match", conflict);
    }
    write.check = *check;
    // Nobody states something between.
    const auto written = call.data.store.write_together(std::span(&write, 1), [&](auto&, auto&) -> Status {
      const Result<Diligence> now = read_diligence(call.data.store.database(), id);
      if (!now) return tl::unexpected(now.error());
      meanwhile = now->check != before.check;
      return meanwhile ? Status(fail(ErrorCode::kConflict, id, "somebody has stated something meanwhile", "repeat this call"))
                       : Status();
    });
    if (written) break;
    if (!meanwhile || tries == 8) return problem(written.error(), call.request);
  }
  const Result<Diligence> now = read_diligence(call.data.store.database(), id);
  if (!now) return problem(now.error(), call.request);
  return told(call, id, *now);
}

constexpr Parameter kStating[] = {
    {"desk", R"({"type":"string","minLength":1})", "the desk that states it; an officer's token has its own"},
    {"If-Match", kTags, "the statement that the caller has seen; else 412", false, kHeader}};
constexpr Answer kStated[] = {{200, kJson, "DueDiligence", "as it is now"},
                              {404, {}, {}, "no such profile, or no such desk"},
                              {409, {}, {}, "stated by another call at the same moment"},
                              {412, {}, {}, "somebody has stated something meanwhile; `theirs` tells what"}};
constexpr Answer kKnown[] = {{200, kJson, "DueDiligence", "as far as the caller may know it"},
                             {404, {}, {}, "no such profile"}};

constexpr Route kRoutes[] = {
    {"GET",
     "/v1/profiles/{id}/due-diligence",
     get_check,
     Right::kRead,
     "Whether an office has looked into it. Who is excluded, and why, is for officers",
     {},
     kKnown},
    {"POST",
     "/v1/profiles/{id}:check",
     state_check,
     Right::kCasework,
     "State that a profile was checked or is excluded: it is then in no list, search, run, panel or alert",
     kStating,
     kStated,
     {64 * 1024, kJson, "CheckRequest"}}};

}  // namespace

std::span<const Route> check_routes() { return kRoutes; }

}  // namespace counterpart::server
