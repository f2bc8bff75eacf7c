// Two profiles that are one, over HTTP: looked at, proposed, agreed, within reach of both ids, and two again.
#include "tests/server/handlers/case_site.h"

namespace counterpart::server {
namespace {

const std::string kMerge = R"({"with":"sa:fund","keep":{"title":"b"},"note":"the same firm"})";

const json::object& differing(const json::object& answer, std::string_view member) {
  for (const json::value& one : answer.at("differing").as_array())
    if (one.at("member").as_string() == member) return one.as_object();
  FAIL("does not differ: " << member);
  throw;
}

// The id of the case.
std::string merged(CaseSite& site) {
  const json::object proposed = site.done("awa", "/v1/profiles/sn:solar:merge", kMerge, 201);
  const std::string id = text(proposed.at("case").at("id"));
  CHECK(site.done("omar", "/v1/cases/" + id + ":agree").at("state") == "merged");
  return id;
}

}  // namespace

TEST_CASE("merges: a preview tells where they differ, of private members the names alone, and stores nothing", "[merges]") {
  CaseSite site;
  const Response response = site.as("awa", "POST", "/v1/profiles/sn:solar:merge?preview=true", kMerge);
  REQUIRE(response.status == 200);
  for (const std::string_view word : kPlantedWords) CHECK(response.body.find(word) == response.body.npos);
  const json::object answer = body_of(response);
  CHECK(differing(answer, "title").at("result") == "Title of sa:fund");
  CHECK(differing(answer, "office").at("keep") == "a");
  CHECK(answer.at("profile").at("title") == "Title of sa:fund");
  CHECK(answer.at("profile").at("id") == "sn:solar");
  CHECK(answer.at("case").at("letters").as_array().size() == 1);
  CHECK(site.get("awa", "/v1/cases?kind=merge").at("cases").as_array().empty());
  CHECK(site.get("awa", "/v1/profiles/sn:solar").at("title") == "Title of sn:solar");
}

TEST_CASE("merges: what cannot be is refused by its member", "[merges]") {
  CaseSite site;
  const auto refused = [&](const std::string& body, int status, std::string_view member) {
    check_problem(site.as("awa", "POST", "/v1/profiles/sn:solar:merge", body), status, member);
  };
  refused(R"({"with":"sa:fund","keep":{"title":"c"}})", 400, "keep.title");
  refused(R"({"with":"sa:fund","keep":{"country":"b"}})", 400, "keep.country");
  refused(R"({"with":"sa:fund","keep":{"title":"both"}})", 400, "keep.title");
  refused(R"({"with":"sn:solar"})", 400, "with");
  refused(R"({"with":"none"})", 404, "with");
  refused(R"({"with":"sa:fund","more":1})", 400, "more");
  refused("{}", 400, "with");
  check_problem(site.as("huber", "POST", "/v1/profiles/sn:solar:merge", kMerge), 403, "desk");
  check_problem(site.as("admin", "POST", "/v1/profiles/sn:solar:merge?desk=awa", kMerge), 403, "desk");
  check_problem(site.as("owner", "POST", "/v1/profiles/sn:solar:merge", kMerge), 403, "desk");
  check_problem(site.as("awa", "POST", "/v1/profiles/sn:solar:unmerge"), 409, "sn:solar");
}

TEST_CASE("merges: the alias answers with the one that stays, takes nothing in, and is in no list", "[merges]") {
  CaseSite site;
  const std::string interest = text(site.done("omar", "/v1/interests",
                                              R"({"from":"sa:fund","to":"at:pumps",)"
                                              R"("programme":"open","answers":{"cooperation":"loan"}})",
                                              201)
                                        .at("id"));
  merged(site);
  const Response alias = site.as("awa", "GET", "/v1/profiles/sa:fund");
  REQUIRE(alias.status == 200);
  CHECK(body_of(alias).at("id") == "sn:solar");
  CHECK(body_of(alias).at("alias_of") == "sn:solar");
  CHECK(header(alias, "Content-Location") == "/v1/profiles/sn:solar");
  CHECK(site.get("awa", "/v1/profiles/sn:solar").at("title") == "Title of sa:fund");

  check_problem(site.as("omar", "PUT", "/v1/profiles/sa:fund", private_profile("sa:fund", "riyadh")), 403, "id");
  check_problem(site.ask("key of this start", "PUT", "/v1/profiles/sa:fund", private_profile("sa:fund", "riyadh")), 409,
                "sa:fund");
  const Response row = site.ask("key of this start", "POST", "/v1/profiles:import", private_profile("sa:fund", "riyadh"),
                                {{"content-type", "application/x-ndjson"}});
  CHECK(row.body.find("is an alias of `sn:solar`") != row.body.npos);
  CHECK(site.as("admin", "GET", "/v1/profiles:export").body.find("\"sa:fund\"") == std::string::npos);

  // Its cases are found under both ids, and a new one is for the one that stays.
  for (const char* id : {"sn:solar", "sa:fund"}) {
    const json::object cases = site.get("admin", std::string("/v1/interests?profile=") + id);
    REQUIRE(cases.at("cases").as_array().size() == 1);
    CHECK(text(cases.at("cases").as_array()[0].at("id")) == interest);
  }
  const json::object sent = site.done("huber", "/v1/interests",
                                      R"({"from":"at:pumps","to":"sa:fund","programme":"open",)"
                                      R"("answers":{"cooperation":"loan"}})",
                                      201);
  CHECK(sent.at("to").at("profile") == "sn:solar");
  // So are its versions.
  CHECK(site.get("awa", "/v1/profiles/sa:fund/versions").at("alias_of") == "sn:solar");
  CHECK(site.get("awa", "/v1/profiles/sn:solar/versions").at("aliases") == json::array{"sa:fund"});
  check_problem(site.as("awa", "POST", "/v1/profiles/sa:fund:merge", R"({"with":"at:pumps"})"), 409, "id");
}

TEST_CASE("merges: undone by either office, and what was changed since is told", "[merges]") {
  CaseSite site;
  const std::string before = site.as("awa", "GET", "/v1/profiles/sn:solar").body;
  const std::string other = site.as("omar", "GET", "/v1/profiles/sa:fund").body;
  merged(site);
  SECTION("nothing was changed") {
    const json::object looked = site.done("omar", "/v1/profiles/sa:fund:unmerge?preview=true", "");
    CHECK(looked.at("stays").as_array().empty());
    CHECK(site.get("omar", "/v1/profiles/sa:fund").contains("alias_of"));
    CHECK(site.done("omar", "/v1/profiles/sa:fund:unmerge", "").at("case").at("state") == "undone");
    CHECK(site.as("awa", "GET", "/v1/profiles/sn:solar").body == before);
    CHECK(site.as("omar", "GET", "/v1/profiles/sa:fund").body == other);
  }
  SECTION("the title was") {
    json::object now = site.get("awa", "/v1/profiles/sn:solar");
    now["title"] = "Since";
    REQUIRE(site.as("awa", "PUT", "/v1/profiles/sn:solar", json::serialize(now)).status == 200);
    CHECK(site.done("awa", "/v1/profiles/sa:fund:unmerge", "").at("stays") == json::array{"title"});
    CHECK(site.get("awa", "/v1/profiles/sn:solar").at("title") == "Since");
    CHECK(site.as("omar", "GET", "/v1/profiles/sa:fund").body == other);
  }
}

}  // namespace counterpart::server
