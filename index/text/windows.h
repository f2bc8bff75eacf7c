// Where the windows of a long text begin: a text model sees so many pieces at once, and no more than so many windows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "index/layer.h"

namespace counterpart::index {

// Ascending: windows of `room` pieces one behind the other. A text that would take more than `most` (> 1) is spoken for by
// `most` windows, spread evenly from its first piece to its last, so that its cost is bounded and no part of it is nobody's.
inline std::vector<std::size_t> window_starts(std::size_t pieces, std::size_t room, std::size_t most) {
  std::vector<std::size_t> starts;
  const std::size_t all = (pieces + room - 1) / room;
  for (std::size_t i = 0; i < std::min(all, most); ++i)
    starts.push_back(all <= most ? i * room : i * (pieces - room) / (most - 1));
  return starts;
}

}  // namespace counterpart::index
