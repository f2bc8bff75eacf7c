// Reports and refusals over HTTP: who is told what, and that a no helps both sides.
#include "tests/server/handlers/case_site.h"

namespace counterpart::server {
namespace {

const json::object* row_of(const json::object& report, std::string_view member, std::string_view value) {
  for (const json::value& row : report.at("rows").as_array())
    if (const json::value* found = row.as_object().if_contains(member);
        found && found->is_string() && std::string_view(found->as_string()) == value)
      return &row.as_object();
  return nullptr;
}

}  // namespace

TEST_CASE("reports: an officer is told of the own office's cases, a reader of all, and too small counts are not told",
          "[reports]") {
  CaseSite site;
  site.add("reader", {.role = TokenRole::kReader});
  const std::string interest = site.send();
  site.done("omar", "/v1/interests/" + interest + ":accept");

  const json::object all = site.get("admin", "/v1/reports/funnel");
  CHECK(row_of(all, "by", "all")->at("sent") == 1);
  CHECK(row_of(all, "by", "all")->at("accepted") == 1);
  CHECK(row_of(all, "by", "all")->at("introduced") == 0);
  CHECK(text(row_of(all, "value", "open")->at("title")) != "open");
  CHECK(all.at("log").at("cases") == 2);
  // One is no number to tell to whoever may not see the case.
  CHECK(row_of(site.get("reader", "/v1/reports/funnel"), "by", "all")->at("sent").is_null());
  CHECK(row_of(site.get("awa", "/v1/reports/funnel"), "by", "all")->at("sent") == 1);
  CHECK(site.get("huber", "/v1/reports/funnel").at("rows").as_array().empty());
  CHECK(site.get("huber", "/v1/reports/funnel").at("log").at("cases") == 0);

  const json::object times = site.get("omar", "/v1/reports/response-times");
  const json::object* riyadh = row_of(times, "office", "riyadh");
  REQUIRE(riyadh);
  CHECK(riyadh->at("n") == 1);
  CHECK(riyadh->at("median_hours").is_null());
  CHECK(text(riyadh->at("note")).find("fewer than 10") != std::string::npos);
  CHECK(text(site.get("omar", "/v1/reports/response-times?lang=fr").at("definition")).find("trimestre") != std::string::npos);

  CHECK(site.as("owner", "GET", "/v1/reports/funnel").status == 403);
  CHECK(site.as("reader", "GET", "/v1/reports/cases").status == 403);
  CHECK(site.as("admin", "GET", "/v1/reports/funnel?quarter=2026").status == 400);
  CHECK(site.as("admin", "GET", "/v1/reports/funnel?count=all").status == 400);
}

TEST_CASE("reports: the log tells who acted when, and not what anybody wrote", "[reports]") {
  CaseSite site;
  const std::string interest = site.send();
  site.done("omar", "/v1/interests/" + interest + ":ask_back", R"({"note":"planted by hand"})");
  const Response log = site.as("admin", "GET", "/v1/reports/cases");
  REQUIRE(log.status == 200);
  const std::string& lines = log.body;
  CHECK(lines.find(interest) != lines.npos);
  CHECK(lines.find(R"("verb":"ask_back")") != lines.npos);
  for (const std::string_view words : {"planted by hand", "the term", "ten years", "omar", "Planted"})
    CHECK(lines.find(words) == lines.npos);
  CHECK(site.as("huber", "GET", "/v1/reports/cases").body.empty());
  // Nothing is left of a profile that is erased, but that it was there.
  REQUIRE(site.as("admin", "DELETE", "/v1/profiles/sn:solar").status == 204);
  const std::string after = site.as("admin", "GET", "/v1/reports/cases").body;
  CHECK(after.find("sn:solar") == after.npos);
  CHECK(after.find(R"("erased":)") != after.npos);
  CHECK(site.get("admin", "/v1/reports/funnel").at("log").at("erased") == 1);
}

TEST_CASE("refusal: the asker is told whom to ask instead, and the refusing side which condition says the same", "[reports]") {
  CaseSite site;
  const std::string interest = site.send();
  const std::string declining = "/v1/interests/" + interest + ":decline", body = R"({"reason":"other_country"})";
  const json::object preview = site.done("omar", declining + "?preview=true", body);
  REQUIRE(preview.contains("condition_offer"));
  const json::object declined = site.done("omar", declining, body);
  const json::object& offer = declined.at("condition_offer").as_object();
  CHECK(offer == preview.at("condition_offer").as_object());
  CHECK(text(offer.at("profile")) == "sa:fund");
  CHECK(offer.at("value") == json::array{"KE"});
  CHECK_FALSE(site.get("omar", "/v1/interests/" + interest).contains("instead"));

  const json::object seen = site.get("awa", "/v1/interests/" + interest);
  const json::object& instead = seen.at("instead").as_object();
  CHECK_FALSE(instead.at("meets").as_bool());  // nobody states where it works
  REQUIRE(instead.at("counterparts").as_array().size() == 1);
  CHECK(text(instead.at("counterparts").as_array()[0].at("id")) == "at:pumps");
  CHECK(site.get("owner", "/v1/interests/" + interest).contains("instead"));

  const std::string stating = "/v1/profiles/sa:fund:state-condition";
  const std::string statement = json::serialize(json::object{{"member", offer.at("member")}, {"value", offer.at("value")}});
  CHECK(site.as("awa", "POST", stating, statement).status == 403);  // another office's
  CHECK(site.as("omar", "POST", stating, R"({"member":"title","value":"x"})").status == 400);
  CHECK(site.as("omar", "POST", stating, R"({"member":"partner.exclude_countries","value":["XX"]})").status == 400);
  CHECK(site.as("omar", "POST", stating, statement, {{"if-match", "\"9\""}}).status == 412);
  CHECK(site.as("omar", "POST", stating, statement).status == 200);
  const json::object stated = site.get("omar", "/v1/profiles/sa:fund");
  CHECK(stated.at("partner").at("exclude_countries") == json::array{"KE"});
  CHECK(stated.contains("contact"));  // all else stays
  CHECK(site.as("omar", "POST", stating, R"({"member":"partner.exclude_countries","value":null})").status == 200);
  CHECK_FALSE(site.get("omar", "/v1/profiles/sa:fund").contains("partner"));
}

}  // namespace counterpart::server
