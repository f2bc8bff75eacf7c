// Dates as profiles state them.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/result.h"

namespace counterpart::engine {

// Days since 1970-01-01 of an ISO 8601 date, or kInvalid.
Result<std::int32_t> parse_date(std::string_view text);

}  // namespace counterpart::engine
