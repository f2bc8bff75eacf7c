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
#include "index/casework/case_store.h"
#include "index/erasure/erasures.h"
#include "index/import/importer.h"
#include "index/run/run_archive.h"
#include "index/run/run_proposals.h"
#include "index/snapshot/publisher.h"
#include "index/standing/standing_check.h"
#include "index/standing/standing_queries.h"
#include "tests/engine/casework/network.h"
#include "tests/index/network/office.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;
namespace fs = std::filesystem;

namespace {

const std::int64_t kNow = utc("2026-11-26", 10);       // of all casework
constexpr int kWritten = 60;                           // profiles of the writer
constexpr int kImported = 200, kManyImported = 5'000;  // many: more than a new base of the snapshot takes

struct Workplace {
  explicit Workplace(const fs::path& data) {
    programmes["open"].slug = "open";
    auto opened = Store::open(data);
    if (!opened) failed = opened.error();
    if (failed) return;
    store = std::move(*opened);
    auto queries = StandingQueries::open(*store, real_taxonomy(), programmes, embedder);
    if (!queries) failed = queries.error();
    if (failed) return;
    standing = std::move(*queries);
    auto casework = CaseStore::open(*store, clocks_of(shipped_world()), {}, kNow);
    if (!casework) failed = casework.error();
    if (failed) return;
    cases = std::move(*casework);
    auto publishing = Publisher::open(*store, real_taxonomy(), embedder);
    if (!publishing) failed = publishing.error();
    if (failed) return;
    publisher = std::move(*publishing);
    auto erasing = Erasures::open(*store, {[this] { return save(); },
                                           [this](const std::string& id) { return publisher->current()->find(id).has_value(); },
                                           [this] { return cases->clear_spool(); }});
    if (!erasing)
      failed = erasing.error();
    else
      erasures = std::move(*erasing);
    ledger = std::make_unique<Ledger>(*store);
  }
  std::optional<Error> failed;
  FakeEmbedder embedder;
  Programmes programmes;
  std::unique_ptr<Store> store;
  std::unique_ptr<StandingQueries> standing;
  std::unique_ptr<CaseStore> cases;
  std::unique_ptr<Publisher> publisher;
  std::unique_ptr<Erasures> erasures;
  std::unique_ptr<Ledger> ledger;

  Receiving receiving() const {
    return {*store, *erasures, real_taxonomy(), embedder, [this] { return save(); }};
  }
  Status save() const {
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

void write_profiles(Workplace& desk, Told& told, unsigned seed, bool vectors) {
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

// What is written first of a profile, and told.
Write write_first(Workplace& desk, Told& told, const std::string& id, const std::string& office, const std::string& offers,
                  int failed) {
  Write write;
  write.profile.id = id;
  write.profile.title = title_of(id, 1);
  write.profile.country = "KE";
  write.profile.office = office;
  write.profile.offers = offers;
  write.profile.contact.email = id + "@example.org";
  write.embedding = quantise(embed_faces(write.profile, desk.embedder), desk.embedder.model());
  told.say('?', id, 1);
  if (!desk.store->write({&write, 1}).front()) _exit(failed);
  told.say('!', id, 1);
  return write;
}

// What is erased for good is gone from the first moment on, and from all files in the end.
void erase_one(Workplace& desk, Told& told) {
  Write write = write_first(desk, told, kErased, {}, kErasedText, 15);
  write.kind = Write::Kind::kErase;
  told.say('?', kErased, 0);
  const auto receipt = desk.erasures->erase(
      {{kErased, write}}, [](const ErasedProfile&, const std::string&) { return true; }, "test");
  if (!receipt || !receipt->complete) _exit(16);
  told.say('!', kErased, 0);
}

const std::string kAsking = "w" + std::to_string(kWritten + 1), kAnswering = "w" + std::to_string(kWritten + 2),
                  kStaying = "w" + std::to_string(kWritten + 3);

void put_side(Workplace& desk, Told& told, const std::string& id, const std::string& office) {
  write_first(desk, told, id, office, {}, 17);
}

// An act, told with the number of acts that the cases then have: its own, and those that it opens.
std::vector<std::string> act_on(Workplace& desk, Told& told, const ActRequest& request) {
  const auto seen = desk.cases->preview(request, kNow);
  if (!seen) _exit(18);
  std::map<std::string, std::uint64_t> acts{{seen->after.id, seen->after.log.size()}};
  for (const std::string& other : seen->others) acts[other] = 1;
  for (const auto& [id, count] : acts) told.say('?', id, count);
  if (!desk.cases->act(request, kNow)) _exit(18);
  for (const auto& [id, count] : acts) told.say('!', id, count);
  std::vector<std::string> ids{seen->after.id};
  ids.insert(ids.end(), seen->others.begin(), seen->others.end());
  return ids;
}

// What the server's spool makes of the letters that wait: one file of all of them, though the first one is there already.
void send_letters(Workplace& desk, const fs::path& data) {
  const auto letters = desk.cases->letters_to_send(utc("2026-12-07", 10), 100);
  if (!letters) _exit(22);
  std::set<std::uint64_t> there;
  for (const char* part : {"new", "cur"}) {
    const auto files = spooled_files(data / kSpool, part);
    if (!files) _exit(22);
    for (const SpooledFile& one : *files) there.insert(one.letters.begin(), one.letters.end());
  }
  std::vector<std::uint64_t> leaving;
  std::vector<Delivery> sent;
  for (const StoredLetter& letter : *letters) {
    if (!there.contains(letter.number)) leaving.push_back(letter.number);
    sent.push_back({letter.number, Delivery::Outcome::kSent, {}});
  }
  if (!leaving.empty()) {
    for (const char* part : {"tmp", "new"}) fs::create_directories(data / kSpool / part);
    const std::string name = spool_name(leaving);
    AtomicFile file(data / kSpool / "tmp" / name);
    file.write("letters");
    if (!file.finish()) _exit(22);
    fs::rename(data / kSpool / "tmp" / name, data / kSpool / "new" / name);
  }
  if (!desk.cases->delivered(sent, kNow)) _exit(22);
}

// An interest is asked, looked after by the clock and answered; then one of its sides is erased, with all that was said.
// Another one stays, and a letter about it lies in one file with letters that go.
void work_on_cases(Workplace& desk, Told& told, const fs::path& data) {
  DirectoryChange change;
  for (const Office& office : three_offices()) change.offices.push_back({office.id, office});
  for (const Desk& one : their_desks()) change.desks.push_back({one.id, one});
  if (!desk.cases->change_offices(change, "test", kNow)) _exit(19);
  put_side(desk, told, kAsking, "dakar");
  put_side(desk, told, kAnswering, "riyadh");
  put_side(desk, told, kStaying, "vienna");
  const auto staying = desk.cases->list({.profile = kStaying}, {}, 10);
  if (!staying) _exit(20);
  if (staying->empty()) {
    ActRequest asking;
    asking.opens = NewCase{.kind = "interest", .programme = "itpo", .from = kStaying, .to = kAnswering};
    asking.desk = "maier";
    asking.verb = "send";
    asking.said = cooperation_wanted();
    act_on(desk, told, asking);
  } else if (staying->size() == 1) {
    ActRequest reminding;
    reminding.case_id = staying->front().id;
    reminding.desk = "maier";
    reminding.verb = "remind";
    act_on(desk, told, reminding);
  } else {
    _exit(20);
  }
  const auto open = desk.cases->list({.profile = kAsking, .open = true}, {}, 10);
  if (!open) _exit(20);
  if (open->empty()) {
    ActRequest asking;
    asking.opens = NewCase{.kind = "interest", .programme = "itpo", .from = kAsking, .to = kAnswering};
    asking.desk = "awa";
    asking.verb = "send";
    asking.said = cooperation_wanted();
    const std::string interest = act_on(desk, told, asking).front();
    if (!desk.cases->tick(utc("2026-12-06", 10))) _exit(21);  // it is reminded of
    ActRequest answering;
    answering.case_id = interest;
    answering.desk = "omar";
    answering.verb = "accept";
    act_on(desk, told, answering);
  }
  send_letters(desk, data);
  const auto involved = desk.cases->list({.profile = kAsking}, {}, 10);
  if (!involved) _exit(20);
  Write erasing;
  erasing.kind = Write::Kind::kErase;
  erasing.profile.id = kAsking;
  told.say('?', kAsking, 0);
  for (const Case& of : *involved) told.say('?', of.id, 0);
  const auto receipt = desk.erasures->erase(
      {{kAsking, erasing}}, [](const ErasedProfile&, const std::string&) { return true; }, "test");
  if (!receipt || !receipt->complete) _exit(23);  // what is queued anew waits, also in the backup
  told.say('!', kAsking, 0);
  for (const Case& of : *involved) told.say('!', of.id, 0);
}

// A directory made of a backup holds its letters back when its cases are first opened.
void open_restored(const fs::path& restored) {
  const auto store = Store::open(restored);
  if (!store) _exit(25);
  if (!CaseStore::open(**store, clocks_of(shipped_world()), {}, utc("2026-12-20", 10))) _exit(25);
}

const std::string kOther = "lagos", kReceived = "n1", kReceivedText = "a text of another office, that is to go from every file";

// Another office's bundle is taken in: a profile that stays, and one that its office erased since the last one.
void hear_of_others(Workplace& desk, const fs::path& folder) {
  TestOffice other(folder / kOther, kOther);
  const auto card = join_network(*desk.store, "rome", {}, "test");
  if (!card || !add_office(*desk.store, other.card, "test") || !add_office(*other.store, *card, "test")) _exit(26);
  const auto hand_over = [&] {
    if (!not_as_told(desk.receiving(), other).empty()) _exit(27);
  };
  if (!other.write(TestOffice::put(kReceived, kReceivedText)) ||
      !other.write(TestOffice::put("n2", "text " + std::to_string(other.head().sequence))))
    _exit(29);
  hand_over();
  if (!other.erase(kReceived)) _exit(30);
  hand_over();
}

void import_rows(Workplace& desk, const fs::path& file) {
  if (!import_file(file, *desk.store, real_taxonomy(), desk.embedder, {.threads = 2})) _exit(5);
  if (!desk.publisher->wait_for(desk.store->sequence(), std::chrono::seconds(30))) _exit(5);
}

void match_all(Workplace& desk, const fs::path& data) {
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
  auto result = propose(std::move(*matches), *snapshot, desk.programmes.at("open"), real_taxonomy(), {}, manifest.assignment);
  if (!result || !RunArchive(directory).publish(*result, manifest, 1)) _exit(7);
}

[[noreturn]] void work(const fs::path& folder, unsigned seed, std::string_view point) {
  const fs::path data = folder / "data";
  Workplace desk(data);
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
  work_on_cases(desk, told, data);
  for (int i = 0; i < 2; ++i) {
    if (const auto done = make_backup(*desk.store, folder / "backups", 1); !done) {
      std::cerr << describe(done.error()) << "\n";
      _exit(10);
    }
    write_profiles(desk, told, seed + 4, true);
  }
  erase_one(desk, told);
  hear_of_others(desk, folder);
  std::error_code ignored;
  fs::remove_all(folder / "restored", ignored);
  if (!restore_backup(folder / "backups", {}, folder / "restored")) _exit(11);
  open_restored(folder / "restored");
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

// Profiles by what their titles say, cases by how many acts they have.
bool records_right(const Store& store, const CaseStore& cases, Profiles& profiles) {
  std::map<std::string, std::uint64_t> found;
  std::string wrong;
  const Status walked = store.for_each(true, [&](const StoredProfile& stored, const auto&) {
    const std::string &id = stored.profile.id, &title = stored.profile.title;
    if (id.front() == 'w') {
      found[id] = std::stoull(title.substr(title.rfind(' ') + 1));
      if (title != title_of(id, found[id]) || stored.profile.contact.email != id + "@example.org") wrong = id + " is mixed up";
    } else if (id.front() != 'n' && (id.front() != 'i' || !title.starts_with("Row"))) {
      wrong = id + " was written by nobody";
    }
    return wrong.empty();
  });
  if (!walked) return complain(describe(walked.error()));
  if (!wrong.empty()) return complain(wrong);
  const auto listed = cases.list({}, {}, 100'000);
  if (!listed) return complain(describe(listed.error()));
  for (const Case& of : *listed) found[of.id] = of.log.size();
  for (auto& [id, allowed] : profiles.allowed) {
    const std::uint64_t here = found.contains(id) ? found.at(id) : 0;
    if (!allowed.contains(here))
      return complain(id + " is at " + std::to_string(here) + ", which is not what was acknowledged");
    allowed = {here};
    found.erase(id);
  }
  return found.empty() || complain(found.begin()->first + " was written by nobody");
}

// Whoever is asked is told so, once. What was sent and is still there lies in one file of the spool, and no erased letter does.
bool letters_right(CaseStore& cases, const fs::path& data) {
  if (const auto cleared = cases.clear_spool(); !cleared) return complain(describe(cleared.error()));
  std::map<std::uint64_t, int> files;
  for (const char* part : {"tmp", "new", "cur"}) {
    const auto spooled = spooled_files(data / kSpool, part);
    if (!spooled) return complain(describe(spooled.error()));
    for (const SpooledFile& one : *spooled)
      for (const std::uint64_t number : one.letters) files[number] += std::string(part) == "tmp" ? 0 : 1;
  }
  const auto all = cases.letters({}, 0, 100'000);
  if (!all) return complain(describe(all.error()));
  std::set<std::uint64_t> stored;
  for (const StoredLetter& letter : *all) {
    stored.insert(letter.number);
    const int times = files.contains(letter.number) ? files.at(letter.number) : 0;
    if (times > 1 || (letter.state == LetterState::kSent && times == 0))
      return complain("letter " + std::to_string(letter.number) + " is " + std::string(name_of(letter.state)) + ", and in " +
                      std::to_string(times) + " files");
  }
  for (const auto& [number, times] : files)
    if (!stored.contains(number))
      return complain("the file of letter " + std::to_string(number) + " is there, but not the letter");
  const auto asked = cases.list({.kind = "interest"}, {}, 100'000);
  if (!asked) return complain(describe(asked.error()));
  for (const Case& of : *asked) {
    const auto letters = cases.letters({.case_id = of.id}, 0, 1'000);
    if (!letters) return complain(describe(letters.error()));
    const auto times =
        std::ranges::count_if(*letters, [](const StoredLetter& letter) { return letter.letter.letter == "interest_received"; });
    if (times != 1) return complain("of case " + of.id + " " + std::to_string(times) + " letters tell who is asked");
  }
  return true;
}

bool erasures_right(Workplace& desk, const fs::path& data) {
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
  if (!restored || (*restored)->size() == 0) return complain("what was restored is not whole");
  const auto cases = CaseStore::open(**restored, clocks_of(shipped_world()), {}, utc("2026-12-20", 10));
  if (!cases) return complain("the cases of what was restored do not open: " + describe(cases.error()));
  return (*cases)->letters_to_send(utc("2026-12-20", 10), 1)->empty() ? true : complain("a restored letter leaves by itself");
}

// What the other office published is here as it is there, once it was handed over whole, and what it erased is nowhere.
bool received_right(Workplace& desk, const fs::path& folder) {
  if (!fs::exists(folder / kOther) || !read_self(desk.store->database()).value_or(std::nullopt)) return true;
  TestOffice other(folder / kOther, kOther);
  if (const std::string wrong = not_as_told(desk.receiving(), other); !wrong.empty()) return complain(wrong);
  if (other.store->get(kReceived)) return true;
  for (const auto& entry : fs::recursive_directory_iterator(folder / "data"))
    if (entry.is_regular_file() && read_file(entry.path()).value_or("").find(kReceivedText) != std::string::npos)
      return complain(entry.path().string() + " holds what its office erased");
  return true;
}

bool all_right(const fs::path& folder, Profiles& profiles) {
  const fs::path data = folder / "data";
  Workplace desk(data);
  if (desk.failed) return complain("it does not open: " + describe(*desk.failed));
  if (!records_right(*desk.store, *desk.cases, profiles) || !letters_right(*desk.cases, data)) return false;
  // Vectors that were still to come are made now.
  for (int i = 0; i < 300 && desk.publisher->awaiting_embedding() > 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const auto report =
      desk.publisher->verify()
          .and_then([&](const VerifyReport& indexes) { return check_standing(desk.store->database(), indexes); })
          .and_then([&](const VerifyReport& so_far) { return desk.cases->verify(so_far, kNow); });
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
  if (!erasures_right(desk, data) || !received_right(desk, folder)) return false;
  desk.ledger.reset();
  desk.erasures.reset();
  desk.publisher.reset();
  desk.cases.reset();
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
            << " points | nothing acknowledged lost, nothing unasked there, indexes, runs, alerts, cases, letters and backups "
               "whole\n";
  return 0;
}
