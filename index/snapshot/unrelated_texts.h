// How near the texts of a snapshot are that have nothing to do with each other, from pairs of rows drawn by chance.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/corpus/corpus.h"
#include "index/layer.h"

namespace counterpart::index {

// So many rows are drawn: of a corpus where one in five states a need 200 do.
inline constexpr std::size_t kDrawnRows = 1'024;
// With fewer, the spread would be off by more than a tenth.
inline constexpr std::size_t kFewestDrawn = 100;

struct DrawnText {
  Faces faces;
  bool need = false, offer = false;  // stated in words of its own
};

// Of rows in the order of the draw; `fine`: they are compared by the fine model as well. Only stated needs are paired with
// stated offers, as a question is: the other face of a company is its own words again, so that companies are nearer to each
// other than to any project, and pairs of both kinds together spread a third wider than a question's list does (57,000 listed
// companies and projects). nullopt: they are too few, their texts repeat each other, or all of them are of one matter: then
// what is near says nothing of what fits.
std::optional<UnrelatedTexts> unrelated_texts(const std::vector<DrawnText>& drawn, bool fine);

}  // namespace counterpart::index
