// Offices and desks change from one consistent directory to the next.
#include "tests/index/casework/casebook.h"

namespace counterpart::index {
namespace {

Desk desk_now(const Casebook& book, std::string_view id) { return *book.cases->offices()->directory.desk(id); }

}  // namespace

TEST_CASE("offices: what would be inconsistent is refused with its place, and nothing has changed", "[casework]") {
  Casebook book;
  const auto before = book.everything();
  const auto refused = [&](const DirectoryChange& change) {
    return book.cases->change_offices(change, "token", book.now).error();
  };
  Desk omar = desk_now(book, "omar");
  omar.deputy = "awa";
  CHECK(refused({{}, {{"omar", omar}}}).place == "desk omar.deputy");
  CHECK(refused({{}, {{"noura", {}}}}).place == "office riyadh.head");
  CHECK(refused({{{"nairobi", {}}}, {}}).code == ErrorCode::kNotFound);
  CHECK(refused({{}, {{"omar", desk_now(book, "omar"), 7}}}).code == ErrorCode::kConflict);
  Office dakar = *book.cases->offices()->directory.office("dakar");
  dakar.working_time.time_zone = "Nowhere/Land";
  CHECK(refused({{{"dakar", dakar}}, {}}).place.find("dakar") != std::string::npos);
  CHECK(book.everything() == before);
  CHECK(book.cases->offices()->version == 1);
}

TEST_CASE("offices: a change is there after a restart, has a version, and is in the audit log", "[casework]") {
  Casebook book;
  Desk omar = desk_now(book, "omar");
  omar.name = "Omar the second";
  const auto after = book.cases->change_offices({{}, {{"omar", omar, 1}}}, "token", book.now).value();
  CHECK(after->desk_versions.at("omar") == 2);
  CHECK(after->desk_versions.at("salem") == 1);
  book.open();
  CHECK(desk_now(book, "omar") == omar);
  CHECK(book.cases->offices()->version == 2);
  CHECK(book.cases->offices()->desk_versions.at("omar") == 2);
  const auto log = book.store->audit().list(0, 100, "omar").value();
  CHECK(log.back().what == "put desk");
  CHECK(log.back().version == 2);
}

TEST_CASE("offices: who is away has nothing on the desk, and whoever sits in has it, without a change of the case",
          "[casework]") {
  Casebook book;
  const std::string id = book.send();
  REQUIRE(book.act(id, "omar", "claim"));
  CHECK(book.cases->desk("omar", book.now)->mine.count == 1);
  Desk omar = desk_now(book, "omar");
  omar.absence = Absence{date("2026-11-27"), date("2026-12-20"), "salem"};
  REQUIRE(book.cases->change_offices({{}, {{"omar", omar}}}, "token", book.now));
  CHECK(book.cases->desk("omar", book.now)->mine.count == 1);
  book.now = utc("2026-11-27", 9);
  CHECK(book.cases->desk("omar", book.now)->mine.count == 0);
  const DeskView salem = book.cases->desk("salem", book.now).value();
  REQUIRE(salem.mine.count == 1);
  CHECK(salem.mine.rows.front().case_id == id);
  CHECK(salem.mine.rows.front().desk == "salem");
  CHECK_FALSE(salem.mine.rows.front().next.empty());
}

TEST_CASE("offices: work of an office that goes is the duty office's; the last one stays while there are cases", "[casework]") {
  Casebook book;
  const std::string id = book.send();
  const DirectoryChange closing{{{"riyadh", {}}}, {{"omar", {}}, {"salem", {}}, {"noura", {}}}};
  REQUIRE(book.cases->change_offices(closing, "token", book.now));
  CHECK(book.cases->desk("huber", book.now)->mine.rows.front().case_id == id);
  CHECK(book.cases->desk("noura", book.now).error().code == ErrorCode::kNotFound);
  DirectoryChange all;
  for (const Office& office : book.cases->offices()->directory.offices()) all.offices.push_back({office.id, {}});
  for (const Desk& desk : book.cases->offices()->directory.desks()) all.desks.push_back({desk.id, {}});
  CHECK(book.cases->change_offices(all, "token", book.now).error().code == ErrorCode::kConflict);
  CHECK(book.sound());
}

}  // namespace counterpart::index
