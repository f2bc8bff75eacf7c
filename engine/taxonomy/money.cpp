#include "engine/taxonomy/money.h"

namespace counterpart::engine {

std::optional<double> converted(double amount, std::string_view from, std::string_view to, const Taxonomy& taxonomy) {
  if (from == to) return amount;
  const std::optional<double> usd = taxonomy.in_usd(amount, from), unit = taxonomy.in_usd(1, to);
  return usd && unit ? std::optional(*usd / *unit) : std::nullopt;
}

Phrase range_of(std::optional<double> min, std::optional<double> max, std::string_view currency) {
  if (!min && !max) return {};
  const bool one = min && max && *min == *max;
  Phrase range{one ? "money.exactly" : !max ? "money.from" : !min ? "money.up_to" : "money.between"};
  if (min) range.arguments.emplace_back("least", Decimal{*min});
  if (max && !one) range.arguments.emplace_back("most", Decimal{*max});
  range.arguments.emplace_back("currency", std::string(currency));
  return range;
}

}  // namespace counterpart::engine
