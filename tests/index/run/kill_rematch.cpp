// A child matches everybody, publishes, and is killed with SIGKILL at a random moment; a new one goes on, until `kills` have
// struck. What is published in the end must hash to what an undisturbed run hashes to, and nothing half done may be seen in
// between. Usage: kill_rematch [kills]
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "index/run/run_proposals.h"
#include "tests/index/run/run_world.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

// Exit status: 0 published.
int match_and_publish(const Snapshot& snapshot, const Programme& programme, const std::filesystem::path& data) {
  const std::filesystem::path directory = RunArchive::directory_of(data, programme.slug);
  std::filesystem::create_directories(directory);
  RunSettings settings;
  settings.candidates = 64;
  settings.threads.count = 2;
  RunControl control;
  Result<RunMatches> matches =
      match_everybody({snapshot, real_taxonomy(), programme, "rules", kToday, directory, settings}, control);
  if (!matches) return 2;
  RunManifest manifest{.programme = programme.slug, .settings = settings};
  manifest.today = matches->header.today;
  manifest.lists_key = matches->header.lists_key;
  manifest.result_key = matches->header.result_key;
  Result<RunResult> result = propose(std::move(*matches), snapshot, programme, real_taxonomy(), {}, manifest.assignment);
  if (!result) return 3;
  return RunArchive(directory).publish(*result, manifest, 3) ? 0 : 4;
}

// The hash of the newest published run; empty: none, "damaged": there is one that does not open.
std::string published(const std::filesystem::path& data, const Programme& programme) {
  const RunArchive archive(RunArchive::directory_of(data, programme.slug));
  const std::string id = archive.newest_id();
  if (id.empty()) return {};
  const auto run = archive.open(id);
  return run ? (*run)->manifest().result_hash : "damaged: " + describe(run.error());
}

// Microseconds that an undisturbed run takes.
std::int64_t microseconds_of(const Snapshot& snapshot, const Programme& programme, const std::filesystem::path& data) {
  const auto start = std::chrono::steady_clock::now();
  if (match_and_publish(snapshot, programme, data) != 0) std::exit(1);
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  const int kills = argc > 1 ? std::atoi(argv[1]) : 25;
  RunWorld world(17, 6000);
  const Programme programme = two_sided_programme();
  std::mt19937 random(4);
  TempFolder disturbed;
  int struck = 0, finished = 0;
  for (int night = 0; struck < kills; ++night) {
    for (int i = 0; i < 20 && night > 0; ++i) world.put(world.any());
    const Snapshot snapshot = world.snapshot(1 + static_cast<std::size_t>(night) % 2);
    TempFolder undisturbed;
    const std::int64_t whole = microseconds_of(snapshot, programme, undisturbed.path());
    const std::string expected = published(undisturbed.path(), programme), before = published(disturbed.path(), programme);
    for (bool done = false; !done;) {
      const pid_t child = ::fork();
      if (child == 0) ::_exit(match_and_publish(snapshot, programme, disturbed.path()));
      int status = 0;
      if (struck < kills) {
        std::this_thread::sleep_for(std::chrono::microseconds(static_cast<std::int64_t>(random()) % whole));
        ::kill(child, SIGKILL);
      }
      ::waitpid(child, &status, 0);
      done = WIFEXITED(status);
      if (done && WEXITSTATUS(status) != 0) {
        std::cerr << "the run ended with " << WEXITSTATUS(status) << "\n";
        return 1;
      }
      if (!done) ++struck;
      const std::string seen = published(disturbed.path(), programme);
      if (seen != before && seen != expected) {
        std::cerr << "after " << struck << " kills: published is " << seen << ", neither " << before << " nor " << expected
                  << "\n";
        return 1;
      }
      if (done && seen != expected) {
        std::cerr << "a finished run published nothing\n";
        return 1;
      }
    }
    ++finished;
  }
  std::cout << struck << " kills over " << finished << " nights; each night's result hash equals the undisturbed run's\n";
  return 0;
}
