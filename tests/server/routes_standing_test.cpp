#include <set>

#include "tests/server/site.h"

using namespace counterpart;

namespace {

void put(Site& site, const std::string& id, const std::string& offers, const std::string& office = "vienna") {
  const json::object profile{{"kind", "company"}, {"title", "Title of " + id}, {"country", "KE"},
                             {"offers", offers},  {"office", office},
                             {"contact", json::object{{"email", "nobody@example.org"}}}};
  const Response response = site.ask("PUT", "/v1/profiles/" + id, json::serialize(profile));
  INFO(response.body);
  REQUIRE(response.status / 100 == 2);
}

std::string add(Site& site, const std::string& body) {
  const Response response = site.ask("POST", "/v1/standing-queries", body);
  INFO(response.body);
  REQUIRE(response.status == 201);
  return std::string(body_of(response).at("id").as_string());
}

json::array alerts(Site& site, const std::string& target = "/v1/alerts") {
  const Response response = site.ask("GET", target);
  INFO(response.body);
  REQUIRE(response.status == 200);
  return body_of(response).at("alerts").as_array();
}

}  // namespace

TEST_CASE("standing queries: kept as they were given, with how many fit already", "[standing]") {
  Site site;
  (void)site.service->standing();  // there before the first profile
  put(site, "early", "solar water pumps");
  const Response added = site.ask("POST", "/v1/standing-queries",
                                  R"({"text":"solar water pumps","where":{"country":["KE"]},"office":"nairobi"})");
  INFO(added.body);
  REQUIRE(added.status == 201);
  json::object query = body_of(added);
  CHECK(query.at("fits") == 1);
  const std::string id(query.at("id").as_string());
  CHECK(header(added, "Location") == "/v1/standing-queries/" + id);
  query.erase("fits");
  CHECK(body_of(site.ask("GET", "/v1/standing-queries/" + id)) == query);
  CHECK(query.at("text") == "solar water pumps");
  CHECK(query.at("programme") == "open");
  CHECK(json::serialize(query.at("where")) == R"({"country":["KE"]})");
  CHECK(alerts(site).empty());  // whoever fitted already is no news
}

TEST_CASE("standing queries: whoever begins to fit is told once, without contact data", "[standing]") {
  Site site;
  const std::string query = add(site, R"({"text":"solar water pumps"})");
  put(site, "pump", "solar water pumps");
  json::array told = alerts(site);
  REQUIRE(told.size() == 1);
  CHECK(told[0].at("query") == json::string_view(query));
  CHECK(told[0].at("profile") == "pump");
  CHECK(told[0].at("title") == "Title of pump");
  CHECK(told[0].at("country") == "KE");
  CHECK(told[0].at("score").as_double() > 0.5);
  CHECK(json::serialize(told).find("nobody@") == std::string::npos);

  put(site, "pump", "solar water pumps", "nairobi");  // fits as before
  CHECK(alerts(site).size() == 1);
  put(site, "pump", "dairy");
  CHECK(alerts(site).size() == 1);
  put(site, "pump", "solar water pumps");  // and again
  CHECK(alerts(site).size() == 2);
}

TEST_CASE("standing queries: whoever reads on from the page before misses no alert and sees none twice", "[standing]") {
  Site site;
  const std::string query = add(site, R"({"where":{"country":["KE"]}})");
  const std::string other = add(site, R"({"where":{"country":["UG"]}})");
  std::set<std::int64_t> numbers;
  std::string after = "0";
  for (int i = 0; i < 7; ++i) {
    put(site, "p" + std::to_string(i), "anything");
    if (i % 3 != 2) continue;
    const json::object page = body_of(site.ask("GET", "/v1/alerts?limit=2&query=" + query + "&after=" + after));
    for (const json::value& alert : page.at("alerts").as_array()) CHECK(numbers.insert(alert.at("number").as_int64()).second);
    CHECK(page.at("more") == true);
    after = std::to_string(page.at("after").as_int64());
  }
  for (const json::value& alert : alerts(site, "/v1/alerts?after=" + after))
    CHECK(numbers.insert(alert.at("number").as_int64()).second);
  CHECK(numbers.size() == 7);
  CHECK(alerts(site, "/v1/alerts?query=" + other).empty());
}

TEST_CASE("standing queries: listed by office, page by page; removed with their alerts", "[standing]") {
  Site site;
  const std::string mine = add(site, R"({"where":{"country":["KE"]},"office":"nairobi"})");
  const std::string theirs = add(site, R"({"where":{"country":["KE"]},"office":"vienna"})");
  put(site, "one", "anything");
  const json::object listed = body_of(site.ask("GET", "/v1/standing-queries?office=nairobi"));
  REQUIRE(listed.at("queries").as_array().size() == 1);
  CHECK(listed.at("queries").at(0).at("id") == json::string_view(mine));
  const json::object first = body_of(site.ask("GET", "/v1/standing-queries?limit=1"));
  CHECK(first.at("more") == true);
  const json::object next =
      body_of(site.ask("GET", "/v1/standing-queries?limit=1&after=" + std::string(first.at("after").as_string())));
  CHECK(next.at("queries").at(0).at("id") == json::string_view(theirs));
  CHECK(next.at("more") == false);

  CHECK(site.ask("DELETE", "/v1/standing-queries/" + mine).status == 204);
  check_problem(site.ask("GET", "/v1/standing-queries/" + mine), 404, "query");
  check_problem(site.ask("DELETE", "/v1/standing-queries/" + mine), 404, "query");
  const json::array left = alerts(site);
  REQUIRE(left.size() == 1);
  CHECK(left[0].at("query") == json::string_view(theirs));
}

TEST_CASE("standing queries: what is wrong is refused by name, and nothing is kept of it", "[standing]") {
  Site site;
  const std::tuple<const char*, int, const char*> wrong[] = {
      {R"({})", 400, "text"},
      {R"({"txt":"pumps"})", 400, "txt"},
      {R"({"text":"  "})", 400, "text"},
      {R"({"text":7})", 400, "text"},
      {R"({"text":"pumps","minimum":1.5})", 400, "minimum"},
      {R"({"text":"pumps","minimum":"high"})", 400, "minimum"},
      {R"({"text":"pumps","programme":"none"})", 404, "programme"},
      {R"({"text":"pumps","where":{"colour":["red"]}})", 400, "where.colour"},
      {R"({"text":"pumps","office":"Wien 1"})", 400, "office"},
      {R"([])", 400, ""},
  };
  for (const auto& [body, status, member] : wrong) {
    INFO(body);
    check_problem(site.ask("POST", "/v1/standing-queries", body), status, member);
  }
  CHECK(body_of(site.ask("GET", "/v1/standing-queries")).at("queries").as_array().empty());
  for (const char* target : {"/v1/alerts?after=-1", "/v1/alerts?limit=0", "/v1/alerts?limit=1001", "/v1/alerts?query=",
                             "/v1/standing-queries?after=", "/v1/standing-queries?after=x", "/v1/standing-queries?office="}) {
    INFO(target);
    check_problem(site.ask("GET", target), 400, "");
  }
  check_problem(site.ask("GET", "/v1/alerts?query=q99"), 404, "query");
}
