#include "index/segment/reference_vectors.h"

#include <vector>

namespace counterpart::index {

BestReference best_reference(const Query& seeker, const Segment& segment, std::uint32_t row) {
  BestReference best;
  const std::uint32_t first = segment.first_reference(row), count = segment.reference_count(row);
  if (count == 0) return best;
  std::vector<std::int32_t> dots(count);
  dot_vectors(seeker.values.data(), segment.reference_vector(first), segment.fine().half, count, dots.data());
  for (std::uint32_t i = 0; i < count; ++i) {
    const float one = cosine(dots[i], seeker.scale, segment.reference_scale(first + i));
    best.similarities.add(one);
    if (one > best.similarity) best.similarity = one, best.number = static_cast<std::uint16_t>(i);
  }
  return best;
}

float raise_by_own(float joined, std::span<const Query> references, const Segment& segment, std::uint32_t row) {
  BestReferences similarities(-1);
  const VectorRows rows = segment.fine();
  for (const Query& reference : references) {
    std::int32_t dot = 0;
    dot_vectors(reference.values.data(), rows.row(row) + rows.half, rows.half, 1, &dot);
    similarities.add(cosine(dot, reference.scale, segment.fine_scale(row)));
  }
  return similarities.raise(joined, references.size());
}

}  // namespace counterpart::index
