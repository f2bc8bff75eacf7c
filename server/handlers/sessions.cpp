#include <algorithm>

#include "index/base/time.h"
#include "server/handlers/access.h"
#include "server/handlers/entity_tags.h"
#include "server/handlers/route.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

std::string at(std::int64_t seconds) { return iso_time(static_cast<std::uint64_t>(seconds)); }

json::object write_session(const Call& call, const Session& session, const Caller& asking) {
  json::object out{{"id", session.id},
                   {"token", session.token},
                   {"created", at(session.created)},
                   {"used", at(session.used)},
                   {"until", at(call.data.sessions.until(session))},
                   {"current", session.id == asking.session}};
  const std::optional<Token> token = call.data.tokens.in_force(session.token);
  if (!token) return out;
  for (auto& [name, value] : write_caller(token->caller)) out.emplace(name, std::move(value));
  if (!token->label.empty()) out["label"] = token->label;
  return out;
}

// Who is signed in, with all that a page tells of him.
json::object write_signed_in(const Call& call, const Caller& caller) {
  json::object out = write_caller(caller);
  out["rights"] = write_rights(caller);
  out["open"] = !caller.known;
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  if (const Office* office = offices->directory.office(caller.office)) out["office_name"] = office->name;
  if (const Desk* desk = offices->directory.desk(caller.desk)) {
    out["desk_name"] = desk->name;
    out["language"] = desk->language;
  }
  if (const std::optional<Token> token = call.data.tokens.in_force(caller.name); token && !token->label.empty())
    out["label"] = token->label;
  for (const Session& session : call.data.sessions.list(caller.name))
    if (session.id == caller.session) out["session"] = write_session(call, session, caller);
  return out;
}

struct SignIn {
  std::string secret;
  bool keep = false;
};

Result<SignIn> read_sign_in(const Request& request) {
  const Result<json::object>& object = json_body(request);
  if (!object) return tl::unexpected(object.error());
  SignIn asked;
  for (const auto& [key, value] : *object) {
    const std::string_view name(key.data(), key.size());
    Status taken = name == "secret" ? into(words_of(value, name, 200), asked.secret)
                   : name == "keep" ? into(flag_of(value, name), asked.keep)
                                    : fail(ErrorCode::kInvalid, std::string(name.substr(0, 80)), "no such member",
                                           "members are secret, keep");
    if (!taken) return tl::unexpected(std::move(taken.error()));
  }
  if (asked.secret.empty()) return fail(ErrorCode::kInvalid, "secret", "missing", "give the secret of a link, or a token");
  return asked;
}

// Whose session it is to be, by a link, which is used up, or by a token.
Result<Tokens::Made> owner_of(const Call& call, const SignIn& asked) {
  if (asked.secret.starts_with(kLinkPrefix)) return call.data.tokens.redeem(asked.secret, asked.keep);
  const Result<Caller> caller = call.data.tokens.find(asked.secret);
  if (!caller)
    return fail(caller.error().code, "secret", caller.error().message, "ask the administrator for a link or a token");
  return Tokens::Made{{.id = caller->name, .label = {}, .caller = *caller}, {}};
}

std::string cookie_sent(const Call& call) { return session_secret(header(call.request, "cookie"), call.data.sessions.rules()); }

Response sign_in(const Call& call) {
  const Result<SignIn> asked = read_sign_in(call.request);
  if (!asked) return problem(asked.error(), call.request);
  const Result<Tokens::Made> owner = owner_of(call, *asked);
  if (!owner) return problem(owner.error(), call.request);
  Sessions& sessions = call.data.sessions;
  const Result<Sessions::Begun> begun = sessions.begin(owner->token.id);
  if (!begun) return problem(begun.error(), call.request);
  // The one before, of which this browser has no cookie any more. If it cannot be ended now, its time does.
  if (const Result<Caller> before = sessions.find(cookie_sent(call)))
    static_cast<void>(sessions.end(before->session, before->name));
  json::object answer = write_signed_in(call, begun->caller);
  if (!owner->secret.empty()) answer["token"] = owner->secret;
  Response response = json_response(201, std::move(answer));
  const SessionRules rules = sessions.rules();
  response.headers.emplace_back("Set-Cookie", session_cookie(begun->secret, rules.most, rules));
  return response;
}

Response who_is_signed_in(const Call& call) { return json_response(200, write_signed_in(call, call.caller)); }

Response no_content() { return {.status = 204, .content_type = {}, .headers = {}, .body = {}, .stream = {}}; }

Response sign_out(const Call& call) {
  if (call.caller.session.empty())
    return problem({ErrorCode::kNotFound, "Cookie", "there is no session: this call came with a token",
                    "leave the token out, or revoke it by DELETE /v1/tokens/ID"},
                   call.request);
  // Ended by somebody else at the same moment: it is over all the same.
  if (const Status ended = call.data.sessions.end(call.caller.session, call.caller.name);
      !ended && ended.error().code != ErrorCode::kNotFound)
    return problem(ended.error(), call.request);
  Response response = no_content();
  response.headers.emplace_back("Set-Cookie", session_cookie({}, 0, call.data.sessions.rules()));
  return response;
}

// Of whose token the caller may see and end sessions: an administrator of all, everybody else of the own. A caller that is not
// known has none.
std::string own_alone(const Call& call) {
  return call.caller.reach(Right::kGovern) == Reach::kAll ? std::string() : call.caller.name;
}

Response list_sessions(const Call& call) {
  json::array list;
  for (const Session& session : call.data.sessions.list(own_alone(call)))
    list.push_back(write_session(call, session, call.caller));
  return json_response(200, json::object{{"sessions", std::move(list)}});
}

Response end_session(const Call& call) {
  const Status ended = call.data.sessions.end(call.id, call.caller.name, own_alone(call));
  return ended ? no_content() : problem(ended.error(), call.request);
}

constexpr Answer kSignedIn[] = {{201, kJson, "SignedIn", "the session is in the cookie that comes with it"}};
constexpr Answer kWho[] = {{200, kJson, "SignedIn", "who it is"}};
constexpr Answer kSignedOut[] = {{204, {}, {}, "the session is over, the cookie taken back"},
                                 {404, {}, {}, "the call came with a token"}};
constexpr Answer kSessions[] = {{200, kJson, "Sessions", "those in force: to an administrator all, else the own"}};
constexpr Answer kEnded[] = {{204, {}, {}, "it is over"}, {404, {}, {}, "no such session in sight"}};

constexpr Route kRoutes[] = {
    {"POST",
     "/v1/session",
     sign_in,
     Right::kSignIn,
     "Sign in, with the secret of an invitation's link, which is used up, or with a token",
     {},
     kSignedIn,
     {4 * 1024, kJson, "SignInRequest"}},
    {"GET", "/v1/session", who_is_signed_in, Right::kLook, "Who is signed in, and until when", {}, kWho},
    {"DELETE", "/v1/session", sign_out, Right::kLook, "Sign out", {}, kSignedOut},
    {"GET", "/v1/sessions", list_sessions, Right::kLook, "Who is signed in where", {}, kSessions},
    {"DELETE",
     "/v1/sessions/{id}",
     end_session,
     Right::kLook,
     "End a session: an administrator any, everybody else an own one",
     {},
     kEnded}};

}  // namespace

std::span<const Route> session_routes() { return kRoutes; }

}  // namespace counterpart::server
