// What offices state of profiles, and a list of exclusions: apart from the profile, and followed by every index.
#include "index/store/checks.h"

#include <fstream>

#include "index/bulk/exclusion_file.h"
#include "index/store/store.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

namespace counterpart::index {
namespace {

Write put(const std::string& id, const std::string& title, const std::string& country = "KE") {
  Write write;
  write.profile.id = id;
  write.profile.title = title;
  write.profile.country = country;
  return write;
}

Write stating(const std::string& id, CheckStatus status, std::uint64_t number = 1) {
  Write write;
  write.kind = Write::Kind::kCheck;
  write.profile.id = id;
  write.check =
      Check{.status = status, .reason = "Reason of " + id, .office = "vienna", .desk = "huber", .at = 7, .number = number};
  write.who = "token";
  return write;
}

Written written(Store& store, Write write) { return std::move(store.write({&write, 1}).front()).value(); }
bool excluded(const Store& store, const std::string& id) { return is_excluded(store.database(), id).value(); }

std::filesystem::path list_of(const TempFolder& folder, const std::string& text) {
  const std::filesystem::path file = folder.path() / "list.csv";
  std::ofstream(file) << text;
  return file;
}

}  // namespace

TEST_CASE("checks: a statement stands apart from the profile, which no write of it changes", "[diligence]") {
  const TempFolder folder;
  auto store = Store::open(folder.path()).value();
  written(*store, put("a", "Lakeside"));
  const Written stated = written(*store, stating("a", CheckStatus::kExcluded));
  CHECK(stated.version == 1);   // no new version of the profile
  CHECK(stated.sequence == 2);  // but a change that indexes follow
  written(*store, put("a", "Lakeside Cold"));
  store.reset();
  store = Store::open(folder.path()).value();
  const Diligence kept = read_diligence(store->database(), "a").value();
  REQUIRE(kept.check);
  CHECK(kept.check->reason == "Reason of a");
  CHECK(kept.excluded());
  CHECK(excluded_ids(store->database()).value() == std::set<std::string, std::less<>>{"a"});
  CHECK(written(*store, stating("a", CheckStatus::kExcluded)).unchanged);
  written(*store, stating("a", CheckStatus::kChecked, 2));
  CHECK_FALSE(excluded(*store, "a"));
  std::vector<Write> absent{stating("none", CheckStatus::kChecked)};
  CHECK(store->write(absent).front().error().code == ErrorCode::kNotFound);
}

TEST_CASE("checks: what was checked until a day is not checked the day after", "[diligence]") {
  Diligence stated;
  CHECK(status_on(stated, "2026-11-26") == CheckStatus::kNotChecked);
  stated.check = Check{.status = CheckStatus::kChecked, .reason = {}, .office = {}, .desk = {}, .until = "2026-11-26"};
  CHECK(status_on(stated, "2026-11-26") == CheckStatus::kChecked);
  CHECK(status_on(stated, "2026-11-27") == CheckStatus::kNotChecked);
}

TEST_CASE("checks: an erasure takes the statement with it", "[diligence]") {
  const TempFolder folder;
  const auto store = Store::open(folder.path()).value();
  written(*store, put("a", "Lakeside"));
  written(*store, stating("a", CheckStatus::kExcluded));
  Write erase;
  erase.kind = Write::Kind::kErase;
  erase.profile.id = "a";
  written(*store, std::move(erase));
  CHECK(read_diligence(store->database(), "a").value() == Diligence{});
}

TEST_CASE("exclusions: a list is kept, compares who is there and who comes, and ends with an empty one", "[diligence]") {
  const TempFolder folder, lists;
  auto store = Store::open(folder.path()).value();
  written(*store, put("a", "Severnaya Zvezda Trading", "RU"));
  written(*store, put("b", "Lakeside Cold"));
  const auto list =
      list_of(lists, "name;identifier;country;source;date\n\"Северная Звезда Trading\";;RU;the list;2026-01-01\n");
  REQUIRE(take_exclusions(*store, list, real_taxonomy()));
  CHECK(excluded(*store, "a"));
  CHECK_FALSE(excluded(*store, "b"));
  const Diligence known = read_diligence(store->database(), "a").value();
  REQUIRE(known.listed);
  CHECK(known.listed->likeness == Likeness::kName);
  CHECK(known.listed->source == "the list");
  CHECK(known.listed->line == 2);
  const std::uint64_t sequence = store->sequence();
  store.reset();
  store = Store::open(folder.path()).value();
  REQUIRE(take_exclusions(*store, {}, real_taxonomy()));  // the one that it has
  CHECK(store->sequence() == sequence);
  written(*store, put("c", "ООО Северная Звезда Trading", "RU"));
  CHECK(excluded(*store, "c"));
  written(*store, put("c", "Another name", "RU"));
  CHECK_FALSE(excluded(*store, "c"));
  // Somebody has looked, and it is another firm of that name.
  written(*store, stating("a", CheckStatus::kChecked));
  CHECK_FALSE(excluded(*store, "a"));
  REQUIRE(take_exclusions(*store, list_of(lists, ""), real_taxonomy()));
  CHECK_FALSE(read_diligence(store->database(), "a").value().listed);
}

TEST_CASE("exclusions: a list that cannot be read whole is refused with its row, and nothing of it counts", "[diligence]") {
  const TempFolder folder, lists;
  const auto store = Store::open(folder.path()).value();
  written(*store, put("a", "Acme"));
  const auto refused = [&](const std::string& text) {
    const Status taken = take_exclusions(*store, list_of(lists, text), real_taxonomy());
    REQUIRE_FALSE(taken);
    CHECK_FALSE(excluded(*store, "a"));
    return taken.error().place.substr(taken.error().place.rfind(':') + 1);
  };
  CHECK(refused("title,country\nAcme,KE\n") == "1");
  CHECK(refused("name,identifier\nAcme,\n,12345\n") == "3");
  CHECK(refused("name,country\nAcme,Kenya\n") == "2");
  CHECK(refused("name,identifer\nAcme,LEI:1\n") == "1");  // misspelt: nobody would be excluded by it
  CHECK(refused("name,country\nAcme,\n,KE\n") == "3");
  CHECK(refused("name,country\n\"Acme,KE\n") == "2");
  CHECK(take_exclusions(*store, lists.path() / "none", real_taxonomy()).error().code == ErrorCode::kNotFound);
  // Tabs, columns in any order, others beside.
  REQUIRE(take_exclusions(*store, list_of(lists, "source\tname\tmore\nlist\tACME Ltd\tx\n"), real_taxonomy()));
  CHECK(excluded(*store, "a"));
}

}  // namespace counterpart::index
