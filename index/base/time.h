// The clock of the calendar, and its points in time as text.
#pragma once

#include <cstdint>
#include <string>

#include "index/layer.h"

namespace counterpart::index {

inline constexpr std::int64_t kDay = 86'400;  // seconds

// Seconds since 1970.
std::uint64_t now_utc();
// Days since 1970.
std::int32_t today_utc();

// "2024-05-01T12:00:00Z"
std::string iso_time(std::uint64_t seconds);
// And back; 0: not of this form.
std::uint64_t seconds_of(const std::string& iso_time);

}  // namespace counterpart::index
