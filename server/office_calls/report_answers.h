// JSON of reports: rows of figures, and what they mean in words.
#pragma once

#include <boost/json.hpp>
#include <vector>

#include "engine/casework/office.h"
#include "engine/programme/programme.h"
#include "engine/report/funnel.h"
#include "engine/report/response_times.h"
#include "server/layer.h"
#include "server/words/speech.h"

namespace counterpart::server {

// {quarters, definition, rows}.
boost::json::object write_response_times(const std::vector<AnsweringTimes>& rows, const Period& period,
                                         const Directory& directory, const Speech& speech);

// Counts above 0 and below `least` are null, and so is the money of so few conclusions: a reader who may not see the cases does
// not find one of them by its group.
boost::json::object write_funnel(const std::vector<FunnelRow>& rows, const Period& period, Funnel::Count count,
                                 std::uint64_t least, const Programmes& programmes, const Speech& speech);

}  // namespace counterpart::server
