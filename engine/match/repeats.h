// Whose profile a row is: an organisation with several profiles is one counterpart, in a list as among those who are near by
// chance. Pure functions; safe from any thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/corpus/corpus.h"

namespace counterpart::engine {

// Equal for equal names in one country; a project is its own, whoever is behind it.
std::string organisation_of(const Corpus& corpus, Row row);

// Of the nearest of `rows` takes out whoever is of an organisation that is nearer already, and whoever is exactly as near as
// another: their texts are the same. `nearness` is by row, and those that stay keep their order.
void leave_out_repeats(const Corpus& corpus, std::span<const Row> rows, std::vector<double>& nearness);

}  // namespace counterpart::engine
