// One owner, and copies that follow it: who may write, who has what, and how another takes over.
//
// The owner's store is the truth; a follower's is the same, batch for batch, at an earlier position. What carries the batches
// is the owner's own HTTP server and not a message stream: the two have one position and one hash to compare (index/tail),
// nothing between them has to be kept, trusted or cleared when something is erased for good, and no third process is needed.
//
// Taking over without two owners. One follower may be the standby, by the owner's record of it. From then on the owner
// acknowledges a write only when the standby has it on disk, and refuses to write while the standby does not answer. A standby
// that takes over begins a new epoch and confirms nothing of the old one any more, so whoever still runs as the owner, or comes
// back as one, can acknowledge nothing: no clock and no third machine is asked. It is told who took over when they meet. A
// follower that is not the standby takes over only where losing what it has not got was agreed to.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/replica/role.h"
#include "index/store/store.h"

namespace counterpart::index {

// A follower that may take over, as the owner has it in its store.
struct Standby {
  std::string id, url;  // `url`: by which it is reached; may be empty
};

// What a follower says when it asks for what comes next.
struct TailCall {
  TailPosition has;  // on its disk
  std::string id = {}, url = {};
  bool stands_by = false;  // it wants to be the standby
};

// Who took over, after which batch, and how much of the audit log it had then.
struct Takeover {
  std::uint64_t epoch = 0;
  TailPosition after = {};
  std::uint64_t audit_entries = 0;
};

struct ReplicationState {
  ReplicaRole role;
  TailPosition position;
  std::uint64_t visible = 0;    // as shown()
  std::uint64_t owner_at = 0;   // of a follower: where its owner stood when it last answered
  std::uint64_t confirmed = 0;  // by the standby, since this server began
  std::optional<Standby> standby = {};
  bool standby_heard = false;             // lately
  std::optional<Takeover> takeover = {};  // the last one
};

// Safe from any thread; one for a store, which outlives it.
class Replication {
 public:
  // `serves`: followers can ask this process. Where it is no owner, it refuses every write from here on. kCorrupt.
  static Result<std::unique_ptr<Replication>> open(Store& store, bool serves);
  ~Replication();
  // What is over the store is open, which may have written something: an owner's writes wait for its standby from here on.
  void begin();

  ReplicaRole role() const;
  bool follows() const { return role().kind == ReplicaRole::Kind::kFollower; }
  bool owns() const;  // what is written here, with or without a standby
  ReplicationState state() const;
  // kUnavailable: why nothing can be written here now.
  Status may_write() const;

  // Up to which batch answers are: of an owner the last one, of a follower the last that its indexes have taken in.
  std::uint64_t shown() const;
  void show(std::uint64_t number);
  // Is all there and shown that somebody saw who was told of that batch, by whichever server? Numbers of two owners part where
  // one took over, after what the standby confirmed last: an owner that has one has no more than that, and a fenced one
  // nothing.
  bool has(std::uint64_t number) const;
  // The last batch that is there: whatever was read from this store until now is of it, or of one before.
  std::uint64_t stored() const;
  // A follower's: the last that it heard of where its owner stands.
  void owner_stands(std::uint64_t number);

  // The owner's. The batches that follow, as read_batches() takes them, empty: none. kConflict: `has` is not on the way to
  // where this store stands, or too far back: a new copy is due. kUnavailable: this is no owner.
  Result<std::string> tail(const TailCall& call);
  // Is there anything to answer?
  bool has_news(const TailPosition& has) const;
  // Has the standby everything up to that batch? True without one.
  bool is_confirmed(std::uint64_t number) const;

  // Another has taken over, or is about to: nothing is written here from then on, over restarts. What `takeover` lacks is told
  // in DATA/LEFT-BEHIND. Who follows another stays as it is. Of two
  // owners of one epoch the one that is told stops (`takeover` is what an owner tells), unless it has a standby of its own.
  // kConflict: this one has a later epoch.
  Result<ReplicaRole> fence(std::uint64_t epoch, const std::string& url, const std::optional<Takeover>& takeover);
  // A follower becomes the owner; an owner goes on without its standby. kForbidden: what was acknowledged may not be here, and
  // that was not agreed to (`accept_loss`). kConflict: it is the owner, and has no standby. kStorage: nothing is written here
  // until this is called again, and then goes on where it was cut off.
  Result<Takeover> promote(bool accept_loss, const std::string& who);
  // Would promote() lose nothing, by what is in this store?
  bool is_safe() const;
  // What whoever runs this store does before a promotion that is asked for by a call (the owner is fenced where it answers, and
  // what it has is taken), and after it.
  struct Promoting {
    std::function<Status(bool accept_loss)> before = {};
    std::function<void()> after = {};
  };
  void promote_with(Promoting promoting);
  Promoting promoting() const;

 private:
  struct Impl;
  explicit Replication(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::index
