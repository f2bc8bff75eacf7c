// Numbers as people and spreadsheets write them.
#pragma once

#include <string_view>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

// 250000, 250 000 (any blank), 250'000, 2,50,000, 1.234.567, 1,234.5, 1.234,5, 1,5; digits of any script. What may be read
// in two ways (250.000, 1,500) and what is no number (250k, EUR 5, 2.5E+05) is kInvalid, with what to write instead.
Result<double> read_number(std::string_view text);

}  // namespace counterpart::index
