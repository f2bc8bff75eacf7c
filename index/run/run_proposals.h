// From everybody's best matches to the introductions that are proposed: as many as each profile and office can handle.
#pragma once

#include "engine/allocation/assignment.h"
#include "engine/base/result.h"
#include "engine/casework/engagements.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/layer.h"
#include "index/run/run_archive.h"

namespace counterpart::index {

// Marks the matches of `matches` that are proposed, and adds those that only the other side's list had. A profile handles
// what it says, and no more than the programme allows; an office what the programme says. The open cases of `engaged` take
// places of both, and whom one is between is not proposed again. `assignment` is filled in, but for `chosen`. Equal for equal
// matches and cases.
Result<RunResult> propose(RunMatches matches, const Snapshot& snapshot, const Programme& programme, const Taxonomy& taxonomy,
                          const Engagements& engaged, Assignment& assignment);

}  // namespace counterpart::index
