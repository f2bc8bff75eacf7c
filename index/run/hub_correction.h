// Hub correction: what makes some profiles near to everybody is taken off all their pairs, so that the night introduces to each
// other those who are near to one another, not both to the same few.
//
// As CSLS does with cosines (Conneau et al. 2018, "Word Translation Without Parallel Data"): from the log-odds of a pair goes
// the mean of what the vectors of either side's kHubNeighbours nearest let expect, less what they let expect of everybody. Only
// in programmes where everybody is introduced to one at a time: it would take from a supplier who fits many.
#pragma once

#include <cstddef>
#include <span>

#include "engine/corpus/corpus.h"
#include "index/layer.h"
#include "index/run/match_run.h"
#include "index/run/run_log.h"

namespace counterpart::index {

inline constexpr std::size_t kHubNeighbours = 5;

// Log-odds that the vectors of the nearest add, in the mean; NaN: it has no candidate.
double hub_nearness(const CandidateList& list);

// `nearness`: by rank. Each entry's value is corrected where both sides state the texts that are compared, and the lists are
// put in order again; what each would score the other with stays. Whoever is in a list stays in it.
void correct_hubs(std::span<const double> nearness, const Corpus& corpus, RunMatches& matches);

}  // namespace counterpart::index
