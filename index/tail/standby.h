// Where a store says which follower is its standby.
#pragma once

#include <string_view>

#include "index/layer.h"

namespace counterpart::index {

inline constexpr std::string_view kStandbyKey = "replica-standby";  // of Family::kMeta

}  // namespace counterpart::index
