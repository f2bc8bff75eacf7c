// JSON of why an answer is empty, and of what may still change it.
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <vector>

#include "engine/match/matcher.h"
#include "server/layer.h"

namespace counterpart::server {

boost::json::array write_removed(const std::vector<Removed>& removed);

// Members `removed` and, where somebody is one condition away, `nearest`.
void add_absence(boost::json::object& answer, const Matches& matches);

// Members `awaiting_fine` and `note`, where profiles still lack their fine vectors.
void add_awaiting(boost::json::object& answer, std::size_t awaiting_fine);

}  // namespace counterpart::server
