// What kinds of cases that programmes run have in common: why one is refused or returned, what came of it, and who is told.
#include "engine/cycles/facts.h"
#include "engine/cycles/rows.h"

namespace counterpart::engine {
namespace {

// clang-format off
constexpr SaidRow kSaids[] = {
    {"refuse",  "reason"},
    {"return",  "reason"}, {"return", "note"},
    {"closure", "reason"}, {"closure", "outcome"},
};

constexpr ReasonRow kReasons[] = {
    {"refuse",  "not_eligible"}, {"refuse", "criteria_not_met"}, {"refuse", "incomplete"}, {"refuse", "duplicate"},
    {"refuse",  "no_resources"}, {"refuse", "other_programme"},
    {"return",  "unclear"}, {"return", "incomplete"}, {"return", "too_broad"}, {"return", "other_scope"},
    {"closure", "achieved"}, {"closure", "partly_achieved"}, {"closure", "not_achieved"},
};

constexpr LimitRow kLimits[] = {
    {"screening", 10, Unit::kWorkingDays, "for a request or an application to be screened"},
    {"progress",  60, Unit::kWorkingDays, "between two reports of what is under way"},
};
// clang-format on

}  // namespace

CycleRows closure_rows() { return {.saids = kSaids, .reasons = kReasons, .limits = kLimits}; }

}  // namespace counterpart::engine
