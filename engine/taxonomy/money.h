// Amounts of money: compared over currencies by the shipped rates, and told in words.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/phrase.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

// An amount of `from` in `to`. nullopt: the two differ and one has no rate; such amounts are never added or compared.
std::optional<double> converted(double amount, std::string_view from, std::string_view to, const Taxonomy& taxonomy);

// "500,000 to 3,000,000 USD", "up to 2,000,000 EUR", "from 1,000 KES", in whole units; empty where no end is stated.
Phrase range_of(std::optional<double> min, std::optional<double> max, std::string_view currency);

}  // namespace counterpart::engine
