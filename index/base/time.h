// Points in time as text.
#pragma once

#include <cstdint>
#include <string>

#include "index/layer.h"

namespace counterpart::index {

// "2024-05-01T12:00:00Z"
std::string iso_time(std::uint64_t seconds);
// And back; 0: not of this form.
std::uint64_t seconds_of(const std::string& iso_time);

}  // namespace counterpart::index
