// The routes over a service that is a map: statuses, problem documents, versions, and the description of it all.
#include "server/api/startup_handler.h"
#include "server/http/http_client.h"
#include "server/wire/wire.h"
#include "tests/server/site.h"

namespace counterpart::server {
namespace {

const std::string kProfile = R"({"kind":"company","title":"Pumps","country":"KE","offers":"solar pumps"})";
const std::string kWithId = R"({"id":"a","kind":"company","title":"Pumps","country":"KE","offers":"solar pumps"})";
const std::string kOther = R"({"id":"a","kind":"company","title":"Other","country":"KE","offers":"solar pumps"})";

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
  const Headers key{{"idempotency-key", "k1"}};
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

TEST_CASE("routes: an import gives one verdict a line, and the rest goes on", "[routes]") {
  Site site;
  const std::string old =
      R"({"id":"old","kind":"company","title":"Mills\u0007","offers":"mills","country":"KE","valid_until":"2001-01-01"})";
  const Response answer =
      site.ask("POST", "/v1/profiles:import",
               "\xEF\xBB\xBF" + kWithId + "\n\nnonsense\r\n" + kOther + "\n" + old + "\r" + R"({"kind":"x","trl":99})",
               {{"content-type", "application/x-ndjson"}});
  CHECK(answer.status == 200);
  std::vector<json::object> lines;
  for (std::size_t at = 0; at < answer.body.size();) {
    const std::size_t end = answer.body.find('\n', at);
    lines.push_back(json::parse(answer.body.substr(at, end - at)).as_object());
    at = end + 1;
  }
  REQUIRE(lines.size() == 5);
  CHECK(lines[0].at("status") == "created");
  CHECK(lines[1].at("line") == 3);
  CHECK(lines[1].at("status") == "refused");
  CHECK(lines[2].at("status") == "refused");  // the id of line 1
  CHECK(lines[2].at("member") == "id");
  CHECK(lines[3].at("status") == "created");
  CHECK(lines[3].at("remarks").as_array().size() == 2);
  CHECK(lines[4].at("line") == 6);
  CHECK(lines[4].at("member") == "kind");
  CHECK(lines[4].at("remedy").is_string());
  CHECK(lines[4].at("also").as_array().at(0).at("member") == "trl");
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

TEST_CASE("routes: a fault of the disk is told without paths", "[routes]") {
  Site site;
  const Response answer =
      site.ask("POST", "/v1/profiles", R"({"kind":"company","title":"full disk","country":"KE","offers":"x"})");
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
  const auto from = [&](Headers headers) { return site.ask("GET", "/v1/programmes", {}, std::move(headers)).status; };
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
  const auto server = HttpServer::start(
      options, [&](const Request& r) { return site.api.answer(r); }, &Api::body_limit);
  REQUIRE(server);
  site.api.watch(server->get());
  CHECK(http_request({"127.0.0.1", (*server)->port(), "GET", "/readyz"})->status == 200);
  (*server)->stop();
  CHECK(site.ask("GET", "/readyz").status == 503);
  CHECK(site.ask("GET", "/healthz").status == 200);
}

TEST_CASE("routes: until everything is loaded a server lives and is not ready", "[routes]") {
  Site site;
  StartupHandler startup;
  const auto ask = [&](const std::string& path) {
    Request request;
    request.method = "GET";
    request.path = path;
    request.id = "test-1";
    return startup.answer(request);
  };
  CHECK(ask("/healthz").status == 200);
  for (const std::string path : {"/readyz", "/v1/profiles/a", "/metrics", "/"}) {
    check_problem(ask(path), 503, {});
    CHECK(header(ask(path), "Retry-After") == "1");
  }
  startup.hand_over_to(site.api);
  CHECK(ask("/readyz").status == 200);
  CHECK(ask("/v1/profiles/a").status == 404);
}

TEST_CASE("routes: figures tell the stages of a match and what each index lags behind", "[routes]") {
  Site site;
  CHECK(site.ask("GET", "/metrics").body.find("counterpart_match_stage_seconds_count") == std::string::npos);
  for (int i = 0; i < 2; ++i) REQUIRE(site.ask("POST", "/v1/match", R"({"text": "solar pumps"})").status == 200);
  REQUIRE(site.ask("POST", "/v1/match", R"({"text": "solar pumps", "programme": "none"})").status == 404);
  for (int i = 0; i < 4; ++i) REQUIRE(site.ask("PUT", "/v1/profiles/p" + std::to_string(i), kProfile).status == 201);
  const std::string text = site.ask("GET", "/metrics").body;
  const auto has = [&](const std::string& line) { return text.find("\n" + line + "\n") != std::string::npos; };
  INFO(text);
  for (const std::string stage : {"embed", "filter", "search", "score"})
    CHECK(has("counterpart_match_stage_seconds_count{stage=\"" + stage + "\"} 2"));
  // The fake service matches in 2 ms of embedding, and so on.
  CHECK(has(R"(counterpart_match_stage_seconds_bucket{stage="embed",le="0.001"} 0)"));
  CHECK(has(R"(counterpart_match_stage_seconds_bucket{stage="embed",le="0.0025"} 2)"));
  CHECK(has(R"(counterpart_match_stage_seconds_sum{stage="search"} 0.008)"));
  CHECK(has(R"(counterpart_index_lag{index="search"} 0)"));
  CHECK(has(R"(counterpart_index_lag{index="match_run",programme="itpo"} 3)"));
  CHECK(has(R"(counterpart_match_run_published_timestamp_seconds{programme="itpo"} 1700000000)"));
  CHECK(text.find("\nprocess_open_fds 0\n") == std::string::npos);
  CHECK(text.find("\nprocess_resident_memory_bytes 0\n") == std::string::npos);
  CHECK(text.find("\nprocess_start_time_seconds 0\n") == std::string::npos);
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

TEST_CASE("routes: body limits follow the route", "[routes]") {
  CHECK(Api::body_limit("POST", "/v1/profiles:import") == 64U * 1024 * 1024);
  CHECK(Api::body_limit("POST", "/v1/profiles") == 1024U * 1024);
  CHECK(Api::body_limit("GET", "/nowhere") == 64U * 1024);
}

TEST_CASE("routes: what is quoted back is whole characters, however it was cut", "[routes]") {
  Site site;
  std::string wide = "x";  // after it every second byte begins a character: a cut at 80 bytes falls into one
  for (int i = 0; i < 100; ++i) wide += "%C3%A9";
  const Response refused = site.ask("GET", "/v1/runs?programme=" + wide);
  CHECK(refused.status == 404);
  CHECK(valid_utf8(refused.body));
}

TEST_CASE("routes: a text that tells who it is comes back with the places, and is stored when its owner insists", "[routes]") {
  Site site;
  const std::string profile =
      R"({"kind":"company","title":"Pumps","country":"KE","offers":"pumps, ask jane@pumps.example or +254 722 000 000"})";
  const Response held = site.ask("PUT", "/v1/profiles/a", profile);
  check_problem(held, 422, "offers");
  const json::array findings = body_of(held).at("findings").as_array();
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].at("kind") == "email");
  CHECK(findings[0].at("offset") == 11);
  CHECK(findings[1].at("kind") == "phone");
  CHECK(site.ask("GET", "/v1/profiles/a").status == 404);
  check_problem(site.ask("POST", "/v1/profiles", profile), 422, "offers");
  CHECK(site.ask("PUT", "/v1/profiles/a?insist=true", profile).status == 201);
  CHECK(site.ask("POST", "/v1/profiles?insist=true", profile).status == 201);
  const Response lines = site.ask("POST", "/v1/profiles:import", profile, {{"content-type", "application/x-ndjson"}});
  CHECK(json::parse(lines.body).at("reveals").as_array().size() == 2);
}

}  // namespace counterpart::server
