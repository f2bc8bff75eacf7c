#include "engine/match/repeats.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "engine/profile/traits.h"

namespace counterpart::engine {
namespace {

// Who is told to be near by chance or not is told by the first of a list.
constexpr std::size_t kNearest = 64;

}  // namespace

std::string organisation_of(const Corpus& corpus, Row row) {
  const Traits& traits = corpus.traits(row);
  // No country's number begins with a blank.
  if (static_cast<Kind>(traits.kind) == Kind::kProject || corpus.name(row).empty()) return " " + std::string(corpus.id(row));
  return std::to_string(traits.country) + " " + std::string(corpus.name(row));
}

void leave_out_repeats(const Corpus& corpus, std::span<const Row> rows, std::vector<double>& nearness) {
  std::vector<std::size_t> order(nearness.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(kNearest, order.size()));
  std::partial_sort(order.begin(), end, order.end(), [&](std::size_t a, std::size_t b) {
    return nearness[a] != nearness[b] ? nearness[a] > nearness[b] : a < b;
  });
  constexpr double kRepeated = -std::numeric_limits<double>::infinity();
  std::set<std::string> seen;
  double before = std::numeric_limits<double>::quiet_NaN();
  for (auto at = order.begin(); at != end; ++at) {
    const double near = nearness[*at];
    if (near == before || !seen.insert(organisation_of(corpus, rows[*at])).second) nearness[*at] = kRepeated;
    before = near;
  }
  std::erase(nearness, kRepeated);
}

}  // namespace counterpart::engine
