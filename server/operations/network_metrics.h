// The network of offices in Prometheus' text format, behind what Metrics writes.
#pragma once

#include <string>

#include "index/network/figures.h"
#include "server/layer.h"

namespace counterpart::server {

std::string network_metrics(const NetworkFigures& network);

}  // namespace counterpart::server
