// How `serve` logs: lines of text or of JSON, on standard error.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "server/layer.h"

namespace counterpart::server {

// `level`: debug, info, warn or error; `format`: text or json ({"at", "level", "message"}). kInvalid.
Status start_log(const std::string& level, const std::string& format);

}  // namespace counterpart::server
