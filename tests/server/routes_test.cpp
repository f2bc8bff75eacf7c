// The routes over a service that is a map: statuses, problem documents, versions, and the description of it all.
#include "server/routes.h"

#include <boost/json.hpp>

#include "tests/server/fake_service.h"
#include "tests/support/catch.h"

namespace counterpart {
namespace {

namespace json = boost::json;

const std::string kProfile = R"({"kind":"company","title":"Pumps","country":"KE","offers":"solar pumps"})";
const std::string kWithId = R"({"id":"a","kind":"company","title":"Pumps","country":"KE","offers":"solar pumps"})";
const std::string kOther = R"({"id":"a","kind":"company","title":"Other","country":"KE","offers":"solar pumps"})";

// The interface with a request in one line.
struct Site {
  std::unique_ptr<Service> service = fake_service();
  Api api{*service};

  using Headers = std::map<std::string, std::string>;
  Response ask(const std::string& method, const std::string& target, const std::string& body = {}, Headers headers = {}) {
    Request request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.id = "test-1";
    request.headers = std::move(headers);
    request.headers.emplace("content-type", "application/json");
    REQUIRE(split_target(request));
    Response response = api.answer(request);
    for (bool more = static_cast<bool>(response.stream); more;) more = response.stream(response.body);
    return response;
  }
};

std::string header(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

json::object body_of(const Response& response) { return json::parse(response.body).as_object(); }

// Checks that it is a problem document about `member`.
void check_problem(const Response& response, int status, std::string_view member) {
  INFO(response.body);
  CHECK(response.status == status);
  REQUIRE(response.content_type == "application/problem+json");
  const json::object problem = body_of(response);
  CHECK(problem.at("type").as_string().starts_with("/problems/"));
  CHECK(problem.at("status") == status);
  CHECK(problem.at("request") == "test-1");
  if (!member.empty()) CHECK(problem.at("member").as_string() == json::string_view(member.data(), member.size()));
}

}  // namespace

TEST_CASE("routes: a new profile gives 201 with its place and version, the same again 200, another 409", "[routes]") {
  Site site;
  const Response created = site.ask("POST", "/v1/profiles", kWithId);
  CHECK(created.status == 201);
  CHECK(header(created, "Location") == "/v1/profiles/a");
  CHECK(header(created, "ETag") == "\"1\"");
  const Response same = site.ask("POST", "/v1/profiles", kWithId);
  CHECK(same.status == 200);
  CHECK(body_of(same).at("status") == "unchanged");
  CHECK(header(same, "ETag") == "\"1\"");
  check_problem(site.ask("POST", "/v1/profiles", kOther), 409, "id");
}

TEST_CASE("routes: a call repeated with its Idempotency-Key finds the first one's profile", "[routes]") {
  Site site;
  const Site::Headers key{{"idempotency-key", "k1"}};
  const Response first = site.ask("POST", "/v1/profiles", kProfile, key);
  const Response again = site.ask("POST", "/v1/profiles", kProfile, key);
  CHECK(first.status == 201);
  CHECK(again.status == 201);
  CHECK(again.body == first.body);
  CHECK(header(again, "Location") == header(first, "Location"));
  const std::string other = R"({"kind":"company","title":"Other","country":"KE","offers":"x"})";
  check_problem(site.ask("POST", "/v1/profiles", other, key), 409, "Idempotency-Key");
  CHECK(site.ask("POST", "/v1/profiles", other, {{"idempotency-key", "k2"}}).status == 201);
}

TEST_CASE("routes: a read gives public members alone, and 304 for a version already known", "[routes]") {
  Site site;
  site.ask("PUT", "/v1/profiles/a",
           R"({"kind":"company","title":"P","country":"KE","offers":"x","contact":{"person":"Jane Roe"}})");
  const Response got = site.ask("GET", "/v1/profiles/a");
  CHECK(got.status == 200);
  CHECK(got.body.find("Jane") == std::string::npos);
  CHECK(site.ask("GET", "/v1/profiles/a", {}, {{"if-none-match", header(got, "ETag")}}).status == 304);
  CHECK(site.ask("GET", "/v1/profiles/a", {}, {{"if-none-match", "\"9\", W/\"1\""}}).status == 304);
  CHECK(site.ask("GET", "/v1/profiles/a", {}, {{"if-none-match", "\"9\""}}).status == 200);
  check_problem(site.ask("GET", "/v1/profiles/b"), 404, "id");
}

TEST_CASE("routes: a replacement keeps to If-Match and If-None-Match", "[routes]") {
  Site site;
  check_problem(site.ask("PUT", "/v1/profiles/a", kWithId, {{"if-match", "*"}}), 412, "If-Match");
  CHECK(site.ask("PUT", "/v1/profiles/a", kWithId, {{"if-none-match", "*"}}).status == 201);
  check_problem(site.ask("PUT", "/v1/profiles/a", kOther, {{"if-none-match", "*"}}), 412, "If-None-Match");
  check_problem(site.ask("PUT", "/v1/profiles/a", kOther, {{"if-match", "\"7\""}}), 412, "If-Match");
  check_problem(site.ask("PUT", "/v1/profiles/a", kOther, {{"if-match", "W/\"1\""}}), 412, "If-Match");
  const Response replaced = site.ask("PUT", "/v1/profiles/a", kOther, {{"if-match", "\"7\", \"1\""}});
  CHECK(replaced.status == 200);
  CHECK(header(replaced, "ETag") == "\"2\"");
  check_problem(site.ask("PUT", "/v1/profiles/b", kOther), 400, "id");
  check_problem(site.ask("PUT", "/v1/profiles/a%20b", kProfile), 400, "id");
}

TEST_CASE("routes: a removal gives 204 once, then 404", "[routes]") {
  Site site;
  site.ask("POST", "/v1/profiles", kWithId);
  check_problem(site.ask("DELETE", "/v1/profiles/a", {}, {{"if-match", "\"2\""}}), 412, "If-Match");
  CHECK(site.ask("DELETE", "/v1/profiles/a").status == 204);
  check_problem(site.ask("DELETE", "/v1/profiles/a"), 404, "id");
}

TEST_CASE("routes: what is not known is refused by name", "[routes]") {
  Site site;
  check_problem(site.ask("POST", "/v1/profiles", R"({"kind":"company","titel":"x"})"), 400, "titel");
  check_problem(site.ask("POST", "/v1/match", R"({"text":"x","limits":3})"), 400, "limits");
  check_problem(site.ask("GET", "/v1/profiles?colour=red"), 400, "colour");
  check_problem(site.ask("GET", "/healthz?x=1"), 400, "x");
  check_problem(site.ask("GET", "/v1/profiles?q=a&q=b"), 400, "q");
  check_problem(site.ask("GET", "/v1/explain?a=1"), 400, "b");
  check_problem(site.ask("GET", "/v1/profiles?limit=0"), 400, "limit");
  check_problem(site.ask("GET", "/v1/profiles?country=XX"), 400, "country");
  check_problem(site.ask("GET", "/v1/profiles?q=%ff"), 400, "target");
  check_problem(site.ask("GET", "/v1/profiles?q=" + std::string(1001, 'a')), 400, "q");
  check_problem(site.ask("DELETE", "/v1/profiles/a", {}, {{"if-match", "1"}}), 400, "If-Match");
  check_problem(site.ask("POST", "/v1/profiles", kProfile, {{"idempotency-key", ""}}), 400, "Idempotency-Key");
  check_problem(site.ask("GET", "/nowhere"), 404, {});
  check_problem(site.ask("POST", "/v1/match", "{}", {{"content-type", "text/plain"}}), 415, "Content-Type");
}

TEST_CASE("routes: a match tells how groups fare in the list, what floors and variety cost, and who else is of a find",
          "[routes]") {
  Site site;
  check_problem(site.ask("POST", "/v1/match", R"({"text":"x","diversify":1})"), 400, "diversify");
  const auto answer = [&](const std::string& body) { return body_of(site.ask("POST", "/v1/match", body)); };
  CHECK(answer(R"({"text":"x"})").at("diversity_cost") == 0.0);
  const json::object varied = answer(R"({"text":"x","diversify":true})");
  CHECK(varied.at("diversity_cost") == 0.125);
  CHECK(varied.at("exposure_cost") == 0.25);
  CHECK(varied.at("exposure") == json::parse(R"([{"group":"LDC","in_list":0,"of_list":1,"qualifying":7,"floor":1},
                                                 {"group":"SIDS","in_list":0,"of_list":1,"qualifying":0}])"));
  CHECK(varied.at("matches").at(0).at("also") == json::array{"b-too"});
}

TEST_CASE("routes: a match request's members are checked one by one", "[routes]") {
  Site site;
  const auto match = [&](const std::string& body) { return site.ask("POST", "/v1/match", body); };
  check_problem(match(R"({"text":1})"), 400, "text");
  check_problem(match(R"({"text":"x","limit":0})"), 400, "limit");
  check_problem(match(R"({"text":"x","limit":1.5})"), 400, "limit");
  check_problem(match(R"({"text":"x","limit":1001})"), 400, "limit");
  check_problem(match(R"({"text":"x","explain":"yes"})"), 400, "explain");
  check_problem(match(R"({"text":"x","where":[]})"), 400, "where");
  check_problem(match(R"({"text":"x","where":{"country":"KE"}})"), 400, "where.country");
  check_problem(match(R"({"text":"x","where":{"country":[]}})"), 400, "where.country");
  check_problem(match(R"({"text":"x","where":{"colour":["red"]}})"), 400, "where.colour");
  check_problem(match(R"({"text":"x","profile":"a"})"), 400, "profile");
  check_problem(match(R"({})"), 400, "profile");
  check_problem(match(R"({"text":"x","text":"y"})"), 400, "text");
  check_problem(match(R"({"draft":{"kind":"company","kind":"expert"}})"), 400, "kind");
  check_problem(match(R"({"draft":{"kind":"company","title":"x","country":"QQ"}})"), 400, "draft.country");
  check_problem(match(std::string(100, '[')), 400, {});
  check_problem(match(R"({"text":"x","programme":"none"})"), 404, "programme");
  check_problem(match(R"([1])"), 400, {});
  const Response right = match(R"({"text":"x","limit":3.0,"explain":true,"where":{"country":["ke","LDC"]}})");
  INFO(right.body);
  REQUIRE(right.status == 200);
  const json::object answer = body_of(right);
  CHECK(answer.at("complete") == true);
  CHECK(answer.at("matches").at(0).at("parts").at(0).at("signal") == "text");
  CHECK(answer.at("matches").at(0).at("evidence").at("text") == "We build cold stores");
  const json::object plain = body_of(match(R"({"text":"x"})")).at("matches").at(0).as_object();
  CHECK_FALSE(plain.contains("parts"));
  CHECK_FALSE(plain.contains("evidence"));
}

TEST_CASE("routes: an explanation quotes the counterpart and says what would help", "[routes]") {
  Site site;
  REQUIRE(site.ask("POST", "/v1/profiles", kProfile).status == 201);
  const json::object stored = body_of(site.ask("GET", "/v1/profiles"));
  const std::string id(stored.at("profiles").at(0).at("id").as_string());
  const Response answer = site.ask("GET", "/v1/explain?a=a&b=" + id);
  INFO(answer.body);
  REQUIRE(answer.status == 200);
  const json::object explanation = body_of(answer);
  CHECK(explanation.at("evidence").at("face") == "offers");
  CHECK(explanation.at("evidence").at("lang") == "en");
  const json::object help = explanation.at("would_help").as_object();
  CHECK(help.at("outcome") == "edits");
  CHECK(help.at("edits").at(0).at("members").at(0) == "sectors");
  CHECK(help.at("edits").at(0).at("rank") == 3);
  CHECK(help.at("tenth") == 0.2);
  CHECK(help.at("blocking").as_array().empty());
}

TEST_CASE("routes: a panel is given with its alternates, quotas and what gave way", "[routes]") {
  Site site;
  const Response answer = site.ask("POST", "/v1/panels", R"({"programme":"consultations-africa","seed":7,"seats":12.0,)"
                                   R"("level":"sectoral","topics":["Energy"],"where":{"country":["KE"]}})");
  INFO(answer.body);
  REQUIRE(answer.status == 200);
  const json::object panel = body_of(answer);
  CHECK(panel.at("programme") == "consultations-africa");
  CHECK(panel.at("seed") == 7);
  CHECK(panel.at("seats_asked") == 12);
  CHECK(panel.at("level") == "sectoral");
  CHECK(panel.at("candidates") == 1);  // the fake counts conditions
  CHECK(panel.at("seats").at(0).at("constituency") == "labour");
  CHECK(panel.at("seats").at(0).at("alternates").at(0).at("id") == "b");
  CHECK(panel.at("quotas").at(0).at("at_least") == 2);
  CHECK_FALSE(panel.at("quotas").at(0).as_object().contains("at_most"));
  CHECK(panel.at("coverage").at(0).at("topic") == "Energy");
  CHECK(panel.at("relaxations").at(0).at("message") == "in words");
  CHECK(body_of(site.ask("POST", "/v1/panels", "{}")).at("seed") == 0);
}

TEST_CASE("routes: a panel request's members are checked one by one", "[routes]") {
  Site site;
  const auto panel = [&](const std::string& body) { return site.ask("POST", "/v1/panels", body); };
  check_problem(panel(R"({"programme":"none"})"), 404, "programme");
  check_problem(panel(R"({"programme":" "})"), 400, "programme");
  check_problem(panel(R"({"seats":0})"), 400, "seats");
  check_problem(panel(R"({"seats":1001})"), 400, "seats");
  check_problem(panel(R"({"seats":2.5})"), 400, "seats");
  check_problem(panel(R"({"seats":"2"})"), 400, "seats");
  check_problem(panel(R"({"seed":-1})"), 400, "seed");
  check_problem(panel(R"({"seed":9007199254740992})"), 400, "seed");
  check_problem(panel(R"({"level":"galactic"})"), 400, "level");
  check_problem(panel(R"({"topics":"Energy"})"), 400, "topics");
  check_problem(panel(R"({"topics":["Energy",""]})"), 400, "topics.1");
  std::string many = R"("a")";
  for (std::size_t i = 0; i < kMaxPanelTopics; ++i) many += R"(,"a")";
  check_problem(panel(R"({"topics":[)" + many + "]}"), 400, "topics");
  check_problem(panel(R"({"topics":[")" + std::string(501, 'a') + "\"]}"), 400, "topics.0");
  std::string values = R"("KE")";
  for (int i = 0; i < 300; ++i) values += R"(,"KE")";
  check_problem(panel(R"({"where":{"country":[)" + values + "]}}"), 400, "where.country");
  check_problem(panel(R"({"where":{"colour":["red"]}})"), 400, "where.colour");
  check_problem(panel(R"({"quotas":[]})"), 400, "quotas");
}

TEST_CASE("routes: an import gives one verdict a line, and the rest goes on", "[routes]") {
  Site site;
  const Response answer = site.ask("POST", "/v1/profiles:import", kWithId + "\n\nnonsense\r\n" + kOther + "\n" + R"({"kind":"x"})",
                                   {{"content-type", "application/x-ndjson"}});
  CHECK(answer.status == 200);
  std::vector<json::object> lines;
  for (std::size_t at = 0; at < answer.body.size();) {
    const std::size_t end = answer.body.find('\n', at);
    lines.push_back(json::parse(answer.body.substr(at, end - at)).as_object());
    at = end + 1;
  }
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].at("status") == "created");
  CHECK(lines[1].at("line") == 3);
  CHECK(lines[1].at("status") == "refused");
  CHECK(lines[2].at("status") == "replaced");
  CHECK(lines[3].at("member") == "kind");
  CHECK(lines[3].at("remedy").is_string());
}

TEST_CASE("routes: a project gets its partners, the needs nobody covers and the money that is missing", "[routes]") {
  Site site;
  check_problem(site.ask("POST", "/v1/projects/p/assemble", "{}"), 404, "id");
  site.ask("PUT", "/v1/profiles/p",
           R"({"kind":"project","title":"P","country":"KE","seeks":"x","sectors":["C2710"],
               "finance":{"sought":{"max":3000000,"currency":"USD","instruments":["loan"]}}})");
  site.ask("PUT", "/v1/profiles/b",
           R"({"kind":"company","title":"B","country":"DE","offers":"x","roles":["financier"],
               "finance":{"offered":{"max":1000000,"currency":"USD","instruments":["loan"]}}})");
  const Response answer = site.ask("POST", "/v1/projects/p/assemble", R"({"programme":"pcp"})");
  INFO(answer.body);
  REQUIRE(answer.status == 200);
  const json::object body = body_of(answer);
  REQUIRE(body.at("partners").as_array().size() == 1);
  const json::value& partner = body.at("partners").as_array().at(0);
  CHECK(partner.at("id") == "b");
  CHECK(partner.at("instrument") == "loan");
  CHECK(body.at("budget").at("missing_usd").to_number<double>() == Approx(2e6));
  CHECK(body.at("uncovered").as_array().size() == 3);  // the sector, a technology supplier, an adviser
  check_problem(site.ask("POST", "/v1/projects/p/assemble", R"({"program":"pcp"})"), 400, "program");
  check_problem(site.ask("POST", "/v1/projects/p/assemble", R"({"programme":"none"})"), 404, "programme");
  check_problem(site.ask("POST", "/v1/projects/b/assemble", "{}"), 400, "id");
}

TEST_CASE("routes: a programme's coverage tells who is in, who is missing and who could join", "[routes]") {
  Site site;
  const auto put = [&](const std::string& id, const std::string& country, const std::string& more) {
    const Response stored = site.ask("PUT", "/v1/profiles/" + id, R"({"kind":"company","title":"T","offers":"pumps","sectors":["C28"],"country":")" +
                                                                     country + "\"" + more + "}");
    REQUIRE(stored.status == 201);
  };
  for (int i = 0; i < 12; ++i) put("m" + std::to_string(i), "DE", R"(,"programmes":["global-alliance"])");
  put("ug", "UG", "");
  const Response answer = site.ask("GET", "/v1/programmes/global-alliance/coverage?shares=LDC%3D0.5&gaps=1&fillers=1");
  INFO(answer.body);
  REQUIRE(answer.status == 200);
  const json::object body = body_of(answer);
  CHECK(body.at("members").to_number<int>() == 12);
  CHECK(body.at("assumed").as_bool() == false);
  REQUIRE(body.at("gaps").as_array().size() == 1);
  const json::value& gap = body.at("gaps").as_array().at(0);
  CHECK(gap.at("dimension") == "country_group");
  CHECK(gap.at("could_join").to_number<int>() == 1);
  REQUIRE(gap.at("fillers").as_array().size() == 1);
  CHECK(gap.at("fillers").as_array().at(0).at("id") == "ug");

  check_problem(site.ask("GET", "/v1/programmes/none/coverage"), 404, "programme");
  for (const std::string wrong : {"shares=LDC", "shares=%3D0.5", "shares=LDC%3D2", "shares=LDC%3D0.5,LDC%3D0.5",
                                  "shares=nowhere%3D0.5", "shares=LDC%3D0.5,", "shares=LDC%3Dnan", "shares="}) {
    INFO(wrong);
    check_problem(site.ask("GET", "/v1/programmes/open/coverage?" + wrong), 400, "shares");
  }
  check_problem(site.ask("GET", "/v1/programmes/open/coverage?gaps=201"), 400, "gaps");
  check_problem(site.ask("GET", "/v1/programmes/open/coverage?fillers=-1"), 400, "fillers");
}

TEST_CASE("routes: a country's brief has its groups and what is here of it", "[routes]") {
  Site site;
  site.ask("PUT", "/v1/profiles/ug", R"({"kind":"project","title":"T","seeks":"pumps","country":"UG","office":"kampala"})");
  const Response answer = site.ask("GET", "/v1/countries/UG/brief?lang=fr");
  INFO(answer.body);
  REQUIRE(answer.status == 200);
  const json::object body = body_of(answer);
  CHECK(body.at("name") == "Ouganda");
  CHECK(body.at("currency").at("code") == "UGX");
  CHECK_FALSE(body.at("currency").as_object().contains("usd"));
  CHECK(body.at("profiles").to_number<int>() == 1);
  CHECK(body.at("offices").as_array().at(0).at("code") == "kampala");
  check_problem(site.ask("GET", "/v1/countries/ZZ/brief"), 404, "country");
  check_problem(site.ask("GET", "/v1/countries/UG/brief?lang=de"), 400, "lang");
}

TEST_CASE("routes: the path's own part is described by its name", "[routes]") {
  Site site;
  const json::object paths = body_of(site.ask("GET", "/openapi.json")).at("paths").as_object();
  const auto schema = [&](const char* path) {
    const json::value& parameter = paths.at(path).at("get").at("parameters").as_array().at(0);
    return std::string(parameter.at("name").as_string()) + " " + std::string(parameter.at("schema").at("$ref").as_string());
  };
  CHECK(schema("/v1/countries/{country}/brief") == "country #/components/schemas/Country");
  CHECK(schema("/v1/programmes/{programme}/coverage") == "programme #/components/schemas/ProgrammeName");
  CHECK(schema("/v1/profiles/{id}/advice") == "id #/components/schemas/Id");
}

TEST_CASE("routes: advice comes in a language that is asked for and is one of the six", "[routes]") {
  Site site;
  check_problem(site.ask("GET", "/v1/profiles/a/advice"), 404, "id");
  site.ask("POST", "/v1/profiles", kWithId);
  const Response answer = site.ask("GET", "/v1/profiles/a/advice?lang=fr");
  CHECK(answer.status == 200);
  const json::object body = body_of(answer);
  CHECK(body.at("id") == "a");
  CHECK(body.at("lang") == "fr");
  CHECK(body.at("advice").as_array().at(0).at("member") == "seeks");
  check_problem(site.ask("GET", "/v1/profiles/a/advice?lang=de"), 400, "lang");
  check_problem(site.ask("GET", "/v1/profiles/a/advice?limit=1"), 400, "limit");
  check_problem(site.ask("GET", "/v1/profiles/a/b/advice"), 404, {});
  check_problem(site.ask("GET", "/v1/profiles//advice"), 404, {});
  CHECK(site.ask("POST", "/v1/profiles/a/advice").status == 405);
}

TEST_CASE("routes: duplicates come with their reasons and with the call that merges them", "[routes]") {
  Site site;
  const json::object body = body_of(site.ask("GET", "/v1/duplicates?limit=1"));
  CHECK(body.at("total") == 2);
  REQUIRE(body.at("pairs").as_array().size() == 1);
  const json::value& pair = body.at("pairs").as_array().at(0);
  CHECK(pair.at("keep") == "a");
  CHECK(pair.at("erase") == "b");
  CHECK(pair.at("call") == "DELETE /v1/profiles/b");
  CHECK(pair.at("reasons").as_array().at(0) == "the same text");
  CHECK(body_of(site.ask("GET", "/v1/duplicates?since=3")).at("total") == 0);
  check_problem(site.ask("GET", "/v1/duplicates?limit=0"), 400, "limit");
  check_problem(site.ask("GET", "/v1/duplicates?limit=1001"), 400, "limit");
  check_problem(site.ask("GET", "/v1/duplicates?since=-1"), 400, "since");
}

TEST_CASE("routes: a fault of the disk is told without paths", "[routes]") {
  Site site;
  const Response answer = site.ask("POST", "/v1/profiles", R"({"kind":"company","title":"full disk","country":"KE","offers":"x"})");
  check_problem(answer, 507, {});
  CHECK(answer.body.find("secret") == std::string::npos);
}

TEST_CASE("routes: a wrong method is told the right ones; HEAD and OPTIONS are served", "[routes]") {
  Site site;
  const Response wrong = site.ask("PATCH", "/v1/profiles/a");
  check_problem(wrong, 405, {});
  CHECK(header(wrong, "Allow") == "GET, HEAD, PUT, DELETE, OPTIONS");
  CHECK(site.ask("OPTIONS", "/v1/match").status == 204);
  CHECK(header(site.ask("OPTIONS", "/v1/match"), "Allow") == "POST, OPTIONS");
  CHECK(site.ask("HEAD", "/healthz").status == 200);
}

TEST_CASE("routes: pages of other sites are refused", "[routes]") {
  Site site;
  const auto from = [&](Site::Headers headers) { return site.ask("GET", "/v1/programmes", {}, std::move(headers)).status; };
  CHECK(from({{"host", "127.0.0.1:8080"}}) == 200);
  CHECK(from({{"host", "localhost"}, {"origin", "http://localhost"}}) == 200);
  CHECK(from({{"host", "[::1]:8080"}}) == 200);
  CHECK(from({{"host", "127.0.0.1:8080"}, {"origin", "http://evil.example"}}) == 403);
  CHECK(from({{"host", "evil.example:8080"}}) == 403);
  CHECK(from({{"host", "127.0.0.1.evil.example"}}) == 403);
}

TEST_CASE("routes: readiness ends when stopping begins", "[routes]") {
  Site site;
  CHECK(site.ask("GET", "/readyz").status == 200);
  HttpOptions options;
  options.port = 0;
  const auto server = HttpServer::start(options, [&](const Request& r) { return site.api.answer(r); }, &Api::body_limit);
  REQUIRE(server);
  site.api.watch(server->get());
  CHECK(http_request("127.0.0.1", (*server)->port(), "GET", "/readyz")->status == 200);
  (*server)->stop();
  CHECK(site.ask("GET", "/readyz").status == 503);
  CHECK(site.ask("GET", "/healthz").status == 200);
}

TEST_CASE("routes: figures count requests by route and status", "[routes]") {
  Site site;
  Request request;
  request.method = "GET";
  request.path = "/v1/profiles/none";
  site.api.answer(request);
  const std::string text = site.ask("GET", "/metrics").body;
  CHECK(text.find(R"(counterpart_http_requests_total{route="GET /v1/profiles/{id}",status="4xx"} 1)") != std::string::npos);
  CHECK(text.find(R"(counterpart_http_request_seconds_count{route="GET /v1/profiles/{id}"} 1)") != std::string::npos);
  CHECK(text.find("counterpart_build_info{version=") != std::string::npos);
  CHECK(text.find("counterpart_profiles 0\n") != std::string::npos);
}

TEST_CASE("routes: the description has every route, and every schema that it names", "[routes]") {
  Site site;
  const Response answer = site.ask("GET", "/openapi.json");
  const json::object document = body_of(answer);
  for (const Route& route : routes()) {
    if (!route.documented) continue;
    INFO(route.pattern);
    std::string method(route.method);
    for (char& c : method) c = static_cast<char>(c + 32);
    CHECK(document.at("paths").at(route.pattern).as_object().contains(method));
  }
  const json::object& schemas = document.at("components").at("schemas").as_object();
  const std::string prefix = "#/components/schemas/";
  for (std::size_t at = answer.body.find(prefix); at != std::string::npos; at = answer.body.find(prefix, at + 1)) {
    const std::size_t from = at + prefix.size();
    const std::string name = answer.body.substr(from, answer.body.find('"', from) - from);
    INFO(name);
    CHECK(schemas.contains(name));
  }
  CHECK(answer.body.find("\"@") == std::string::npos);
}

TEST_CASE("routes: the officers' page allows nothing from elsewhere", "[routes]") {
  Site site;
  for (const std::string path : {"/", "/app.js", "/words.js", "/style.css"}) {
    const Response answer = site.ask("GET", path);
    CHECK(answer.status == 200);
    CHECK(header(answer, "Content-Security-Policy").starts_with("default-src 'self'"));
    CHECK(answer.body.size() > 100);
    CHECK(answer.body.find("://") == std::string::npos);
  }
}

TEST_CASE("routes: body limits follow the route", "[routes]") {
  CHECK(Api::body_limit("POST", "/v1/profiles:import") == 64U * 1024 * 1024);
  CHECK(Api::body_limit("POST", "/v1/profiles") == 1024U * 1024);
  CHECK(Api::body_limit("GET", "/nowhere") == 64U * 1024);
}

}  // namespace counterpart
