// An officer's desk: absences, conflicts, many cases at once, repeated calls, and what needs somebody today.
#include "tests/server/handlers/case_site.h"

namespace counterpart::server {
namespace {

constexpr std::string_view kAway = R"({"from":"2026-11-27","until":"2026-12-10","deputy":"salem"})";

json::array ids_of(const json::object& desk, std::string_view list) {
  json::array ids;
  for (const json::value& row : desk.at(list).as_array()) ids.push_back(row.at("id"));
  return ids;
}

}  // namespace

TEST_CASE("absence: a desk says itself that it is away, or the head of its office does, and is told who has its work",
          "[casework]") {
  CaseSite site;
  site.done("omar", "/v1/interests/" + site.send() + ":claim");
  const std::string at = "/v1/desks/omar/absence";
  const Response preview = site.as("omar", "PUT", at + "?preview=true", std::string(kAway));
  INFO(preview.body);
  REQUIRE(preview.status == 200);
  CHECK(body_of(preview).at("tasks") == 1);
  CHECK(text(body_of(preview).at("work").as_array()[0].at("owner").at("desk")) == "salem");
  CHECK_FALSE(site.get("omar", "/v1/desks/omar").contains("absence"));

  for (const char* who : {"salem", "awa", "no desk", "owner"}) {
    INFO(who);
    CHECK(site.as(who, "PUT", at, std::string(kAway)).status == 403);
  }
  CHECK(body_of(site.as("salem", "PUT", at, std::string(kAway))).at("remedy") == "ask `noura`, the head of `riyadh`");
  REQUIRE(site.as("omar", "PUT", at, std::string(kAway)).status == 200);

  // Whoever sits in is away meanwhile: the work goes on to the next, and comes back.
  REQUIRE(site.as("noura", "PUT", "/v1/desks/salem/absence", R"({"from":"2026-12-01","until":"2026-12-03","deputy":"noura"})")
              .status == 200);
  const json::array work = body_of(site.as("omar", "PUT", at + "?preview=true", std::string(kAway))).at("work").as_array();
  REQUIRE(work.size() == 3);
  CHECK(text(work[1].at("from")) == "2026-12-01");
  CHECK(text(work[1].at("until")) == "2026-12-03");
  CHECK(text(work[1].at("owner").at("desk")) == "noura");
  CHECK(text(work[2].at("owner").at("desk")) == "salem");

  REQUIRE(site.as("omar", "DELETE", at).status == 200);
  CHECK_FALSE(site.get("omar", "/v1/desks/omar").contains("absence"));
}

TEST_CASE("absence: a circle, a deputy that is none and a time that is past are refused at their member", "[casework]") {
  CaseSite site;
  const std::string at = "/v1/desks/omar/absence";
  check_problem(site.as("omar", "PUT", at, R"({"from":"2026-11-27","until":"2026-12-10","deputy":"nobody"})"), 400, "deputy");
  check_problem(site.as("omar", "PUT", at, R"({"from":"2026-11-27","until":"2026-12-10","deputy":"awa"})"), 400, "deputy");
  check_problem(site.as("omar", "PUT", at, R"({"from":"2026-11-01","until":"2026-11-10","deputy":"salem"})"), 400, "until");
  REQUIRE(site.as("omar", "PUT", at, std::string(kAway)).status == 200);
  const Response circle =
      site.as("salem", "PUT", "/v1/desks/salem/absence", R"({"from":"2026-12-01","until":"2026-12-03","deputy":"omar"})");
  CHECK(circle.status == 400);
  CHECK(circle.body.find("circle") != std::string::npos);
}

TEST_CASE(
    "conflict: of two who act on a case the second is told what it asked, what is there, what it had seen, and what came "
    "between",
    "[casework]") {
  CaseSite site;
  const std::string at = "/v1/interests/" + site.send();
  site.done("omar", at + ":claim");
  const Response late = site.as("salem", "POST", at + ":note", R"({"note":"I ask Dakar"})", {{"if-match", "\"1\""}});
  check_problem(late, 412, "If-Match");
  const json::object told = body_of(late);
  CHECK(told.at("yours") == json::object({{"note", "I ask Dakar"}, {"verb", "note"}}));
  CHECK(told.at("theirs").at("version") == 2);
  CHECK(text(told.at("theirs").at("owner").at("desk")) == "omar");
  CHECK(told.at("base").at("version") == 1);
  CHECK(told.at("base").at("inbox") == true);
  REQUIRE(told.at("between").as_array().size() == 1);
  CHECK(text(told.at("between").as_array()[0].at("verb")) == "claim");

  const json::object blind = body_of(site.as("salem", "POST", at + ":note", "{}", {{"if-match", "\"9\""}}));
  CHECK_FALSE(blind.contains("base"));
  CHECK(blind.contains("no_base"));
}

TEST_CASE("conflict: of two who change a profile or a desk the second is told what is there now", "[casework]") {
  CaseSite site;
  const std::string profile = private_profile("sn:solar", "dakar");
  const std::string tag = header(site.as("awa", "GET", "/v1/profiles/sn:solar"), "ETag");
  std::string changed = profile;
  changed.replace(changed.find("pumps"), 5, "dryers");
  REQUIRE(site.as("sow", "PUT", "/v1/profiles/sn:solar", changed, {{"if-match", tag}}).status == 200);
  const Response late = site.as("awa", "PUT", "/v1/profiles/sn:solar", profile, {{"if-match", tag}});
  check_problem(late, 412, "If-Match");
  CHECK(text(body_of(late).at("yours").at("seeks")) == "pumps");
  CHECK(text(body_of(late).at("theirs").at("seeks")) == "dryers");
  CHECK(text(body_of(late).at("base").at("seeks")) == "pumps");
  CHECK(body_of(late).at("base").as_object().contains("contact") == false);

  const std::string desk = header(site.as("omar", "GET", "/v1/desks/omar"), "ETag");
  REQUIRE(site.as("noura", "PUT", "/v1/desks/omar/absence", std::string(kAway), {{"if-match", desk}}).status == 200);
  const Response again = site.as("omar", "DELETE", "/v1/desks/omar/absence", {}, {{"if-match", desk}});
  check_problem(again, 412, "If-Match");
  CHECK(text(body_of(again).at("theirs").at("absence").at("deputy")) == "salem");
}

TEST_CASE("conflict: every write of something that is there takes If-Match", "[casework]") {
  // What is made anew, done to a process or gone at once has no version that somebody may have seen.
  const std::set<std::string, std::less<>> without{
      "POST /v1/projects/{id}/assemble", "DELETE /v1/standing-queries/{id}", "DELETE /v1/tokens/{id}",
      "DELETE /v1/sessions/{id}", "POST /v1/tokens/{id}:link", "POST /v1/outbox/{number}:retry", "POST /v1/bulk/{id}:undo",
      // Of a draft its secret alone; of two profiles a case that is made anew.
      "POST /v1/drafts/{id}:confirm-mail", "POST /v1/drafts/{id}:confirm", "POST /v1/drafts/{id}:withdraw",
      "POST /v1/drafts/{id}:export", "POST /v1/drafts/{id}:erase", "POST /v1/profiles/{id}:merge",
      "POST /v1/profiles/{id}:unmerge",
      // Each operation within the answers has its own.
      "POST /v1/suitcases/{id}:return", "DELETE /v1/suitcases/{id}",
      // Another office of the network is known or not.
      "DELETE /v1/network/offices/{id}"};
  for (const Route& route : routes()) {
    if (route.method == "GET" || route.pattern.find('{') == std::string_view::npos) continue;
    const std::string name = std::string(route.method) + " " + std::string(route.pattern);
    INFO(name);
    const bool takes = std::ranges::find(route.parameters, "If-Match", &Parameter::name) != route.parameters.end();
    CHECK(takes != without.contains(name));
  }
}

TEST_CASE("keys: an administrator, who acts with any desk, turns none; one office on both sides turns them by two desks",
          "[casework]") {
  CaseSite site;
  REQUIRE(site.as("noura", "PUT", "/v1/profiles/sa:works", private_profile("sa:works", "riyadh")).status == 201);
  std::string body = CaseSite::interest();
  body.replace(body.find("sn:solar"), 8, "sa:works");
  const std::string id = text(site.done("omar", "/v1/interests", body, 201).at("id"));
  const std::string at =
      "/v1/introductions/" + text(site.done("omar", "/v1/interests/" + id + ":accept").at("others").as_array()[0]);
  check_problem(site.as("admin", "POST", at + ":release?desk=omar", "{}"), 403, "desk");
  CHECK(text(site.done("omar", at + ":release").at("state")) == "agreed");
  check_problem(site.as("omar", "POST", at + ":release", "{}"), 403, "office");
  CHECK(text(site.done("salem", at + ":release").at("state")) == "released");
  CHECK(site.get("noura", at).at("contacts").as_array().size() == 2);
}

TEST_CASE("repeats: an interest that is sent again with its key is the one that was sent", "[casework]") {
  CaseSite site;
  const Headers key{{"idempotency-key", "k-1"}};
  const Response first = site.as("awa", "POST", "/v1/interests", CaseSite::interest(), key);
  REQUIRE(first.status == 201);
  const std::string at = "/v1/interests/" + text(body_of(first).at("id"));
  site.done("omar", at + ":decline", R"({"reason":"too_small"})");
  const Response again = site.as("awa", "POST", "/v1/interests", CaseSite::interest(), key);
  CHECK(again.status == 201);
  CHECK(text(body_of(again).at("id")) == text(body_of(first).at("id")));
  CHECK(text(body_of(again).at("state")) == "declined");
  std::string other = CaseSite::interest();
  other.replace(other.find("ten years"), 3, "two");
  check_problem(site.as("awa", "POST", "/v1/interests", other, key), 409, "Idempotency-Key");
  check_problem(site.as("awa", "POST", "/v1/interests", other, {{"idempotency-key", "with blanks"}}), 400, "Idempotency-Key");
  // Another's equal key is another.
  CHECK(site.as("sow", "POST", "/v1/interests", CaseSite::interest(), key).status == 201);
}

TEST_CASE("bulk: many cases at once have a verdict each, are told before, done once and undone once", "[casework]") {
  CaseSite site;
  const std::string first = site.send();
  const std::string second =
      text(site.done("huber", "/v1/interests",
                     R"({"from":"at:pumps","to":"sa:fund","programme":"open","answers":{"cooperation":"loan"}})", 201)
               .at("id"));
  const std::string body = R"({"verb":"hand_over","facts":{"desk":"salem"},"cases":[")" + first + R"(",{"id":")" + second +
                           R"(","version":7},"i-none"]})";
  const json::object preview = site.done("omar", "/v1/cases:bulk?preview=true", body);
  CHECK(preview.at("done") == 1);
  CHECK(text(preview.at("rows").as_array()[0].at("letters").as_array()[0].at("reader").at("desk")) == "salem");
  CHECK(site.get("omar", "/v1/interests/" + first).at("version") == 1);

  const Headers key{{"idempotency-key", "k-1"}};
  const json::object done = body_of(site.as("omar", "POST", "/v1/cases:bulk", body, key));
  const json::array& rows = done.at("rows").as_array();
  REQUIRE(rows.size() == 3);
  CHECK(text(rows[0].at("status")) == "done");
  CHECK(text(rows[0].at("owner").at("desk")) == "salem");
  CHECK(text(rows[1].at("type")) == "/problems/conflict");
  CHECK(text(rows[2].at("type")) == "/problems/not-found");
  const json::object again = body_of(site.as("omar", "POST", "/v1/cases:bulk", body, key));
  CHECK(again.at("id") == done.at("id"));
  CHECK(site.get("omar", "/v1/interests/" + first).at("version") == 2);

  const std::string undo = "/v1/bulk/" + text(done.at("id")) + ":undo";
  check_problem(site.as("awa", "POST", undo), 404, "id");
  CHECK(site.done("omar", undo, {}).at("done") == 1);
  CHECK(site.get("omar", "/v1/interests/" + first).at("inbox") == true);
  check_problem(site.as("omar", "POST", undo), 409, "id");
  check_problem(site.as("omar", "POST", "/v1/cases:bulk", R"({"verb":"accept","cases":["i-1"]})"), 400, "verb");
}

TEST_CASE("desk: a name that is none is answered by the nearest", "[casework]") {
  CaseSite site;
  const Response office = site.as("admin", "GET", "/v1/desk?office=riad");
  check_problem(office, 404, "office");
  CHECK(text(body_of(office).at("remedy")).starts_with("did you mean `riyadh`, ITPO riyadh?"));
  check_problem(site.as("admin", "GET", "/v1/desk?desk=oma"), 404, "desk");
}

TEST_CASE("desk: what runs to an end is told when it is near, with or without a case", "[casework]") {
  CaseSite site;
  const auto put = [&](const std::string& id, const std::string& until) {
    std::string profile = private_profile(id, "dakar");
    profile.insert(1, R"("valid_until":")" + until + R"(",)");
    REQUIRE(site.as("awa", "PUT", "/v1/profiles/" + id, profile).status == 201);
  };
  put("sn:soon", "2026-12-20");
  put("sn:later", "2027-12-31");
  site.done("awa", "/v1/reviews", R"({"profile":"sn:solar","verb":"admit","facts":{"valid_until":"2027-06-30"}})", 201);
  json::object desk = site.get("awa", "/v1/desk");
  CHECK(ids_of(desk, "expiring") == json::array({"sn:soon"}));
  CHECK(text(desk.at("expiring").as_array()[0].at("due")) == "2026-12-21T00:00:00Z");
  CHECK(ids_of(desk, "mine").empty());
  CHECK(desk.at("counts").at("mine") == 0);
  CaseSite::at("2027-06-05", 9);
  site.tick();
  desk = site.get("awa", "/v1/desk");
  REQUIRE(ids_of(desk, "expiring").size() == 1);
  CHECK(text(desk.at("expiring").as_array()[0].at("state")) == "expiring");
}

TEST_CASE("desk: a letter that did not leave is there until it has", "[casework]") {
  CaseSite site;
  site.send();
  CaseStore& cases = site.service->data().cases;
  const Delivery refused{.number = 1, .outcome = Delivery::Outcome::kRefused, .words = "no such mailbox"};
  REQUIRE(cases.delivered({&refused, 1}, casework_now()));
  CHECK(text(site.get("omar", "/v1/desk").at("outbox").as_array()[0].at("words")) == "no such mailbox");
  site.done("omar", "/v1/outbox/1:retry", {});
  CHECK(site.get("omar", "/v1/desk").at("outbox").as_array().empty());
}

}  // namespace counterpart::server
