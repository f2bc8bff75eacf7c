// Private members at rest, from the outside: the bytes of every file, the key that is missing or another's, older formats.
#include "index/store/vault.h"

#include <fstream>

#include "index/base/files.h"
#include "index/store/store.h"
#include "index/store/store_files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace counterpart::index {
namespace {

namespace fs = std::filesystem;

Write put(const std::string& id, const std::string& person) {
  Write write;
  write.profile.id = id;
  write.profile.title = "Pumps";
  write.profile.country = "KE";
  write.profile.offers = "solar pumps";
  write.profile.contact.person = person;
  return write;
}

void write_one(Store& store, Write write) { REQUIRE(store.write({&write, 1}).front()); }

bool any_file_holds(const fs::path& folder, const std::string& bytes) {
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && read_file(entry.path()).value().find(bytes) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("vault: private members are read back, and stand in no file as they are", "[vault]") {
  TempFolder folder;
  {
    auto store = Store::open(folder.path()).value();
    write_one(*store, put("a", "Planted Person"));
    CHECK(store->get("a", true)->profile.contact.person == "Planted Person");
    CHECK(store->get("a")->profile.contact.person.empty());
  }
  CHECK_FALSE(any_file_holds(folder.path(), "Planted Person"));
  auto store = Store::open(folder.path()).value();
  CHECK(store->get("a", true)->profile.contact.person == "Planted Person");
  std::string seen;
  REQUIRE(store->for_each(true, [&](const StoredProfile& stored, const auto&) {
    seen = stored.profile.contact.person;
    return true;
  }));
  CHECK(seen == "Planted Person");
  write_one(*store, put("a", "Another Person"));
  CHECK(store->get("a", true)->profile.contact.person == "Another Person");
  write_one(*store, put("a", ""));
  CHECK(store->get("a", true)->profile.contact.person.empty());
}

TEST_CASE("vault: an erased profile's key is gone, and one of the same id gets another", "[vault]") {
  TempFolder folder;
  auto store = Store::open(folder.path()).value();
  const auto key = [&] { return store->database().get(Family::kKeys, "a").value(); };
  write_one(*store, put("a", "Planted Person"));
  const auto first = key();
  REQUIRE(first);
  Write erase{Write::Kind::kErase, {}, {}, {}};
  erase.profile.id = "a";
  Write again = put("a", "Planted Person");
  Write both[] = {erase, again};  // in one batch
  for (const auto& verdict : store->write(both)) REQUIRE(verdict);
  CHECK(key() != first);
  CHECK(store->get("a", true)->profile.contact.person == "Planted Person");
  write_one(*store, erase);
  CHECK_FALSE(key());
  CHECK_FALSE(store->database().get(Family::kContacts, "a").value());
}

TEST_CASE("vault: without its master key, or with another's, a store does not open, and nothing is touched", "[vault]") {
  TempFolder folder, other;
  {
    auto store = Store::open(folder.path()).value();
    write_one(*store, put("a", "Planted Person"));
    Store::open(other.path()).value();
  }
  const fs::path key = folder.path() / "MASTER-KEY";
  CHECK((fs::status(key).permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
  fs::rename(key, folder.path() / "kept");
  CHECK(Store::open(folder.path()).error().code == ErrorCode::kCorrupt);
  CHECK_FALSE(fs::exists(key));
  fs::copy_file(other.path() / "MASTER-KEY", key);
  CHECK(Store::open(folder.path()).error().message == "is the master key of another store");
  fs::remove(key);
  auto store = Store::open(folder.path(), folder.path() / "kept");
  REQUIRE(store);
  CHECK((*store)->get("a", true)->profile.contact.person == "Planted Person");
}

TEST_CASE("vault: sealed bytes that were changed, or moved to another profile, are not read", "[vault]") {
  TempFolder folder;
  auto store = Store::open(folder.path()).value();
  write_one(*store, put("a", "Planted Person"));
  write_one(*store, put("b", "Second Person"));
  const auto contacts = [&](const std::string& id) { return *store->database().get(Family::kContacts, id).value(); };
  const auto place = [&](const std::string& id, const std::string& bytes) {
    REQUIRE(store->run_exclusively([&](Database& database) { return database.write({{Family::kContacts, id, bytes}}); }));
  };
  place("b", contacts("a"));
  CHECK(store->get("b", true).error().code == ErrorCode::kCorrupt);
  CHECK(store->get("b", false));
  std::string changed = contacts("a");
  changed.back() = static_cast<char>(changed.back() ^ 1);
  place("a", changed);
  CHECK(store->get("a", true).error().code == ErrorCode::kCorrupt);
}

TEST_CASE("vault: a directory of format 1 is sealed when it is opened, wherever an earlier try ended", "[vault]") {
  TempFolder folder;
  const std::string plain = R"({"contact":{"person":"Planted Person"}})";
  {
    auto store = Store::open(folder.path()).value();
    write_one(*store, put("a", "Second Person"));
    write_one(*store, put("b", ""));
    REQUIRE(store->run_exclusively([&](Database& database) { return database.write({{Family::kContacts, "b", plain}}); }));
  }
  std::ofstream(folder.path() / "FORMAT") << "counterpart store format 1\n";
  CHECK(any_file_holds(folder.path(), "Planted Person"));
  {
    auto store = Store::open(folder.path()).value();
    CHECK(store->get("a", true)->profile.contact.person == "Second Person");
    CHECK(store->get("b", true)->profile.contact.person == "Planted Person");
  }
  CHECK_FALSE(any_file_holds(folder.path(), "Planted Person"));
  CHECK(read_file(folder.path() / "FORMAT").value() == "counterpart store format 2\n");
}

}  // namespace counterpart::index
