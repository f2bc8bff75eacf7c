// The calls about suitcases. They stand apart from those of other rooms, of which a suitcase makes its own: so none of these
// can be within one.
#pragma once

#include <span>

#include "server/handlers/route.h"
#include "server/layer.h"

namespace counterpart::server {

std::span<const Route> suitcase_routes();

}  // namespace counterpart::server
