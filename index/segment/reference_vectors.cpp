#include "index/segment/reference_vectors.h"

#include <vector>

namespace counterpart::index {

BestReference best_reference(const Query& seeker, const FineRow& row) {
  BestReference best;
  const std::size_t count = row.reference_scales.size();
  if (count == 0) return best;
  std::vector<std::int32_t> dots(count);
  dot_vectors(seeker.values.data(), row.references, row.rows.half, count, dots.data());
  for (std::size_t i = 0; i < count; ++i) {
    const float one = cosine(dots[i], seeker.scale, row.reference_scales[i]);
    best.similarities.add(one);
    if (one > best.similarity) best.similarity = one, best.number = static_cast<std::uint16_t>(i);
  }
  return best;
}

float raise_by_own(float joined, std::span<const Query> references, const FineRow& row) {
  BestReferences similarities(-1);
  for (const Query& reference : references) {
    std::int32_t dot = 0;
    dot_vectors(reference.values.data(), row.rows.row(row.row) + row.rows.half, row.rows.half, 1, &dot);
    similarities.add(cosine(dot, reference.scale, row.scale));
  }
  return similarities.raise(joined, references.size());
}

}  // namespace counterpart::index
