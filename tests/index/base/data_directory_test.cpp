#include "index/base/data_directory.h"

#include <sys/stat.h>

#include <fstream>

#include "index/store/store.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

namespace fs = std::filesystem;

unsigned mode_of(const fs::path& path) {
  struct stat about {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  return about.st_mode & 0777U;
}

Result<Written> put(Store& store, const std::string& id) {
  Write write;
  write.profile.id = id;
  write.profile.title = "Solar pumps";
  write.profile.country = "KE";
  write.profile.offers = "pumps";
  return store.write({&write, 1}).front();
}

void make_store(const fs::path& directory) {
  const auto store = Store::open(directory);
  REQUIRE(store);
  REQUIRE(put(**store, "a"));
}

}  // namespace

TEST_CASE("data directory: whoever only reads makes none, and is told how to", "[data_directory]") {
  const TempFolder folder;
  const fs::path typo = folder.path() / "typo", other = folder.path() / "other", file = folder.file("file", "x");
  fs::create_directory(other);
  const auto absent = enter_data_directory(typo, false);
  REQUIRE_FALSE(absent);
  CHECK(absent.error().code == ErrorCode::kNotFound);
  CHECK_THAT(absent.error().remedy, Catch::Contains("--data"));
  CHECK_FALSE(fs::exists(typo));
  const auto foreign = enter_data_directory(other, false);
  REQUIRE_FALSE(foreign);
  CHECK(foreign.error().code == ErrorCode::kInvalid);
  CHECK(fs::is_empty(other));
  CHECK_FALSE(enter_data_directory(file, false));

  make_store(other);
  CHECK(enter_data_directory(other, false));
  CHECK(enter_data_directory(typo, true));
}

TEST_CASE("data directory: what is open to others is closed, and said", "[data_directory]") {
  const TempFolder folder;
  const fs::path data = folder.path() / "data";
  fs::create_directory(data);
  ::chmod(data.c_str(), 0755);
  make_store(data);
  for (const auto& entry : fs::recursive_directory_iterator(data))
    ::chmod(entry.path().c_str(), entry.is_directory() ? 0755 : 0644);
  ::chmod((data / "MASTER-KEY").c_str(), 0640);

  const auto closed = enter_data_directory(data, false);
  REQUIRE(closed);
  CHECK_THAT(*closed, Catch::Contains("open to others"));
  CHECK(mode_of(data) == 0700);
  for (const auto& entry : fs::recursive_directory_iterator(data)) CHECK((mode_of(entry.path()) & 077U) == 0);
  CHECK(enter_data_directory(data, false)->empty());
  CHECK(Store::open(data));
}

TEST_CASE("data directory: where other things lie too, theirs stay as they are", "[data_directory]") {
  const TempFolder folder;
  const fs::path data = folder.path() / "shared";
  make_store(data);
  ::chmod(data.c_str(), 0755);
  std::ofstream(data / "letter.txt") << "Dear Sir";
  ::chmod((data / "letter.txt").c_str(), 0644);
  ::chmod((data / "MASTER-KEY").c_str(), 0644);
  const auto closed = enter_data_directory(data, true);
  REQUIRE(closed);
  CHECK_THAT(*closed, Catch::Contains("files"));
  CHECK(mode_of(data) == 0755);
  CHECK(mode_of(data / "letter.txt") == 0644);
  CHECK(mode_of(data / "MASTER-KEY") == 0600);
}

TEST_CASE("data directory: deleted, moved or replaced under a store, nothing more is acknowledged", "[data_directory]") {
  const TempFolder folder;
  const fs::path data = folder.path() / "data", aside = folder.path() / "aside";
  const auto store = Store::open(data).value();
  REQUIRE(put(*store, "a"));
  REQUIRE(store->in_place());

  SECTION("deleted") { fs::remove_all(data); }
  SECTION("moved") { fs::rename(data, aside); }
  SECTION("replaced by another") {
    make_store(folder.path() / "other");
    fs::rename(data, aside);
    fs::rename(folder.path() / "other", data);
  }
  SECTION("emptied and filled with a copy") {
    fs::copy(data, aside, fs::copy_options::recursive);
    for (const auto& entry : fs::directory_iterator(data)) fs::remove_all(entry.path());
    fs::copy(aside, data, fs::copy_options::recursive);
  }
  const auto refused = put(*store, "b");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kStorage);
  CHECK_THAT(describe(refused.error()), Catch::Contains("deleted, moved or replaced"));
  CHECK_FALSE(store->write_audited({}, {.who = "admin", .what = "token create"}));
  CHECK_FALSE(store->in_place());
  CHECK(store->get("a"));
  CHECK(store->sequence() == 1);
}

TEST_CASE("data directory: put back, it is written to again", "[data_directory]") {
  const TempFolder folder;
  const fs::path data = folder.path() / "data", aside = folder.path() / "aside";
  const auto store = Store::open(data).value();
  fs::rename(data, aside);
  CHECK_FALSE(put(*store, "a"));
  fs::rename(aside, data);
  CHECK(put(*store, "a"));
}
