// A profile that is still being written, from JSON.
#pragma once

#include <string_view>

#include "engine/base/result.h"
#include "engine/profile/profile.h"
#include "engine/profile/profile_check.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

// What of it can be read; what keeps it from being a profile is in `findings.faults`, missing members too. What an error
// refuses: text that is no JSON object, and members that no profile has (place: the first of them).
Result<Profile> parse_draft(std::string_view json, const Taxonomy& taxonomy, Findings& findings);

}  // namespace counterpart::engine
