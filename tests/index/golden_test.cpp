// A data directory of each format there ever was opens, and holds what was put in. Each was made by make_golden.cpp as it
// was with that format; they are never made anew.
#include <filesystem>
#include <fstream>

#include "index/backup/backup.h"
#include "index/casework/case_store.h"
#include "index/snapshot/publisher.h"
#include "index/standing/standing_check.h"
#include "index/standing/standing_queries.h"
#include "index/store/store.h"
#include "index/store/store_files.h"
#include "tests/engine/casework/network.h"
#include "tests/support/catch.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;
namespace fs = std::filesystem;

namespace {

fs::path golden(const TempFolder& folder, const std::string& name) {
  const fs::path copy = folder.path() / "data";
  fs::copy(fs::path(COUNTERPART_SOURCE_DIR "/tests/index/golden") / name, copy, fs::copy_options::recursive);
  return copy;
}
fs::path golden(const TempFolder& folder, std::uint64_t format) { return golden(folder, "v" + std::to_string(format)); }

}  // namespace

TEST_CASE("golden: a directory of each format opens with all that it held", "[golden]") {
  for (std::uint64_t format = 1; format <= kStoreFormat; ++format) {
    INFO("format " << format);
    const TempFolder folder;
    const fs::path data = golden(folder, format);
    const auto opened = Store::open(data);
    REQUIRE(opened);
    Store& store = **opened;
    CHECK(store.size() == 9);
    CHECK(store.sequence() == 13);
    CHECK(store.get("g4").error().code == ErrorCode::kNotFound);
    const auto third = store.get("g3", true);
    REQUIRE(third);
    CHECK(third->version == 3);
    CHECK(third->profile.offers == "legal advice, third");
    CHECK(third->profile.contact.email == "g3@example.org");
    CHECK(store.embedding("g3").value()->model == "fake-1");

    const FakeEmbedder embedder;
    Programmes programmes;
    programmes["open"].slug = "open";
    const auto standing = StandingQueries::open(store, real_taxonomy(), programmes, embedder);
    REQUIRE(standing);
    const auto alerts = (*standing)->alerts("q1", 0, 10);
    REQUIRE(alerts);
    REQUIRE(alerts->alerts.size() == 1);
    CHECK(alerts->alerts.front().profile == "g5");
    CHECK((*standing)->match_all().value().new_alerts == 0);

    // None of these formats had cases; they are taken in from now on.
    const std::int64_t now = utc("2026-11-26", 10);
    const auto cases = CaseStore::open(store, clocks_of(shipped_world()), {}, now);
    REQUIRE(cases);
    CHECK((*cases)->open_cases() == 0);
    CHECK((*cases)->verify({}, now)->difference_count == 0);
    CHECK((*cases)->change_offices(
        {{{"vienna", three_offices()[2]}}, {{"huber", their_desks()[7]}, {"maier", their_desks()[6]}}}, "test", now));

    const auto publisher = Publisher::open(store, real_taxonomy(), embedder);
    REQUIRE(publisher);
    const auto report = check_standing(store.database(), (*publisher)->verify().value());
    REQUIRE(report);
    CHECK(report->difference_count == 0);
    CHECK(report->indexed == 9);

    Write again;
    again.profile.id = "g4";
    again.profile.title = "Back again";
    again.profile.country = "KE";
    const auto back = store.write({&again, 1}).front();
    REQUIRE(back);
    CHECK(back->version == 3);  // versions go on after the one that was put and the one that was withdrawn
    CHECK(back->sequence == 14);
    CHECK(make_backup(store, folder.path() / "backups"));
  }
}

TEST_CASE("golden: a directory with cases opens with all that was done, and the work goes on", "[golden]") {
  const TempFolder folder;
  const auto store = Store::open(golden(folder, "v2-cases")).value();
  CHECK(store->size() == 9);
  const std::int64_t now = utc("2026-11-27", 10);
  const auto cases = CaseStore::open(*store, clocks_of(shipped_world()), {}, now).value();
  CHECK(cases->offices()->directory.offices().size() == 3);
  CHECK(cases->offices()->directory.desk("omar")->deputy == "salem");
  const Case interest = cases->get("i-000001", now)->of;
  std::vector<std::string> verbs;
  for (const Act& act : interest.log) verbs.push_back(act.verb);
  CHECK(verbs == std::vector<std::string>{"send", "note", "accept"});
  CHECK(interest.log[0].said.facts.cooperation == Cooperation::kJointVenture);
  CHECK(interest.log[1].said.note == "a note of gold");
  const CaseNow introduction = cases->get("i-000002", now).value();
  CHECK(introduction.of.origin == "i-000001");
  CHECK(introduction.released);
  CHECK(cases->contacts_of("i-000002", "dakar", "test")->back().contact.email == "g2@example.org");
  CHECK(std::get<ClosedItem>(cases->get("i-000003", now)->standing).reason == "too_small");
  CHECK(cases->erased("i-000004").value()->profile == "g2");
  const auto letter = [&](std::uint64_t number) { return cases->letters({}, number - 1, 1)->front(); };
  CHECK(letter(1).state == LetterState::kSent);
  CHECK(letter(2).words == "no such user");
  CHECK_FALSE(cases->letters_to_send(now, 100)->empty());
  CHECK(cases->desk("awa", now)->mine.count == 1);
  CHECK(cases->verify({}, now)->difference_count == 0);
  CHECK(store->audit().verify()->broken_at == 0);

  ActRequest next;
  next.case_id = "i-000002";
  next.desk = "awa";
  next.verb = "first_contact";
  CHECK(cases->act(next, now));
  next.case_id.clear();
  next.opens = NewCase{.kind = "interest", .programme = "open", .from = "g1", .to = "g6"};
  next.verb = "send";
  next.said = cooperation_wanted();
  CHECK(cases->act(next, now)->after.id == "i-000005");
  CHECK(cases->tick(utc("2026-12-20", 10))->letters > 0);
}

TEST_CASE("golden: a format that is newer than the newest is refused", "[golden]") {
  const TempFolder folder;
  const fs::path data = golden(folder, kStoreFormat);
  std::ofstream(data / "FORMAT") << "counterpart store format " << kStoreFormat + 1 << "\n";
  const auto opened = Store::open(data);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::kUnsupported);
}
