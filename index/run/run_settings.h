// What whoever orders a run may choose.
#pragma once

#include <cstddef>
#include <cstdint>

#include "index/layer.h"
#include "index/run/run_control.h"

namespace counterpart::index {

struct RunSettings {
  // The result depends on these three.
  std::size_t candidates = 128;  // a row's best by text, which are scored by all signals
  std::size_t listed = 20;       // of those, a row's matches
  std::size_t spare = 32;        // more candidates are kept, so that a list survives the loss of a few
  // It does not depend on these.
  RunThreads threads = {};
  std::uint64_t memory = 0;  // bytes, as index/run/run_memory.h counts them; 0: no bound
  bool full = false;         // take nothing over from an earlier night
};

}  // namespace counterpart::index
