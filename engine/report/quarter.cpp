#include "engine/report/quarter.h"

#include <charconv>
#include <chrono>

namespace counterpart::engine {

Quarter quarter_of(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  return Quarter{static_cast<int>(date.year()) * 4 + static_cast<int>((static_cast<unsigned>(date.month()) - 1) / 3)};
}

std::string name_of(Quarter quarter) {
  const int number = static_cast<int>(quarter);
  return std::to_string(number / 4) + "Q" + std::to_string(number % 4 + 1);
}

Result<Quarter> parse_quarter(std::string_view text) {
  int year = 0;
  const bool read = text.size() == 6 && text[4] == 'Q' && text[5] >= '1' && text[5] <= '4' &&
                    std::from_chars(text.data(), text.data() + 4, year).ptr == text.data() + 4;
  if (read && year >= 1970) return Quarter{year * 4 + (text[5] - '1')};
  return fail(ErrorCode::kInvalid, "quarter", "not a quarter of a year", "write it as in 2026Q4");
}

std::optional<std::size_t> Period::place_of(Quarter quarter) const {
  const int place = static_cast<int>(quarter) - static_cast<int>(first);
  if (place < 0 || static_cast<std::size_t>(place) >= quarters) return std::nullopt;
  return static_cast<std::size_t>(place);
}

std::string Period::name(std::size_t place) const {
  const auto at = [&](std::size_t offset) { return name_of(Quarter{static_cast<int>(first) + static_cast<int>(offset)}); };
  return place < quarters ? at(place) : at(0) + "-" + at(quarters - 1);
}

}  // namespace counterpart::engine
