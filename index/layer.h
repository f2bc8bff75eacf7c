// The namespace of this layer, which sees the names of the layer below it. A name that both declare is the one of this layer;
// the other is written with its namespace.
#pragma once

namespace counterpart::engine {}

namespace counterpart::index {
using namespace engine;
}  // namespace counterpart::index
