// The routes that match, explain, compose and advise, over a service that is a map.
#include "tests/server/site.h"

namespace counterpart::server {
namespace {

const std::string kProfile = R"({"kind":"company","title":"Pumps","country":"KE","offers":"solar pumps"})";
const std::string kWithId = R"({"id":"a","kind":"company","title":"Pumps","country":"KE","offers":"solar pumps"})";

}  // namespace

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
  CHECK(varied.at("matches").at(0).at("exposure") == json::array{"LDC"});
}

TEST_CASE("routes: an empty match says by what how many fell and who is nearest, and any match what may still change it",
          "[routes]") {
  Site site;
  const json::object nobody = body_of(site.ask("POST", "/v1/match", R"({"text":"nobody"})"));
  CHECK(nobody.at("removed") ==
        json::parse(R"([{"condition":"is valid today","owner":"gate endorsed of programme ctcn","count":4,
                                                 "remedy":"ask the focal point"}])"));
  CHECK(nobody.at("nearest").at("id") == "b");
  CHECK(nobody.at("nearest").at("owner") == "gate endorsed of programme ctcn");
  const json::object some = body_of(site.ask("POST", "/v1/match", R"({"text":"x"})"));
  CHECK_FALSE(some.contains("removed"));
  CHECK(some.at("awaiting_fine") == 3);
  CHECK(some.at("note").as_string().starts_with("3 profiles still lack their fine vectors"));
}

TEST_CASE("routes: a match has its band, by what chance would bring, the asker's place, side and roles", "[routes]") {
  Site site;
  const json::object answer = body_of(site.ask("POST", "/v1/match", R"({"text":"x"})"));
  CHECK(answer.at("fit") == "some");
  CHECK(answer.at("weak") == 9);
  CHECK_FALSE(answer.contains("keep"));
  const json::value& match = answer.at("matches").at(0);
  CHECK(match.at("band") == "good");
  CHECK(match.at("expected_by_chance") == 0.125);
  CHECK(match.at("place") == 3);
  CHECK(match.at("side") == "supplier");
  CHECK(match.at("roles") == json::array{"investor"});
  const json::object all = body_of(site.ask("POST", "/v1/match", R"({"text":"x","bands":["weak","good"],"side":"south"})"));
  CHECK(all.at("weak") == 0);
  CHECK(all.at("matches").at(0).at("side") == "partner of south");
}

TEST_CASE("routes: where nobody fits the answer holds the call that keeps the question, ready to be made", "[routes]") {
  Site site;
  const json::object nobody = body_of(site.ask("POST", "/v1/match", R"({"text":"nobody","where":{"country":["KE"]}})"));
  CHECK(nobody.at("fit") == "nobody");
  CHECK(nobody.at("matches").as_array().empty());
  const json::object keep = nobody.at("keep").as_object();
  const Response kept = site.ask(std::string(keep.at("method").as_string()), std::string(keep.at("path").as_string()),
                                 json::serialize(keep.at("body")));
  INFO(kept.body);
  CHECK(kept.status == 201);
  CHECK(body_of(kept).at("where") == json::parse(R"({"country":["KE"]})"));
}

TEST_CASE("routes: a search that finds nothing says which condition removed how many", "[routes]") {
  Site site;
  site.ask("PUT", "/v1/profiles/a", kProfile);
  const json::object none = body_of(site.ask("GET", "/v1/profiles?country=DE"));
  CHECK(none.at("total") == 0);
  REQUIRE(none.contains("removed"));
  CHECK(none.at("removed").at(0).at("count") == 1);
  CHECK_FALSE(body_of(site.ask("GET", "/v1/profiles?country=KE")).contains("removed"));
}

TEST_CASE("routes: a match request's members are checked one by one", "[routes]") {
  Site site;
  const auto match = [&](const std::string& body) { return site.ask("POST", "/v1/match", body); };
  check_problem(match(R"({"text":1})"), 400, "text");
  check_problem(match(R"({"text":"x","limit":0})"), 400, "limit");
  check_problem(match(R"({"text":"x","limit":1.5})"), 400, "limit");
  check_problem(match(R"({"text":"x","limit":1001})"), 400, "limit");
  check_problem(match(R"({"text":"x","explain":"yes"})"), 400, "explain");
  check_problem(match(R"({"text":"x","bands":"weak"})"), 400, "bands");
  check_problem(match(R"({"text":"x","bands":[]})"), 400, "bands");
  check_problem(match(R"({"text":"x","bands":["excellent"]})"), 400, "bands");
  check_problem(match(R"({"text":"x","country":"QQ"})"), 400, "country");
  check_problem(match(R"({"profile":"x","country":"KE"})"), 400, "country");
  check_problem(match(R"({"text":"x","side":" "})"), 400, "side");
  CHECK(match(R"({"text":"x","country":"KE","side":"partner"})").status == 200);
  check_problem(match(R"({"text":"x","where":[]})"), 400, "where");
  check_problem(match(R"({"text":"x","where":{"country":"KE"}})"), 400, "where.country");
  check_problem(match(R"({"text":"x","where":{"country":[]}})"), 400, "where.country");
  check_problem(match(R"({"text":"x","where":{"colour":["red"]}})"), 400, "where.colour");
  check_problem(match(R"({"text":"x","profile":"a"})"), 400, "profile");
  check_problem(match(R"({})"), 400, "profile");
  check_problem(match(R"({"text":"x","text":"y"})"), 400, "text");
  check_problem(match(R"({"draft":{"kind":"company","kind":"expert"}})"), 400, "draft.kind");
  check_problem(match(R"({"draft":{"kind":"company","title":"x","country":"QQ"}})"), 400, "draft.country");
  check_problem(match(std::string(100, '[')), 400, {});
  check_problem(match(R"({"text":"x","programme":"none"})"), 404, "programme");
  check_problem(match(R"([1])"), 400, {});
  const Response right = match(R"({"text":"x","limit":3.0,"explain":true,"where":{"country":["ke","LDC"]}})");
  INFO(right.body);
  REQUIRE(right.status == 200);
  const json::object answer = body_of(right);
  CHECK(answer.at("complete") == true);
  CHECK(answer.at("matches").at(0).at("parts").at(0).at("signal") == "forward");
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
  CHECK(explanation.at("evidence").at("reference") ==
        json::parse(R"({"title":"Ice plant","country":"KE","year":2019,"sector":"C1080","number":0})"));
  CHECK(explanation.at("band") == "strong");
  CHECK(explanation.at("expected_by_chance") == 0.01);
  const json::object help = explanation.at("would_help").as_object();
  CHECK(help.at("outcome") == "edits");
  CHECK(help.at("edits").at(0).at("members").at(0) == "sectors");
  CHECK(help.at("edits").at(0).at("rank") == 3);
  CHECK(help.at("tenth") == 0.2);
  CHECK(help.at("blocking").as_array().empty());
}

TEST_CASE("routes: a panel is given with its alternates, quotas and what gave way", "[routes]") {
  Site site;
  const Response answer = site.ask("POST", "/v1/panels",
                                   R"({"programme":"consultations-africa","seed":7,"seats":12.0,)"
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
  CHECK(panel.at("relaxations").at(0).at("message") == "at least 2 of group:LDC");
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
  for (std::size_t i = 0; i < kPanelTopics.most; ++i) many += R"(,"a")";
  check_problem(panel(R"({"topics":[)" + many + "]}"), 400, "topics");
  check_problem(panel(R"({"topics":[")" + std::string(501, 'a') + "\"]}"), 400, "topics.0");
  std::string values = R"("KE")";
  for (int i = 0; i < 300; ++i) values += R"(,"KE")";
  check_problem(panel(R"({"where":{"country":[)" + values + "]}}"), 400, "where.country");
  check_problem(panel(R"({"where":{"colour":["red"]}})"), 400, "where.colour");
  check_problem(panel(R"({"quotas":[]})"), 400, "quotas");
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
  CHECK(body.at("budget").at("missing").to_number<double>() == Approx(2e6));
  CHECK(body.at("budget").at("currency") == "USD");
  CHECK(body.at("uncovered").as_array().size() == 3);  // the sector, a technology supplier, an adviser
  check_problem(site.ask("POST", "/v1/projects/p/assemble", R"({"program":"pcp"})"), 400, "program");
  check_problem(site.ask("POST", "/v1/projects/p/assemble", R"({"programme":"none"})"), 404, "programme");
  check_problem(site.ask("POST", "/v1/projects/b/assemble", "{}"), 400, "id");
}

TEST_CASE("routes: a programme's coverage tells who is in, who is missing and who could join", "[routes]") {
  Site site;
  const auto put = [&](const std::string& id, const std::string& country, const std::string& more) {
    const Response stored = site.ask(
        "PUT", "/v1/profiles/" + id,
        R"({"kind":"company","title":"T","offers":"pumps","sectors":["C28"],"country":")" + country + "\"" + more + "}");
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

TEST_CASE("routes: advice comes in a language that is asked for and is one of the six", "[routes]") {
  Site site;
  check_problem(site.ask("GET", "/v1/profiles/a/advice"), 404, "id");
  site.ask("POST", "/v1/profiles", kWithId);
  const Response answer = site.ask("GET", "/v1/profiles/a/advice?lang=fr");
  CHECK(answer.status == 200);
  const json::object body = body_of(answer);
  CHECK(body.at("id") == "a");
  CHECK(body.at("lang") == "fr");
  CHECK(body.at("advice").as_array().at(0).at("member") == "sectors");
  check_problem(site.ask("GET", "/v1/profiles/a/advice?lang=de"), 400, "lang");
  const auto language = [&](const std::string& target) {
    return body_of(site.ask("GET", target, {}, {{"accept-language", "de, ru;q=0.7, en;q=0.5"}})).at("lang");
  };
  CHECK(language("/v1/profiles/a/advice") == "ru");
  CHECK(language("/v1/profiles/a/advice?lang=fr") == "fr");
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
  CHECK(pair.at("call") == "POST /v1/profiles/a:merge");
  CHECK(pair.at("reasons").as_array().at(0) == "the same text");
  CHECK(body_of(site.ask("GET", "/v1/duplicates?since=3")).at("total") == 0);
  check_problem(site.ask("GET", "/v1/duplicates?limit=0"), 400, "limit");
  check_problem(site.ask("GET", "/v1/duplicates?limit=1001"), 400, "limit");
  check_problem(site.ask("GET", "/v1/duplicates?since=-1"), 400, "since");
}

}  // namespace counterpart::server
