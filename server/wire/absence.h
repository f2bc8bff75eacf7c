// JSON of why an answer is empty, and of what may still change it.
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <vector>

#include "engine/match/matcher.h"
#include "server/layer.h"
#include "server/words/speech.h"

namespace counterpart::server {

boost::json::array write_removed(const std::vector<Removed>& removed, const Speech& speech);

// Members `removed` and, where somebody is one condition away, `nearest`.
void add_absence(boost::json::object& answer, const Matches& matches, const Speech& speech);

// Members `awaiting_fine` and `note`, where profiles still lack their fine vectors.
void add_awaiting(boost::json::object& answer, std::size_t awaiting_fine, const Speech& speech);

}  // namespace counterpart::server
