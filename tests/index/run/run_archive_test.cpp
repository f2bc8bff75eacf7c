#include "index/run/run_archive.h"

#include <fstream>
#include <string_view>

#include "tests/index/run/run_world.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

namespace fs = std::filesystem;

// A small published run with offices; where it lies.
struct Published {
  Published() {
    RunWorld world(17, 40);
    const Snapshot snapshot = world.snapshot(1);
    const Programme programme = open_programme();
    fs::create_directories(directory);
    RunSettings settings;
    settings.threads.count = 1;
    RunControl control;
    RunResult result;
    result.matches =
        match_everybody({snapshot, real_taxonomy(), programme, "rules", 20'600, directory, settings}, control).value();
    const std::size_t profiles = result.matches.header.ids.size();
    result.flags.assign(result.matches.entries.size(), kListed);
    for (std::size_t i = 0; i < profiles; ++i) result.sequences.push_back(100 + i);
    result.office_names = {"", "rome", "vienna"};
    result.offices.assign(profiles, 1);
    RunArchive archive(directory);
    manifest.programme = "open";
    REQUIRE(archive.publish(result, manifest, 3));
  }
  fs::path file(const char* name) const { return directory / "000001" / name; }
  Result<std::shared_ptr<const PublishedRun>> open() const { return RunArchive(directory).open("open-000001"); }

  TempFolder folder;
  fs::path directory = folder.path() / "open";
  RunManifest manifest;
};

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void write(const fs::path& file, std::string_view bytes) { std::ofstream(file, std::ios::binary) << bytes; }

}  // namespace

TEST_CASE("run archive: what was published is read, offices and sequences too", "[run_archive]") {
  const Published published;
  const auto run = published.open();
  REQUIRE(run);
  CHECK((*run)->sequence(3) == 103);
  CHECK((*run)->office(0) == "rome");
  CHECK((*run)->manifest().result_hash == published.manifest.result_hash);
}

TEST_CASE("run archive: no byte of a published run can change unnoticed", "[run_archive]") {
  const Published published;
  const char* name = GENERATE("matches", "manifest.json");
  const fs::path file = published.file(name);
  const std::string whole = read(file);
  REQUIRE(whole.size() > 500);
  std::size_t unnoticed = 0;
  for (std::size_t at = 0; at < whole.size(); at += 7) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    write(file, changed);
    if (const auto run = published.open()) ++unnoticed;
  }
  CHECK(unnoticed == 0);
  write(file, std::string_view(whole).substr(0, whole.size() - 1));
  CHECK_FALSE(published.open());
  write(file, whole);
  CHECK(published.open());
}

TEST_CASE("run archive: a manifest that lost its seal is damaged, one of a newer format is said to be", "[run_archive]") {
  const Published published;
  const fs::path file = published.file("manifest.json");
  const std::string whole = read(file), json = whole.substr(0, whole.find('\n') + 1);
  write(file, json);
  REQUIRE_FALSE(published.open());
  CHECK(published.open().error().code == ErrorCode::kCorrupt);
  std::string newer = json;
  newer.replace(newer.find("\"format\":2"), 10, "\"format\":3");
  write(file, seal_text(newer));
  REQUIRE_FALSE(published.open());
  CHECK(published.open().error().code == ErrorCode::kUnsupported);
}

TEST_CASE("run archive: a run of the older format is still read", "[run_archive]") {
  const Published published;
  RunManifest old = published.manifest;
  old.format = 1;
  old.file_hash.clear();
  write(published.file("manifest.json"), to_json(old));
  std::string matches = read(published.file("matches"));
  matches.replace(0, 16, "counterpart-run1");
  write(published.file("matches"), matches);
  REQUIRE(published.open());
  CHECK((*published.open())->office(0) == "rome");
  // What its hash covers is checked as it always was.
  matches.back() = static_cast<char>(matches.back() ^ 1);
  matches[matches.size() / 2] = static_cast<char>(matches[matches.size() / 2] ^ 1);
  write(published.file("matches"), matches);
  CHECK_FALSE(published.open());
}
