#include <fstream>
#include <new>
#include <thread>

#include "index/base/files.h"
#include "tests/server/site.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::server;

namespace {

void put(Site& site, const std::string& id, const std::string& country, const std::string& offers, const std::string& seeks,
         const std::string& office = "vienna") {
  const json::object profile{
      {"kind", "company"},
      {"title", "Title of " + id},
      {"country", country},
      {"offers", offers},
      {"seeks", seeks},
      {"office", office},
      {"roles", json::array{country == "KE" || country == "UG" || country == "ET" ? "local_partner" : "technology_supplier"}}};
  const Response response = site.ask("PUT", "/v1/profiles/" + id, json::serialize(profile));
  INFO(response.body);
  REQUIRE(response.status / 100 == 2);
}

void fill(Site& site) {
  put(site, "pump-de", "DE", "solar water pumps", "partners for water pumps in villages");
  put(site, "pump-ke", "KE", "water projects in villages", "solar water pumps", "nairobi");
  put(site, "solar-ug", "UG", "villages that seek water", "solar pumps for farms", "nairobi");
  put(site, "wind-dk", "DK", "wind turbines", "partners for wind parks");
  put(site, "wind-et", "ET", "a wind park", "wind turbines", "nairobi");
}

// Runs to the end; the status then.
json::object rematch(Site& site, const std::string& body = R"({"programme":"itpo"})") {
  const Response started = site.ask("POST", "/v1/runs", body);
  INFO(started.body);
  REQUIRE(started.status == 202);
  while (site.service->data().runs.status().working) std::this_thread::yield();
  return body_of(site.ask("GET", "/v1/runs")).at("status").as_object();
}

}  // namespace

TEST_CASE("runs: what a run publishes is served by profile, best first, with both scores", "[runs]") {
  Site site;
  fill(site);
  check_problem(site.ask("GET", "/v1/profiles/pump-ke/matches?programme=itpo"), 404, "run");
  const json::object status = rematch(site);
  CHECK(status.at("state") == "idle");
  CHECK(status.at("published") == "itpo-000001");

  const json::object list = body_of(site.ask("GET", "/v1/profiles/pump-ke/matches?programme=itpo"));
  CHECK(list.at("run") == "itpo-000001");
  CHECK(list.at("previous").is_null());
  CHECK(list.at("changes").as_array().empty());
  const json::array& matches = list.at("matches").as_array();
  REQUIRE(matches.size() == 2);  // the two of developed countries
  CHECK(matches[0].at("id") == "pump-de");
  CHECK(matches[0].at("title") == "Title of pump-de");
  CHECK(matches[0].at("country") == "DE");
  CHECK(matches[0].at("proposed") == true);
  const json::array mirror = body_of(site.ask("GET", "/v1/profiles/pump-de/matches?programme=itpo")).at("matches").as_array();
  CHECK(mirror[0].at("id") == "pump-ke");
  CHECK(mirror[0].at("own_score") == matches[0].at("their_score"));
  CHECK(mirror[0].at("score") == matches[0].at("score"));

  const json::object run = body_of(site.ask("GET", "/v1/runs/itpo-000001"));
  CHECK(run.at("profiles") == 5);
  CHECK(run.at("result_hash").as_string().size() == 64);
  CHECK(run.at("assignment").at("gap").to_number<double>() == 0);
  CHECK(body_of(site.ask("GET", "/v1/runs?programme=itpo")).at("runs").as_array().size() == 1);
  CHECK(body_of(site.ask("GET", "/v1/runs?programme=pfan")).at("runs").as_array().empty());
}

TEST_CASE("runs: what changed since the run before is told by profile and by office, with its cause", "[runs]") {
  Site site;
  fill(site);
  rematch(site);
  put(site, "pump-fr", "FR", "solar water pumps for villages and farms", "water projects in villages that seek pumps");
  REQUIRE(site.ask("DELETE", "/v1/profiles/wind-dk").status == 204);
  rematch(site);

  const auto change_of = [](const json::object& answer, std::string_view id) {
    for (const json::value& change : answer.at("changes").as_array())
      if (change.at("id").as_string() == json::string_view(id.data(), id.size())) return change.as_object();
    return json::object{};
  };
  const json::object ke = body_of(site.ask("GET", "/v1/profiles/pump-ke/matches?programme=itpo"));
  CHECK(ke.at("previous") == "itpo-000001");
  CHECK(change_of(ke, "pump-fr").at("change") == "new");
  CHECK(change_of(ke, "pump-fr").at("cause") == "joined");
  CHECK(change_of(ke, "wind-dk").at("change") == "gone");
  CHECK(change_of(ke, "wind-dk").at("cause") == "left");
  CHECK(change_of(ke, "wind-dk").at("title") == "");

  const json::object nairobi = body_of(site.ask("GET", "/v1/runs/itpo-000002/digest?office=nairobi"));
  CHECK(nairobi.at("total") == 3);
  REQUIRE(nairobi.at("profiles").as_array().size() == 3);
  CHECK(nairobi.at("profiles").at(0).at("id") == "pump-ke");
  CHECK(body_of(site.ask("GET", "/v1/runs/itpo-000002/digest?office=nairobi&limit=1")).at("total") == 3);
  CHECK(body_of(site.ask("GET", "/v1/runs/itpo-000002/digest?office=paris")).at("total") == 0);
  const Response csv = site.ask("GET", "/v1/runs/itpo-000002/digest?office=nairobi&format=csv");
  CHECK(csv.content_type == "text/csv; charset=utf-8");
  CHECK(csv.body.starts_with("profile,title,change,counterpart,"));
  CHECK(csv.body.find("\r\npump-ke,Title of pump-ke,new,pump-fr,Title of pump-fr,FR,") != std::string::npos);

  const Response excel = site.ask("GET", "/v1/runs/itpo-000002/digest?office=nairobi&format=excel");
  CHECK(excel.body.starts_with("\xef\xbb\xbfprofile;title;change;"));
  check_problem(site.ask("GET", "/v1/runs/itpo-000002/digest?format=csv&sep=pipe"), 400, "sep");

  // A run repeated over the same profiles keeps the news.
  CHECK(rematch(site).at("published") == "itpo-000002");
  CHECK(body_of(site.ask("GET", "/v1/runs?programme=itpo")).at("runs").as_array().size() == 2);
}

TEST_CASE("runs: only so many are kept, and one can compare with any of them", "[runs]") {
  Site site;
  fill(site);
  for (int night = 0; night < 4; ++night) {
    put(site, "wind-et", "ET", "a wind park", "wind turbines of make " + std::to_string(night), "nairobi");
    rematch(site, R"({"programme":"itpo","keep":2})");
  }
  const json::array runs = body_of(site.ask("GET", "/v1/runs")).at("runs").as_array();
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].at("id") == "itpo-000004");
  CHECK(runs[1].at("id") == "itpo-000003");
  check_problem(site.ask("GET", "/v1/runs/itpo-000001"), 404, "run");
  CHECK(site.ask("GET", "/v1/runs/itpo-000004/digest?since=itpo-000003").status == 200);
  check_problem(site.ask("GET", "/v1/runs/itpo-000004/digest?since=itpo-000001"), 404, "run");
}

TEST_CASE("runs: wrong calls are refused by name", "[runs]") {
  Site site;
  fill(site);
  check_problem(site.ask("POST", "/v1/runs", R"({"programme":"nowhere"})"), 404, "programme");
  check_problem(site.ask("POST", "/v1/runs", R"({"program":"itpo"})"), 400, "program");
  check_problem(site.ask("POST", "/v1/runs", R"({"nice":20})"), 400, "nice");
  check_problem(site.ask("POST", "/v1/runs", R"({"candidates":0})"), 400, "candidates");
  check_problem(site.ask("POST", "/v1/runs", R"({"full":1})"), 400, "full");
  check_problem(site.ask("GET", "/v1/runs?programme=nowhere"), 404, "programme");
  check_problem(site.ask("GET", "/v1/runs/itpo-000009"), 404, "run");
  rematch(site);
  check_problem(site.ask("GET", "/v1/runs/itpo-000001/digest?format=xml"), 400, "format");
  check_problem(site.ask("GET", "/v1/profiles/nobody/matches?programme=itpo"), 404, "id");
  CHECK(site.ask("POST", "/v1/runs:stop").status == 200);
}

TEST_CASE("runs: the last published is the first listed, whatever the clock said meanwhile", "[runs]") {
  Site site;
  fill(site);
  CHECK(rematch(site).at("published") == "itpo-000001");
  CHECK(rematch(site, R"({"programme":"open"})").at("published") == "open-000001");
  put(site, "pump-it", "IT", "solar water pumps", "partners");
  CHECK(rematch(site).at("published") == "itpo-000002");
  // As if each had been published a day before the one before it.
  int day = 28;
  for (const char* run : {"itpo/000001", "open/000001", "itpo/000002"}) {
    const std::filesystem::path file = site.service->data().store.directory() / "runs" / run / "manifest.json";
    const std::string text = read_file(file).value();
    RunManifest manifest = parse_run_manifest(*unseal_text(text)).value();
    manifest.finished = "2020-02-" + std::to_string(day--) + "T00:00:00Z";
    std::ofstream(file, std::ios::binary) << seal_text(to_json(manifest) + "\n");
  }
  std::vector<std::string> ids;
  const json::object answer = body_of(site.ask("GET", "/v1/runs"));
  for (const json::value& run : answer.at("runs").as_array()) ids.emplace_back(run.at("id").as_string());
  CHECK(ids == std::vector<std::string>{"itpo-000002", "open-000001", "itpo-000001"});
}

TEST_CASE("runs: what a run throws is why it failed, and the next one may start", "[runs]") {
  Site site;
  const TempFolder folder;
  bool fails = true;
  MatchRuns runs({.data = folder.path(),
                  .taxonomy = site.service->data().taxonomy,
                  .programmes = site.service->data().programmes,
                  .rules = {},
                  .snapshot = [&]() -> std::shared_ptr<const Snapshot> {
                    if (fails) throw std::bad_alloc();
                    return std::make_shared<const Snapshot>(SnapshotModels{"fake-1", 64, "", 0}, 1, std::vector<LiveSegment>());
                  },
                  .published = {}});
  const auto end_of_run = [&] {
    REQUIRE(runs.start({}));
    while (runs.status().working) std::this_thread::yield();
    return runs.status();
  };
  const RunStatus failed = end_of_run();
  REQUIRE(failed.error);
  CHECK(failed.error->code == ErrorCode::kUnavailable);
  CHECK(failed.published.empty());
  fails = false;
  CHECK_FALSE(end_of_run().error);
}
