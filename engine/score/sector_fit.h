// How near the sectors of two sides lie in the ISIC tree: those that they state, or what their texts let expect.
#pragma once

#include <optional>
#include <string_view>

#include "engine/score/score.h"

namespace counterpart::engine {

struct SectorFit {
  double value = 0;              // 0-1; where a side's sectors are inferred, the mean over what they may be
  std::string_view shared = {};  // the narrowest class that both are in, the likeliest of several; empty: none. A view of the
                                 // pair or its taxonomy.
  bool yours_stated = true, theirs_stated = true;
  bool stated() const { return yours_stated && theirs_stated; }
};

// Nothing: a side states none and nothing can be told by its text.
std::optional<SectorFit> sector_fit(const Pair& pair);

}  // namespace counterpart::engine
