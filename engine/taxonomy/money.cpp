#include "engine/taxonomy/money.h"

#include <cmath>

namespace counterpart::engine {

std::optional<double> converted(double amount, std::string_view from, std::string_view to, const Taxonomy& taxonomy) {
  if (from == to) return amount;
  const std::optional<double> usd = taxonomy.in_usd(amount, from), unit = taxonomy.in_usd(1, to);
  return usd && unit ? std::optional(*usd / *unit) : std::nullopt;
}

std::string amount_in_words(double amount) {
  std::string digits = std::to_string(static_cast<long long>(std::llround(amount)));
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string range_in_words(std::optional<double> min, std::optional<double> max, std::string_view currency) {
  if (!min && !max) return {};
  std::string text = !max ? "from " + amount_in_words(*min) : !min ? "up to " + amount_in_words(*max) : "";
  if (min && max) text = amount_in_words(*min) + (*min == *max ? "" : " to " + amount_in_words(*max));
  return text + (currency.empty() ? "" : " ") + std::string(currency);
}

}  // namespace counterpart::engine
