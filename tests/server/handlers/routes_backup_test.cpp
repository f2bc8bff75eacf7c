// POST /v1/backups: what it takes, whom it refuses, what it answers.
#include <algorithm>
#include <filesystem>

#include "index/backup/backup.h"
#include "tests/server/access/guarded_site.h"
#include "tests/support/temp_folder.h"

namespace counterpart::server {
namespace {

Response back_up(GuardedSite& site, const std::string& body) { return site.as("admin", "POST", "/v1/backups", body); }

}  // namespace

TEST_CASE("backups: a folder named by its whole path gets one, and the answer says what is in it", "[routes][backup]") {
  GuardedSite site;
  const TempFolder folder;
  const std::string where = (folder.path() / "backups").string();
  const Response made = back_up(site, R"({"folder":")" + where + R"(","keep":2})");
  REQUIRE(made.status == 201);
  const json::object backup = body_of(made);
  CHECK(backup.at("name") == "000001");
  CHECK(backup.at("with_key") == true);
  CHECK(backup.at("copied").to_number<std::uint64_t>() > 0);
  CHECK(list_backups(where).value().size() == 1);
}

TEST_CASE("backups: the log says who took one, and the metrics say when", "[routes][backup]") {
  GuardedSite site;
  const TempFolder folder;
  const std::string metric = "\ncounterpart_backup_timestamp_seconds ";
  CHECK(site.as("admin", "GET", "/metrics").body.find(metric + "0\n") != std::string::npos);
  REQUIRE(back_up(site, R"({"folder":")" + (folder.path() / "backups").string() + R"("})").status == 201);
  const std::string after = site.as("admin", "GET", "/metrics").body;
  CHECK(std::stoull(after.substr(after.find(metric) + metric.size())) == last_backup(site.service->data().store));
  CHECK(last_backup(site.service->data().store) > 1'700'000'000);
  const AuditEntry noted = site.service->data().store.audit().list(0, 1000).value().back();
  CHECK(noted.what == "backup");
  const std::vector<Token> tokens = site.service->data().tokens.list();
  const auto asker = std::ranges::find(tokens, noted.who, [](const Token& token) { return token.caller.name; });
  REQUIRE(asker != tokens.end());
  CHECK(asker->label == "admin");
}

TEST_CASE("backups: a request that says it wrongly is refused by the member's name", "[routes][backup]") {
  GuardedSite site;
  check_problem(back_up(site, "{}"), 400, "folder");
  check_problem(back_up(site, R"({"folder":"backups"})"), 400, "folder");
  check_problem(back_up(site, R"({"folder":7})"), 400, "folder");
  check_problem(back_up(site, R"({"folder":"/x","keep":-1})"), 400, "keep");
  check_problem(back_up(site, R"({"folder":"/x","other":1})"), 400, "other");
  const std::string inside = (site.service->data().store.directory() / "backups").string();
  check_problem(back_up(site, R"({"folder":")" + inside + R"("})"), 400, "folder");
  const TempFolder folder;
  const std::string file = folder.file("file", "").string();
  check_problem(back_up(site, R"({"folder":")" + file + R"("})"), 400, "folder");
}

TEST_CASE("backups: a server that asks nobody who it is takes none over HTTP", "[routes][backup]") {
  Site site;
  const TempFolder folder;
  const std::string where = (folder.path() / "backups").string();
  CHECK(site.ask("POST", "/v1/backups", R"({"folder":")" + where + R"("})").status == 403);
  CHECK_FALSE(std::filesystem::exists(where));
}

}  // namespace counterpart::server
