// Sessions of people: begun by a link or a token, ended in every way that there is, and never taken for what another page asks.
#include "server/access/sessions.h"

#include "index/base/files.h"
#include "tests/server/access/guarded_site.h"
#include "tests/support/temp_folder.h"

namespace counterpart::server {
namespace {

struct SignedInSite : GuardedSite {
  std::int64_t began = casework_now();
  ~SignedInSite() { casework_now() = began; }

  std::string link(const std::string& body) {
    const Response made = as("admin", "POST", "/v1/tokens:invite", body);
    INFO(made.body);
    REQUIRE(made.status == 201);
    const json::object told = body_of(made);
    CHECK(told.at("link").as_string().ends_with("/sign-in#" + std::string(told.at("secret").as_string())));
    return std::string(told.at("secret").as_string());
  }
  Response sign_in(const std::string& secret, const std::string& more = {}, Headers headers = {}) {
    return ask_api(api, "POST", "/v1/session", R"({"secret":")" + secret + "\"" + more + "}", std::move(headers));
  }
  // "counterpart=SECRET", as a browser sends it.
  std::string cookie(const std::string& secret) {
    const Response begun = sign_in(secret);
    INFO(begun.body);
    REQUIRE(begun.status == 201);
    const std::string set = header(begun, "Set-Cookie");
    return set.substr(0, set.find(';'));
  }
  Response by(const std::string& cookie, const std::string& method, const std::string& target, const std::string& body = {},
              Headers headers = {{"x-counterpart-page", "1"}}) {
    headers["cookie"] = "other=1; " + cookie;
    return ask_api(api, method, target, body, std::move(headers));
  }
};

const std::string kOfficer = R"({"role":"officer","office":"vienna","desk":"maier","label":"Ms Maier"})";

}  // namespace

TEST_CASE("sessions: a link is used once, and lets its officer in by a cookie that no script reads", "[access]") {
  SignedInSite site;
  const std::string secret = site.link(kOfficer);
  CHECK(site.ask(secret, "GET", "/v1/me").status == 401);  // it is no token
  const Response begun = site.sign_in(secret);
  REQUIRE(begun.status == 201);
  const std::string set = header(begun, "Set-Cookie");
  for (const char* part : {"counterpart=cps_", "; Path=/", "; HttpOnly", "; SameSite=Strict", "; Max-Age=604800"})
    CHECK(set.find(part) != set.npos);
  CHECK(set.find("Secure") == set.npos);
  CHECK(begun.body.find("cps_") == begun.body.npos);
  const json::object who = body_of(begun);
  CHECK(who.at("label") == "Ms Maier");
  CHECK(who.at("desk_name") == "Maier");
  CHECK(who.at("office_name") == "Vienna");
  CHECK(who.at("session").at("current") == true);
  check_problem(site.sign_in(secret), 401, "secret");

  const std::string cookie = set.substr(0, set.find(';'));
  CHECK(body_of(site.by(cookie, "GET", "/v1/session")).at("desk") == "maier");
  CHECK(site.by(cookie, "GET", "/v1/desk").status == 200);
  CHECK(site.by(cookie, "GET", "/v1/tokens").status == 403);
  CHECK(site.by(cookie + "x", "GET", "/v1/session").status == 401);

  const Response out = site.by(cookie, "DELETE", "/v1/session");
  CHECK(out.status == 204);
  CHECK(header(out, "Set-Cookie").starts_with("counterpart=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"));
  check_problem(site.by(cookie, "GET", "/v1/session"), 401, "Cookie");
}

TEST_CASE("sessions: where the site has TLS the cookie is for TLS and this host alone", "[access]") {
  SignedInSite site;
  site.service->data().sessions.keep_to({.secure = true, .site = "https://partners.example.org"});
  const std::string secret = site.link(kOfficer);
  const std::string set = header(site.sign_in(secret), "Set-Cookie");
  CHECK(set.starts_with("__Host-counterpart=cps_"));
  CHECK(set.ends_with("; Secure"));
  CHECK(site.by(set.substr(0, set.find(';')), "GET", "/v1/session").status == 200);
  CHECK(site.by(set.substr(set.find("counterpart="), set.find(';')), "GET", "/v1/session").status == 401);
}

TEST_CASE("sessions: what a cookie changes must come from the page itself", "[access]") {
  SignedInSite site;
  const std::string cookie = site.cookie(site.secrets["admin"]);
  const auto post = [&](Headers headers) {
    return site.by(cookie, "POST", "/v1/tokens", R"({"role":"reader"})", std::move(headers)).status;
  };
  check_problem(site.by(cookie, "POST", "/v1/tokens", R"({"role":"reader"})", {}), 403, "X-Counterpart-Page");
  CHECK(post({{"x-counterpart-page", "1"}}) == 201);
  CHECK(post({{"x-counterpart-page", "1"}, {"sec-fetch-site", "same-origin"}}) == 201);
  CHECK(post({{"x-counterpart-page", "1"}, {"sec-fetch-site", "same-site"}}) == 403);
  CHECK(post({{"x-counterpart-page", "1"}, {"sec-fetch-site", "cross-site"}}) == 403);
  CHECK(post({{"x-counterpart-page", "1"}, {"host", "a.example"}, {"origin", "https://b.example"}}) == 403);
  CHECK(post({{"x-counterpart-page", "1"}, {"host", "a.example"}, {"origin", "https://a.example"}}) == 201);
  CHECK(site.by(cookie, "DELETE", "/v1/session", {}, {}).status == 403);
  CHECK(site.by(cookie, "GET", "/v1/tokens", {}, {}).status == 200);
  // A token says by itself that it was meant, and goes before the cookie.
  const Headers both{{"authorization", "Bearer " + site.secrets["reader"]}};
  CHECK(body_of(site.by(cookie, "GET", "/v1/me", {}, both)).at("role") == "reader");
  CHECK(site.by(cookie, "POST", "/v1/match", R"({"text":"pumps"})", both).status == 200);
  check_problem(site.by(cookie, "DELETE", "/v1/session", {}, both), 404, "Cookie");
}

TEST_CASE("sessions: an administrator sees and ends all, everybody else the own", "[access]") {
  SignedInSite site;
  const std::string officer = site.cookie(site.link(kOfficer)), reader = site.cookie(site.secrets["reader"]);
  const std::string admin = site.cookie(site.secrets["admin"]);
  const auto listed = [&](const std::string& cookie) {
    return body_of(site.by(cookie, "GET", "/v1/sessions")).at("sessions").as_array();
  };
  CHECK(listed(admin).size() == 3);
  REQUIRE(listed(officer).size() == 1);
  CHECK(listed(officer)[0].at("label") == "Ms Maier");
  CHECK(body_of(site.as("reader", "GET", "/v1/sessions")).at("sessions").as_array().size() == 1);
  const std::string own(listed(officer)[0].at("id").as_string()), other(listed(reader)[0].at("id").as_string());
  check_problem(site.by(officer, "DELETE", "/v1/sessions/" + other), 404, "id");
  CHECK(listed(reader).size() == 1);
  CHECK(site.by(admin, "DELETE", "/v1/sessions/" + other).status == 204);
  CHECK(site.by(reader, "GET", "/v1/session").status == 401);
  CHECK(site.by(officer, "DELETE", "/v1/sessions/" + own).status == 204);
  CHECK(site.by(officer, "GET", "/v1/session").status == 401);
  CHECK(listed(admin).size() == 1);
}

TEST_CASE("sessions: with its token or its desk a session ends, and does not come back with them", "[access]") {
  SignedInSite site;
  const std::string first = site.cookie(site.link(kOfficer)), second = site.cookie(site.link(kOfficer));
  const std::string id(body_of(site.by(first, "GET", "/v1/session")).at("session").at("token").as_string());
  REQUIRE(site.as("admin", "DELETE", "/v1/tokens/" + id).status == 204);
  CHECK(site.by(first, "GET", "/v1/session").status == 401);
  REQUIRE(site.by(second, "GET", "/v1/session").status == 200);
  std::string without = kDirectory;
  const std::string maier = R"({"id":"maier","name":"Maier","language":"en","office":"vienna"},)",
                    named = R"("deputies":["maier"],)";
  REQUIRE(without.find(maier) != without.npos);
  without.erase(without.find(maier), maier.size());
  without.erase(without.find(named), named.size());
  const Response put = site.as("admin", "PUT", "/v1/offices", without);
  INFO(put.body);
  REQUIRE(put.status == 200);
  CHECK(site.by(second, "GET", "/v1/session").status == 401);
  REQUIRE(site.as("admin", "PUT", "/v1/offices", kDirectory).status == 200);
  CHECK(site.by(second, "GET", "/v1/session").status == 401);
}

TEST_CASE("sessions: one lasts as long as it is used, and no longer than its days", "[access]") {
  SignedInSite site;
  site.service->data().sessions.keep_to({.idle = 3600, .most = 10'000});
  const std::string cookie = site.cookie(site.secrets["reader"]);
  for (int step = 0; step < 3; ++step) {
    casework_now() += 3000;
    CHECK(site.by(cookie, "GET", "/v1/session").status == 200);
  }
  casework_now() += 1000;
  CHECK(site.by(cookie, "GET", "/v1/session").status == 401);
  const std::string unused = site.cookie(site.secrets["reader"]);
  casework_now() += 3600;
  CHECK(site.by(unused, "GET", "/v1/session").status == 401);
  CHECK(body_of(site.as("admin", "GET", "/v1/sessions")).at("sessions").as_array().empty());
}

TEST_CASE("sessions: a link may give a token as well, and a new one takes the place of one that was not used", "[access]") {
  SignedInSite site;
  const Response begun = site.sign_in(site.link(kOfficer), R"(,"keep":true)");
  REQUIRE(begun.status == 201);
  const std::string token(body_of(begun).at("token").as_string());
  CHECK(body_of(site.ask(token, "GET", "/v1/me")).at("desk") == "maier");
  CHECK(site.sign_in(token).status == 201);
  const std::string id(body_of(begun).at("session").at("token").as_string());
  const auto linked = [&] {
    return std::string(body_of(site.as("admin", "POST", "/v1/tokens/" + id + ":link?link_days=3")).at("secret").as_string());
  };
  const std::string first = linked(), second = linked();
  CHECK(site.sign_in(first).status == 401);
  CHECK(site.sign_in(second).status == 201);
  CHECK(site.ask(token, "GET", "/v1/me").status == 200);
  check_problem(site.as("admin", "POST", "/v1/tokens/none:link"), 404, "id");
  check_problem(site.as("admin", "POST", "/v1/tokens:invite", R"({"role":"officer"})"), 400, "office");
  check_problem(site.as("admin", "POST", "/v1/tokens:invite", R"({"role":"reader","link_days":91})"), 400, "link_days");
  check_problem(site.as("admin", "POST", "/v1/tokens", R"({"role":"reader","link_days":9})"), 400, "link_days");
  check_problem(site.sign_in("cp_000000000000_none"), 401, "secret");
  check_problem(ask_api(site.api, "POST", "/v1/session", "{}", {}), 400, "secret");
}

TEST_CASE("sessions: a restart ends none, and no file holds their secrets or those of links", "[access]") {
  TempFolder folder;
  std::int64_t now = 1'000'000;
  const auto clock = [&] { return now; };
  const auto stands = [](const Caller&) { return true; };
  std::string link, secret, unused;
  {
    auto store = Store::open(folder.path()).value();
    auto tokens = Tokens::open(*store, clock).value();
    auto sessions = Sessions::open(*store, *tokens, stands, clock).value();
    sessions->keep_to({});
    const Token token{.id = {}, .label = "x", .caller = {.role = TokenRole::kReader}};
    link = tokens->invite(token, 30, 2).value().secret;
    unused = tokens->invite(token, 30, 2).value().secret;
    secret = sessions->begin(tokens->redeem(link, false).value().token.id).value().secret;
    now += 7200;
    sessions->touch(sessions->find(secret).value().session);
  }
  {
    auto store = Store::open(folder.path()).value();
    auto tokens = Tokens::open(*store, clock).value();
    CHECK_FALSE(tokens->has_admin());
    CHECK(tokens->redeem(link, false).error().code == ErrorCode::kUnauthenticated);
    auto sessions = Sessions::open(*store, *tokens, stands, clock).value();
    sessions->keep_to({});
    now += 12 * 3600 - 1;
    const Result<Caller> caller = sessions->find(secret);
    REQUIRE(caller);
    CHECK(caller->role == TokenRole::kReader);
    now += 1;
    CHECK_FALSE(sessions->find(secret));
    now += 2 * 86'400;
    CHECK_FALSE(tokens->redeem(unused, false));
    REQUIRE(sessions->sweep());
    now = 1'000'000;
    CHECK_FALSE(sessions->find(secret));
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = read_file(entry.path()).value();
    for (const std::string& one : {link, secret, unused}) CHECK(bytes.find(one.substr(one.size() - 43)) == bytes.npos);
  }
}

TEST_CASE("sessions: of one token there are so many, and the one used longest ago gives way", "[access]") {
  SignedInSite site;
  std::vector<std::string> cookies;
  for (std::size_t i = 0; i <= kMostSessions; ++i) {
    cookies.push_back(site.cookie(site.secrets["reader"]));
    ++casework_now();
  }
  CHECK(site.by(cookies[0], "GET", "/v1/session").status == 401);
  CHECK(site.by(cookies[1], "GET", "/v1/session").status == 200);
  // Signed in anew in the same browser, the session before is over.
  const Response again = site.sign_in(site.secrets["reader"], {}, {{"cookie", cookies[5]}});
  CHECK(again.status == 201);
  CHECK(site.by(cookies[5], "GET", "/v1/session").status == 401);
}

}  // namespace counterpart::server
