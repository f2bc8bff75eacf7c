// Quarters of a year, by which reports count: "2026Q4".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/calendar/time_zone.h"

namespace counterpart::engine {

// Quarters since that of January of the year 0.
enum class Quarter : int {};
Quarter quarter_of(Day day);
std::string name_of(Quarter quarter);
// kInvalid: not a year from 1970 to 9999 and one of its quarters.
Result<Quarter> parse_quarter(std::string_view text);

// Quarters one after the other, at least one.
struct Period {
  Quarter first{};
  std::size_t quarters = 1;

  // The place of the quarter in the period; nothing: it lies outside.
  std::optional<std::size_t> place_of(Quarter quarter) const;
  // Of the quarter at `place`; at `quarters` of the whole: "2026Q1-2026Q4".
  std::string name(std::size_t place) const;
  // The places that rows are told of: each quarter, and the whole where it is another.
  std::size_t places() const { return quarters > 1 ? quarters + 1 : 1; }
};

}  // namespace counterpart::engine
