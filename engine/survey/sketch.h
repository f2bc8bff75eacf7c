// A small summary of a text by which two copies of it find each other, whatever was changed in between.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace counterpart::engine {

// The least hashes of the text's overlapping runs of 8 letters (case, blanks and punctuation are nothing), ascending: a
// bottom-k sketch (Broder 1997, On the resemblance and containment of documents; Cohen 1997). Empty for fewer than 60
// letters (20 if Chinese), which may be the same by chance or custom. `text` is valid UTF-8.
using Sketch = std::vector<std::uint64_t>;
inline constexpr std::size_t kSketchSize = 24;
Sketch sketch_of(std::string_view text);

// Estimates the Jaccard similarity of the two texts' runs: 1 for equal texts, a standard error of 0.1 at most between.
// 0 where either is empty.
double resemblance(const Sketch& a, const Sketch& b);

}  // namespace counterpart::engine
