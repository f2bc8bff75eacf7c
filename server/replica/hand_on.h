// What stands before a server's calls where copies follow an owner: a follower hands on what is the owner's to do, an owner
// lets no answer leave that its standby has not confirmed, and both make a reader wait for what it has seen elsewhere.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "engine/base/thread_safety.h"
#include "index/replica/replication.h"
#include "server/http/request.h"
#include "server/layer.h"
#include "server/replica/owner_calls.h"
#include "server/replica/owner_link.h"

namespace counterpart::server {

// Whoever wrote through this server reads what was written there next, within kSequencePatience, and need not know of any of
// this.
//
// Of every answer: the batch of the owner's that nothing of what it says is later than; what is searched may be a moment behind
// it. A request that hands it back is answered from no earlier state, searched or not: after kSequencePatience it is refused.
inline constexpr const char* kSequenceHeader = "X-Counterpart-Sequence";
inline constexpr std::chrono::seconds kSequencePatience{5}, kConfirmPatience{10}, kTailPatience{1};

// Safe from any thread. Before watch() everything is answered here.
class HandOn {
 public:
  // `link`: of a follower, to its owner; nullptr: nothing is handed on. Requests with `local_key`, the key by which the command
  // line of this machine is let in, speak to the owner as the link does. All outlive the last request, and `here` of answer()
  // outlives `calls`.
  void watch(Replication& replication, const OwnerLink* link, OwnerCalls& calls, std::string local_key);

  // The answer of `here`, or the owner's.
  Response answer(const Request& request, const Handler& here) const;
  // What HttpOptions takes.
  bool too_early(const Request& request, std::chrono::steady_clock::duration waited) const;

 private:
  Response hand_on(const Request& request, const Handler& here) const;
  // Nothing, of a read: it does not answer.
  std::optional<Response> from_owner(const Request& request, const std::stop_token& stop) const;
  // Up to where whoever asks has written through this server; 0: it has not.
  std::uint64_t written_by(const Request& request) const;
  void note_written(const Request& request, std::uint64_t number) const;
  Response confirmed(Response response) const;

  std::atomic<Replication*> replication_{nullptr};
  const OwnerLink* link_ = nullptr;
  OwnerCalls* calls_ = nullptr;
  std::string local_key_;
  mutable Mutex mutex_;
  mutable std::unordered_map<std::size_t, std::uint64_t> written_ GUARDED_BY(mutex_);  // by hash of what says who asks
};

}  // namespace counterpart::server
