// A view's address answers as the call that it shows, to whoever may make that call, and to nobody else.
#include "server/api/views.h"

#include "tests/server/access/guarded_site.h"

namespace counterpart::server {
namespace {

std::string with_parts(std::string_view address) {
  std::string out(address);
  for (std::size_t brace = out.find('{'); brace != out.npos; brace = out.find('{')) {
    const std::size_t close = out.find('}', brace);
    const std::string name = out.substr(brace + 1, close - brace - 1);
    out.replace(brace, close - brace + 1, name == "version" ? "2" : name == "against" ? "1" : name == "country" ? "KE" : "own");
  }
  return out;
}

std::optional<ViewCall> called(const std::string& target) {
  Request request;
  request.method = "GET";
  request.target = target;
  REQUIRE(split_target(request));
  return call_of_view(request);
}

}  // namespace

TEST_CASE("views: each address is a call that there is, and each parameter of its own is one of that", "[views]") {
  for (const View& view : views()) {
    INFO(view.address);
    const auto call = called(with_parts(view.address) + ".json?seek=pumps");
    REQUIRE(call);
    const Route* route = find_route(call->request.method, call->request.path);
    REQUIRE(route);
    CHECK(route->method == view.method);
    for (const auto& [name, value] : call->request.query)
      if (name != "seek") CHECK(std::ranges::count(route->parameters, name, &Parameter::name) == 1);
    CHECK_FALSE(called(with_parts(view.address)));  // without an ending it is the page
    CHECK_FALSE(called(with_parts(view.address) + ".txt"));
  }
  CHECK_FALSE(called("/v1/desk.json"));
  CHECK_FALSE(called("/nothing.json"));
  CHECK_FALSE(called("/profiles/a/b/c.json"));
  CHECK_FALSE(called("/profiles/.json"));
}

TEST_CASE("views: a search is the match that it shows", "[views]") {
  const auto call = called(
      "/search.csv?seek=cold+stores&offer=fish&programme=itpo&country=DE&country=IT,LDC&from=KE&roles=investor"
      "&bands=strong,good&facets=country,kind&limit=20&page=3&full=true&explain=false&view=map&lang=fr");
  REQUIRE(call);
  CHECK(call->form == Form::kCsv);
  CHECK(call->request.path == "/v1/match");
  CHECK(call->request.query.size() == 1);
  const json::object body = json::parse(call->request.body).as_object();
  CHECK(body.at("text") == "cold stores");
  CHECK(body.at("offering") == "fish");
  CHECK(body.at("country") == "KE");
  CHECK(body.at("after") == 40);
  CHECK(body.at("limit") == 20);
  CHECK(body.at("full") == true);
  CHECK(body.at("explain") == false);
  CHECK(body.at("facets") == json::array({"country", "kind"}));
  CHECK(body.at("where").at("country") == json::array({"DE", "IT", "LDC"}));
  CHECK(body.at("where").at("roles") == json::array({"investor"}));
  CHECK(body.size() == 11);
  CHECK(called("/search.json?country=DE")->request.path == "/v1/profiles");
  const json::object beside = json::parse(called("/search.json?seek=pumps&offer=&profile=x")->request.body).as_object();
  CHECK(beside.size() == 2);
  CHECK(beside.at("profile") == "x");
  const auto own = called("/profiles/x/matches.json?page=1");
  CHECK(json::parse(own->request.body).at("profile") == "x");
  CHECK(json::parse(own->request.body).at("after") == 0);
}

TEST_CASE("views: the answer is that of the call, in each form", "[views]") {
  GuardedSite site;
  const std::string body = R"({"text":"pumps","explain":true})";
  CHECK(site.as("reader", "GET", "/search.json?seek=pumps").body == site.as("reader", "POST", "/v1/match", body).body);
  const Response csv = site.as("reader", "GET", "/search.csv?seek=pumps");
  CHECK(csv.content_type.starts_with("text/csv"));
  CHECK(csv.body == site.as("reader", "POST", "/v1/match.csv", body).body);
  CHECK(site.as("reader", "GET", "/search.xlsx?seek=pumps").content_type == kWorkbookMedia);
  CHECK(site.as("reader", "GET", "/matches/own/other.json").body == site.as("reader", "GET", "/v1/explain?a=own&b=other").body);
  CHECK(site.as("officer", "GET", "/profiles/own.json").body == site.as("officer", "GET", "/v1/profiles/own").body);
  CHECK(site.as("officer", "GET", "/pipeline.csv?view=table").body == site.as("officer", "GET", "/v1/cases.csv").body);
  check_problem(site.as("reader", "GET", "/search.json?seek=pumps&page=none"), 400, "page");
  check_problem(site.as("reader", "GET", "/search.json?seek=pumps&colour=red"), 400, "colour");
  check_problem(site.as("reader", "GET", "/search.json?seek=pumps&limit=many"), 400, "limit");
  CHECK(site.as("reader", "HEAD", "/search.json?seek=pumps").status == 200);
  CHECK(site.as("reader", "POST", "/search.json?seek=pumps").status != 200);
}

TEST_CASE("views: an address gives nobody more than its call", "[views]") {
  GuardedSite site;
  for (const View& view : views()) {
    const std::string target = with_parts(view.address) + ".json?seek=pumps";
    INFO(target);
    CHECK(site.ask({}, "GET", target).status == 401);
    const auto call = called(target);
    for (const std::string_view role : kRoleNames) {
      const bool allowed = site.as(role, call->request.method, call->request.path, call->request.body).status != 403;
      CHECK((site.as(role, "GET", with_parts(view.address) + ".json" + (view.method == "POST" ? "?seek=pumps" : "")).status !=
             403) == allowed);
    }
  }
  // By a session as well, though the call is no GET.
  const Response begun = ask_api(site.api, "POST", "/v1/session", R"({"secret":")" + site.secrets["reader"] + "\"}", {});
  const std::string set = header(begun, "Set-Cookie");
  CHECK(ask_api(site.api, "GET", "/search.json?seek=pumps", {}, {{"cookie", set.substr(0, set.find(';'))}}).status == 200);
}

}  // namespace counterpart::server
