// The directory of offices over HTTP: consistent at each step, and nobody's change is lost.
#include <algorithm>

#include "tests/server/handlers/case_site.h"

namespace counterpart::server {

TEST_CASE("offices: an office is read, changed and put back with its desks", "[casework]") {
  CaseSite site;
  const Response got = site.as("awa", "GET", "/v1/offices/dakar");
  REQUIRE(got.status == 200);
  json::object dakar = body_of(got);
  CHECK(dakar.at("desks").as_array().size() == 3);
  check_problem(site.as("awa", "PUT", "/v1/offices/dakar", json::serialize(dakar)), 403, "");
  dakar["office"].as_object()["name"] = "Dakar renamed";
  json::array& desks = dakar["desks"].as_array();
  desks.erase(std::ranges::find_if(desks, [](const json::value& desk) { return desk.at("id") == "awa"; }));
  const Response put =
      site.as("admin", "PUT", "/v1/offices/dakar", json::serialize(dakar), {{"if-match", header(got, "ETag")}});
  INFO(put.body);
  REQUIRE(put.status == 200);
  CHECK(body_of(put).at("desks").as_array().size() == 2);
  CHECK(site.as("admin", "GET", "/v1/desks/awa").status == 404);
  // With the tag of before, nothing is lost.
  const Response late =
      site.as("admin", "PUT", "/v1/offices/dakar", json::serialize(dakar), {{"if-match", header(got, "ETag")}});
  check_problem(late, 412, "If-Match");
  CHECK(body_of(late).at("theirs").at("office").at("name") == "Dakar renamed");
}

TEST_CASE("offices: a step that would leave work to nobody is refused as a whole", "[casework]") {
  CaseSite site;
  json::object riyadh = site.get("admin", "/v1/offices/riyadh");
  riyadh["desks"] = json::array();
  CHECK(site.as("admin", "PUT", "/v1/offices/riyadh", json::serialize(riyadh)).status == 400);
  CHECK(site.as("admin", "DELETE", "/v1/desks/noura").status == 400);
  CHECK(site.as("admin", "DELETE", "/v1/offices/vienna").status == 400);  // the one on duty
  CHECK(site.get("admin", "/v1/offices").at("desks").as_array().size() == 8);
  CHECK(site.as("admin", "DELETE", "/v1/offices/riyadh").status == 204);
  CHECK(site.get("admin", "/v1/desks?office=riyadh").at("desks").as_array().empty());
}

TEST_CASE("offices: while a desk is away its deputy has its work", "[casework]") {
  CaseSite site;
  const std::string at = "/v1/interests/" + site.send();
  site.done("omar", at + ":claim");
  json::object omar = site.get("admin", "/v1/desks/omar");
  omar["absence"] = json::object{{"from", "2026-11-27"}, {"until", "2026-12-05"}, {"deputy", "salem"}};
  REQUIRE(site.as("admin", "PUT", "/v1/desks/omar", json::serialize(omar)).status == 200);
  CaseSite::at("2026-11-29", 9);
  const json::object away = site.get("awa", at);
  CHECK(away.at("owner").at("desk") == "salem");
  CHECK(away.at("owner").at("way").as_array()[0].at("until") == "2026-12-05");
  CaseSite::at("2026-12-06", 9);
  CHECK(site.get("awa", at).at("owner").at("desk") == "omar");
  omar["absence"].as_object()["deputy"] = "awa";
  check_problem(site.as("admin", "PUT", "/v1/desks/omar", json::serialize(omar)), 400, "desk omar.absence.deputy");
}

}  // namespace counterpart::server
