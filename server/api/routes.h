// THE table of endpoints: the rows of all files of handlers.
#pragma once

#include <span>

#include "server/handlers/route.h"
#include "server/layer.h"

namespace counterpart::server {

// Safe from any thread; always the same rows in the same order.
std::span<const Route> routes();

}  // namespace counterpart::server
