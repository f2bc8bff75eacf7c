// A call to a guarded site: the first byte says which call and by whose token, the rest is its JSON body or its query. No fault
// of ours whatever it is; who has no token is told nothing, and what is private is shown to nobody whom it is not for.
#include <algorithm>
#include <array>

#include "engine/profile/profile_json.h"
#include "server/api/api.h"
#include "tests/fuzz/target.h"
#include "tests/server/fake_service.h"

namespace {

using namespace counterpart::server;

constexpr const char* kLocalKey = "key of this start";
constexpr const char* kPlanted = "planted-4711@mail.example";

struct Site {
  std::unique_ptr<Service> service = fake_service();
  Authenticator authenticator{&service->data().tokens, kLocalKey};
  Api api{*service, authenticator, {.per_second = 0}};
  // As the three high bits of the first byte count: the command line, each role, and nobody.
  std::vector<std::string> secrets{kLocalKey};

  Site() {
    for (const std::string_view name : kRoleNames) {
      Token token{.id = {}, .label = std::string(name), .caller = {.role = *token_role_of(name)}};
      if (token.caller.role == TokenRole::kOfficer) token.caller.office = "vienna";
      if (token.caller.role == TokenRole::kOwner) token.caller.profiles = {"a"};
      if (token.caller.role == TokenRole::kFocalPoint) token.caller.country = "KE";
      secrets.push_back(service->data().tokens.create(token).value().secret);
    }
    secrets.emplace_back();
  }
  // One profile that is the officer's and the owner's, and one that is not.
  void plant() {
    for (const auto& [id, office] : {std::pair{"a", "vienna"}, std::pair{"b", "tokyo"}}) {
      const std::string line = std::string(R"({"id":")") + id + R"(","kind":"project","title":"Farm","seeks":"solar pumps",)" +
                               R"("country":"KE","office":")" + office + R"(","contact":{"email":")" + kPlanted + R"("}})";
      service->put({{.profile = parse_profile(line, service->data().taxonomy).value(),
                     .embedding = {},
                     .expect_version = {},
                     .who = "fuzz"}});
    }
  }
};

struct Call {
  const char *method, *target;
};
// New ones at the end: the committed inputs count on the order. At most 32. No backups: they write wherever the body says. No
// runs: they go on in a thread when the input is done with, and at exit after OpenSSL has gone.
constexpr Call kCalls[] = {{"POST", "/v1/match"},
                           {"POST", "/v1/profiles"},
                           {"PUT", "/v1/profiles/a"},
                           {"POST", "/v1/profiles:import"},
                           {"POST", "/v1/panels"},
                           {"POST", "/v1/projects/a/assemble"},
                           {"POST", "/v1/standing-queries"},
                           {"POST", "/v1/erasures"},
                           {"POST", "/v1/tokens"},
                           {"GET", "/v1/tokens"},
                           {"DELETE", "/v1/tokens/none"},
                           {"GET", "/v1/audit"},
                           {"POST", "/v1/audit:verify"},
                           {"GET", "/v1/me"},
                           {"GET", "/v1/profiles/a"},
                           {"GET", "/v1/profiles/b"},
                           {"PUT", "/v1/profiles/b"},
                           {"DELETE", "/v1/profiles/b"},
                           {"GET", "/v1/profiles"},
                           {"GET", "/v1/profiles:export"},
                           {"GET", "/v1/profiles/a/advice"},
                           {"GET", "/v1/profiles/b/matches"},
                           {"GET", "/v1/explain"},
                           {"GET", "/v1/duplicates"},
                           {"GET", "/v1/standing-queries"},
                           {"GET", "/v1/alerts"},
                           {"GET", "/v1/runs/itpo-1/digest"}};
constexpr std::size_t kCallBits = 32;
static_assert(std::size(kCalls) <= kCallBits);

bool sees_private(std::size_t who, std::string_view method, std::string_view target) {
  if (method != "GET" || !target.starts_with("/v1/profiles/")) return false;
  if (who == 0) return true;
  if (who > kRoleNames.size()) return false;
  const std::string_view role = kRoleNames[who - 1];
  const bool own = role == "officer" || role == "owner";
  return role == "admin" || (own && target.starts_with("/v1/profiles/a"));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static std::unique_ptr<Site> site = std::make_unique<Site>();
  static int calls = 0;
  if (size == 0) return 0;
  // Anew now and then: what is written stays, and thousands of profiles would make each call slow.
  if (++calls % 512 == 0) site = std::make_unique<Site>();
  site->plant();
  const auto& [method, target] = kCalls[data[0] % kCallBits % std::size(kCalls)];
  const std::size_t who = data[0] / kCallBits;
  const std::string given(text_of_input(data + 1, size - 1));
  const bool by_query = std::string_view(method) == "GET" || std::string_view(target) == "/v1/audit:verify";
  Request request;
  request.method = method;
  request.target = target;
  if (by_query && !given.empty()) request.target += "?" + given;
  if (!by_query) request.body = given;
  const bool lines = std::string_view(target) == "/v1/profiles:import";
  request.headers["content-type"] = lines ? "application/x-ndjson" : "application/json";
  const std::string& secret = site->secrets.at(who);
  if (!secret.empty()) request.headers["authorization"] = "Bearer " + secret;
  if (!split_target(request)) {
    must(by_query, "a target of our own that is none");
    return 0;
  }
  Response response = site->api.answer(request);
  for (bool more = static_cast<bool>(response.stream); more;) more = response.stream(response.body);
  must(response.status < 500, "a fault of ours", response.body);
  must(!secret.empty() || response.status == 401, "an answer to whoever has no token", response.body);
  must(response.body.find(kPlanted) == std::string::npos || given.find(kPlanted) != std::string::npos ||
           sees_private(who, method, target),
       "a private member shown to whom it is not for", response.body);
  return 0;
}
