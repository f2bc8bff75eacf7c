// The bound on a match run's memory: told before the work begins where it cannot do, kept while it works.
#pragma once

#include <cstdint>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

struct RunSettings;

// Bytes that the process holds of its own (RssAnon of /proc/self/status; 0 where there is none). The mapped index is not
// among them: it is the system's cache, which gives way to whoever needs memory.
std::uint64_t process_memory();

// Bytes that matching `rows` takes at most, and what its matches take while they are assigned.
std::uint64_t matching_memory(const RunSettings& settings, std::uint64_t rows);
std::uint64_t assigning_memory(std::uint64_t matches);

// kTooLarge where the process would come over `bound` with `more` bytes (0: as it is); what was done is kept. No bound: 0.
Status check_memory(std::uint64_t bound, std::uint64_t more);

}  // namespace counterpart::index
