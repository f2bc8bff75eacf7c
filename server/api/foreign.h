// Requests that a web page of another site makes its visitor's browser send.
#pragma once

#include "server/http/request.h"
#include "server/layer.h"

namespace counterpart::server {

// A web page of another site must not reach this server through its visitor's browser: neither by a form or script
// (Origin) nor by a name of its own that resolves to this machine (Host).
// Where a token is asked for, no browser sends it by itself, and the name does not matter.
bool is_foreign(const Request& request, bool open);

}  // namespace counterpart::server
