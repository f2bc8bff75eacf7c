// By what a batch is known that erases a profile for good, as opposed to one that merely removes it: Family::kMeta has this,
// and the id, as the key of the erasure's number.
#pragma once

#include <string_view>

#include "index/layer.h"

namespace counterpart::index {

inline constexpr std::string_view kErasureOf = "erasure-of:";

}  // namespace counterpart::index
