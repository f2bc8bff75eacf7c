// Each kill point of index/base/kill_point.h is visited: a child works at everything that a data directory sees, and ends there
// by SIGKILL. Then the directory must open, hold what was acknowledged and nothing that nobody wrote, and agree with its
// indexes; backups must be whole or not there, and so must what was being restored. The next child works on in the same
// directory. Usage: kill_points [rounds] [name]
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>

#include "index/backup/backup.h"
#include "index/base/files.h"
#include "index/base/kill_point.h"
#include "index/erasure/erasures.h"
#include "index/import/importer.h"
#include "index/run/run_archive.h"
#include "index/run/run_proposals.h"
#include "index/snapshot/publisher.h"
#include "index/standing/standing_check.h"
#include "index/standing/standing_queries.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;
namespace fs = std::filesystem;

namespace {

constexpr int kWritten = 60;                           // profiles of the writer
constexpr int kImported = 200, kManyImported = 5'000;  // many: more than a new base of the snapshot takes

struct Desk {
  explicit Desk(const fs::path& data) {
    programmes["open"].slug = "open";
    auto opened = Store::open(data);
    if (!opened) failed = opened.error();
    if (failed) return;
    store = std::move(*opened);
    auto queries = StandingQueries::open(*store, real_taxonomy(), programmes, embedder);
    if (!queries) failed = queries.error();
    if (failed) return;
    standing = std::move(*queries);
    auto publishing = Publisher::open(*store, real_taxonomy(), embedder);
    if (!publishing) failed = publishing.error();
    if (failed) return;
    publisher = std::move(*publishing);
    auto erasing = Erasures::open(
        *store,
        {[this] { return save(); }, [this](const std::string& id) { return publisher->current()->find(id).has_value(); }});
    if (!erasing)
      failed = erasing.error();
    else
      erasures = std::move(*erasing);
  }
  std::optional<Error> failed;
  FakeEmbedder embedder;
  Programmes programmes;
  std::unique_ptr<Store> store;
  std::unique_ptr<StandingQueries> standing;
  std::unique_ptr<Publisher> publisher;
  std::unique_ptr<Erasures> erasures;

  Status save() {
    if (!publisher->wait_for(store->sequence(), std::chrono::seconds(30)))
      return fail(ErrorCode::kUnavailable, "index", "has not followed");
    return publisher->save();
  }
};

std::string title_of(const std::string& id, std::uint64_t version) { return id + " at " + std::to_string(version); }

// What the child tells the parent through its standard output: "? ID VERSION" before a write, "! ID VERSION" when it is
// acknowledged, VERSION 0 for an erased one.
class Told {
 public:
  void say(char what, const std::string& id, std::uint64_t version) {
    const std::string line = std::string(1, what) + " " + id + " " + std::to_string(version) + "\n";
    const std::scoped_lock lock(mutex_);
    if (::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(3);
  }

 private:
  std::mutex mutex_;
};

void write_profiles(Desk& desk, Told& told, unsigned seed, bool vectors) {
  std::mt19937 random(seed);
  for (int i = 0; i < kWritten; ++i) {
    const std::string id = "w" + std::to_string(random() % kWritten);
    const auto stored = desk.store->get(id);
    Write write;
    write.profile.id = id;
    if (stored && random() % 5 == 0) {
      write.kind = Write::Kind::kErase;
      told.say('?', id, 0);
    } else {
      // Versions go on after an erase, so a number of the writer's own tells states apart.
      const std::uint64_t version = 1 + random() % 1'000'000;
      write.profile.title = title_of(id, version);
      write.profile.country = "KE";
      write.profile.offers = random() % 2 == 0 ? "solar pumps" : "legal advice";
      write.profile.contact.email = id + "@example.org";
      if (vectors) write.embedding = quantise(embed_faces(write.profile, desk.embedder), desk.embedder.model());
      told.say('?', id, version);
    }
    const bool erased = write.kind == Write::Kind::kErase;
    const std::string title = write.profile.title;
    if (!desk.store->write({&write, 1}).front()) _exit(4);
    told.say('!', id, erased ? 0 : std::stoull(title.substr(title.rfind(' ') + 1)));
  }
}

const std::string kErased = "w" + std::to_string(kWritten),
                  kErasedText = "a text of nobody else's, that is to go from every file";

// What is erased for good is gone from the first moment on, and from all files in the end.
void erase_one(Desk& desk, Told& told) {
  Write write;
  write.profile.id = kErased;
  write.profile.title = title_of(kErased, 1);
  write.profile.country = "KE";
  write.profile.offers = kErasedText;
  write.profile.contact.email = kErased + "@example.org";
  write.embedding = quantise(embed_faces(write.profile, desk.embedder), desk.embedder.model());
  told.say('?', kErased, 1);
  if (!desk.store->write({&write, 1}).front()) _exit(15);
  told.say('!', kErased, 1);
  write.kind = Write::Kind::kErase;
  told.say('?', kErased, 0);
  const auto receipt = desk.erasures->erase(
      {{kErased, write}}, [](const ErasedProfile&, const std::string&) { return true; }, "test");
  if (!receipt || !receipt->complete) _exit(16);
  told.say('!', kErased, 0);
}

void import_rows(Desk& desk, const fs::path& file) {
  if (!import_file(file, *desk.store, real_taxonomy(), desk.embedder, {.threads = 2})) _exit(5);
  if (!desk.publisher->wait_for(desk.store->sequence(), std::chrono::seconds(30))) _exit(5);
}

void match_all(Desk& desk, const fs::path& data) {
  const fs::path directory = RunArchive::directory_of(data, "open");
  fs::create_directories(directory);
  const auto snapshot = desk.publisher->current();
  RunSettings settings;
  settings.candidates = 16;
  settings.threads.count = 2;
  RunControl control;
  static int day = 20'600;  // another day is another run
  day += static_cast<int>(desk.store->sequence() % 100'000);
  auto matches =
      match_everybody({*snapshot, real_taxonomy(), desk.programmes.at("open"), "rules", day, directory, settings}, control);
  if (!matches) _exit(6);
  RunManifest manifest{.programme = "open", .settings = settings};
  manifest.today = matches->header.today;
  manifest.lists_key = matches->header.lists_key;
  manifest.result_key = matches->header.result_key;
  auto result = propose(std::move(*matches), *snapshot, desk.programmes.at("open"), real_taxonomy(), manifest.assignment);
  if (!result || !RunArchive(directory).publish(*result, manifest, 1)) _exit(7);
}

[[noreturn]] void work(const fs::path& folder, unsigned seed, std::string_view point) {
  const fs::path data = folder / "data";
  Desk desk(data);
  if (desk.failed) {
    std::cerr << describe(*desk.failed) << "\n";
    _exit(2);
  }
  Told told;
  StandingQuery query;
  query.text = "solar pumps";
  const auto added = desk.standing->add(query);
  if (!added) _exit(8);
  write_profiles(desk, told, seed, true);
  write_profiles(desk, told, seed + 1, false);  // the publisher makes these vectors
  import_rows(desk, folder / "rows.jsonl");
  if (point.starts_with("high-water"))
    std::this_thread::sleep_for(std::chrono::milliseconds(1200));  // it is synced once a second
  write_profiles(desk, told, seed + 2, true);
  if (!desk.publisher->wait_for(desk.store->sequence(), std::chrono::seconds(30)) || !desk.publisher->save()) _exit(9);
  for (int night = 0; night < 2; ++night) {
    match_all(desk, data);
    write_profiles(desk, told, seed + 3, true);
    desk.publisher->wait_for(desk.store->sequence(), std::chrono::seconds(30));
  }
  for (int i = 0; i < 2; ++i) {
    if (const auto done = make_backup(*desk.store, folder / "backups", 1); !done) {
      std::cerr << describe(done.error()) << "\n";
      _exit(10);
    }
    write_profiles(desk, told, seed + 4, true);
  }
  erase_one(desk, told);
  std::error_code ignored;
  fs::remove_all(folder / "restored", ignored);
  if (!restore_backup(folder / "backups", {}, folder / "restored")) _exit(11);
  if (!desk.standing->erase(added->query.id)) _exit(12);
  if (!desk.store->purge() || !desk.publisher->save()) _exit(13);
  _exit(0);
}

struct Profiles {
  std::map<std::string, std::set<std::uint64_t>> allowed;  // 0: not there
};

// Reads what the child tells until it ends; true: by SIGKILL.
bool child_died(const fs::path& folder, const std::string& point, unsigned seed, Profiles& profiles, int& status) {
  int ends[2];
  if (::pipe(ends) != 0) return false;
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::setenv("COUNTERPART_KILL_AT", point.c_str(), 1);
    ::execl("/proc/self/exe", "kill_points", "--work", folder.c_str(), std::to_string(seed).c_str(),
            static_cast<char*>(nullptr));
    _exit(14);
  }
  ::close(ends[1]);
  std::string text;
  char bytes[4096];
  for (ssize_t count = 0; (count = ::read(ends[0], bytes, sizeof bytes)) > 0;)
    text.append(bytes, static_cast<std::size_t>(count));
  ::close(ends[0]);
  ::waitpid(child, &status, 0);
  std::istringstream lines(text);
  char what = 0;
  std::string id;
  for (std::uint64_t version = 0; lines >> what >> id >> version;) {
    auto& allowed = profiles.allowed[id];
    if (allowed.empty()) allowed.insert(0);
    if (what == '!') allowed.clear();
    allowed.insert(version);
  }
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

bool complain(const std::string& what) {
  std::cerr << "kill_points: " << what << '\n';
  return false;
}

bool profiles_right(const Store& store, Profiles& profiles) {
  std::map<std::string, std::uint64_t> found;
  std::string wrong;
  const Status walked = store.for_each(true, [&](const StoredProfile& stored, const auto&) {
    const std::string &id = stored.profile.id, &title = stored.profile.title;
    if (id.front() == 'w') {
      found[id] = std::stoull(title.substr(title.rfind(' ') + 1));
      if (title != title_of(id, found[id]) || stored.profile.contact.email != id + "@example.org") wrong = id + " is mixed up";
    } else if (id.front() != 'i' || !title.starts_with("Row")) {
      wrong = id + " was written by nobody";
    }
    return wrong.empty();
  });
  if (!walked) return complain(describe(walked.error()));
  if (!wrong.empty()) return complain(wrong);
  for (auto& [id, allowed] : profiles.allowed) {
    const std::uint64_t here = found.contains(id) ? found.at(id) : 0;
    if (!allowed.contains(here))
      return complain(id + " is at " + std::to_string(here) + ", which is not what was acknowledged");
    allowed = {here};
    found.erase(id);
  }
  return found.empty() || complain(found.begin()->first + " was written by nobody");
}

bool erasures_right(Desk& desk, const fs::path& data) {
  if (const Status finished = desk.erasures->finish(); !finished)
    return complain("an erasure does not end: " + describe(finished.error()));
  if (desk.erasures->pending() != 0) return complain("an erasure is counted that there is none of");
  if (desk.store->get(kErased)) return true;
  for (const auto& entry : fs::recursive_directory_iterator(data))
    if (entry.is_regular_file() && read_file(entry.path()).value_or("").find(kErasedText) != std::string::npos)
      return complain(entry.path().string() + " holds what was erased");
  return true;
}

bool copies_right(const fs::path& folder) {
  if (fs::exists(folder / "backups" / "backups")) {
    const auto listed = list_backups(folder / "backups");
    if (!listed) return complain(describe(listed.error()));
    for (const ListedBackup& one : *listed)
      if (!one.manifest) return complain("backup " + one.name + ": " + describe(one.manifest.error()));
    fs::remove_all(folder / "checked");
    if (!listed->empty())
      if (const auto restored = restore_backup(folder / "backups", {}, folder / "checked"); !restored)
        return complain(describe(restored.error()));
  }
  if (!fs::exists(folder / "restored")) return true;
  const auto restored = Store::open(folder / "restored");
  return restored && (*restored)->size() > 0 ? true : complain("what was restored is not whole");
}

bool all_right(const fs::path& folder, Profiles& profiles) {
  const fs::path data = folder / "data";
  Desk desk(data);
  if (desk.failed) return complain("it does not open: " + describe(*desk.failed));
  if (!profiles_right(*desk.store, profiles)) return false;
  // Vectors that were still to come are made now.
  for (int i = 0; i < 300 && desk.publisher->awaiting_embedding() > 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const auto report = desk.publisher->verify().and_then(
      [&](const VerifyReport& indexes) { return check_standing(desk.store->database(), indexes); });
  if (!report) return complain(describe(report.error()));
  if (report->difference_count > 0) return complain("verify: " + report->differences.front());
  const auto audit = desk.store->audit().verify();
  if (!audit || audit->broken_at != 0) return complain("the audit log is broken");
  const RunArchive archive(RunArchive::directory_of(data, "open"));
  for (const RunManifest& run : archive.list())
    if (const auto opened = archive.open(run.id); !opened) return complain(describe(opened.error()));
  if (const std::string newest = archive.newest_id(); !newest.empty() && !archive.open(newest))
    return complain("the newest run is damaged");
  const auto run = desk.standing->match_all();
  if (!run || run->new_alerts + run->withdrawn != 0) return complain("a standing query was not told of all");
  if (!erasures_right(desk, data)) return false;
  desk.erasures.reset();
  desk.publisher.reset();
  desk.standing.reset();
  desk.store.reset();
  return copies_right(folder);
}

void put_rows(const fs::path& file, int round, int count) {
  std::ofstream out(file);
  for (int i = 0; i < count; ++i)
    out << R"({"id":"i)" << i << R"(","kind":"company","country":"UG","title":"Row )" << i << R"(","offers":"row )" << i
        << " of " << round << "\"}\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 3 && std::string(argv[1]) == "--work")
    work(argv[2], static_cast<unsigned>(std::atoi(argv[3])), std::getenv("COUNTERPART_KILL_AT"));
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 1;
  const std::string only = argc > 2 ? argv[2] : "";
  int kills = 0, files = 0;
  for (int round = 0; round < rounds; ++round) {
    const TempFolder folder;
    Profiles profiles;
    unsigned seed = static_cast<unsigned>(round) * 1000;
    for (const std::string_view point : kKillPoints) {
      if (!only.empty() && only != point) continue;
      // Rows unlike the last ones: what an import finds unchanged it does not write.
      const auto new_rows = [&] {
        put_rows(folder.path() / "rows.jsonl", ++files, point.find("new base") != point.npos ? kManyImported : kImported);
      };
      new_rows();
      int status = 0;
      // Later rounds end at later visits, where there are some.
      const int visit = 1 + round % 4;
      bool died = child_died(folder.path(), std::string(point) + "#" + std::to_string(visit), ++seed, profiles, status);
      if (!died && visit > 1 && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        new_rows();
        died = child_died(folder.path(), std::string(point), ++seed, profiles, status);
      }
      if (!died) {
        complain("`" + std::string(point) + "` was not visited; the child ended with " + std::to_string(status));
        return 1;
      }
      ++kills;
      if (!all_right(folder.path(), profiles)) {
        complain("after `" + std::string(point) + "`");
        return 1;
      }
    }
  }
  std::cout << "RESULT kill_points | " << kills << " kills at " << kKillPoints.size()
            << " points | nothing acknowledged lost, nothing unasked there, indexes, runs, alerts and backups whole\n";
  return 0;
}
