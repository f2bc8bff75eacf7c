// What a desk and an act cost among many open cases.
//   desk_bench [CASES] [DATASETS_DIR] [ACTS]
// Prints milliseconds to answer for a desk (p50 and p99 over all desks in turn), to open the store, and of an act that is on
// disk (median of ACTS) beside a plain synced write of as many bytes in the same run, with their ratio.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/date.h"
#include "index/casework/case_store.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace counterpart::index;
using Clock = std::chrono::steady_clock;

constexpr int kOffices = 50, kDesksEach = 10, kProfiles = 2'000, kBatch = 500;
constexpr std::size_t kActBytes = 2'000;  // about what an act with its letters and entries comes to

double ms_since(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

double at_percent(std::vector<double> times, double percent) {
  std::sort(times.begin(), times.end());
  return times[static_cast<std::size_t>(percent / 100 * static_cast<double>(times.size() - 1))];
}

std::string desk_id(int office, int desk) { return "d" + std::to_string(office) + "-" + std::to_string(desk); }
std::string profile_id(int number) { return "b:" + std::to_string(number); }
std::string office_of(int profile) { return "o" + std::to_string(profile % kOffices); }

DirectoryChange offices() {
  DirectoryChange change;
  const char* const zones[][2] = {{"SN", "Africa/Dakar"}, {"SA", "Asia/Riyadh"}, {"AT", "Europe/Vienna"}};
  for (int i = 0; i < kOffices; ++i) {
    Office office;
    office.id = office.name = "o" + std::to_string(i);
    office.languages = {"en"};
    office.working_time.country = zones[i % 3][0];
    office.working_time.time_zone = zones[i % 3][1];
    office.head = desk_id(i, 0);
    office.duty = i == 0;
    for (int j = 0; j < kDesksEach; ++j) {
      Desk desk;
      desk.id = desk.name = desk_id(i, j);
      desk.language = "en";
      desk.office = office.id;
      change.desks.push_back({desk.id, desk});
    }
    change.offices.push_back({office.id, office});
  }
  return change;
}

ActRequest interest(int number, int round) {
  const int from = number % kProfiles, to = (number + 1 + round % (kOffices - 1)) % kProfiles;
  ActRequest request;
  request.opens =
      NewCase{.kind = "interest", .programme = "p" + std::to_string(round), .from = profile_id(from), .to = profile_id(to)};
  request.desk = desk_id(from % kOffices, number % kDesksEach);
  request.verb = "send";
  request.said.facts.cooperation = Cooperation::kJointVenture;
  request.who = "bench";
  return request;
}

template <class Value>
Value taken(Result<Value> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "desk_bench: %s\n", describe(result.error()).c_str());
  std::exit(1);
}

void fill(Store& store, CaseStore& cases, int count, std::int64_t now) {
  std::vector<Write> writes(kProfiles);
  for (int i = 0; i < kProfiles; ++i) {
    writes[static_cast<std::size_t>(i)].profile.id = profile_id(i);
    writes[static_cast<std::size_t>(i)].profile.title = "Bench";
    writes[static_cast<std::size_t>(i)].profile.country = "KE";
    writes[static_cast<std::size_t>(i)].profile.office = office_of(i);
    writes[static_cast<std::size_t>(i)].profile.capacity = 10'000;
  }
  for (const auto& verdict : store.write(writes)) taken(verdict);
  for (int done = 0; done < count;) {
    std::vector<ActRequest> batch;
    for (; static_cast<int>(batch.size()) < kBatch && done < count; ++done) batch.push_back(interest(done, done / kProfiles));
    // Spread over twelve days, so that some are past due.
    for (auto& verdict : cases.act(batch, now - 1'036'800 + static_cast<std::int64_t>(done) * 1'036'800 / count))
      taken(std::move(verdict));
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 100'000;
  const std::string datasets = argc > 2 ? argv[2] : "datasets";
  const int acts = argc > 3 ? std::atoi(argv[3]) : 200;
  const TempFolder folder;
  const std::int64_t now = std::int64_t{*parse_date("2026-11-26")} * 86'400 + 36'000;
  const MakeClock clocks = clocks_of(taken(WorldCalendar::load(datasets + "/calendar")));
  auto store = taken(Store::open(folder.path() / "data"));
  auto cases = taken(CaseStore::open(*store, clocks, {}, now));
  taken(cases->change_offices(offices(), "bench", now));
  const auto filling = Clock::now();
  fill(*store, *cases, count, now);
  std::printf("filled with %zu open cases in %.0f ms\n", cases->open_cases(), ms_since(filling));

  cases.reset();
  const auto opening = Clock::now();
  cases = taken(CaseStore::open(*store, clocks, {}, now));
  const double opened = ms_since(opening);
  const auto ticking = Clock::now();
  const Ticked ticked = taken(cases->tick(now));
  std::printf("open %.0f ms | first tick %.0f ms, %llu letters\n", opened, ms_since(ticking),
              static_cast<unsigned long long>(ticked.letters));

  std::vector<double> desks;
  for (int round = 0; round < 4; ++round)
    for (int i = 0; i < kOffices * kDesksEach; ++i) {
      const auto start = Clock::now();
      taken(cases->desk(desk_id(i / kDesksEach, i % kDesksEach), now));
      desks.push_back(ms_since(start));
    }
  std::vector<double> acting, plain;
  for (int i = 0; i < acts; ++i) {
    ActRequest note;
    note.case_id = case_id("interest", static_cast<std::uint64_t>(1 + i * (count / acts)));
    note.desk = taken(cases->get(note.case_id, now)).of.log.front().desk;
    note.verb = "note";
    note.said.note = "called, they think about it";
    note.who = "bench";
    const auto start = Clock::now();
    taken(cases->act(note, now + 1));
    acting.push_back(ms_since(start));
    const auto beside = Clock::now();
    const Status written = store->run_exclusively([&](Database& database) {
      return database.write({{Family::kMeta, "bench", std::string(kActBytes, 'x')}});
    });
    if (!written) return 1;
    plain.push_back(ms_since(beside));
  }
  const double act = at_percent(acting, 50), sync = at_percent(plain, 50);
  std::printf(
      "RESULT desk_bench | %d open cases | desk p50 %.2f ms, p99 %.2f ms | act %.2f ms, plain synced write %.2f ms, ratio "
      "%.2f\n",
      count, at_percent(desks, 50), at_percent(desks, 99), act, sync, act / sync);
  return 0;
}
