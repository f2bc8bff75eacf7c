// The rows of the table, a function a theme. A new kind is a function here, its file, and its name in life_cycles.cpp's
// kThemes. What it names (limits, saids) may be a row of another theme.
#pragma once

#include "engine/cycles/life_cycles.h"

namespace counterpart::engine {

CycleRows introduction_rows();  // interest, introduction
CycleRows profile_rows();       // profile
CycleRows merge_rows();         // merge
CycleRows everywhere_rows();    // every kind

}  // namespace counterpart::engine
