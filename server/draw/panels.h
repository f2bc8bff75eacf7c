// JSON <-> panels.
#pragma once

#include <boost/json.hpp>
#include <string_view>

#include "engine/base/result.h"
#include "server/http/request.h"
#include "server/layer.h"
#include "server/service/service.h"
#include "server/words/speech.h"

namespace counterpart::server {

// The body of POST /v1/panels; wrong types and unknown members are refused by name.
Result<PanelCall> read_panel_call(const Request& request, const Taxonomy& taxonomy);

boost::json::object write_panel(const PanelAnswer& answer, const Speech& speech);

}  // namespace counterpart::server
