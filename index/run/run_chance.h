// What chance would bring to one row of a match run: by it an entry of the row's list gets its band.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/match/bands.h"
#include "engine/match/chance.h"
#include "index/layer.h"
#include "index/pairs/admission.h"
#include "index/pairs/pair_scorer.h"
#include "index/snapshot/snapshot.h"

namespace counterpart::index {

// How good an entry is by what chance would bring to the row alone: a Band, or kUntold.
using RunBand = std::uint8_t;
inline constexpr RunBand kUntold = 0xff;  // the corpus cannot tell what chance would bring

// Holds references.
class RunChance {
 public:
  RunChance(const Snapshot& snapshot, const Admission& admission, std::uint32_t position);

  const Nearness* nearness() const { return nearness_ ? &*nearness_ : nullptr; }  // null: it cannot be told
  // Of all that were compared with the row.
  BetterThanChance better(const std::vector<PairScore>& scores) const;
  RunBand band(const PairScore& score, const BetterThanChance& better) const;

 private:
  const Snapshot& snapshot_;
  const Admission& admission_;
  std::optional<Nearness> nearness_;
  std::uint64_t among_ = 0;  // who may be a counterpart of the row
};

}  // namespace counterpart::index
