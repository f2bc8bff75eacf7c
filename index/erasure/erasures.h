// Erasures for good, as jobs: each is recorded in the very batch that erases its profiles, and goes on, over failures and
// restarts, until the directory's files were rewritten and searched. The store alone says how far one is.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/thread_safety.h"
#include "index/erasure/erasure.h"
#include "index/erasure/erasure_job.h"
#include "index/layer.h"
#include "index/store/store.h"

namespace counterpart::index {

// Safe from any thread; one for a store.
class Erasures {
 public:
  struct Index {
    std::function<Status()> save;                        // written anew, with every acknowledged change; kUnavailable: not yet
    std::function<bool(const std::string& id)> indexed;  // by what was saved
    // The spool without letters that are gone, as CaseStore::clear_spool() does it; empty: there is none.
    std::function<Result<std::set<std::uint64_t>>()> clear_spool = {};
  };
  // Keeps a reference to `store`. kCorrupt: a job's record does not decode.
  static Result<std::unique_ptr<Erasures>> open(Store& store, Index index);
  ~Erasures();  // ends what start() began; a job that is under way goes on at the next open()

  // One id to erase: `write`, which erases it, if the caller may; without, only an erasure that was asked for before is gone on
  // with.
  struct Asked {
    std::string id;
    std::optional<Write> write;
  };
  // May the caller have the receipt of what is erased already?
  using MayRepeat = std::function<bool(const ErasedProfile& profile, const std::string& who)>;
  // All of `asked` are erased together or none, each under all ids that merges gave it: kNotFound, and what a consent refuses.
  // From then on they are gone, and the receipt says what holds: `complete`, or `pending` and why. A repeated call goes on with
  // it. Takes seconds, some ten for 100,000 profiles. An id that was merely erased is taken in too, where `write` needs no
  // consent.
  Result<ErasureReceipt> erase(const std::vector<Asked>& asked, const MayRepeat& may_repeat, const std::string& who);

  // Goes on with every job that is not done. The error says why it is not.
  Status finish();
  // A thread goes on with them by itself, again and again until they are done.
  void start();
  std::uint64_t pending() const;  // jobs that are not done

 private:
  Erasures(Store& store, Index index) : store_(store), index_(std::move(index)) {}
  Status load();
  Result<std::vector<std::uint64_t>> record(const std::vector<Asked>& asked, const MayRepeat& may_repeat,
                                            const std::string& who) REQUIRES(recording_);
  Result<std::optional<ErasureJob>> job_of(const std::string& id) const;
  Result<ErasureJob> job(std::uint64_t number) const;
  Result<std::vector<ErasureJob>> unfinished() const;
  Status clean(std::vector<ErasureJob>& jobs) REQUIRES(finishing_);
  Status search(std::vector<ErasureJob>& jobs, const std::set<std::uint64_t>& unspooled) REQUIRES(finishing_);
  Status close(std::vector<ErasureJob>& jobs) REQUIRES(finishing_);
  ErasureReceipt receipt_of(const std::vector<std::uint64_t>& numbers, std::vector<std::string> profiles,
                            const Status& went) const;
  void count(std::int64_t more);  // of pending_
  void go_on();

  Store& store_;
  Index index_;
  Mutex recording_;
  std::uint64_t last_ GUARDED_BY(recording_) = 0;  // number of a job
  Mutex finishing_;                                // one at a time does the work
  mutable Mutex mutex_;
  ConditionVariable changed_;
  std::int64_t pending_ GUARDED_BY(mutex_) = 0;
  bool stop_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace counterpart::index
