#include "index/run/hub_correction.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include "index/pairs/pair_scorer.h"

namespace counterpart::index {
namespace {

constexpr double kMillion = 1e6;

// A score in millionths, with so much less log-odds.
std::int32_t lowered(std::int32_t score, double by) {
  const double share = std::clamp(score / kMillion, 1 / kMillion, 1 - 1 / kMillion);
  const double odds = std::log(share / (1 - share)) - by;
  return std::max(1, static_cast<std::int32_t>(std::lround(kMillion / (1 + std::exp(-odds)))));
}

bool texts_known(const Traits& a, const Traits& b) {
  return (a.own_need != 0 && b.own_offer != 0) || (b.own_need != 0 && a.own_offer != 0);
}

double mean_of(std::span<const double> nearness) {
  double sum = 0;
  std::size_t count = 0;
  for (const double one : nearness)
    if (!std::isnan(one)) sum += one, ++count;
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

}  // namespace

double hub_nearness(const CandidateList& list) {
  const std::size_t count = std::min(kHubNeighbours, list.candidates.size());
  if (count == 0) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += static_cast<double>(list.candidates[i].key);
  // A signal's value is half of what its cosine is.
  return sum / static_cast<double>(count) / 2;
}

void correct_hubs(std::span<const double> nearness, const Corpus& corpus, RunMatches& matches) {
  const double mean = mean_of(nearness);
  std::vector<std::pair<RunEntry, RunBand>> list;
  for (std::uint32_t rank = 0; rank < matches.rows.size(); ++rank) {
    const Traits& own = corpus.traits(matches.rows[rank]);
    list.clear();
    for (std::uint64_t at = matches.ends[rank]; at < matches.ends[rank + 1]; ++at) {
      RunEntry entry = matches.entries[at];
      const double excess = (nearness[rank] + nearness[entry.counterpart]) / 2 - mean;
      if (!std::isnan(excess) && texts_known(own, corpus.traits(matches.rows[entry.counterpart])))
        entry.value = reciprocal(lowered(entry.own, excess), lowered(entry.their, excess));
      list.emplace_back(entry, matches.bands[at]);
    }
    std::ranges::sort(list, [](const auto& a, const auto& b) {
      return a.first.value != b.first.value ? a.first.value > b.first.value : a.first.counterpart < b.first.counterpart;
    });
    for (std::size_t i = 0; i < list.size(); ++i)
      std::tie(matches.entries[matches.ends[rank] + i], matches.bands[matches.ends[rank] + i]) = list[i];
  }
}

}  // namespace counterpart::index
