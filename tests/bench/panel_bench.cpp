// Time to compose one panel from invented candidates, three seeds, quotas that can be kept and quotas that cannot.
//   panel_bench [CANDIDATES] [SEATS]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "engine/allocation/panel.h"
#include "tests/support/told.h"

namespace {

using namespace counterpart::engine;

constexpr const char* kRegions[] = {"africa", "americas", "asia", "europe", "oceania"};

std::vector<PanelCandidate> invented(std::size_t count) {
  std::mt19937_64 random(11);
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  std::vector<PanelCandidate> candidates;
  for (std::size_t i = 0; i < count; ++i) {
    PanelCandidate one;
    one.id = "x" + std::to_string(i);
    one.title = "Expert " + std::to_string(i);
    const std::size_t country = below(190) * below(190) / 190;  // some countries send far more than others
    one.country = "C" + std::to_string(country);
    one.organisation = "o" + std::to_string(below(count / 2 + 1));
    const std::size_t kind = below(10);
    one.groups = {panel_group(kConstituencyKind, kConstituencies[kind < 5   ? 1
                                                                 : kind < 8 ? 0
                                                                            : 2 + below(3)]),
                  std::string("region:") + kRegions[country % 5], below(10) < 3 ? "gender:female" : "gender:male"};
    if (country % 7 == 0) one.groups.push_back("group:LDC");
    if (country % 11 == 0) one.groups.push_back("group:LLDC");
    if (country % 13 == 0) one.groups.push_back("group:SIDS");
    one.merit = static_cast<double>(below(1001)) / 1000;
    for (int topic = 0; topic < 8; ++topic) one.topics.push_back(static_cast<float>(below(1000)) / 1400.0F);
    candidates.push_back(std::move(one));
  }
  return candidates;
}

Quota share(std::string group, std::optional<double> least, std::optional<double> most) {
  Quota quota;
  quota.group = std::move(group);
  quota.share_at_least = least;
  quota.share_at_most = most;
  return quota;
}

PanelRules usual(std::size_t seats) {
  PanelRules rules;
  rules.seats = seats;
  for (const std::string_view one : kConstituencies)
    rules.quotas.push_back(share(panel_group(kConstituencyKind, one), 0.1, 0.35));
  for (const char* one : kRegions) rules.quotas.push_back(share(std::string("region:") + one, 0.12, 0.3));
  rules.quotas.push_back(share("gender:female", 0.45, 0.55));
  for (const char* one : {"group:LDC", "group:LLDC", "group:SIDS"}) rules.quotas.push_back(share(one, 0.12, {}));
  rules.per_country_at_most = 4;
  rules.per_organisation_at_most = 1;
  for (int i = 0; i < 8; ++i) rules.topics.push_back("topic" + std::to_string(i));
  rules.experts_per_topic_at_least = seats * 2 / 5;
  return rules;
}

void measure(const char* what, const std::vector<PanelCandidate>& candidates, const PanelRules& rules) {
  const auto start = std::chrono::steady_clock::now();
  const Result<Panel> panel = convene(candidates, rules);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!panel) {
    std::fprintf(stderr, "%s\n", describe(panel.error()).c_str());
    std::exit(1);
  }
  std::printf("%-12s seed %llu %8.2f s  %-8s merit %9.4f  gap %.1e%s  %zu seats without alternate\n", what,
              static_cast<unsigned long long>(rules.seed), seconds, std::string(name_of(panel->status)).c_str(), panel->merit,
              panel->gap, panel->proven_optimal ? " (proven)" : "", panel->seats_without_alternate);
  for (const PanelRelaxation& relaxation : panel->relaxations) std::printf("    %s\n", told(relaxation.message).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 5000;
  const std::size_t seats = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 200;
  const std::vector<PanelCandidate> candidates = invented(count);
  std::printf("%zu candidates, %zu seats\n", count, seats);
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    PanelRules rules = usual(seats);
    rules.seed = seed;
    measure("usual", candidates, rules);
    for (Quota& quota : rules.quotas)
      if (quota.group.starts_with("group:")) quota.share_at_least = 0.6;
    measure("impossible", candidates, rules);
  }
  return 0;
}
