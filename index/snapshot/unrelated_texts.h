// How near the texts of a snapshot are that have nothing to do with each other, from pairs of rows drawn by chance.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/corpus/corpus.h"
#include "index/layer.h"

namespace counterpart::index {

// So many rows are drawn.
inline constexpr std::size_t kDrawnRows = 256;
// With fewer, the spread would be off by more than a tenth.
inline constexpr std::size_t kFewestDrawn = 100;

// Of rows in the order of the draw; `fine`: they are compared by the fine model as well. nullopt: they are too few, their
// texts repeat each other, or all of them are of one matter: then what is near says nothing of what fits.
std::optional<UnrelatedTexts> unrelated_texts(const std::vector<Faces>& drawn, bool fine);

}  // namespace counterpart::index
