// The rows of the table, a function a theme. A new kind is a function here, its file, and its name in life_cycles.cpp's
// kThemes. What it names (limits, saids) may be a row of another theme.
#pragma once

#include "engine/cycles/life_cycles.h"

namespace counterpart::engine {

CycleRows introduction_rows();   // interest, introduction
CycleRows good_practice_rows();  // good_practice
CycleRows profile_rows();        // profile
CycleRows merge_rows();          // merge
CycleRows consultation_rows();   // nomination, invitation
CycleRows everywhere_rows();     // every kind
CycleRows closure_rows();        // what the kinds below have in common
CycleRows request_rows();        // request
CycleRows coaching_rows();       // coaching
CycleRows cohort_rows();         // application
CycleRows membership_rows();     // membership
CycleRows contribution_rows();   // contribution

}  // namespace counterpart::engine
