// What CaseStore is made of, for its own files alone.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/thread_safety.h"
#include "index/casework/board.h"
#include "index/casework/case_erasing.h"
#include "index/casework/case_plan.h"
#include "index/casework/case_store.h"
#include "index/layer.h"
#include "index/store/commit_hook.h"

namespace counterpart::index {

// Have both sides turned their keys, and none was asked for anew since?
bool both_keys_turned(const Case& of, const LifeCycles& table);

// One at a time writes: in a task of Store::run_exclusively(), or in before_commit(). The mutex is held for what is in memory
// alone, never while the disk is waited for; only who writes takes something from the disk into memory.
struct CaseStore::Impl final : CommitHook {
  Impl(Store& the_store, MakeClock the_clock, Limits the_limits, const LifeCycles& the_table)
      : store(the_store), database(the_store.database()), make_clock(std::move(the_clock)), limits(std::move(the_limits)),
        table(the_table), board([this](const std::string& id) { return read_case(database, id); }) {}

  Status load(std::int64_t now);
  std::shared_ptr<const Offices> current() const {
    const MutexLock lock(mutex);
    return offices;
  }
  // Must not outlive `of`.
  Casework work(const Offices& of) const { return {of.directory, *of.clock, limits, table}; }

  // Cases as the board has them at that time.
  using Items = std::vector<std::pair<std::string, std::shared_ptr<Board::Item>>>;
  Result<Items> items_of(const CasePlan& plan, const Casework& with, std::int64_t now) const;
  // By whoever writes: on disk first, then in memory. `looked_at`: cases whose time has been let pass.
  Status write(const CasePlan& plan, Items items, const std::vector<std::string>& looked_at, std::int64_t now);
  void enqueue(const StoredLetter& letter) REQUIRES(mutex) {
    if (letter.state == LetterState::kQueued) queue.emplace(letter.next_try, letter.number);
  }

  Status before_commit(const WriteGroup& group, std::vector<Database::Edit>& edits) override;
  void after_commit(bool written) override;

  // A batch of the clock: cases that are due.
  Status let_time_pass(const std::vector<std::string>& ids, std::int64_t now, Ticked& ticked);
  Status put_offices(const DirectoryChange& change, const std::string& who, std::int64_t now);
  Result<Items> items_under(const Offices& next, const DirectoryChange& change, std::int64_t now);

  Store& store;
  const Database& database;
  MakeClock make_clock;
  Limits limits;
  const LifeCycles& table;
  CaseCounters counters;               // changed by whoever writes, with the mutex held
  std::optional<ErasedCases> erasing;  // of whoever writes: in the batch under way
  std::int64_t latest = 0;             // of whoever writes: the latest time that it was told
  mutable Mutex mutex;
  std::shared_ptr<const Offices> offices GUARDED_BY(mutex);
  Board board GUARDED_BY(mutex);
  std::set<std::pair<std::int64_t, std::uint64_t>> queue GUARDED_BY(mutex);  // next try, number of a letter
};

}  // namespace counterpart::index
