// The groups of a match run as a queue from which copies of the data take some too: who has which, whose time is over, and
// whose word is looked at again.
//
// The run takes groups like everybody else, so that one that nobody helps ends as ever. A copy that dies or stalls costs its
// group again, once it has had it several times longer than any took here. A copy may be wrong
// (bad memory, another processor's arithmetic, malice): its first group and some of the others, which it cannot foresee, are
// done here again, and where one differs, all that it gave is thrown away and it gets nothing more. What is done here counts.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/thread_safety.h"
#include "index/layer.h"
#include "index/run/run_settings.h"

namespace counterpart::index {

// What a copy has to know of the run.
struct SharedRun {
  std::string programme, rules;  // its slug; hash of the programme files and weights
  std::uint64_t sequence = 0;    // of the snapshot
  std::string space;             // as space_name() has it
  std::int32_t today = 0;        // days since 1970-01-01, UTC
  RunSettings settings;          // those on which the result depends, and `threads.nice`
  bool operator==(const SharedRun& other) const {
    return programme == other.programme && rules == other.rules && sequence == other.sequence && space == other.space &&
           today == other.today;
  }
};

// How one did.
struct SharedFigures {
  std::size_t workers = 0;                                   // that took part
  std::uint64_t groups = 0;                                  // that count and are theirs
  std::uint64_t again = 0;                                   // done anew for one that died, stalled or was found wrong
  std::uint64_t looked_at = 0;                               // done twice, to compare
  std::vector<std::pair<std::string, std::string>> dropped;  // whose work was wrong, and why
};

// Safe from any thread. Times are given by whoever calls.
class SharedGroups {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Turn : std::uint8_t { kWork, kWait, kEnd };
  struct Next {
    Turn turn = Turn::kEnd;
    std::uint32_t group = 0;
    bool compare = false;     // of take_own(): it is there already; say by judge() whether it is the same
    std::string worker = {};  // whose it is then
  };
  // One group in so many is looked at again, by chance, beside the first of each worker.
  static constexpr std::uint32_t kLookedAt = 24;

  // `workers`: so many take part at most. `seed`: of what is looked at again; nothing: of the system's.
  explicit SharedGroups(std::size_t workers, std::optional<std::uint32_t> seed = {});

  // ---- of the run, before its work: until workers hold the same snapshot
  void announce(const SharedRun& run);  // forgets who joined another one
  std::size_t joined() const;

  // ---- of the run, at work
  // `keep` puts a group's bytes by: called from any thread, one at a time. kInvalid: they cannot be true.
  using Keep = std::function<Status(std::uint32_t group, std::string_view bytes)>;
  void begin(std::string rows_key, std::vector<std::uint32_t> groups, Keep keep);
  Next take_own(Time now);
  void kept_own(std::uint32_t group, Time now);
  // What the run's own work on a group that is there came to. Not the same: its bytes are put by in place of the other's.
  void judge(const Next& compared, bool same);
  // The run cannot go on.
  void fail(const Status& why);
  // What keeps the run from going on.
  Status trouble() const;
  // Workers wait.
  void hold(bool held);
  // Nobody gets anything any more; `keep` is called no more.
  void end();
  SharedFigures figures() const;

  // ---- of workers
  std::optional<SharedRun> announced() const;  // nothing: it is over
  // kConflict: another snapshot is announced meanwhile, or so many take part already.
  Status join(const std::string& worker, std::uint64_t sequence, const std::string& space);
  // kConflict: its rows are others. kForbidden: its work was wrong.
  Result<Next> take(const std::string& worker, const std::string& rows_key, Time now);
  // False: somebody else was faster, or the run is over. Errors as of take(), and kInvalid.
  Result<bool> give(const std::string& worker, std::uint32_t group, std::string_view bytes);

 private:
  struct Lease {
    std::string worker;
    Time since;
  };
  enum class Phase : std::uint8_t { kGathering, kReady, kOver };

  // What nobody has, or somebody has had for too long.
  std::optional<std::uint32_t> next_of(Time now) REQUIRES(mutex_);
  bool is_overdue(const Lease& lease, Time now) const REQUIRES(mutex_);
  void drop(const std::string& worker, const std::string& why) REQUIRES(mutex_);
  Status may_work(const std::string& worker) const REQUIRES(mutex_);

  const std::size_t most_;
  mutable Mutex mutex_;
  std::mt19937 chance_ GUARDED_BY(mutex_);
  Phase phase_ GUARDED_BY(mutex_) = Phase::kGathering;
  std::optional<SharedRun> run_ GUARDED_BY(mutex_);
  std::string rows_key_ GUARDED_BY(mutex_);
  Keep keep_ GUARDED_BY(mutex_);
  Status trouble_ GUARDED_BY(mutex_);
  bool held_ GUARDED_BY(mutex_) = false;
  std::set<std::string> joined_ GUARDED_BY(mutex_), dropped_ GUARDED_BY(mutex_), given_ GUARDED_BY(mutex_);
  std::deque<std::uint32_t> open_ GUARDED_BY(mutex_), to_compare_ GUARDED_BY(mutex_);
  std::map<std::uint32_t, Lease> leases_ GUARDED_BY(mutex_);
  std::map<std::uint32_t, Time> own_ GUARDED_BY(mutex_);                        // at work here, since when
  std::map<std::uint32_t, std::string> done_by_ GUARDED_BY(mutex_);             // worker
  Time::duration longest_ GUARDED_BY(mutex_) = std::chrono::milliseconds(500);  // that a group took here
  SharedFigures figures_ GUARDED_BY(mutex_);
};

}  // namespace counterpart::index
