// Tokens in force and out of it, what a filter hides, what an officer's writes come to, and budgets.
#include "index/base/files.h"
#include "index/store/store.h"
#include "server/access/cost.h"
#include "tests/server/access/guarded_site.h"
#include "tests/support/temp_folder.h"

namespace counterpart::server {
namespace {

using namespace std::chrono_literals;

std::string made_by(GuardedSite& site, const std::string& body) {
  const Response made = site.as("admin", "POST", "/v1/tokens", body);
  INFO(made.body);
  REQUIRE(made.status == 201);
  return std::string(body_of(made).at("token").as_string());
}

}  // namespace

TEST_CASE("tokens: one is in force until it expires or is revoked, also after the store was closed", "[access]") {
  TempFolder folder;
  std::int64_t now = 1'000'000;
  const auto clock = [&] { return now; };
  std::string secret, id;
  {
    auto store = Store::open(folder.path()).value();
    auto tokens = Tokens::open(*store, clock).value();
    CHECK_FALSE(tokens->has_admin());
    const auto made = tokens->create({.id = {}, .label = "x", .caller = {.role = TokenRole::kAdmin}}, 2).value();
    secret = made.secret;
    id = made.token.id;
    CHECK(tokens->has_admin());
  }
  auto store = Store::open(folder.path()).value();
  auto tokens = Tokens::open(*store, clock).value();
  CHECK(tokens->find(secret).value().role == TokenRole::kAdmin);
  CHECK(tokens->find(secret.substr(0, secret.size() - 1)).error().code == ErrorCode::kUnauthenticated);
  now += 2 * 86'400 - 1;
  CHECK(tokens->find(secret));
  now += 1;
  CHECK_FALSE(tokens->find(secret));
  CHECK_FALSE(tokens->has_admin());
  now -= 10;
  REQUIRE(tokens->revoke(id));
  CHECK_FALSE(tokens->find(secret));
  CHECK(tokens->revoke(id).error().code == ErrorCode::kNotFound);
}

TEST_CASE("tokens: no file of the data directory holds a secret", "[access]") {
  TempFolder folder;
  std::string secret;
  {
    auto store = Store::open(folder.path()).value();
    auto tokens = Tokens::open(*store).value();
    secret = tokens->create({.id = {}, .label = "x", .caller = {.role = TokenRole::kReader}}).value().secret;
  }
  // cp_<id>_<secret>; the secret is base64url and may hold a `_`, too.
  const std::string secret_alone = secret.substr(secret.find('_', secret.find('_') + 1) + 1);
  REQUIRE(secret_alone.size() == 43);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = read_file(entry.path()).value();
    CHECK(bytes.find(secret) == bytes.npos);
    CHECK(bytes.find(secret_alone) == bytes.npos);
  }
}

TEST_CASE("tokens: a role without what it needs, or with what means nothing to it, is refused", "[access]") {
  GuardedSite site;
  const auto refused = [&](const std::string& body, std::string_view member) {
    check_problem(site.as("admin", "POST", "/v1/tokens", body), 400, member);
  };
  refused(R"({"role":"officer"})", "office");
  refused(R"({"role":"owner"})", "profiles");
  refused(R"({"role":"focal_point"})", "country");
  refused(R"({"role":"reader","office":"vienna"})", "office");
  refused(R"({"role":"king"})", "role");
  refused(R"({})", "role");
  refused(R"({"role":"reader","days":0})", "days");
  refused(R"({"role":"reader","where":{"colour":["red"]}})", "where.colour");
  CHECK(body_of(site.as("admin", "GET", "/v1/tokens")).at("tokens").as_array().size() == kRoleNames.size());
}

TEST_CASE("tokens: nobody revokes the token that they ask with", "[access]") {
  GuardedSite site;
  const std::string admin = made_by(site, R"({"role":"admin"})");
  const std::string id = admin.substr(3, admin.find('_', 3) - 3);
  check_problem(site.ask(admin, "DELETE", "/v1/tokens/" + id), 409, "id");
  CHECK(site.as("admin", "DELETE", "/v1/tokens/" + id).status == 204);
  CHECK(site.ask(admin, "GET", "/v1/me").status == 401);
}

TEST_CASE("access: a token's filter hides what it does not let through, from reads and writes alike", "[access]") {
  GuardedSite site;
  const std::string kenya = made_by(site, R"({"role":"batch","where":{"country":["KE"]}})");
  const std::string chad = made_by(site, R"({"role":"batch","where":{"country":["TD"]}})");
  CHECK(site.ask(kenya, "GET", "/v1/profiles/own").status == 200);
  CHECK(site.ask(chad, "GET", "/v1/profiles/own").status == 404);
  CHECK(body_of(site.ask(kenya, "GET", "/v1/profiles")).at("total") == 2);
  CHECK(body_of(site.ask(chad, "GET", "/v1/profiles")).at("total") == 0);
  CHECK(site.ask(chad, "POST", "/v1/match", R"({"profile":"own"})").status == 404);
  CHECK(site.ask(chad, "GET", "/v1/explain?a=own&b=other").status == 404);
  const std::string kenyan = R"({"kind":"company","title":"Pumps","country":"KE","offers":"pumps"})";
  const std::string chadian = R"({"kind":"company","title":"Pumps","country":"TD","offers":"pumps"})";
  CHECK(site.ask(kenya, "PUT", "/v1/profiles/new", kenyan).status == 201);
  CHECK(site.ask(chad, "PUT", "/v1/profiles/new", chadian).status == 403);  // it would take a Kenyan one over
  CHECK(site.ask(chad, "PUT", "/v1/profiles/new2", kenyan).status == 403);
  CHECK(site.ask(kenya, "PUT", "/v1/profiles/new", chadian).status == 403);  // it would put it out of its own sight
  CHECK(site.ask(chad, "DELETE", "/v1/profiles/new").status == 404);
  for (const char* target : {"/v1/duplicates", "/v1/runs", "/v1/programmes/itpo/coverage", "/v1/countries/KE/brief"})
    CHECK(site.ask(kenya, "GET", target).status == 403);
  CHECK(site.ask(kenya, "POST", "/v1/verify").status == 403);
}

TEST_CASE("access: an officer's new profile answers to the own office, and none can be taken over or given away", "[access]") {
  GuardedSite site;
  const std::string plain = R"({"kind":"company","title":"Pumps","country":"KE","offers":"pumps"})";
  const std::string tokyo = R"({"kind":"company","title":"Pumps","country":"KE","offers":"pumps","office":"tokyo"})";
  CHECK(site.as("officer", "PUT", "/v1/profiles/new", plain).status == 201);
  CHECK(body_of(site.as("reader", "GET", "/v1/profiles/new")).at("office") == "vienna");
  check_problem(site.as("officer", "PUT", "/v1/profiles/new", tokyo), 403, "office");
  check_problem(site.as("officer", "PUT", "/v1/profiles/other", plain), 403, "id");
  const Response lines = site.as("officer", "POST", "/v1/profiles:import",
                                 R"({"id":"other","kind":"company","title":"P","country":"KE","offers":"x"})"
                                 "\n"
                                 R"({"id":"mine","kind":"company","title":"P","country":"KE","offers":"x"})"
                                 "\n",
                                 "application/x-ndjson");
  const auto status = [&](std::size_t from, std::size_t to) {
    return std::string(json::parse(lines.body.substr(from, to - from)).at("status").as_string());
  };
  const std::size_t end = lines.body.find('\n');
  CHECK(status(0, end) == "refused");
  CHECK(status(end + 1, lines.body.size() - 1) == "created");
  CHECK(body_of(site.as("reader", "GET", "/v1/profiles/other")).at("office") == "tokyo");
}

TEST_CASE("access: an officer's standing queries and alerts are those of the own office", "[access]") {
  GuardedSite site;
  const auto id_of = [](const Response& added) {
    REQUIRE(added.status == 201);
    return std::string(body_of(added).at("id").as_string());
  };
  const std::string own = id_of(site.as("officer", "POST", "/v1/standing-queries", R"({"text":"solar pumps","minimum":-1})"));
  const std::string other =
      id_of(site.as("admin", "POST", "/v1/standing-queries", R"({"text":"solar pumps","minimum":-1,"office":"tokyo"})"));
  CHECK(body_of(site.as("officer", "GET", "/v1/standing-queries/" + own)).at("office") == "vienna");
  CHECK(site.as("officer", "GET", "/v1/standing-queries/" + other).status == 404);
  CHECK(site.as("officer", "DELETE", "/v1/standing-queries/" + other).status == 404);
  CHECK(site.as("officer", "GET", "/v1/alerts?query=" + other).status == 404);
  CHECK(body_of(site.as("officer", "GET", "/v1/standing-queries")).at("queries").as_array().size() == 1);
  site.as("admin", "PUT", "/v1/profiles/fit", R"({"kind":"company","title":"P","country":"DE","offers":"solar pumps"})");
  CHECK(body_of(site.as("admin", "GET", "/v1/alerts")).at("alerts").as_array().size() == 2);
  const json::object seen = body_of(site.as("officer", "GET", "/v1/alerts"));
  REQUIRE(seen.at("alerts").as_array().size() == 1);
  CHECK(seen.at("alerts").at(0).at("query").as_string() == own);
}

TEST_CASE("access: a server without tokens gives no private members and makes no tokens, but for the local key", "[access]") {
  GuardedSite site;
  Authenticator open{nullptr, "key"};
  Api api{*site.service, open, {}};
  const auto ask = [&](const std::string& method, const std::string& target, const std::string& key,
                       const std::string& body = {}) {
    Request request{.method = method,
                    .target = target,
                    .path = target,
                    .query = {},
                    .headers = {{"content-type", "application/json"}},
                    .body = body,
                    .id = "test-1"};
    if (!key.empty()) request.headers["authorization"] = "Bearer " + key;
    return api.answer(request);
  };
  CHECK(ask("GET", "/v1/profiles/own", "").body.find("Planted") == std::string::npos);
  CHECK(ask("GET", "/v1/profiles/own", "key").body.find("Planted") != std::string::npos);
  CHECK(ask("POST", "/v1/tokens", "", R"({"role":"admin"})").status == 403);
  CHECK(ask("POST", "/v1/tokens", "key", R"({"role":"admin"})").status == 201);
}

TEST_CASE("budgets: what was asked for too quickly is told how long to wait, and then passes", "[access]") {
  Budgets budgets({.per_second = 10, .burst = 20});
  const auto start = Budgets::Clock::now();
  CHECK(budgets.take("a", 20, start) == 0ms);
  CHECK(budgets.take("b", 20, start) == 0ms);  // each has its own
  CHECK(budgets.take("a", 5, start) == 500ms);
  CHECK(budgets.take("a", 5, start + 499ms) == 1ms);
  CHECK(budgets.take("a", 5, start + 500ms) == 0ms);
  CHECK(budgets.take("b", 1000, start + 10s) == 0ms);  // dearer than the bucket: passes when that is full
  CHECK(budgets.take("b", 1, start + 10s) > 90s);
  Budgets none({.per_second = 0});
  for (int i = 0; i < 1000; ++i) CHECK(none.take("a", 1000, start) == 0ms);
}

TEST_CASE("cost: text costs by the pieces that a model will see, in any script, and no more than it looks at", "[access]") {
  const auto repeated = [](std::string_view one, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += one;
    return text;
  };
  CHECK(pieces_in("") == 0);
  CHECK(pieces_in("we supply solar pumps") == 7);
  CHECK(pieces_in(repeated(". ", 1000)) == 1000);
  CHECK(pieces_in(repeated("泵", 1000)) == 1000);
  CHECK(pieces_in(repeated("\\u6cf5", 1000)) == 1000);  // the same, as JSON may write it
  CHECK(pieces_in(repeated("насосы ", 1000)) == 3000);
  const std::size_t much = pieces_in(repeated("word ", 1'000'000));
  CHECK(much > 900'000);
  CHECK(much < 1'100'000);
  const std::string usual = repeated("word ", 300), longer = repeated("word ", 3000), longest = repeated(". ", 60'000);
  for (const Right right : {Right::kMatch, Right::kWrite, Right::kStanding, Right::kImport, Right::kRead}) {
    CHECK(cost_of(right, usual) == grant_of(right).cost);
    CHECK(cost_of(right, longer) > cost_of(right, usual) + 4);
    CHECK(cost_of(right, longest) > cost_of(right, longer));
  }
  CHECK(cost_of(Right::kMatch, longest) == cost_of(Right::kMatch, longest + longest));
  CHECK(cost_of(Right::kMatch, longest) > 2000);
  CHECK(cost_of(Right::kLook, longest) == 1);
  const auto asked = [](const std::string& body) {
    return Api::cost_of(
        {.method = "POST", .target = "/v1/match", .path = "/v1/match", .query = {}, .headers = {}, .body = body});
  };
  CHECK(asked(R"({"text":"pumps"})") == 5);
  CHECK(asked(R"({"text":"pumps","limit":1000})") == 5);
  CHECK(asked(R"({"text":"pumps","limit":1000,"explain":true})") == 105);
  CHECK(asked(R"({"text":"pumps","limit":1000,"\u0064iversify":true})") == 705);
  CHECK(asked("nonsense") == 5);
}

TEST_CASE("access: a long draft uses up a budget that serves many short ones", "[access]") {
  GuardedSite site;
  Api api{*site.service, site.authenticator, {.per_second = 0.001, .burst = 2000}};
  const auto ask = [&](const std::string& text) {
    Request request{
        .method = "POST",
        .target = "/v1/match",
        .path = "/v1/match",
        .query = {},
        .headers = {{"authorization", "Bearer " + site.secrets.find("reader")->second}, {"content-type", "application/json"}},
        .body = R"({"text":")" + text + R"("})",
        .id = "test-1"};
    return api.answer(request).status;
  };
  for (int i = 0; i < 50; ++i) CHECK(ask("solar pumps") == 200);
  std::string longest;
  for (int i = 0; i < 9999; ++i) longest += ". ";
  for (int i = 0; i < 50; ++i) CHECK(ask("solar pumps") == 200);
  CHECK(ask(longest) == 429);
  CHECK(ask("solar pumps") == 200);
}

TEST_CASE("access: a large body of somebody who may not send it is not waited for", "[access]") {
  GuardedSite site;
  const auto welcome = [&](std::string_view role, const std::string& method, const std::string& target) {
    Request head{.method = method, .target = target, .path = {}, .query = {}, .headers = {}, .body = {}};
    if (!role.empty()) head.headers["authorization"] = "Bearer " + site.secrets.find(role)->second;
    REQUIRE(split_target(head));
    return site.api.welcomes(head);
  };
  CHECK_FALSE(welcome("", "POST", "/v1/profiles:import"));
  CHECK_FALSE(welcome("reader", "POST", "/v1/profiles:import"));
  CHECK(welcome("batch", "POST", "/v1/profiles:import"));
  CHECK_FALSE(welcome("", "POST", "/v1/match"));
  CHECK(welcome("owner", "POST", "/v1/match"));
}

TEST_CASE("access: a token over its budget gets 429 with Retry-After, and others do not feel it", "[access]") {
  GuardedSite site;
  Api api{*site.service, site.authenticator, {.per_second = 0.001, .burst = 10}};
  const auto ask = [&](std::string_view role) {
    Request request{.method = "GET",
                    .target = "/v1/me",
                    .path = "/v1/me",
                    .query = {},
                    .headers = {{"authorization", "Bearer " + site.secrets.find(role)->second}},
                    .body = {},
                    .id = "test-1"};
    return api.answer(request);
  };
  for (int i = 0; i < 10; ++i) CHECK(ask("reader").status == 200);
  const Response refused = ask("reader");
  check_problem(refused, 429, {});
  CHECK(std::stoi(header(refused, "Retry-After")) >= 900);
  CHECK(ask("batch").status == 200);
}

}  // namespace counterpart::server
