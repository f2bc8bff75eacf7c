// The namespace of this layer, which sees the names of the layers below it. A name that both declare is the one of this layer;
// another is written with its namespace.
#pragma once

#include "index/layer.h"

namespace counterpart::server {
using namespace engine;
using namespace index;
}  // namespace counterpart::server
