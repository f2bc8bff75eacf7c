// Backups: consistent beside writers, restored to the same, and refused in any other shape.
#include "index/backup/backup.h"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <thread>

#include "index/backup/backup_files.h"
#include "index/base/files.h"
#include "index/store/store_files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;
namespace fs = std::filesystem;

namespace {

Write put(const std::string& id, const std::string& title = "Solar pumps") {
  Write write;
  write.profile.id = id;
  write.profile.title = title;
  write.profile.country = "KE";
  write.profile.contact.email = id + "@example.org";
  return write;
}

// Each other profile in a table, the rest in the log.
std::unique_ptr<Store> filled(const fs::path& data, int profiles) {
  auto store = Store::open(data).value();
  for (int i = 0; i < profiles; ++i) {
    Write write = put("p" + std::to_string(i), "Solar pumps " + std::string(200, 'x'));
    REQUIRE(store->write({&write, 1}).front());
    if (i == profiles / 2) REQUIRE(store->purge());
  }
  return store;
}

std::map<std::string, std::string> profiles_of(const Store& store) {
  std::map<std::string, std::string> found;
  REQUIRE(store.for_each(true, [&](const StoredProfile& stored, const auto&) {
    found[stored.profile.id] =
        stored.profile.title + " " + stored.profile.contact.email + " " + std::to_string(stored.sequence);
    return true;
  }));
  return found;
}

std::string read(const fs::path& file) { return read_file(file).value(); }
void write(const fs::path& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }

std::size_t count_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

Error refusal(const fs::path& backups, const fs::path& target) {
  const auto restored = restore_backup(backups, {}, target);
  REQUIRE_FALSE(restored);
  CHECK_FALSE(restored.error().message.empty());
  CHECK_FALSE(restored.error().remedy.empty());
  CHECK_FALSE(fs::exists(target));
  CHECK_FALSE(fs::exists(target.string() + ".restoring"));
  return restored.error();
}

BackupManifest some_manifest() {
  return {.name = "000007",
          .store_format = 2,
          .sequence = 12,
          .profiles = 3,
          .taken_at = "2026-01-02T03:04:05Z",
          .heads = sha256("heads"),
          .with_key = true,
          .files = {{"store/000012.sst", 100, sha256("a")}, {"FORMAT", 26, sha256("b")}}};
}

// As somebody would forge it: the hash at its end fits.
std::string sealed(const std::string& body) { return body + "sha256 " + sha256(body) + "\n"; }
std::string forged(const std::string& from, const std::string& to) {
  std::string text = to_text(some_manifest());
  text.resize(text.rfind("sha256 "));
  const std::size_t at = text.find(from);
  REQUIRE(at != text.npos);
  return sealed(text.replace(at, from.size(), to));
}

}  // namespace

TEST_CASE("backup: what is restored holds the same profiles, private members too", "[backup]") {
  const TempFolder folder;
  const auto store = filled(folder.path() / "data", 20);
  const auto done = make_backup(*store, folder.path() / "backups");
  REQUIRE(done);
  CHECK(done->manifest.name == "000001");
  CHECK(done->manifest.sequence == 20);
  CHECK(done->manifest.profiles == 20);
  CHECK(done->copied == done->bytes);
  CHECK_FALSE(fs::exists(folder.path() / "data" / kBackupStage));
  CHECK_FALSE(fs::exists(folder.path() / "backups" / "trial"));

  const auto restored = restore_backup(folder.path() / "backups", {}, folder.path() / "new");
  REQUIRE(restored);
  const auto again = Store::open(folder.path() / "new").value();
  CHECK(profiles_of(*again) == profiles_of(*store));
  CHECK(again->audit().verify().value().broken_at == 0);
  Write more = put("later");
  CHECK(again->write({&more, 1}).front().value().sequence == 21);
}

TEST_CASE("backup: published match runs are in it, a run at work is not", "[backup]") {
  const TempFolder folder;
  const auto store = filled(folder.path() / "data", 2);
  fs::create_directories(folder.path() / "data/runs/itpo/000001");
  fs::create_directories(folder.path() / "data/runs/itpo/publishing");
  write(folder.path() / "data/runs/itpo/000001/manifest.json", "{}");
  write(folder.path() / "data/runs/itpo/publishing/matches", "half");
  REQUIRE(make_backup(*store, folder.path() / "backups"));
  REQUIRE(restore_backup(folder.path() / "backups", {}, folder.path() / "new"));
  CHECK(read(folder.path() / "new/runs/itpo/000001/manifest.json") == "{}");
  CHECK_FALSE(fs::exists(folder.path() / "new/runs/itpo/publishing"));
}

TEST_CASE("backup: a second one shares the tables that did not change, and either can be restored", "[backup]") {
  const TempFolder folder;
  const auto backups = folder.path() / "backups";
  const auto store = filled(folder.path() / "data", 20);
  REQUIRE(make_backup(*store, backups));
  Write more = put("later");
  REQUIRE(store->write({&more, 1}).front());
  const auto second = make_backup(*store, backups);
  REQUIRE(second);
  CHECK(second->manifest.name == "000002");
  CHECK(second->copied < second->bytes);
  REQUIRE(list_backups(backups).value().size() == 2);
  REQUIRE(restore_backup(backups, "000001", folder.path() / "first"));
  CHECK(Store::open(folder.path() / "first").value()->size() == 20);
  REQUIRE(restore_backup(backups, {}, folder.path() / "second"));
  CHECK(Store::open(folder.path() / "second").value()->size() == 21);
}

TEST_CASE("backup: of those kept the newest stay, and no content that nobody names", "[backup]") {
  const TempFolder folder;
  const auto backups = folder.path() / "backups";
  const auto store = filled(folder.path() / "data", 4);
  for (int i = 0; i < 4; ++i) {
    Write more = put("later" + std::to_string(i));
    REQUIRE(store->write({&more, 1}).front());
    REQUIRE(store->purge());
    REQUIRE(make_backup(*store, backups, 2));
  }
  const auto listed = list_backups(backups).value();
  REQUIRE(listed.size() == 2);
  CHECK(listed.front().name == "000003");
  std::map<std::string, bool> named;
  for (const ListedBackup& one : listed)
    for (const BackupFile& file : one.manifest.value().files) named[file.sha256] = true;
  CHECK(count_in(backups / "files") == named.size());
  CHECK(restore_backup(backups, "000003", folder.path() / "new"));
}

TEST_CASE("backup: taken beside writers it is one moment, without a gap before it", "[backup]") {
  const TempFolder folder;
  const auto store = filled(folder.path() / "data", 1);
  std::atomic<bool> stop{false};
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 3; ++writer)
    writers.emplace_back([&, writer] {
      for (int i = 0; !stop; ++i) {
        Write one = put("w" + std::to_string(writer) + "-" + std::to_string(i));
        if (!store->write({&one, 1}).front()) std::abort();
      }
    });
  std::vector<BackupManifest> made;
  for (int i = 0; i < 4; ++i) made.push_back(make_backup(*store, folder.path() / "backups").value().manifest);
  stop = true;
  for (std::thread& writer : writers) writer.join();
  CHECK(made.front().sequence < made.back().sequence);
  for (const BackupManifest& manifest : made) {
    const auto target = folder.path() / ("new" + manifest.name);
    REQUIRE(restore_backup(folder.path() / "backups", manifest.name, target));
    const auto again = Store::open(target).value();
    CHECK(again->sequence() == manifest.sequence);
    // Every change made a profile of its own, so that one without the other would show.
    std::uint64_t expected = 0;
    const std::vector<Change> changes = again->changes(0, 1'000'000).value();
    for (const Change& change : changes) CHECK(change.sequence == ++expected);
    CHECK(expected == manifest.sequence);
    CHECK(profiles_of(*again).size() == manifest.profiles);
  }
}

TEST_CASE("backup: a folder in the data directory or without a whole path is refused", "[backup]") {
  const TempFolder folder;
  const auto store = filled(folder.path() / "data", 1);
  CHECK(make_backup(*store, "backups").error().code == ErrorCode::kInvalid);
  CHECK(make_backup(*store, folder.path() / "data" / "backups").error().code == ErrorCode::kInvalid);
  CHECK(make_backup(*store, folder.path() / "data" / ".." / "data" / "x").error().code == ErrorCode::kInvalid);
}

TEST_CASE("backup: one at a time in a folder", "[backup]") {
  const TempFolder folder;
  const auto store = filled(folder.path() / "data", 1);
  const auto lock = FolderLock::take(folder.path() / "backups");
  REQUIRE(lock);
  CHECK(make_backup(*store, folder.path() / "backups").error().code == ErrorCode::kConflict);
}

TEST_CASE("backup: what a crash left of one in the data directory goes when the store is opened", "[backup]") {
  const TempFolder folder;
  filled(folder.path() / "data", 1).reset();
  fs::create_directories(folder.path() / "data" / kBackupStage / "store");
  REQUIRE(Store::open(folder.path() / "data"));
  CHECK_FALSE(fs::exists(folder.path() / "data" / kBackupStage));
}

TEST_CASE("backup: a damaged content that a new backup would share is replaced", "[backup]") {
  const TempFolder folder;
  const auto backups = folder.path() / "backups";
  const auto store = filled(folder.path() / "data", 20);
  const auto first = make_backup(*store, backups).value().manifest;
  for (const BackupFile& file : first.files) write(backups / "files" / file.sha256, "damaged");
  REQUIRE(make_backup(*store, backups));
  CHECK(restore_backup(backups, {}, folder.path() / "new"));
}

TEST_CASE("restore: a flipped bit in any file is refused by the file's name", "[backup]") {
  const TempFolder folder;
  const auto backups = folder.path() / "backups";
  const auto manifest = make_backup(*filled(folder.path() / "data", 6), backups).value().manifest;
  REQUIRE(manifest.files.size() >= 7);
  for (const BackupFile& file : manifest.files) {
    if (file.size == 0) continue;
    const fs::path stored = backups / "files" / file.sha256;
    const std::string before = read(stored);
    for (const std::size_t at : {std::size_t{0}, before.size() / 2, before.size() - 1}) {
      std::string changed = before;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      write(stored, changed);
      const Error error = refusal(backups, folder.path() / "new");
      CHECK(error.code == ErrorCode::kCorrupt);
      // Files of equal content share one.
      CHECK(std::ranges::any_of(
          manifest.files, [&](const BackupFile& other) { return other.sha256 == file.sha256 && other.path == error.place; }));
    }
    write(stored, before.substr(0, before.size() - 1));
    CHECK(refusal(backups, folder.path() / "new").code == ErrorCode::kCorrupt);
    fs::remove(stored);
    CHECK(refusal(backups, folder.path() / "new").message.find("missing") != std::string::npos);
    write(stored, before);
  }
  write(backups / "files" / "something else", "that no backup names");
  CHECK(restore_backup(backups, {}, folder.path() / "new"));
}

TEST_CASE("restore: a manifest that was changed, cut short or put under another name is refused", "[backup]") {
  const TempFolder folder;
  const auto backups = folder.path() / "backups";
  make_backup(*filled(folder.path() / "data", 2), backups).value();
  const fs::path file = backups / "backups" / "000001.manifest";
  const std::string before = read(file);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, before.size() / 2, before.size() - 1}) {
    write(file, before.substr(0, size));
    CHECK(refusal(backups, folder.path() / "new").code == ErrorCode::kCorrupt);
  }
  write(file, before);
  fs::rename(file, backups / "backups" / "000009.manifest");
  CHECK(refusal(backups, folder.path() / "new").code == ErrorCode::kCorrupt);
  CHECK_FALSE(list_backups(backups).value().front().manifest);
}

TEST_CASE("restore: a directory that holds something is never touched", "[backup]") {
  const TempFolder folder;
  const auto backups = folder.path() / "backups";
  const auto store = filled(folder.path() / "data", 2);
  REQUIRE(make_backup(*store, backups));
  const auto before = profiles_of(*store);
  CHECK(restore_backup(backups, {}, folder.path() / "data").error().code == ErrorCode::kConflict);
  CHECK(profiles_of(*store) == before);
  folder.file("file", "mine");
  CHECK(restore_backup(backups, {}, folder.path() / "file").error().code == ErrorCode::kConflict);
  fs::create_symlink(folder.path() / "nowhere", folder.path() / "link");
  CHECK(restore_backup(backups, {}, folder.path() / "link").error().code == ErrorCode::kConflict);
  fs::create_directory(folder.path() / "empty");
  CHECK(restore_backup(backups, {}, folder.path() / "empty"));
}

TEST_CASE("restore: what an earlier one left when it was killed is no obstacle", "[backup]") {
  const TempFolder folder;
  const auto backups = folder.path() / "backups";
  REQUIRE(make_backup(*filled(folder.path() / "data", 2), backups));
  fs::create_directories(folder.path() / "new.restoring" / "store");
  folder.file("new.restoring/store/CURRENT", "half");
  REQUIRE(restore_backup(backups, {}, folder.path() / "new"));
  CHECK(Store::open(folder.path() / "new").value()->size() == 2);
}

TEST_CASE("restore: without the master key a backup of a directory whose key lies elsewhere says so", "[backup]") {
  const TempFolder folder;
  const auto backups = folder.path() / "backups";
  {
    const auto store = Store::open(folder.path() / "data", folder.path() / "key").value();
    Write one = put("p1");
    REQUIRE(store->write({&one, 1}).front());
    const auto done = make_backup(*store, backups);
    REQUIRE(done);
    CHECK_FALSE(done->manifest.with_key);
    for (const BackupFile& file : done->manifest.files) CHECK(file.path != "MASTER-KEY");
  }
  CHECK(refusal(backups, folder.path() / "new").code == ErrorCode::kCorrupt);
  CHECK(restore_backup(backups, {}, folder.path() / "new", folder.path() / "key"));
}

TEST_CASE("backup manifest: what is written is read back", "[backup]") {
  const BackupManifest before = some_manifest();
  const BackupManifest after = parse_backup_manifest(to_text(before)).value();
  CHECK(after.name == before.name);
  CHECK(after.sequence == before.sequence);
  CHECK(after.heads == before.heads);
  REQUIRE(after.files.size() == 2);
  CHECK(after.files.front().path == "store/000012.sst");
  CHECK(bytes_of(after) == 126);
}

TEST_CASE("backup manifest: forged paths, sizes and names are refused though its hash fits", "[backup]") {
  REQUIRE(parse_backup_manifest(forged("FORMAT", "OTHER")));
  for (const char* path : {"../FORMAT", "/etc/passwd", "a/../../b", ".", "..", "", "a//b", "a/", "a b", "a\\\\b",
                           "store/000012.sst", "store/000012.sst/x", "store"}) {
    INFO(path);
    const auto parsed = parse_backup_manifest(forged("FORMAT", path));
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == ErrorCode::kCorrupt);
  }
  CHECK_FALSE(parse_backup_manifest(forged("FORMAT", std::string(256, 'a'))));
  for (const char* size : {"-1", "1.5", "18446744073709551615", "1125899906842625", "\"26\"", "null"}) {
    INFO(size);
    CHECK_FALSE(parse_backup_manifest(forged("\"size\":26", std::string("\"size\":") + size)));
  }
  CHECK_FALSE(parse_backup_manifest(forged("\"000007\"", "\"../7\"")));
  CHECK_FALSE(parse_backup_manifest(forged("\"files\"", "\"other\"")));
  CHECK(parse_backup_manifest(forged("\"format\":1", "\"format\":2")).error().code == ErrorCode::kUnsupported);
  CHECK_FALSE(parse_backup_manifest(sealed("[]\n")));
  CHECK_FALSE(parse_backup_manifest(sealed("{\n")));
}
