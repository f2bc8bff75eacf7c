// What a store makes of a directory that is held, newer, damaged or cut short.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "index/base/codec.h"
#include "index/store/database.h"
#include "index/store/store.h"
#include "index/store/store_files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;
namespace fs = std::filesystem;

namespace {

void fill(const fs::path& directory, int profiles) {
  const auto store = Store::open(directory);
  REQUIRE(store);
  for (int i = 0; i < profiles; ++i) {
    Write write;
    write.profile.id = "p" + std::to_string(i);
    write.profile.title = "Solar pumps " + std::string(200, 'x');
    write.profile.country = "KE";
    REQUIRE((*store)->write({&write, 1}).front());
  }
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::map<fs::path, std::string> contents(const fs::path& directory) {
  std::map<fs::path, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory))
    if (entry.is_regular_file()) files[entry.path()] = read(entry.path());
  return files;
}

// The write-ahead log with something in it.
fs::path log_of(const fs::path& directory) {
  fs::path found;
  for (const auto& entry : fs::directory_iterator(directory / "store"))
    if (entry.path().extension() == ".log" && entry.file_size() > 0) found = entry.path();
  REQUIRE_FALSE(found.empty());
  return found;
}

ErrorCode refusal(const fs::path& directory) {
  const auto store = Store::open(directory);
  REQUIRE_FALSE(store);
  CHECK_FALSE(store.error().remedy.empty());
  return store.error().code;
}

}  // namespace

TEST_CASE("store: a directory that another holds is unavailable", "[store]") {
  const TempFolder folder;
  const auto held = Store::open(folder.path() / "data");
  REQUIRE(held);
  CHECK(refusal(folder.path() / "data") == ErrorCode::kUnavailable);
}

TEST_CASE("store: a newer format is refused and nothing is touched", "[store]") {
  const TempFolder folder;
  const auto data = folder.path() / "data";
  fill(data, 2);
  std::ofstream(data / "FORMAT") << "counterpart store format " << kStoreFormat + 1 << "\n";
  const auto before = contents(data);
  CHECK(refusal(data) == ErrorCode::kUnsupported);
  CHECK(contents(data) == before);
  std::ofstream(data / "FORMAT") << "something else\n";
  CHECK(refusal(data) == ErrorCode::kCorrupt);
}

TEST_CASE("store: a directory that cannot be made is a storage error", "[store]") {
  const TempFolder folder;
  const auto file = folder.file("plain", "text");
  CHECK(refusal(file / "data") == ErrorCode::kStorage);
}

TEST_CASE("store: a last write cut short before it was acknowledged is tolerated", "[store]") {
  const TempFolder folder;
  const auto data = folder.path() / "data";
  fill(data, 20);
  const auto log = log_of(data);
  const std::string bytes = read(log);
  // The first half of a record that never came to its end: a header that promises more than there is.
  std::ofstream(log, std::ios::binary | std::ios::app) << bytes.substr(0, 40);
  const auto store = Store::open(data);
  REQUIRE(store);
  CHECK((*store)->sequence() == 20);
  CHECK((*store)->size() == 20);
}

TEST_CASE("store: damage inside acknowledged writes is refused", "[store]") {
  const TempFolder folder;
  const auto data = folder.path() / "data";
  fill(data, 20);
  const auto log = log_of(data);
  std::string bytes = read(log);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x55);
  std::ofstream(log, std::ios::binary) << bytes;
  CHECK(refusal(data) == ErrorCode::kCorrupt);
  CHECK(read(log) == bytes);
  fs::remove(data / "HIGH-WATER");  // the log is its own witness
  CHECK(refusal(data) == ErrorCode::kCorrupt);
}

TEST_CASE("store: an acknowledged write that is missing at the end is noticed", "[store]") {
  const TempFolder folder;
  const auto data = folder.path() / "data";
  fill(data, 20);
  const auto log = log_of(data);
  fs::resize_file(log, fs::file_size(log) - 10);
  CHECK(refusal(data) == ErrorCode::kCorrupt);
}

TEST_CASE("store: a lost database is noticed instead of starting empty", "[store]") {
  const TempFolder folder;
  const auto data = folder.path() / "data";
  fill(data, 3);
  fs::remove_all(data / "store");
  CHECK(refusal(data) == ErrorCode::kCorrupt);
}

TEST_CASE("store: a change log that does not end where the head says is refused", "[store]") {
  const TempFolder folder;
  const auto data = folder.path() / "data";
  fill(data, 3);
  {
    const auto database = Database::open(data / "store");
    REQUIRE(database);
    REQUIRE((*database)->write({{Family::kChanges, big_endian(3), std::nullopt}}));
  }
  CHECK(refusal(data) == ErrorCode::kCorrupt);
}

TEST_CASE("store: a record that does not decode is named as damage", "[store]") {
  const TempFolder folder;
  const auto data = folder.path() / "data";
  fill(data, 3);
  {
    const auto database = Database::open(data / "store");
    REQUIRE((*database)->write({{Family::kProfiles, "p1", std::string("\x01\x80", 2)}}));
  }
  const auto store = Store::open(data);
  REQUIRE(store);
  CHECK((*store)->get("p1").error().code == ErrorCode::kCorrupt);
  CHECK((*store)->get("p0"));
  CHECK((*store)->for_each(false, [](const auto&, const auto&) { return true; }).error().code == ErrorCode::kCorrupt);
}
