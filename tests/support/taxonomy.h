// The project's own code lists, read once.
#pragma once

#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

inline const Taxonomy& real_taxonomy() {
  static const auto loaded = Taxonomy::load(COUNTERPART_SOURCE_DIR "/datasets/taxonomy").value();
  return *loaded;
}

}  // namespace counterpart::engine
