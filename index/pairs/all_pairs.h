// Everyone against everyone: for each row that takes part in a programme its best counterparts by text, by blocked int8
// products over admissible classes alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/score/score.h"
#include "index/layer.h"
#include "index/pairs/admission.h"
#include "index/snapshot/snapshot.h"

namespace counterpart::index {

struct TextCandidate {
  std::uint32_t position = 0;  // in the Admission
  float key = 0;               // weighted sum of cosines
  bool operator==(const TextCandidate&) const = default;
};

// What the product did, for the record of a run.
struct PairWork {
  std::uint64_t admissible = 0;  // ordered pairs that no condition forbids
  std::uint64_t multiplied = 0;  // pairs whose vectors were compared, padding and neighbours' columns included
  std::uint64_t multiply_adds = 0;
  PairWork& operator+=(const PairWork& other);
};

// Rows are taken in groups of so many neighbours; a group costs a few MiB while it is worked on.
inline constexpr std::uint32_t kGroupRows = 1024;

// The other way round: for whom else one of the rows would be good enough.
struct ReverseHit {
  std::uint32_t position = 0;   // of the one whose candidate it is
  std::uint32_t candidate = 0;  // position of the row
  float key = 0;
};
struct Reverse {
  std::span<const float> bars;        // by position: a key at least this is told; NaN: none is
  std::vector<ReverseHit> hits = {};  // appended, in no particular order
};

// Holds references; safe from any thread, one group a thread.
class AllPairs {
 public:
  // `wanted` >= 1: so many candidates a row.
  AllPairs(const Snapshot& snapshot, const Admission& admission, const TextWeights& weights, std::size_t wanted);

  std::uint32_t groups() const;
  PositionRange group(std::uint32_t number) const;
  // The lists of a group's rows in order of position, each the `wanted` best of all admissible (fewer where fewer are),
  // best first, ties by id. The same bits on every machine and with any number of threads.
  std::vector<std::vector<TextCandidate>> lists(std::uint32_t group, PairWork* work = nullptr) const;
  // The same for any rows: at most kGroupRows ascending positions. `reverse`: what the lists of all others would get of
  // them, with the very keys that they would have there.
  std::vector<std::vector<TextCandidate>> lists_of(std::span<const std::uint32_t> positions, PairWork* work = nullptr,
                                                   Reverse* reverse = nullptr) const;

 private:
  const Snapshot& snapshot_;
  const Admission& admission_;
  TextWeights weights_;
  std::size_t wanted_;
};

// The order of candidates: by key, ties by id.
inline bool better(const Admission& admission, const TextCandidate& a, const TextCandidate& b) {
  return a.key != b.key ? a.key > b.key : admission.rank(a.position) < admission.rank(b.position);
}

}  // namespace counterpart::index
