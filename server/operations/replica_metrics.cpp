#include "server/operations/replica_metrics.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace counterpart::server {
namespace {

void figure(std::string& out, std::string_view name, std::string_view help, std::uint64_t value) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" gauge\n");
  out.append(name).append(" ").append(std::to_string(value)).append("\n");
}

}  // namespace

std::string replica_metrics(const ReplicationState& state) {
  std::string out;
  const bool follows = state.role.kind == ReplicaRole::Kind::kFollower;
  figure(out, "counterpart_replica_follows", "1: this server is a copy that follows an owner.", follows ? 1 : 0);
  figure(out, "counterpart_replica_fenced", "1: another server has taken over from this one.",
         state.role.kind == ReplicaRole::Kind::kFenced ? 1 : 0);
  figure(out, "counterpart_replica_epoch", "One more with each owner that took over.", state.position.epoch);
  figure(out, "counterpart_replica_sequence", "The last batch that answers are made of.", state.visible);
  figure(out, "counterpart_replica_lag", "Batches that the owner has and this copy does not show yet.",
         follows ? std::max(state.owner_at, state.visible) - state.visible : 0);
  figure(out, "counterpart_replica_standby", "1: nothing is acknowledged that the standby has not confirmed.",
         state.standby ? 1 : 0);
  figure(out, "counterpart_replica_standby_heard", "1: it has answered within the last seconds.", state.standby_heard ? 1 : 0);
  figure(out, "counterpart_replica_standby_behind", "Batches that it has not confirmed.",
         state.standby && !follows ? state.position.number - std::min(state.confirmed, state.position.number) : 0);
  return out;
}

}  // namespace counterpart::server
