#include "server/handlers/access.h"

#include <algorithm>

#include "engine/base/hex.h"
#include "index/base/crypto.h"
#include "index/base/time.h"
#include "index/network/figures.h"
#include "index/store/record.h"
#include "server/handlers/route.h"
#include "server/service/cases.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxLabel = 200, kMaxOffice = 64;

struct Asked {
  Token token;
  std::uint64_t days = kTokenLife.standard.value();
  std::uint64_t link_days = kLinkLife.standard.value();
};

// What there is of a token, and of an invitation `link_days` beside.
constexpr std::string_view kMembers = "role, office, desk, country, profiles, where, label, days";

Result<TokenRole> read_role(const json::value& value) {
  if (value.is_string())
    if (const auto role = token_role_of(std::string_view(value.as_string()))) return *role;
  std::string known;
  for (const std::string_view name : kRoleNames) known += (known.empty() ? "" : ", ") + std::string(name);
  return fail(ErrorCode::kInvalid, "role", "no such role", "there are " + known);
}

Result<std::vector<std::string>> read_profiles(const json::value& value) {
  const auto wrong = [] { return fail(ErrorCode::kInvalid, "profiles", "not a list of ids", R"(write ["ID", ...])"); };
  if (!value.is_array()) return wrong();
  std::vector<std::string> ids;
  for (const json::value& id : value.as_array()) {
    if (!id.is_string() || id.as_string().empty() || id.as_string().size() > 128) return wrong();
    ids.emplace_back(id.as_string());
  }
  return ids;
}

Result<std::string> read_country(const json::value& value, const Taxonomy& taxonomy) {
  if (value.is_string() && taxonomy.countries.find(std::string_view(value.as_string()))) return std::string(value.as_string());
  return fail(ErrorCode::kInvalid, "country", "not a country", "give an ISO 3166-1 alpha-2 code, as in KE");
}

Status take_member(std::string_view name, const json::value& value, const Taxonomy& taxonomy, bool invites, Asked& asked) {
  Caller& caller = asked.token.caller;
  if (name == "role") return into(read_role(value), caller.role);
  if (name == "office") return into(words_of(value, name, kMaxOffice), caller.office);
  if (name == "desk") return into(words_of(value, name, kMaxOffice), caller.desk);
  if (name == "country") return into(read_country(value, taxonomy), caller.country);
  if (name == "profiles") return into(read_profiles(value), caller.profiles);
  if (name == "where") return into(read_where(value, taxonomy), caller.filter);
  if (name == "label") return into(words_of(value, name, kMaxLabel), asked.token.label);
  if (name == "days") return into(number_of(value, name, kTokenLife), asked.days);
  if (invites && name == "link_days") return into(number_of(value, name, kLinkLife), asked.link_days);
  return fail(ErrorCode::kInvalid, std::string(name.substr(0, 80)), "no such member",
              "members are " + std::string(kMembers) + (invites ? ", link_days" : ""));
}

}  // namespace

json::object write_caller(const Caller& caller) {
  json::object out{{"role", name_of(caller.role)}};
  if (!caller.office.empty()) out["office"] = caller.office;
  if (!caller.desk.empty()) out["desk"] = caller.desk;
  if (!caller.country.empty()) out["country"] = caller.country;
  if (!caller.profiles.empty()) out["profiles"] = json::array(caller.profiles.begin(), caller.profiles.end());
  json::object where;
  for (const Condition& condition : caller.filter)
    where[condition.field] = json::array(condition.any_of.begin(), condition.any_of.end());
  if (!where.empty()) out["where"] = std::move(where);
  return out;
}

namespace {

// A desk is one of the officer's office, as the directory has it now.
Status check_desk(const Call& call, const Caller& caller) {
  if (caller.role != TokenRole::kOfficer || desk_stands(call.data.cases, caller)) return {};
  return fail(ErrorCode::kInvalid, "desk", "no desk of the office `" + caller.office + "`",
              "`counterpart office show " + caller.office + "` lists them");
}

}  // namespace

json::object write_token(const Token& token) {
  json::object out = write_caller(token.caller);
  out["id"] = token.id;
  if (!token.label.empty()) out["label"] = token.label;
  out["created"] = iso_time(static_cast<std::uint64_t>(token.created));
  out["expires"] = iso_time(static_cast<std::uint64_t>(token.expires));
  if (token.link_until > 0) out["link_until"] = iso_time(static_cast<std::uint64_t>(token.link_until));
  if (token.link_used > 0) out["link_used"] = iso_time(static_cast<std::uint64_t>(token.link_used));
  return out;
}

json::object write_rights(const Caller& caller) {
  json::object rights;
  for (const Grant& grant : grants()) {
    const Reach reach = caller.reach(grant.right);
    if (reach != Reach::kNone && (grant.filtered || caller.filter.empty()))
      rights[grant.name] = reach == Reach::kOwn ? "own" : "all";
  }
  return rights;
}

void end_sessions(const Call& call) { static_cast<void>(call.data.sessions.sweep()); }

namespace {

Result<Asked> asked_for(const Call& call, bool invites) {
  const Result<json::object>& object = json_body(call.request);
  if (!object) return tl::unexpected(object.error());
  if (!object->contains("role")) return fail(ErrorCode::kInvalid, "role", "missing", "say which: admin, officer, owner, ...");
  Asked asked;
  for (const auto& [name, value] : *object)
    if (Status taken = take_member(std::string_view(name.data(), name.size()), value, call.data.taxonomy, invites, asked);
        !taken)
      return tl::unexpected(taken.error());
  if (const Status there = check_desk(call, asked.token.caller); !there) return tl::unexpected(there.error());
  return asked;
}

Response create_token(const Call& call) {
  Result<Asked> asked = asked_for(call, false);
  if (!asked) return problem(asked.error(), call.request);
  const Result<Tokens::Made> made =
      call.data.tokens.create(std::move(asked->token), static_cast<std::uint32_t>(asked->days), call.caller.name);
  if (!made) return problem(made.error(), call.request);
  json::object answer = write_token(made->token);
  answer["token"] = made->secret;
  return json_response(201, std::move(answer));
}

// What follows `#` a browser sends nobody, so no log on the way has the secret.
Response link_made(const Call& call, const Result<Tokens::Made>& made) {
  if (!made) return problem(made.error(), call.request);
  json::object answer = write_token(made->token);
  answer["secret"] = made->secret;
  answer["link"] = call.data.sessions.rules().site + "/sign-in#" + made->secret;
  return json_response(201, std::move(answer));
}

Response invite(const Call& call) {
  Result<Asked> asked = asked_for(call, true);
  if (!asked) return problem(asked.error(), call.request);
  return link_made(call, call.data.tokens.invite(std::move(asked->token), static_cast<std::uint32_t>(asked->days),
                                                 static_cast<std::uint32_t>(asked->link_days), call.caller.name));
}

Response link_token(const Call& call) {
  const Result<std::uint64_t> days = number_of(call.request, "link_days", kLinkLife);
  if (!days) return problem(days.error(), call.request);
  return link_made(call, call.data.tokens.link(call.id, static_cast<std::uint32_t>(*days), call.caller.name));
}

Response list_tokens(const Call& call) {
  json::array tokens;
  for (const Token& token : call.data.tokens.list()) tokens.push_back(write_token(token));
  return json_response(200, json::object{{"tokens", std::move(tokens)}});
}

Response revoke_token(const Call& call) {
  if (call.id == call.caller.name)
    return problem({ErrorCode::kConflict, "id", "this is the token that you ask with",
                    "use another administrator's, or the command line on the server's machine"},
                   call.request);
  if (const Status revoked = call.data.tokens.revoke(call.id, call.caller.name); !revoked)
    return problem(revoked.error(), call.request);
  end_sessions(call);
  Response response;
  response.status = 204;
  return response;
}

Response list_audit(const Call& call) {
  const Result<std::uint64_t> after = number_of(call.request, "after", kAfter);
  if (!after) return problem(after.error(), call.request);
  const Result<std::uint64_t> limit = number_of(call.request, "limit", kPage);
  if (!limit) return problem(limit.error(), call.request);
  const std::string subject = text_of(call.request, "subject");
  if (call.request.query.contains("subject") && !is_id(subject))
    return problem({ErrorCode::kInvalid, "subject", "not an id", "give the id of a profile or a token"}, call.request);
  const auto found = call.data.store.audit().list(*after, static_cast<std::size_t>(*limit), subject);
  if (!found) return problem(found.error(), call.request);
  json::array entries;
  for (const AuditEntry& entry : *found) {
    json::object one{{"number", entry.number}, {"at", iso_time(entry.at)}, {"who", entry.who},
                     {"what", entry.what},     {"subject", entry.subject}, {"hash", entry.hash}};
    if (entry.version > 0) one["version"] = entry.version;
    entries.push_back(std::move(one));
  }
  return json_response(200, json::object{{"entries", std::move(entries)}});
}

Response verify_audit(const Call& call) {
  const std::string head = text_of(call.request, "head");
  if (call.request.query.contains("head") && (head.size() != 64 || !from_hex(head)))
    return problem({ErrorCode::kInvalid, "head", "not the head of an audit log", "give its 64 hexadecimal digits"},
                   call.request);
  const auto verdict = call.data.store.audit().verify(head);
  if (!verdict) return problem(verdict.error(), call.request);
  json::object answer{{"entries", verdict->entries}, {"head", verdict->head}, {"intact", verdict->broken_at == 0}};
  if (verdict->broken_at > 0) {
    answer["broken_at"] = verdict->broken_at;
    answer["what"] = verdict->what;
  }
  return json_response(200, std::move(answer));
}

Response who_am_i(const Call& call) {
  json::object answer = write_caller(call.caller);
  answer["rights"] = write_rights(call.caller);
  const Result<std::optional<NetworkFigures>> network = network_figures(call.data.store.database());
  if (!network) return problem(network.error(), call.request);
  if (*network) {
    json::object offices;
    for (const OfficeFigures& office : (*network)->offices) {
      json::object one{{"office", office.office}, {"name", office.name}};
      if (office.as_of != 0) one["as_of"] = iso_time(office.as_of);
      offices[office.office] = std::move(one);
    }
    answer["network"] = std::move(offices);
  }
  return json_response(200, std::move(answer));
}

constexpr Parameter kAuditOf[] = {{"subject", kIdSchema, "only of this profile or token; without it, of all"},
                                  {"after", kAfter, "later than the entry of this number"},
                                  {"limit", kPage, "entries at most"}};

constexpr Parameter kAuditSeen[] = {
    {"head", R"({"type":"string","pattern":"^[0-9a-f]{64}$"})", "a head noted earlier, which must still be on the chain"}};
constexpr Answer kMe[] = {{200, kJson, "Me", "role, reach and rights"}};
constexpr Answer kTokenMade[] = {{201, kJson, "TokenMade", "kept as a hash, on disk"}};
constexpr Answer kInvited[] = {{201, kJson, "LinkMade", "the link, kept as a hash, on disk"}};
constexpr Answer kLinked[] = {{201, kJson, "LinkMade", "the link, kept as a hash, on disk"}, {404, {}, {}, "no such token"}};
constexpr Parameter kLinking[] = {{"link_days", kLinkLife, "how long the link may be used"}};
constexpr Answer kTokens[] = {{200, kJson, "Tokens", "by id, expired ones too"}};
constexpr Answer kRevoked[] = {
    {204, {}, {}, "it is refused from now on"}, {404, {}, {}, "no such token"}, {409, {}, {}, "it is the one that asks"}};
constexpr Answer kAudit[] = {{200, kJson, "AuditEntries", "oldest first"}};
constexpr Answer kAuditChecked[] = {{200, kJson, "AuditVerdict", "and the head, to be noted elsewhere"}};

constexpr Route kRoutes[] = {
    {"GET", "/v1/me", who_am_i, Right::kLook, "Who the token is, and what it may", {}, kMe},
    {"POST",
     "/v1/tokens",
     create_token,
     Right::kGovern,
     "Make a token; the answer alone shows it",
     {},
     kTokenMade,
     {64 * 1024, kJson, "TokenRequest"}},
    {"POST",
     "/v1/tokens:invite",
     invite,
     Right::kGovern,
     "Invite a person: a token by a link that is used once, which the answer alone shows",
     {},
     kInvited,
     {64 * 1024, kJson, "InvitationRequest"}},
    {"POST", "/v1/tokens/{id}:link", link_token, Right::kGovern,
     "A new link to a token, in place of one that was not used; the answer alone shows it", kLinking, kLinked},
    {"GET", "/v1/tokens", list_tokens, Right::kGovern, "The tokens, without their secrets", {}, kTokens},
    {"DELETE", "/v1/tokens/{id}", revoke_token, Right::kGovern, "Put a token out of force", {}, kRevoked},
    {"GET", "/v1/audit", list_audit, Right::kGovern, "Who did what when to which profile", kAuditOf, kAudit},
    {"POST", "/v1/audit:verify", verify_audit, Right::kGovern, "Does each entry of the log follow from those before it?",
     kAuditSeen, kAuditChecked}};

}  // namespace

std::span<const Route> access_routes() { return kRoutes; }

}  // namespace counterpart::server
