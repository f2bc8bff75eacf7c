// Who owns the data and who follows, in Prometheus' text format, behind what Metrics writes.
#pragma once

#include <string>

#include "index/replica/replication.h"
#include "server/layer.h"

namespace counterpart::server {

std::string replica_metrics(const ReplicationState& state);

}  // namespace counterpart::server
