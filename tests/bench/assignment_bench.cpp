// Time and quality of one assignment of invented pairs in which some profiles suit everybody.
//   assignment_bench [PROFILES] [PAIRS_PER_PROFILE] [one|two] [FLOOR]
// one: pairs within one side; two: between two. FLOOR: share that a tenth of the profiles is to have, 0 for none.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <set>
#include <string_view>

#include "engine/allocation/assignment.h"

namespace {

using namespace counterpart::engine;

AssignmentProblem invented(std::uint32_t count, std::uint32_t per_profile, bool two_sides) {
  std::mt19937_64 random(7);
  const auto below = [&](std::uint64_t limit) { return static_cast<std::uint32_t>(random() % limit); };
  AssignmentProblem problem;
  problem.nodes.resize(count);
  std::vector<std::uint32_t> charm;
  const std::uint32_t half = count / 2;
  for (std::uint32_t i = 0; i < count; ++i) {
    AssignmentNode& node = problem.nodes[i];
    node.capacity = 1 + (two_sides && i < half ? 0 : below(5));  // on two sides the second competes for the first
    if (below(20) == 0) node.office = below(count / 200 + 1);
    node.groups = below(10) == 0 ? 1 : 0;
    charm.push_back(below(node.groups != 0 ? 200'000 : 400'000));
  }
  problem.office_capacity.assign(count / 200 + 1, 20);
  if (two_sides)  // an office stands on one side
    for (std::uint32_t i = 0; i < count; ++i)
      if (problem.nodes[i].office != kNoOffice && (problem.nodes[i].office % 2 == 0) != (i < half))
        problem.nodes[i].office = kNoOffice;
  std::set<std::pair<std::uint32_t, std::uint32_t>> taken;
  for (std::uint32_t i = 0; i < count; ++i)
    for (std::uint32_t k = 0; k < per_profile; ++k) {
      const std::uint32_t other = two_sides ? (i < half ? half + below(count - half) : below(half)) : below(count);
      const auto pair = std::minmax(i, other);
      if (i == other || !taken.insert({pair.first, pair.second}).second) continue;
      const std::uint32_t value = 1 + below(200'000) + charm[i] + charm[other];
      problem.edges.push_back({pair.first, pair.second, static_cast<std::int32_t>(value)});
    }
  return problem;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000;
  const std::size_t per_profile = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 10;
  const bool two_sides = argc > 3 && std::string_view(argv[3]) == "two";
  const double floor = argc > 4 ? std::strtod(argv[4], nullptr) : 0;
  AssignmentProblem problem = invented(static_cast<std::uint32_t>(count), static_cast<std::uint32_t>(per_profile), two_sides);
  if (floor > 0) problem.floors.push_back({"tenth", floor});
  const auto start = std::chrono::steady_clock::now();
  const Result<Assignment> found = assign(problem);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!found) {
    std::fprintf(stderr, "%s\n", describe(found.error()).c_str());
    return 1;
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%zu profiles, %zu pairs, %s: %.2f s, %zu chosen, gap %.2e, %llu blocking, %ld MiB at the most\n", count,
              problem.edges.size(), two_sides ? "two sides" : "one side", seconds, found->chosen.size(), found->gap,
              static_cast<unsigned long long>(found->blocking_pairs), usage.ru_maxrss / 1024);
  for (const FloorResult& one : found->floors)
    std::printf("  %s: wanted %.3f, reached %.4f, short by %llu, floors cost %.2e of the value\n", one.group.c_str(),
                one.wanted, one.reached, static_cast<unsigned long long>(one.short_by),
                static_cast<double>(found->floors_cost) / static_cast<double>(found->value));
  return 0;
}
