#include "index/store/versions.h"

#include "index/store/store.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

Write put(const std::string& id, const std::string& seeks, const std::string& who = "tester", const std::string& via = {}) {
  Write write;
  write.profile.id = id;
  write.profile.title = "Solar pumps";
  write.profile.country = "KE";
  write.profile.seeks = seeks;
  write.who = who;
  write.via = via;
  return write;
}

Written written(Store& store, Write write) { return std::move(store.write({&write, 1}).front()).value(); }

std::vector<std::uint64_t> numbers_of(const Store& store, const std::string& id) {
  std::vector<std::uint64_t> numbers;
  const std::vector<ProfileVersion> versions = versions_of(store, id, false).value();
  for (const ProfileVersion& version : versions) numbers.push_back(version.version);
  return numbers;
}

std::size_t entries_in(const Store& store) {
  std::size_t count = 0;
  Database::Cursor entries(store.database(), Family::kVersions);
  for (entries.first(); entries.valid(); entries.next()) ++count;
  return count;
}

}  // namespace

TEST_CASE("versions: each is kept with its text, who wrote it, when, and under which case", "[versions]") {
  const TempFolder folder;
  {
    const auto store = Store::open(folder.path()).value();
    written(*store, put("a", "first", "one"));
    written(*store, put("a", "second", "two", "p-000001"));
    CHECK(written(*store, put("a", "second", "three")).unchanged);
    // Two in one group are two versions.
    std::vector<Write> both{put("a", "third", "three"), put("a", "fourth", "four")};
    for (const auto& verdict : store->write(both)) REQUIRE(verdict);
  }
  const auto store = Store::open(folder.path()).value();
  const std::vector<ProfileVersion> versions = versions_of(*store, "a", true).value();
  REQUIRE(versions.size() == 4);
  const char* const texts[] = {"first", "second", "third", "fourth"};
  const char* const names[] = {"one", "two", "three", "four"};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(versions[i].version == i + 1);
    CHECK(versions[i].public_json.find(texts[i]) != std::string::npos);
    CHECK(versions[i].who == names[i]);
    CHECK(versions[i].at > 0);
  }
  CHECK(versions[1].via == "p-000001");
  CHECK(versions[2].via.empty());
  CHECK(version_of(*store, "a", 2).value().public_json == versions[1].public_json);
  CHECK(version_of(*store, "a", 5).error().code == ErrorCode::kNotFound);
  CHECK(versions_of(*store, "b", false).error().code == ErrorCode::kNotFound);
}

TEST_CASE("versions: so many are kept, and none of a profile that is erased", "[versions]") {
  const TempFolder folder;
  const auto store = Store::open(folder.path()).value();
  written(*store, put("ab", "another's"));
  for (std::uint64_t i = 1; i <= kVersionsKept + 5; ++i) written(*store, put("a", "text " + std::to_string(i)));
  const std::vector<std::uint64_t> numbers = numbers_of(*store, "a");
  REQUIRE(numbers.size() == kVersionsKept + 1);
  CHECK(numbers.front() == 5);
  CHECK(entries_in(*store) == kVersionsKept + 2);
  Write gone = put("a", {});
  gone.kind = Write::Kind::kErase;
  written(*store, gone);
  CHECK(entries_in(*store) == 1);
  written(*store, put("a", "anew"));
  CHECK(numbers_of(*store, "a") == std::vector<std::uint64_t>{kVersionsKept + 7});
}

TEST_CASE("versions: what is proposed is apart from what is stored, its private members sealed", "[versions]") {
  const TempFolder folder;
  const auto store = Store::open(folder.path()).value();
  Proposal proposal{put("a", "proposed").profile, "p-000001", "tester", 7, 0};
  proposal.profile.contact.person = "Planted Person";
  const auto edit = [&](const auto& add) {
    std::vector<Database::Edit> edits;
    REQUIRE(add(edits));
    REQUIRE(store->run_exclusively([&](Database& database) { return database.write(edits); }));
  };
  edit([&](auto& edits) { return add_proposal(edits, proposal, store->vault()); });
  CHECK(store->get("a").error().code == ErrorCode::kNotFound);
  CHECK(store->size() == 0);
  CHECK(proposed_ids(store->database(), {}, 10).value() == std::vector<std::string>{"a"});
  const Proposal seen = read_proposal(*store, "a", false).value().value();
  CHECK(seen.profile.seeks == "proposed");
  CHECK(seen.profile.contact.person.empty());
  CHECK(seen.case_id == "p-000001");
  CHECK(read_proposal(*store, "a", true).value()->profile.contact.person == "Planted Person");
  edit([&](auto& edits) { return remove_proposal(edits, "a", store->vault()); });
  CHECK_FALSE(read_proposal(*store, "a", true).value());
  CHECK(entries_in(*store) == 0);
  CHECK_FALSE(store->database().get(Family::kKeys, proposal_vault_key("a")).value());
}
