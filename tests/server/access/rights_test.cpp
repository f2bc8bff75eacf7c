// What a right is a right to: the very profile that is there when the write's turn comes, its private members if they are
// shown, and nothing that the answers would tell by the way.
#include "index/store/store.h"
#include "tests/server/access/guarded_site.h"

namespace counterpart::server {
namespace {

const std::string kKey = "key of this start";

std::string made_by(GuardedSite& site, const std::string& body) {
  const Response made = site.as("admin", "POST", "/v1/tokens", body);
  INFO(made.body);
  REQUIRE(made.status == 201);
  return std::string(body_of(made).at("token").as_string());
}

// Another office takes `id` over right after it was looked at.
void taken_over_after_a_read(GuardedSite& site, const std::string& id) {
  after_next_read(
      [&site, id] { REQUIRE(site.ask(kKey, "PUT", "/v1/profiles/" + id, planted_profile(id, "tokyo")).status == 200); });
}

std::string office_of(GuardedSite& site, const std::string& id) {
  const Response got = site.as("reader", "GET", "/v1/profiles/" + id);
  return got.status == 200 ? std::string(body_of(got).at("office").as_string()) : "none: " + std::to_string(got.status);
}

bool private_kept(GuardedSite& site, const std::string& id) {
  const std::string body = site.ask(kKey, "GET", "/v1/profiles/" + id).body;
  return std::ranges::all_of(kPlanted, [&](const Planted& one) { return body.find(one.value) != body.npos; });
}

Response import(GuardedSite& site, std::string_view role, const std::string& row, const std::string& query = {}) {
  return site.as(role, "POST", "/v1/profiles:import" + query, row + "\n", "application/x-ndjson");
}

// What a caller is told by a write: status, verdict and version.
std::string told(const Response& response) {
  return std::to_string(response.status) + " " + response.body + header(response, "ETag");
}

std::string guessing(const std::string& id, const std::string& email) {
  std::string row = planted_profile(id, "tokyo");
  const std::string right = "planted@mail.example";
  row.replace(row.find(right), right.size(), email);
  return row;
}

std::string public_row(const std::string& id, const std::string& office) {
  return R"({"id":")" + id + R"(","kind":"project","title":"Pumps","country":"KE","seeks":"solar pumps","office":")" + office +
         R"("})";
}

}  // namespace

TEST_CASE("rights: whoever may write a profile of their office writes none that another office took over meanwhile",
          "[rights]") {
  GuardedSite site;
  taken_over_after_a_read(site, "own");
  check_problem(site.as("officer", "DELETE", "/v1/profiles/own"), 403, "id");
  CHECK(office_of(site, "own") == "tokyo");
  site.plant();
  taken_over_after_a_read(site, "own");
  check_problem(site.as("officer", "PUT", "/v1/profiles/own", public_row("own", "vienna")), 403, "id");
  CHECK(office_of(site, "own") == "tokyo");
  site.plant();
  taken_over_after_a_read(site, "own");
  check_problem(site.as("officer", "POST", "/v1/erasures", R"({"profiles":["own"]})"), 403, "profiles");
  CHECK(office_of(site, "own") == "tokyo");
  site.plant();
  taken_over_after_a_read(site, "own");
  CHECK(import(site, "officer", public_row("own", "vienna")).body.find(R"("status":"refused")") != std::string::npos);
  CHECK(office_of(site, "own") == "tokyo");
  // One that nobody had when it was looked at.
  after_next_read([&] { REQUIRE(site.ask(kKey, "PUT", "/v1/profiles/late", planted_profile("late", "tokyo")).status == 201); });
  check_problem(site.as("officer", "POST", "/v1/profiles", public_row("late", "vienna")), 403, "id");
  CHECK(office_of(site, "late") == "tokyo");
}

TEST_CASE("rights: what a caller was not shown is kept when it writes back what it read", "[rights]") {
  GuardedSite site;
  json::object got = body_of(site.as("batch", "GET", "/v1/profiles/other"));
  REQUIRE_FALSE(got.contains("contact"));
  got["title"] = "Pumps renamed";
  CHECK(site.as("batch", "PUT", "/v1/profiles/other", json::serialize(got)).status == 200);
  CHECK(private_kept(site, "other"));
  CHECK(import(site, "batch", json::serialize(got)).body.find(R"("status":"unchanged")") != std::string::npos);
  got["title"] = "Pumps renamed again";
  CHECK(import(site, "batch", json::serialize(got)).body.find(R"("status":"replaced")") != std::string::npos);
  CHECK(private_kept(site, "other"));
  CHECK(body_of(site.as("reader", "GET", "/v1/profiles/other")).at("title") == "Pumps renamed again");
}

TEST_CASE("rights: private members go where somebody says so in words", "[rights]") {
  GuardedSite site;
  const auto none = [&](const std::string& id) {
    return site.ask(kKey, "GET", "/v1/profiles/" + id).body.find("Planted") == std::string::npos;
  };
  std::string said = public_row("other", "tokyo");
  said.replace(said.size() - 1, 1, R"(,"contact":null,"organisation":{"legal_name":null}})");
  CHECK(site.as("batch", "PUT", "/v1/profiles/other", said).status == 200);
  CHECK(none("other"));
  site.plant();
  CHECK(import(site, "admin", said).status == 200);
  CHECK(none("other"));
  site.plant();
  CHECK(import(site, "admin", public_row("other", "tokyo"), "?replace_private=true").status == 200);
  CHECK(none("other"));
  site.plant();
  check_problem(import(site, "batch", public_row("other", "tokyo"), "?replace_private=true"), 403, "replace_private");
  CHECK(private_kept(site, "other"));
  CHECK(site.as("admin", "PUT", "/v1/profiles/other", public_row("other", "tokyo")).status == 200);  // it was shown them
  CHECK(none("other"));
  // A contact is one thing: the new person does not stand beside the old one's telephone.
  site.plant();
  std::string moved = public_row("other", "tokyo");
  moved.replace(moved.size() - 1, 1, R"(,"contact":{"person":"Second Person"}})");
  CHECK(site.as("batch", "PUT", "/v1/profiles/other", moved).status == 200);
  const std::string body = site.ask(kKey, "GET", "/v1/profiles/other").body;
  CHECK(body.find("Second Person") != body.npos);
  CHECK(body.find("+43 1 5550123") == body.npos);
  CHECK(body.find("Planted Holding GmbH") != body.npos);
}

TEST_CASE("rights: who may not see private members is told the same of a right guess and a wrong one", "[rights]") {
  for (const auto& [method, target] : {std::pair{"POST", "/v1/profiles"}, std::pair{"PUT", "/v1/profiles/other"}}) {
    GuardedSite right, wrong;
    const Response good = right.as("batch", method, target, guessing("other", "planted@mail.example"));
    const Response bad = wrong.as("batch", method, target, guessing("other", "another@mail.example"));
    INFO(method);
    CHECK(told(good) == told(bad));
  }
  GuardedSite right, wrong;
  CHECK(told(import(right, "batch", guessing("other", "planted@mail.example"))) ==
        told(import(wrong, "batch", guessing("other", "another@mail.example"))));
  // Without any, what may be known is compared.
  CHECK(right.as("batch", "POST", "/v1/profiles", public_row("own", "vienna")).status == 200);
  check_problem(right.as("batch", "POST", "/v1/profiles", public_row("own", "rome")), 409, "id");
}

TEST_CASE("rights: a key for repeating is its caller's own, and finds the first profile whatever became of it", "[rights]") {
  GuardedSite site;
  const auto post = [&](const std::string& secret, const std::string& body) {
    Request request{
        .method = "POST",
        .target = "/v1/profiles",
        .path = "/v1/profiles",
        .query = {},
        .headers = {{"content-type", "application/json"}, {"idempotency-key", "k1"}, {"authorization", "Bearer " + secret}},
        .body = body,
        .id = "test-1"};
    return site.api.answer(request);
  };
  const auto anonymous = [](const std::string& title, const std::string& person) {
    return R"({"kind":"company","country":"KE","offers":"pumps","title":")" + title + R"(","contact":{"person":")" + person +
           R"("}})";
  };
  const std::string batch = site.secrets["batch"], other = made_by(site, R"({"role":"batch"})");
  const Response first = post(batch, anonymous("Pumps", "Person One"));
  REQUIRE(first.status == 201);
  const Response others = post(other, anonymous("Other", "Person Two"));
  CHECK(others.status == 201);
  CHECK(header(others, "Location") != header(first, "Location"));
  // The contact is changed by somebody who may: the repeated call tells nothing of it.
  const std::string at = header(first, "Location");
  REQUIRE(site.ask(kKey, "PUT", at, anonymous("Pumps", "Person Three")).status == 200);
  CHECK(header(post(batch, anonymous("Pumps", "Person One")), "Location") == at);
  CHECK(post(batch, anonymous("Pumps", "Person One")).status == 201);
  check_problem(post(batch, anonymous("Pumps", "Person Three")), 409, "Idempotency-Key");
}

TEST_CASE("rights: an owner's profile stays with its office", "[rights]") {
  GuardedSite site;
  check_problem(site.as("owner", "PUT", "/v1/profiles/own", public_row("own", "rome")), 403, "office");
  CHECK(site.as("owner", "PUT", "/v1/profiles/own", public_row("own", "vienna")).status == 200);
  const std::string without = R"({"kind":"project","title":"Pumps anew","country":"KE","seeks":"solar pumps"})";
  CHECK(site.as("owner", "PUT", "/v1/profiles/own", without).status == 200);
  CHECK(office_of(site, "own") == "vienna");
  taken_over_after_a_read(site, "own");
  check_problem(site.as("owner", "PUT", "/v1/profiles/own", without), 409, "office");
  CHECK(office_of(site, "own") == "tokyo");
}

TEST_CASE("rights: an owner's token reaches its profile, and none that gets the same id later", "[rights]") {
  GuardedSite site;
  const std::string owner = site.secrets["owner"];
  CHECK(site.ask(owner, "GET", "/v1/profiles/own").body.find("Planted") != std::string::npos);
  REQUIRE(site.ask(kKey, "DELETE", "/v1/profiles/own").status == 204);
  REQUIRE(site.ask(kKey, "PUT", "/v1/profiles/own", planted_profile("own", "tokyo")).status == 201);
  CHECK(site.ask(owner, "GET", "/v1/profiles/own").body.find("Planted") == std::string::npos);
  check_problem(site.ask(owner, "PUT", "/v1/profiles/own", public_row("own", "tokyo")), 403, "id");
  check_problem(site.ask(owner, "DELETE", "/v1/profiles/own"), 403, "id");
  check_problem(site.ask(owner, "POST", "/v1/erasures", R"({"profiles":["own"]})"), 403, "profiles");
  check_problem(site.ask(owner, "GET", "/v1/profiles/own/advice"), 403, "id");
  check_problem(site.ask(owner, "POST", "/v1/match", R"({"profile":"own"})"), 403, "profile");
  // One that is made now means the one that is there now.
  const std::string next = made_by(site, R"({"role":"owner","profiles":["own"]})");
  CHECK(site.ask(next, "GET", "/v1/profiles/own").body.find("Planted") != std::string::npos);
  // Erased and taken in again between the look and the write.
  after_next_read([&] {
    REQUIRE(site.ask(kKey, "DELETE", "/v1/profiles/own").status == 204);
    REQUIRE(site.ask(kKey, "PUT", "/v1/profiles/own", planted_profile("own", "tokyo")).status == 201);
  });
  CHECK(site.ask(next, "DELETE", "/v1/profiles/own").status == 403);
  CHECK(office_of(site, "own") == "tokyo");
}

TEST_CASE("rights: a token for a profile that is still to come is for the first one", "[rights]") {
  GuardedSite site;
  const std::string owner = made_by(site, R"({"role":"owner","profiles":["new"]})");
  CHECK(site.ask(owner, "PUT", "/v1/profiles/new", public_row("new", "rome")).status == 201);
  CHECK(site.ask(owner, "DELETE", "/v1/profiles/new").status == 204);
  check_problem(site.ask(owner, "PUT", "/v1/profiles/new", public_row("new", "rome")), 403, "id");
}

TEST_CASE("rights: a token's filter holds for ranks and figures as well", "[rights]") {
  GuardedSite site;
  const std::string elsewhere = R"({"kind":"project","title":"Pumps","country":"TD","seeks":"solar pumps"})";
  REQUIRE(site.ask(kKey, "PUT", "/v1/profiles/chad", elsewhere).status == 201);
  const std::string kenya = made_by(site, R"({"role":"batch","where":{"country":["KE"]}})");
  CHECK(body_of(site.as("batch", "GET", "/v1/explain?a=own&b=other")).at("rank") == 3);
  CHECK(body_of(site.ask(kenya, "GET", "/v1/explain?a=own&b=other")).at("rank") == 2);
  CHECK(site.as("batch", "GET", "/metrics").status == 200);
  CHECK(site.ask(kenya, "GET", "/metrics").status == 403);
}

TEST_CASE("rights: an erasure is repeated by who asked for it, and ends in the same receipt", "[rights]") {
  GuardedSite site;
  const std::string body = R"({"profiles":["own"]})";
  const std::string owner = site.secrets["owner"];
  const Response first = site.ask(owner, "POST", "/v1/erasures", body);
  INFO(first.body);
  REQUIRE(first.status == 200);
  CHECK(body_of(first).at("complete") == true);
  CHECK(site.ask(owner, "POST", "/v1/erasures", body).body == first.body);
  CHECK(site.as("officer", "POST", "/v1/erasures", body).body == first.body);  // of the office that answered for it
  CHECK(site.as("admin", "POST", "/v1/erasures", body).body == first.body);
  const std::string tokyo = made_by(site, R"({"role":"officer","office":"tokyo"})");
  CHECK(site.ask(tokyo, "POST", "/v1/erasures", body).status == 404);
  check_problem(site.as("admin", "POST", "/v1/erasures", R"({"profiles":["never"]})"), 404, {});
}

}  // namespace counterpart::server
