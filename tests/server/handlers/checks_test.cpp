// Due diligence over HTTP: who states it, who is told what, and that whoever is excluded is matched with nobody.
#include "tests/server/handlers/case_site.h"

namespace counterpart::server {
namespace {

const std::string kAt = "/v1/profiles/sn:solar";

}  // namespace

TEST_CASE("checks: an office states that it has checked a profile, and everybody may know", "[diligence]") {
  CaseSite site;
  CHECK(site.get("omar", kAt + "/due-diligence").at("status") == "not_checked");
  CHECK_FALSE(site.get("omar", kAt).contains("due_diligence"));
  const Response stated =
      site.as("awa", "POST", kAt + ":check", R"({"as":"checked","reason":"seen on site","until":"2027-11-26"})");
  REQUIRE(stated.status == 200);
  CHECK(header(stated, "ETag") == "\"1\"");
  CHECK(body_of(stated).at("by") == "dakar");
  CHECK(body_of(stated).at("desk") == "awa");
  CHECK(site.get("omar", kAt).at("due_diligence").at("status") == "checked");
  const json::object owner = site.get("owner", kAt).at("due_diligence").as_object();
  CHECK(owner.at("status") == "checked");
  CHECK_FALSE(owner.contains("reason"));
  // What a profile is told with may come back with it; an import and a write change nothing of it.
  json::object sent = site.get("awa", kAt);
  sent["title"] = "Changed";
  sent["due_diligence"] = json::object{{"status", "excluded"}};
  REQUIRE(site.as("awa", "PUT", kAt, json::serialize(sent)).status == 200);
  CHECK(site.get("omar", kAt).at("due_diligence").at("status") == "checked");
}

TEST_CASE("checks: who may state what", "[diligence]") {
  CaseSite site;
  const auto refused = [&](std::string_view who, const std::string& body, int status, std::string_view member) {
    check_problem(site.as(who, "POST", kAt + ":check", body), status, member);
  };
  refused("awa", "{}", 400, "as");
  refused("awa", R"({"as":"perhaps"})", 400, "as");
  refused("awa", R"({"as":"excluded"})", 400, "reason");
  refused("awa", R"({"as":"checked","until":"soon"})", 400, "until");
  refused("awa", R"({"as":"excluded","reason":"r","until":"2027-01-01"})", 400, "until");
  refused("awa", R"({"as":"checked","by":"me"})", 400, "by");
  refused("omar", R"({"as":"checked"})", 403, "id");
  refused("owner", R"({"as":"checked"})", 403, "desk");
  refused("no desk", R"({"as":"checked"})", 403, "desk");
  check_problem(site.as("awa", "POST", "/v1/profiles/none:check", R"({"as":"checked"})"), 404, "id");
}

TEST_CASE("checks: a statement that somebody has overtaken is answered 412 with what is stated now", "[diligence]") {
  CaseSite site;
  REQUIRE(site.as("awa", "POST", kAt + ":check", R"({"as":"checked"})", {{"if-match", "\"0\""}}).status == 200);
  const Response overtaken = site.as("sow", "POST", kAt + ":check", R"({"as":"not_checked"})", {{"if-match", "\"0\""}});
  REQUIRE(overtaken.status == 412);
  CHECK(body_of(overtaken).at("theirs").at("status") == "checked");
  CHECK(site.as("sow", "POST", kAt + ":check", R"({"as":"not_checked"})", {{"if-match", "\"1\""}}).status == 200);
}

TEST_CASE("checks: who is excluded, and why, is for officers; nobody sends it anything", "[diligence]") {
  CaseSite site;
  site.done("awa", kAt + ":check", R"({"as":"excluded","reason":"a court's judgment"})");
  CHECK(site.get("omar", kAt).at("due_diligence").at("reason") == "a court's judgment");
  CHECK_FALSE(site.get("owner", kAt).contains("due_diligence"));
  CHECK(site.get("owner", kAt + "/due-diligence").at("status") == "not_checked");
  CHECK(site.as("owner", "GET", kAt + "/due-diligence").body.find("judgment") == std::string::npos);
  check_problem(site.as("omar", "POST", "/v1/interests",
                        R"({"from":"sa:fund","to":"sn:solar","programme":"open",)"
                        R"("answers":{"cooperation":"loan"}})"),
                409, "to");
  site.done("awa", kAt + ":check", R"({"as":"not_checked"})");
  CHECK(site.done("omar", "/v1/interests",
                  R"({"from":"sa:fund","to":"sn:solar","programme":"open",)"
                  R"("answers":{"cooperation":"loan"}})",
                  201)
            .at("state") == "sent");
}

TEST_CASE("checks: with whoever is excluded a case is ended, or stays where it is", "[diligence]") {
  CaseSite site;
  const std::string interest = "/v1/interests/" + site.send();
  site.done("awa", kAt + ":check", R"({"as":"excluded","reason":"a court's judgment"})");
  check_problem(site.as("omar", "POST", interest + ":accept", "{}"), 409, "from");
  site.done("omar", interest + ":claim");
  site.done("omar", interest + ":decline", R"({"reason":"no_capacity"})");
  check_problem(site.as("omar", "POST", interest + ":reopen", R"({"note":"once more"})"), 409, "from");
}

TEST_CASE("checks: a statement is of the profile's own office, of a day to come, and leaves no trace where it is not told",
          "[diligence]") {
  CaseSite site;
  check_problem(site.as("admin", "POST", kAt + ":check?desk=omar", R"({"as":"checked"})"), 403, "desk");
  check_problem(site.as("awa", "POST", kAt + ":check", R"({"as":"checked","until":"2026-11-25"})"), 400, "until");
  const std::string nothing = header(site.as("owner", "GET", kAt + "/due-diligence"), "ETag");
  site.done("awa", kAt + ":check", R"({"as":"excluded","reason":"a court's judgment"})");
  CHECK(header(site.as("owner", "GET", kAt + "/due-diligence"), "ETag") == nothing);
}

}  // namespace counterpart::server
