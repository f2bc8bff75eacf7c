// JSON <-> standing queries and alerts.
#pragma once

#include <boost/json.hpp>
#include <string_view>

#include "engine/base/result.h"
#include "engine/match/bands.h"
#include "index/standing/standing_queries.h"
#include "server/http/request.h"
#include "server/layer.h"
#include "server/service/service.h"

namespace counterpart::server {

// The body of POST /v1/standing-queries.
struct StandingCall {
  StandingQuery query;
  std::optional<Band> from = Band::kGood;  // its minimum is to be that of this band; nothing: it states one
};
// Wrong types and unknown members are refused by name.
Result<StandingCall> read_standing_call(const Request& request, const Taxonomy& taxonomy);

boost::json::object write_standing_query(const StandingQuery& query);
boost::json::object write_alert(const Alert& alert);

}  // namespace counterpart::server
