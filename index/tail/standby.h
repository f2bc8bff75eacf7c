// Where a store says how far it has come, and which follower is its standby.
#pragma once

#include <string_view>

#include "index/layer.h"

namespace counterpart::index {

// Of Family::kMeta.
inline constexpr std::string_view kTailKey = "tail", kStandbyKey = "replica-standby";

}  // namespace counterpart::index
