// An erasure has one truth: gone from the batch on, told to be pending while files still hold it, and whole in the end.
#include "index/erasure/erasures.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "index/backup/backup.h"
#include "index/backup/backup_files.h"
#include "index/base/files.h"
#include "index/store/store_files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

namespace fs = std::filesystem;

const std::string kText = "hydraulic ram pumps with xylophonic valves of a rare make";

Write put(const std::string& id, const std::string& offers = "pumps") {
  Write write;
  write.profile.id = id;
  write.profile.title = "Pumps";
  write.profile.country = "KE";
  write.profile.office = "rome";
  write.profile.offers = offers;
  return write;
}

Erasures::Asked asked(const std::string& id) {
  Write write;
  write.kind = Write::Kind::kErase;
  write.profile.id = id;
  return {id, write};
}

struct Place {
  explicit Place(const fs::path& where = {}) : data(where.empty() ? folder.path() / "data" : where) { open(); }
  void open() {
    erasures.reset();
    store.reset();
    store = Store::open(data).value();
    erasures =
        Erasures::open(*store, {[this] { return saving; }, [this](const std::string& id) { return indexed == id; }}).value();
  }
  void write(Write one) { REQUIRE(store->write({&one, 1}).front()); }
  Result<ErasureReceipt> erase(const std::vector<Erasures::Asked>& ids, bool may_repeat = true) {
    return erasures->erase(
        ids, [=](const ErasedProfile&, const std::string&) { return may_repeat; }, "somebody");
  }
  bool in_a_file(const std::string& bytes) const {
    for (const auto& entry : fs::recursive_directory_iterator(data))
      if (entry.is_regular_file() && read_file(entry.path()).value().find(bytes) != std::string::npos) return true;
    return false;
  }
  TempFolder folder;
  fs::path data;
  Status saving;        // what saving the index comes to
  std::string indexed;  // by what was saved
  std::unique_ptr<Store> store;
  std::unique_ptr<Erasures> erasures;
};

// Would another process be kept away? Asked by one, for the system tells nobody of its own locks.
bool is_locked(const fs::path& data) {
  const pid_t child = ::fork();
  if (child == 0) {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    const int file = ::open((data / "store/LOCK").c_str(), O_RDWR | O_CLOEXEC);
    ::_exit(file >= 0 && ::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? 0 : 1);
  }
  int status = 1;
  return child > 0 && ::waitpid(child, &status, 0) == child && status == 0;
}

std::string verdict_on(const ErasureReceipt& receipt, std::string_view place) {
  for (const ErasurePlace& one : receipt.places)
    if (one.place.find(place) != std::string::npos) return one.verdict;
  return "not named";
}

}  // namespace

TEST_CASE("erasures: what was erased stands in no file, and the receipt is given again", "[erasure]") {
  Place place;
  place.write(put("a", kText));
  place.write(put("b"));
  CHECK(place.in_a_file(kText));
  const auto receipt = place.erase({asked("a")}).value();
  CHECK(receipt.complete);
  CHECK_FALSE(receipt.pending);
  CHECK(receipt.files > 0);
  CHECK_FALSE(place.in_a_file(kText));
  CHECK_FALSE(place.store->get("a"));
  CHECK(place.store->get("b"));
  place.open();
  const auto again = place.erase({asked("a")}).value();
  CHECK(again.complete);
  CHECK(again.at == receipt.at);
  CHECK(again.places.size() == receipt.places.size());
  CHECK(place.erase({asked("a")}, false).error().code == ErrorCode::kNotFound);
  CHECK(place.erase({asked("never")}).error().code == ErrorCode::kNotFound);
}

TEST_CASE("erasures: whoever has the directory open keeps it, after an erasure too", "[erasure]") {
  Place place;
  place.write(put("a", kText));
  CHECK(is_locked(place.data));
  REQUIRE(place.erase({asked("a")}).value().complete);
  CHECK(is_locked(place.data));
}

TEST_CASE("erasures: one that cannot go on says so, is known after a restart, and ends in the receipt", "[erasure]") {
  Place place;
  place.write(put("a", kText));
  place.saving = fail(ErrorCode::kStorage, "index", "no space left");
  const auto stuck = place.erase({asked("a")}).value();
  CHECK_FALSE(stuck.complete);
  REQUIRE(stuck.pending);
  CHECK(stuck.pending->code == ErrorCode::kStorage);
  CHECK_FALSE(place.store->get("a"));
  CHECK(place.erasures->pending() == 1);
  CHECK(place.erase({asked("a")})->pending);
  place.open();
  CHECK(place.erasures->pending() == 1);
  place.saving = {};
  const auto receipt = place.erase({asked("a")}).value();
  CHECK(receipt.complete);
  CHECK(place.erasures->pending() == 0);
  CHECK_FALSE(place.in_a_file(kText));
}

TEST_CASE("erasures: those that wait go on by themselves", "[erasure]") {
  Place place;
  place.write(put("a", kText));
  place.saving = fail(ErrorCode::kStorage, "index", "no space left");
  REQUIRE(place.erase({asked("a")})->pending);
  place.saving = {};
  place.open();
  place.erasures->start();
  for (int i = 0; i < 1000 && place.erasures->pending() > 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK(place.erasures->pending() == 0);
  CHECK_FALSE(place.in_a_file(kText));
}

TEST_CASE("erasures: beside a backup one waits, for the copies hold the text", "[erasure]") {
  Place place;
  place.write(put("a", kText));
  {
    const auto backup = FolderLock::take(place.data / kBackupStage);
    REQUIRE(backup);
    fs::copy(place.data / "store", place.data / kBackupStage / "store");
    const auto waiting = place.erase({asked("a")}).value();
    CHECK_FALSE(waiting.complete);
    REQUIRE(waiting.pending);
    CHECK(waiting.pending->message.find("backup") != std::string::npos);
  }
  CHECK(place.erase({asked("a")})->complete);
  CHECK_FALSE(place.in_a_file(kText));
}

TEST_CASE("erasures: an id that begins or ends another one's is no trace, nor is what others say", "[erasure]") {
  Place place;
  for (const char* id : {"n:1", "n:10", "xn:1", "n:1.a"}) place.write(put(id, kText));
  place.indexed = "n:10";
  const auto receipt = place.erase({asked("n:1")}).value();
  CHECK(receipt.complete);
  CHECK(verdict_on(receipt, "index") == "removed");
  place.indexed = "xn:1";  // the index still holds the very one
  CHECK_FALSE(place.erase({asked("xn:1")})->complete);
}

TEST_CASE("erasures: a text in a file that is not ours keeps one open, and the place is named", "[erasure]") {
  Place place;
  place.write(put("a", kText));
  std::ofstream(place.data / "notes.txt") << kText;
  const auto open = place.erase({asked("a")}).value();
  CHECK_FALSE(open.complete);
  CHECK(open.pending->message.find("notes.txt") != std::string::npos);
  fs::remove(place.data / "notes.txt");
  CHECK(place.erase({asked("a")})->complete);
}

TEST_CASE("erasures: what a profile did before goes with it, and a trace of that keeps one open", "[erasure]") {
  Place place;
  Write write = put("a");
  write.profile.references = {{"Ice plant", kText, "KE", 2019, ""}};
  place.write(write);
  CHECK(place.in_a_file(kText));
  std::ofstream(place.data / "notes.txt") << kText;
  CHECK_FALSE(place.erase({asked("a")})->complete);
  fs::remove(place.data / "notes.txt");
  CHECK(place.erase({asked("a")})->complete);
  CHECK_FALSE(place.in_a_file(kText));
}

TEST_CASE("erasures: a profile that was merely removed is erased from the files too, and so is the next of its id",
          "[erasure]") {
  Place place;
  place.write(put("a", kText));
  place.write(*asked("a").write);
  CHECK(place.in_a_file(kText));
  CHECK(place.erase({asked("a")})->complete);
  CHECK_FALSE(place.in_a_file(kText));
  place.write(put("a", kText + " anew"));
  CHECK(place.erase({asked("a")})->complete);
  CHECK_FALSE(place.store->get("a"));
  CHECK_FALSE(place.in_a_file(kText));
}

TEST_CASE("erasures: several go together or not at all", "[erasure]") {
  Place place;
  place.write(put("a"));
  place.write(put("b"));
  Erasures::Asked refused = asked("b");
  refused.write->consent = [](const Present&) -> Status { return fail(ErrorCode::kForbidden, "id", "no"); };
  CHECK(place.erase({asked("a"), refused}).error().code == ErrorCode::kForbidden);
  CHECK(place.erase({asked("a"), asked("never")}).error().code == ErrorCode::kNotFound);
  CHECK(place.store->get("a"));
  CHECK(place.erasures->pending() == 0);
  CHECK(place.erase({asked("a"), asked("b")})->profiles == std::vector<std::string>{"a", "b"});
}

TEST_CASE("erasures: what it waits for is kept sealed, and goes in the end", "[erasure]") {
  Place place;
  Write write = put("a", kText);
  write.profile.contact.person = "Wilhelmina Quastenflosser";
  place.write(write);
  place.saving = fail(ErrorCode::kStorage, "index", "no space left");
  REQUIRE(place.erase({asked("a")})->pending);
  CHECK_FALSE(place.in_a_file("Quastenflosser"));
  std::size_t sealed = 0;
  const auto count = [&] {
    sealed = 0;
    for (const Family family : {Family::kContacts, Family::kKeys}) {
      Database::Cursor at(place.store->database(), family);
      for (at.first(); at.valid(); at.next()) ++sealed;
    }
    return sealed;
  };
  CHECK(count() == 2);
  place.saving = {};
  CHECK(place.erase({asked("a")})->complete);
  CHECK(count() == 0);
}
