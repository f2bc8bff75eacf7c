// A child imports, is killed with SIGKILL after it told us of some commits, and everything it told of must be there; a
// second run then completes the file. A standing query is kept beside: each profile that is there and fits it has exactly
// one alert, each that does not has none. Usage: crash_import [rounds]
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <set>
#include <string>

#include "index/import/importer.h"
#include "index/standing/standing_queries.h"
#include "index/store/store.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

constexpr int kRows = 4000;

std::string rows() {
  std::string text;
  for (int i = 0; i < kRows; ++i) {
    const std::string number = std::to_string(i);
    text += "{\"id\":\"p" + number + "\",\"kind\":\"company\",\"title\":\"Pump " + number +
            "\",\"offers\":\"solar pumps for farms\",\"country\":\"" + (i % 3 == 0 ? "KE" : "UG") +
            "\",\"contact\":{\"person\":\"Person " + number + "\"}}\n";
  }
  return text;
}

Programmes watched_programmes() {
  Programmes programmes;
  programmes.emplace("open", Programme{});
  return programmes;
}

StandingQuery pumps_in_kenya() {
  StandingQuery query;
  query.text = "solar pumps";
  query.where.push_back({.field = "country", .any_of = {"KE"}});
  return query;
}

[[noreturn]] void import_and_tell(const std::filesystem::path& data, const std::filesystem::path& file, int pipe) {
  auto store = Store::open(data);
  if (!store) _exit(2);
  const FakeEmbedder embedder;
  const Programmes programmes = watched_programmes();
  const auto standing = StandingQueries::open(**store, real_taxonomy(), programmes, embedder);
  if (!standing || ((*standing)->size() == 0 && !(*standing)->add(pumps_in_kenya()))) _exit(5);
  (*store)->on_commit([&](std::uint64_t sequence) {
    if (::write(pipe, &sequence, sizeof sequence) != sizeof sequence) _exit(3);
  });
  const auto done = import_file(file, **store, real_taxonomy(), embedder, {.threads = 2});
  _exit(done ? 0 : 4);
}

// The last sequence that the child acknowledged before it was killed, after `commits` of them.
std::uint64_t acknowledged(const std::filesystem::path& data, const std::filesystem::path& file, int commits) {
  int ends[2];
  if (::pipe(ends) != 0) return 0;
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    import_and_tell(data, file, ends[1]);
  }
  ::close(ends[1]);
  std::uint64_t sequence = 0;
  std::uint64_t last = 0;
  for (int heard = 0; ::read(ends[0], &sequence, sizeof sequence) == sizeof sequence;) {
    last = sequence;
    if (++heard == commits) ::kill(child, SIGKILL);
  }
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return last;
}

bool complain(const std::string& what) {
  std::cerr << "crash_import: " << what << '\n';
  return false;
}

// Rows are written in file order, so acknowledged sequence n means rows 0 .. n-1.
bool all_there(const Store& store, std::uint64_t sequence) {
  if (store.sequence() < sequence)
    return complain("acknowledged " + std::to_string(sequence) + ", found " + std::to_string(store.sequence()));
  if (store.size() != store.sequence()) return complain("the count of profiles differs from the changes");
  for (std::uint64_t i = 0; i < store.sequence(); ++i) {
    const auto stored = store.get("p" + std::to_string(i), true);
    if (!stored) return complain(describe(stored.error()));
    if (stored->profile.contact.person != "Person " + std::to_string(i)) return complain("private members are lost");
    const auto embedding = store.embedding("p" + std::to_string(i));
    if (!embedding || !*embedding) return complain("vectors are lost");
  }
  return true;
}

bool each_told_once(Store& store) {
  const FakeEmbedder embedder;
  const Programmes programmes = watched_programmes();
  const auto standing = StandingQueries::open(store, real_taxonomy(), programmes, embedder);
  if (!standing) return complain(describe(standing.error()));
  const auto page = (*standing)->alerts({}, 0, kRows + 1);
  if (!page) return complain(describe(page.error()));
  std::set<std::string> told;
  for (const Alert& alert : page->alerts)
    if (!told.insert(alert.profile).second) return complain(alert.profile + " is told twice");
  for (std::uint64_t i = 0; i < store.sequence(); ++i)
    if (told.contains("p" + std::to_string(i)) != (i % 3 == 0)) return complain("an alert is lost, or is of nobody who fits");
  return true;
}

bool one_round(std::mt19937& random) {
  const TempFolder folder;
  const auto data = folder.path() / "data";
  const auto file = folder.file("rows.jsonl", rows());
  std::uint64_t before = 0;
  for (int kills = 0; kills < 3; ++kills) {  // one data directory, killed again and again
    const auto sequence = acknowledged(data, file, 1 + static_cast<int>(random() % 12));
    const auto store = Store::open(data);
    if (!store) return complain(describe(store.error()));
    if (!all_there(**store, std::max(sequence, before)) || !each_told_once(**store)) return false;
    before = (*store)->sequence();
  }
  auto store = Store::open(data);
  if (!store) return complain(describe(store.error()));
  const auto done = import_file(file, **store, real_taxonomy(), FakeEmbedder());
  if (!done) return complain(describe(done.error()));
  if (done->accepted != kRows || done->unchanged != before) return complain("the second run's counts are wrong");
  return all_there(**store, kRows);
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 2;
  std::mt19937 random(std::random_device{}());
  for (int round = 0; round < rounds; ++round)
    if (!one_round(random)) return 1;
  std::cout << rounds << " rounds of 3 kills: nothing acknowledged was lost, nothing told twice\n";
  return 0;
}
