// Match latency in process: stored profiles by id under a programme, and free texts; percentiles of single calls.
//   match_bench DATA DATASETS MODELS [PROGRAMME] [CALLS]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "server/service/service.h"

namespace {

using namespace counterpart::server;
using Clock = std::chrono::steady_clock;

double percentile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

// Milliseconds of each call.
std::vector<double> time_calls(const Service& service, const std::vector<MatchCall>& calls, double* probed) {
  std::vector<double> times;
  std::size_t approximate = 0;
  for (const MatchCall& call : calls) {
    const auto start = Clock::now();
    const Result<Matches> matches = service.match(call);
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    if (!matches) {
      std::fprintf(stderr, "%s\n", describe(matches.error()).c_str());
      std::exit(1);
    }
    approximate += matches->method != "exact";
  }
  *probed = static_cast<double>(approximate) / static_cast<double>(calls.size());
  return times;
}

void print(const char* what, const std::vector<double>& times, double probed) {
  std::printf("%-34s %8zu %9.3f %9.3f %9.3f   %3.0f %%\n", what, times.size(), percentile(times, 0.5), percentile(times, 0.95),
              percentile(times, 0.99), probed * 100);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: match_bench DATA DATASETS MODELS [PROGRAMME] [CALLS] [FINE]\n");
    return 2;
  }
  const std::string programme = argc > 4 ? argv[4] : "itpo";
  const std::size_t calls = argc > 5 ? std::strtoul(argv[5], nullptr, 10) : 1000;
  OpenReport opened;
  const auto opening = Clock::now();
  auto service = open_service(
      {.data = argv[1], .datasets = argv[2], .models = argv[3], .model = "fast", .fine = argc > 6 ? argv[6] : ""}, &opened);
  if (!service) {
    std::fprintf(stderr, "%s\n", describe(service.error()).c_str());
    return 1;
  }
  std::printf("open: %.2f s (%s), %llu profiles\n", std::chrono::duration<double>(Clock::now() - opening).count(),
              opened.what.c_str(), static_cast<unsigned long long>((*service)->figures().profiles));

  std::vector<Profile> sample;
  std::mt19937_64 random(7);
  std::size_t seen = 0;
  const Status read = (*service)->data().store.for_each(false, [&](const StoredProfile& stored, const auto&) {
    ++seen;
    if (sample.size() < calls) {
      sample.push_back(stored.profile);
    } else if (const std::size_t at = random() % seen; at < calls) {
      sample[at] = stored.profile;
    }
    return true;
  });
  if (!read || sample.empty()) return 1;
  std::vector<MatchCall> by_id, by_text;
  for (const Profile& profile : sample) {
    MatchCall call;
    call.programme = programme;
    call.profile_id = profile.id;
    by_id.push_back(call);
    call.profile_id.clear();
    call.text = profile.title.substr(0, profile.title.find_last_of(' '));
    if (!call.text.empty()) by_text.push_back(call);
  }
  std::printf("%-34s %8s %9s %9s %9s   %s\n", "call", "calls", "p50 ms", "p95 ms", "p99 ms", "probed");
  double probed = 0;
  time_calls(**service, {by_id.begin(), by_id.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(50, by_id.size()))},
             &probed);
  const std::vector<double> ids = time_calls(**service, by_id, &probed);
  print(("match by id, " + programme).c_str(), ids, probed);
  const std::vector<double> texts = time_calls(**service, by_text, &probed);
  print(("match by title text, " + programme).c_str(), texts, probed);
  return 0;
}
