#include "engine/base/date.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace counterpart::engine {
namespace {

std::optional<int> digits(std::string_view text) {
  int value = 0;
  const bool all = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!all || error != std::errc{}) return std::nullopt;
  return value;
}

}  // namespace

Result<std::int32_t> parse_date(std::string_view text) {
  const auto wrong = [&](std::string message) {
    return fail(ErrorCode::kInvalid, {}, std::move(message), "a date as in 2026-12-31");
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return wrong("is not a date of the form YYYY-MM-DD");
  const auto year = digits(text.substr(0, 4)), month = digits(text.substr(5, 2)), day = digits(text.substr(8, 2));
  if (!year || !month || !day) return wrong("is not a date of the form YYYY-MM-DD");
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return wrong("is a day that does not exist");
  return static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

}  // namespace counterpart::engine
