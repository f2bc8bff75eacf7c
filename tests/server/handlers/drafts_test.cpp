// Drafts without an account over HTTP: what is kept as it is typed, who takes it in, and how many may be begun.
#include "server/access/budget.h"
#include "tests/server/handlers/case_site.h"

namespace counterpart::server {
namespace {

struct Begun {
  std::string id, secret;
};

Begun begin(CaseSite& site, const std::string& body = "{}") {
  const Response response = ask_api(site.api, "POST", "/v1/drafts", body, {});
  INFO(response.body);
  REQUIRE(response.status == 201);
  const json::object answer = body_of(response);
  return {text(answer.at("id")), text(answer.at("secret"))};
}

struct DraftSite : CaseSite {
  DraftSite() { service->data().drafts.allow(100); }
  Response call(const Begun& draft, const std::string& method, const std::string& rest = {}, const std::string& body = {},
                Headers headers = {}) {
    return ask(draft.secret, method, "/v1/drafts/" + draft.id + rest, body, std::move(headers));
  }
  void confirm(const Begun& draft) {
    REQUIRE(call(draft, "POST", ":confirm-mail").status == 202);
    const std::string code = service->data().drafts.get(draft.id).value().code;
    REQUIRE(ask_api(api, "POST", "/v1/drafts/" + draft.id + ":confirm", "{\"code\":\"" + code + "\"}", {}).status == 204);
  }
};

std::string profile_in(const std::string& country, const std::string& more = {}) {
  return R"({"kind":"company","title":"Ice","country":")" + country + R"(","seeks":"compressors for an ice plant")" + more +
         R"(,"contact":{"email":"owner@planted.example"}})";
}

}  // namespace

TEST_CASE("drafts over http: what is typed is kept, right or not, and a member that no profile has is refused by name",
          "[drafts]") {
  DraftSite site;
  const Begun draft = begin(site);
  for (const std::string part :
       {R"({"title":""})", R"({"country":"Senegal"})", R"({"contact":{"email":"someone"}})",
        R"({"finance":{"sought":{"min":5}}})", R"({"organisation":{"identifiers":[{"scheme":"x"}]}})"}) {
    const Response saved = site.call(draft, "PUT", {}, part);
    INFO(saved.body);
    REQUIRE(saved.status == 200);
    CHECK(json::serialize(body_of(saved).at("profile")) == json::serialize(json::parse(part)));
    CHECK(body_of(saved).at("missing").as_array().size() >= 4);
  }
  check_problem(site.call(draft, "PUT", {}, R"({"titel":"x"})"), 400, "titel");
  check_problem(site.call(draft, "PUT", {}, R"({"organisation":{"identifiers":[{"sheme":"x"}]}})"), 400,
                "organisation.identifiers[0].sheme");
  check_problem(site.call(draft, "PUT", {}, R"({"id":"another"})"), 400, "id");
  check_problem(site.call(draft, "PUT", {}, "[]"), 400, "body");
}

TEST_CASE("drafts over http: the office that is named takes it in, else that of its country, else the one on duty",
          "[drafts]") {
  for (const auto& [country, more, office] :
       {std::tuple{"SA", "", "riyadh"}, {"KE", "", "vienna"}, {"KE", R"(,"office":"dakar")", "dakar"}}) {
    DraftSite site;
    const Begun draft = begin(site, profile_in(country, more));
    site.confirm(draft);
    const Response handed = site.call(draft, "POST", ":submit");
    INFO(handed.body);
    REQUIRE(handed.status == 200);
    const json::object review = body_of(handed).at("review").as_object();
    CHECK(review.at("state") == "review");
    CHECK(review.at("with").at("office") == office);
    CHECK(site.as("admin", "GET", "/v1/profiles/" + draft.id).status == 404);
    CHECK(site.call(draft, "POST", ":submit").status == 200);  // the same again changes nothing
  }
  DraftSite site;
  const Begun draft = begin(site, profile_in("KE", R"(,"office":"nowhere")"));
  site.confirm(draft);
  check_problem(site.call(draft, "POST", ":submit"), 400, "office");
}

TEST_CASE("drafts over http: another address must be confirmed anew", "[drafts]") {
  DraftSite site;
  const Begun draft = begin(site, profile_in("SA"));
  check_problem(site.call(draft, "POST", ":submit"), 409, "contact.email");
  site.confirm(draft);
  std::string other = profile_in("SA");
  other.replace(other.find("owner@"), 6, "other@");
  REQUIRE(site.call(draft, "PUT", {}, other).status == 200);
  check_problem(site.call(draft, "POST", ":submit"), 409, "contact.email");
  REQUIRE(site.call(draft, "PUT", {}, profile_in("SA")).status == 200);
  CHECK(site.call(draft, "POST", ":submit").status == 200);
}

TEST_CASE("drafts over http: what the office withdraws or erases, its owner sees or has no more", "[drafts]") {
  DraftSite site;
  const Begun draft = begin(site, profile_in("SA"));
  check_problem(site.call(draft, "POST", ":withdraw"), 409, "review");
  site.confirm(draft);
  REQUIRE(site.call(draft, "POST", ":submit").status == 200);
  const json::object taken_back = body_of(site.call(draft, "POST", ":withdraw"));
  CHECK(taken_back.at("review").at("state") == "withdrawn");
  REQUIRE(site.call(draft, "POST", ":submit").status == 200);  // and handed in again
  REQUIRE(site.as("admin", "DELETE", "/v1/profiles/" + draft.id).status == 204);
  CHECK(site.call(draft, "GET").status == 401);
}

TEST_CASE("drafts over http: one address begins as many as a person might, and no more", "[drafts]") {
  DraftSite site;
  for (int i = 0; i < 20; ++i) begin(site);
  const Response refused = ask_api(site.api, "POST", "/v1/drafts", "{}", {});
  CHECK(refused.status == 429);
  CHECK(!header(refused, "Retry-After").empty());
  CHECK(network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::5"));
  CHECK(network_of("2001:db8:1:3::4") != network_of("2001:db8:1:2::4"));
  CHECK(network_of("192.0.2.1") != network_of("192.0.2.2"));
}

TEST_CASE("drafts over http: what it reaches is told without a name, of a draft and of a profile", "[drafts]") {
  DraftSite site;
  const Begun draft = begin(site, R"({"kind":"company"})");
  check_problem(site.call(draft, "GET", "/reach"), 400, "country");
  REQUIRE(site.call(draft, "PUT", {}, profile_in("SA")).status == 200);
  const json::object reach = body_of(site.call(draft, "GET", "/reach"));
  CHECK(reach.at("now") == 5);  // three, told as all counts are
  CHECK(json::serialize(reach).find("sn:solar") == std::string::npos);
  CHECK(body_of(site.as("awa", "GET", "/v1/profiles/sn:solar/reach")).at("now").is_null());  // two others
  CHECK(site.as("awa", "GET", "/v1/profiles/sa:fund/reach").status == 403);
  check_problem(site.call(draft, "GET", "/reach?programme=none"), 404, "programme");
}

}  // namespace counterpart::server
