// A child writes profiles and keeps and removes standing queries, all at once, and is killed with SIGKILL somewhere in
// the middle. What is found then: each stored profile is marked with exactly the queries it fits, and the query that was
// there from the start has one alert for each time that a profile began to fit it, no more and no fewer.
// Usage: crash_standing [kills]
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>

#include "index/standing/standing_marks.h"
#include "index/standing/standing_queries.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

constexpr int kWriters = 3;
constexpr int kProfiles = 40;  // of each writer

struct Desk {
  explicit Desk(const std::filesystem::path& data) {
    programmes = load_programmes(COUNTERPART_SOURCE_DIR "/datasets/programmes", real_taxonomy()).value();
    store = Store::open(data).value();
    standing = StandingQueries::open(*store, real_taxonomy(), programmes, embedder).value();
  }
  FakeEmbedder embedder;
  Programmes programmes;
  std::unique_ptr<Store> store;
  std::unique_ptr<StandingQueries> standing;
};

StandingQuery seeking(std::string text) {
  StandingQuery query;
  query.text = std::move(text);
  return query;
}

// By its version a profile begins to fit, still fits by another text, and fits no longer: some by their text, some
// because they are withdrawn.
Write next_write(const Desk& desk, const std::string& id, std::uint64_t version) {
  Write write;
  write.profile.id = id;
  if (version % 3 == 0 && id.back() % 2 == 0) {
    write.kind = Write::Kind::kErase;
    return write;
  }
  write.profile.title = "Title";
  write.profile.country = "KE";
  write.profile.offers = version % 3 == 0 ? "legal advice" : version % 3 == 1 ? "solar pumps" : "solar pumps daily";
  write.embedding = quantise(embed_faces(write.profile, desk.embedder), desk.embedder.model());
  return write;
}
std::uint64_t begun(std::uint64_t version) { return (version + 2) / 3; }

// The version to be written next of each profile of a writer. Erased ones are put again first: only then it is known.
std::map<std::string, std::uint64_t> versions(Desk& desk, int writer) {
  std::map<std::string, std::uint64_t> next;
  for (int i = 0; i < kProfiles; ++i) {
    const std::string id = "p" + std::to_string(writer) + "-" + std::to_string(i);
    if (!desk.store->get(id)) {
      Write write = next_write(desk, id, 1);
      (void)desk.store->write({&write, 1});
    }
    next[id] = desk.store->get(id).value().version + 1;
  }
  return next;
}

[[noreturn]] void work(const std::filesystem::path& data) {
  Desk desk(data);
  std::vector<std::thread> threads;
  for (int writer = 0; writer < kWriters; ++writer)
    threads.emplace_back([&desk, writer] {
      auto next = versions(desk, writer);
      std::mt19937 random(std::random_device{}());
      for (;;) {
        std::vector<Write> writes;
        for (auto& [id, version] : next)
          if (random() % 8 == 0) writes.push_back(next_write(desk, id, version++));
        for (const auto& verdict : desk.store->write(writes))
          if (!verdict || verdict->unchanged) _exit(3);
      }
    });
  for (bool told = false;; told = true) {
    const auto added = desk.standing->add(seeking("solar pumps daily"));
    if (!added) _exit(4);
    if (!told && ::write(STDOUT_FILENO, "!", 1) != 1) _exit(5);
    if (added->query.created % 2 == 0 && !desk.standing->erase(added->query.id)) _exit(6);
    if (desk.standing->size() <= 20) continue;
    const auto old = desk.standing->list("q1", 15);
    if (!old) _exit(7);
    for (const StandingQuery& query : *old)
      if (!desk.standing->erase(query.id)) _exit(7);
  }
}

// Starts this program anew, since threads of a database do not outlive a fork; false: it ended before it was killed.
bool work_and_die(const std::filesystem::path& data, std::chrono::microseconds after) {
  int ends[2];
  if (::pipe(ends) != 0) return false;
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execl("/proc/self/exe", "crash_standing", "--work", data.c_str(), static_cast<char*>(nullptr));
    _exit(8);
  }
  ::close(ends[1]);
  char byte = 0;
  const bool began = ::read(ends[0], &byte, 1) == 1;
  if (began) std::this_thread::sleep_for(after);
  ::kill(child, SIGKILL);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return began && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

bool complain(const std::string& what) {
  std::cerr << "crash_standing: " << what << '\n';
  return false;
}

bool all_told(const std::filesystem::path& data, std::uint64_t& alerts) {
  Desk desk(data);
  std::set<std::string> queries;
  const auto kept = desk.standing->list({}, 1'000'000);
  if (!kept) return complain("the queries cannot be listed");
  for (const StandingQuery& query : *kept) queries.insert(query.id);
  std::set<std::pair<std::string, std::string>> marks, expected;
  MarkCursor cursor(desk.store->database());
  for (; cursor.valid(); cursor.next()) marks.emplace(cursor.profile(), standing_id(cursor.query()));
  const auto page = desk.standing->alerts({}, 0, 10'000'000);
  if (!cursor.status() || !page) return complain("marks or alerts do not decode");
  std::map<std::string, std::uint64_t> told;
  for (const Alert& alert : page->alerts) {
    if (!queries.contains(alert.query)) return complain("an alert of a removed query is left");
    if (alert.query == "q1") ++told[alert.profile];
  }
  alerts = page->alerts.size();
  bool same = true;
  const auto walked = desk.store->for_each(false, [&](const StoredProfile& stored, const auto&) {
    const std::string& id = stored.profile.id;
    if (stored.profile.offers.starts_with("solar"))
      for (const std::string& query : queries) expected.emplace(id, query);
    if (told[id] != begun(stored.version))
      same = complain(id + " at version " + std::to_string(stored.version) + " has " + std::to_string(told[id]) + " alerts");
    return same;
  });
  if (!walked || !same) return false;
  if (marks != expected)
    return complain(std::to_string(marks.size()) + " marks, " + std::to_string(expected.size()) + " pairs fit");
  const auto run = desk.standing->match_all();
  if (!run || run->new_alerts + run->withdrawn != 0) return complain("a match of all finds something to mend");
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 2 && std::string(argv[1]) == "--work") work(argv[2]);
  const int kills = argc > 1 ? std::atoi(argv[1]) : 12;
  const TempFolder folder;
  const auto data = folder.path() / "data";
  if (Desk desk(data); !desk.standing->add(seeking("solar pumps"))) return 1;
  std::mt19937 random(std::random_device{}());
  std::uint64_t alerts = 0;
  for (int kill = 0; kill < kills; ++kill) {
    if (!work_and_die(data, std::chrono::microseconds(random() % 150'000))) return !complain("the child ended by itself");
    if (!all_told(data, alerts)) return 1;
  }
  std::cout << kills << " kills, " << alerts << " alerts: none lost, none told twice\n";
  return alerts > 0 ? 0 : 1;
}
