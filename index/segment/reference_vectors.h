// References compared by their fine vectors, the same for a search and for a match run.
#pragma once

#include <cstdint>
#include <span>

#include "index/layer.h"
#include "index/segment/segment.h"
#include "index/vector/best_references.h"

namespace counterpart::index {

struct BestReference {
  BestReferences similarities{-1};
  float similarity = -1;                // of the best one
  std::uint16_t number = kNoReference;  // among those of the row
};

// The row's references against what the seeker needs: the first half of `seeker`, a query of fine vectors.
BestReference best_reference(const Query& seeker, const FineRow& row);

// What `joined` becomes by the seeker's own references, a half each, against what the row needs.
float raise_by_own(float joined, std::span<const Query> references, const FineRow& row);

}  // namespace counterpart::index
