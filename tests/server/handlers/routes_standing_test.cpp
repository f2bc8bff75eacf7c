// Standing queries and their alerts over HTTP: the real ones, over a store on disk.
#include <set>

#include "tests/server/site.h"

using namespace counterpart::server;

namespace {

constexpr std::string_view kPumps = R"({"text":"solar pumps","where":{"country":["africa"]},"office":"rome"})";

json::object pump(const std::string& offers = "solar pumps", const std::string& country = "KE") {
  return {{"kind", "company"},
          {"title", "Pumps of Nairobi"},
          {"country", country},
          {"offers", offers},
          {"contact", {{"person", "Amina Hidden"}, {"email", "amina@hidden.example"}}}};
}

void put(Site& site, const std::string& id, const json::object& profile) {
  const Response response = site.ask("PUT", "/v1/profiles/" + id, json::serialize(profile));
  INFO(response.body);
  REQUIRE(response.status / 100 == 2);
}

json::object added(Site& site, std::string_view body) {
  const Response response = site.ask("POST", "/v1/standing-queries", std::string(body));
  INFO(response.body);
  REQUIRE(response.status == 201);
  return body_of(response);
}

json::object answered(Site& site, const std::string& target) {
  const Response response = site.ask("GET", target);
  INFO(response.body);
  REQUIRE(response.status == 200);
  return body_of(response);
}

json::array alerts(Site& site, const std::string& more = {}) {
  return answered(site, "/v1/alerts?limit=1000" + more).at("alerts").as_array();
}

// From the first page to the last, `limit` at a time.
std::vector<std::uint64_t> numbers_by_page(Site& site, int limit, const std::string& more = {}) {
  std::vector<std::uint64_t> numbers;
  std::uint64_t after = 0;
  for (bool again = true; again;) {
    const json::object page =
        answered(site, "/v1/alerts?limit=" + std::to_string(limit) + "&after=" + std::to_string(after) + more);
    CHECK(page.at("alerts").as_array().size() <= static_cast<std::size_t>(limit));
    for (const json::value& alert : page.at("alerts").as_array())
      numbers.push_back(alert.at("number").to_number<std::uint64_t>());
    after = page.at("after").to_number<std::uint64_t>();
    again = page.at("more").as_bool();
  }
  return numbers;
}

}  // namespace

TEST_CASE("standing: a query kept is answered with its address and with how many fit already", "[standing]") {
  Site site;
  CHECK(answered(site, "/v1/standing-queries").at("queries").as_array().empty());
  put(site, "early", pump());
  put(site, "italian", pump("solar pumps", "IT"));
  const Response response = site.ask("POST", "/v1/standing-queries", std::string(kPumps));
  REQUIRE(response.status == 201);
  const json::object query = body_of(response);
  CHECK(query.at("id") == "q1");
  CHECK(query.at("fits") == 1);
  CHECK(query.at("text") == "solar pumps");
  CHECK(query.at("programme") == "open");
  CHECK(query.at("minimum").to_number<double>() == 0.25);
  CHECK(query.at("office") == "rome");
  CHECK(query.at("where").at("country").as_array().size() == 1);
  CHECK(query.at("created") == 2);
  CHECK_FALSE(query.contains("offering"));
  CHECK(header(response, "Location") == "/v1/standing-queries/q1");
  json::object again = answered(site, header(response, "Location"));
  again["fits"] = 1;
  CHECK(again == query);
  CHECK(alerts(site).empty());  // whoever fits already is no news
}

TEST_CASE("standing: a later profile that fits makes one alert, and another only after it stopped to fit", "[standing]") {
  Site site;
  added(site, kPumps);
  put(site, "a", pump());
  put(site, "other", pump("legal advice"));
  REQUIRE(alerts(site).size() == 1);
  const json::object alert = alerts(site)[0].as_object();
  CHECK(alert.at("number") == 1);
  CHECK(alert.at("query") == "q1");
  CHECK(alert.at("profile") == "a");
  CHECK(alert.at("version") == 1);
  CHECK(alert.at("title") == "Pumps of Nairobi");
  CHECK(alert.at("country") == "KE");
  CHECK(alert.at("score").to_number<double>() > 0.5);
  CHECK(alert.at("at").as_string().ends_with("Z"));

  put(site, "a", pump());
  put(site, "a", pump("solar pumps for farms"));
  CHECK(alerts(site).size() == 1);
  put(site, "a", pump("legal advice"));
  CHECK(alerts(site).size() == 1);
  put(site, "a", pump("solar pumps", "KE"));
  REQUIRE(alerts(site).size() == 2);
  CHECK(alerts(site)[1].at("number") == 2);
  put(site, "a", pump("solar pumps", "IT"));
  put(site, "a", pump());
  CHECK(alerts(site).size() == 3);
}

TEST_CASE("standing: a profile withdrawn and written anew is news again", "[standing]") {
  Site site;
  added(site, kPumps);
  put(site, "a", pump());
  REQUIRE(site.ask("DELETE", "/v1/profiles/a").status == 204);
  REQUIRE(alerts(site).size() == 1);
  CHECK(alerts(site)[0].at("profile") == "a");
  CHECK(alerts(site)[0].at("title") == "");  // nothing of what it said is left
  CHECK(alerts(site)[0].at("country") == "");
  put(site, "a", pump());
  REQUIRE(alerts(site).size() == 2);
  CHECK(alerts(site)[0].at("title") == "Pumps of Nairobi");
}

TEST_CASE("standing: contact data are in no alert and in no query", "[standing]") {
  Site site;
  added(site, kPumps);
  added(site, R"({"where":{"country":["KE"]}})");
  put(site, "a", pump());
  REQUIRE(alerts(site).size() == 2);
  CHECK_FALSE(alerts(site)[1].as_object().contains("score"));
  for (const std::string target : {"/v1/alerts", "/v1/standing-queries", "/v1/standing-queries/q1"}) {
    const std::string body = site.ask("GET", target).body;
    CHECK(body.find("idden") == std::string::npos);
    CHECK(body.find("contact") == std::string::npos);
  }
}

TEST_CASE("standing: pages of alerts by `after` neither repeat nor skip, of all queries and of one", "[standing]") {
  Site site;
  added(site, kPumps);
  added(site, R"({"text":"solar pumps"})");
  for (int i = 0; i < 7; ++i) put(site, "p" + std::to_string(i), pump("solar pumps", i % 2 == 0 ? "KE" : "IT"));
  for (const int limit : {1, 2, 3, 11, 1000}) {
    INFO("limit " << limit);
    const std::vector<std::uint64_t> all = numbers_by_page(site, limit);
    CHECK(all.size() == 11);
    CHECK(std::set(all.begin(), all.end()).size() == 11);
    const std::vector<std::uint64_t> one = numbers_by_page(site, limit, "&query=q1");
    CHECK(one.size() == 4);
    CHECK(std::set(one.begin(), one.end()).size() == 4);
  }
  // Who asks on from the last page sees what has come since and nothing else.
  const std::uint64_t after = answered(site, "/v1/alerts?query=q1&limit=1000").at("after").to_number<std::uint64_t>();
  CHECK(alerts(site, "&query=q1&after=" + std::to_string(after)).empty());
  put(site, "late", pump());
  const json::array late = alerts(site, "&query=q1&after=" + std::to_string(after));
  REQUIRE(late.size() == 1);
  CHECK(late[0].at("profile") == "late");
}

TEST_CASE("standing: queries are listed by office and by page", "[standing]") {
  Site site;
  for (int i = 0; i < 5; ++i)
    added(site, std::string(R"({"text":"pumps","office":")") + (i % 2 == 0 ? "rome" : "bonn") + "\"}");
  std::vector<std::string> ids;
  std::string target = "/v1/standing-queries?limit=2";
  for (bool more = true; more;) {
    const json::object page = answered(site, target);
    for (const json::value& query : page.at("queries").as_array()) ids.emplace_back(query.at("id").as_string());
    more = page.at("more").as_bool();
    target = "/v1/standing-queries?limit=2&after=" + std::string(page.at("after").as_string());
  }
  CHECK(ids == std::vector<std::string>{"q1", "q2", "q3", "q4", "q5"});
  const json::object bonn = answered(site, "/v1/standing-queries?office=bonn");
  REQUIRE(bonn.at("queries").as_array().size() == 2);
  CHECK(bonn.at("queries").at(0).at("id") == "q2");
  CHECK(bonn.at("queries").at(1).at("id") == "q4");
  CHECK(bonn.at("more") == false);
  CHECK(answered(site, "/v1/standing-queries?office=oslo").at("queries").as_array().empty());
}

TEST_CASE("standing: a removed query is gone with its alerts, another's stay", "[standing]") {
  Site site;
  added(site, kPumps);
  added(site, R"({"text":"pumps"})");
  put(site, "a", pump());
  REQUIRE(alerts(site).size() == 2);
  CHECK(site.ask("DELETE", "/v1/standing-queries/q1").status == 204);
  REQUIRE(alerts(site).size() == 1);
  CHECK(alerts(site)[0].at("query") == "q2");
  check_problem(site.ask("GET", "/v1/standing-queries/q1"), 404, "query");
  check_problem(site.ask("DELETE", "/v1/standing-queries/q1"), 404, "query");
  check_problem(site.ask("GET", "/v1/alerts?query=q1"), 404, "query");
  put(site, "b", pump());
  CHECK(alerts(site).size() == 2);
  CHECK(added(site, kPumps).at("id") == "q3");  // an id is never given again
}

TEST_CASE("standing: wrong bodies are refused by name", "[standing]") {
  Site site;
  const auto refused = [&](const std::string& body, std::string_view member, int status = 400) {
    INFO(body);
    check_problem(site.ask("POST", "/v1/standing-queries", body), status, member);
  };
  refused(R"({"text":"pumps","limit":3})", "limit");
  refused(R"({"text":"pumps","id":"q7"})", "id");
  refused(R"({"text":3})", "text");
  refused(R"({"text":" \n "})", "text");
  refused(R"({"offering":""})", "offering");
  refused(R"({"text":")" + std::string(20'001, 'a') + "\"}", "text");
  refused(R"({"text":"pumps","minimum":1.5})", "minimum");
  refused(R"({"text":"pumps","minimum":-1.01})", "minimum");
  refused(R"({"text":"pumps","minimum":"0.5"})", "minimum");
  refused(R"({"text":"pumps","minimum":null})", "minimum");
  refused(R"({"text":"pumps","programme":"nowhere"})", "programme", 404);
  refused(R"({"text":"pumps","programme":""})", "programme");
  refused(R"({"text":"pumps","office":"Rome!"})", "office");
  refused(R"({"text":"pumps","where":[]})", "where");
  refused(R"({"where":{"colour":["red"]}})", "where.colour");
  refused(R"({"where":{"country":["XX"]}})", "where.country");
  refused(R"({"where":{"country":[]}})", "where.country");
  refused("{}", "text");
  refused(R"({"where":{}})", "text");
  refused(R"({"programme":"itpo","minimum":0.5,"office":"rome"})", "text");
  refused("[]", {});
  refused("{", {});
  CHECK(answered(site, "/v1/standing-queries").at("queries").as_array().empty());
}

TEST_CASE("standing: wrong parameters are refused by name", "[standing]") {
  Site site;
  added(site, kPumps);
  check_problem(site.ask("GET", "/v1/alerts?after="), 400, "after");
  check_problem(site.ask("GET", "/v1/alerts?query="), 400, "query");
  check_problem(site.ask("GET", "/v1/alerts?after=-1"), 400, "after");
  check_problem(site.ask("GET", "/v1/alerts?after=one"), 400, "after");
  check_problem(site.ask("GET", "/v1/alerts?limit=0"), 400, "limit");
  check_problem(site.ask("GET", "/v1/alerts?limit=1001"), 400, "limit");
  check_problem(site.ask("GET", "/v1/alerts?query=q2"), 404, "query");
  check_problem(site.ask("GET", "/v1/alerts?query=q01"), 404, "query");
  check_problem(site.ask("GET", "/v1/standing-queries?after=x1"), 400, "after");
  check_problem(site.ask("GET", "/v1/standing-queries?office="), 400, "office");
  check_problem(site.ask("GET", "/v1/standing-queries?limit=0"), 400, "limit");
  check_problem(site.ask("GET", "/v1/standing-queries/q99999999999999999999"), 404, "query");
  // The last number there can be is no error, and nothing is behind it.
  CHECK(alerts(site, "&after=9223372036854775807").empty());
}

TEST_CASE("standing: a query is tested by its minimum, its programme and what it offers", "[standing]") {
  Site site;
  added(site, R"({"text":"solar pumps","minimum":1})");
  added(site, R"({"text":"solar pumps","programme":"itpo"})");
  added(site, R"({"offering":"solar pumps"})");
  json::object seeker = pump("legal advice");
  seeker["title"] = "Buyer";
  seeker["seeks"] = "solar pumps";
  put(site, "seeker", seeker);  // states no role, so it stands on no side of itpo
  json::object supplier = pump("solar pumps", "DE");
  supplier["roles"] = json::array{"technology_supplier"};
  put(site, "supplier", supplier);
  CHECK(alerts(site, "&query=q1").empty());
  REQUIRE(alerts(site, "&query=q2").size() == 1);
  CHECK(alerts(site, "&query=q2")[0].at("profile") == "supplier");
  std::set<std::string> told;
  for (const json::value& alert : alerts(site, "&query=q3")) told.emplace(alert.at("profile").as_string());
  CHECK(told.contains("seeker"));
}
