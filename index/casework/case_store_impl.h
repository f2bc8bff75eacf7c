// What CaseStore is made of, for its own files alone.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/thread_safety.h"
#include "index/caseload/board.h"
#include "index/casework/case_erasing.h"
#include "index/casework/case_plan.h"
#include "index/casework/case_store.h"
#include "index/layer.h"
#include "index/store/commit_hook.h"

namespace counterpart::index {

// `report` with what it finds added. At one moment, beside whoever writes: bytes that do not decode, numbers beyond those
// given, an open case without an owner and a due time, marks that do not fit, letters of cases that are gone or written twice.
Result<VerifyReport> check_casework(const Database& database, const Casework& work, std::int64_t now, VerifyReport report = {});

// Is it marked by mark_restored()?
Result<bool> is_restored(const Database& database);

// Have both sides turned their keys, and none was asked for anew since?
bool both_keys_turned(const Case& of, const LifeCycles& table);

// The same of a case that is shared: as far as the log that counts is known here.
bool released_by(Case of, const SharedCase& shared, const LifeCycles& table);

// Has this office, which asks, itself turned the key that the log has of its side, to the agreement that the log has it turned
// to? Whatever another office writes, nothing of this side's is released without that.
bool turned_here(const Case& of, const SharedCase& shared, const LifeCycles& table);

// One at a time writes: in a task of Store::run_exclusively(), or in before_commit(). The mutex is held for what is in memory
// alone, never while the disk is waited for; only who writes takes something from the disk into memory.
struct CaseStore::Impl final : CommitHook {
  Impl(Store& the_store, MakeClock the_clock, Limits the_limits, const LifeCycles& the_table)
      : store(the_store), database(the_store.database()), make_clock(std::move(the_clock)), limits(std::move(the_limits)),
        table(the_table), board([this](const std::string& id) { return read_case(database, id); }) {}

  Status load(std::int64_t now);
  Status load_aliases();
  std::shared_ptr<const Offices> current() const {
    const MutexLock lock(mutex);
    return offices;
  }
  // Must not outlive `of`.
  Casework work(const Offices& of) const { return {of.directory, *of.clock, limits, table, rules ? &*rules : nullptr}; }

  // Cases as the board has them at that time.
  using Items = std::vector<std::pair<std::string, std::shared_ptr<Board::Item>>>;
  Result<Items> items_of(const CasePlan& plan, const Casework& with, std::int64_t now) const;
  // By whoever writes: on disk first, then in memory. `looked_at`: cases whose time has been let pass. `beside`: written too.
  Status write(const CasePlan& plan, Items items, const std::vector<std::string>& looked_at, std::int64_t now,
               std::vector<Database::Edit> beside = {});
  // Takes a letter into `queue` and `stuck`, as it is, or out of them.
  void note(const StoredLetter& letter, bool in) REQUIRES(mutex);

  // Does all that is asked, in one batch, but for what changes profiles, too: then nothing is done. `finish` sees plan and
  // verdicts before anything is written.
  using Finish = std::function<Status(CasePlan& plan, std::vector<Result<Acted>>& verdicts)>;
  Status act_all(std::span<const ActRequest> requests, std::int64_t now, const Finish& finish);

  // Which profiles become one, or two again; see merging.cpp.
  Result<std::vector<Write>> writes_to_merge(const Case& of, const std::string& who) const;
  Result<std::vector<Write>> writes_to_part(const Case& of, const std::string& who) const;
  Status check_mergeable(const Case& of, const std::string& profile) const;

  // Acts that change profiles.
  Result<std::vector<Write>> writes_for(const std::vector<ProfileEffect>& effects, std::int64_t now) const;
  Result<std::optional<Write>> write_for(const ProfileEffect& effect, std::int64_t now) const;
  Status act_beside(const ActRequest& request, std::int64_t now, Result<Acted>& acted, std::vector<Database::Edit>& edits,
                    std::vector<AuditEntry>& entries);
  Result<Acted> act_on_profiles(const ActRequest& request, const std::vector<ProfileEffect>& effects, std::int64_t now);
  // A profile that was changed by itself takes the clock of its case with it.
  Status follow(const WriteGroup& group, std::vector<Database::Edit>& edits);

  // Of a case that is erased: the other office that shares it is told, and what it released goes.
  Status forget_shared(const std::string& id, std::vector<Database::Edit>& edits) const;
  // What the other office released of its side.
  Result<ReleasedContact> released_there(const Case& of, const SharedCase& shared) const;

  Status before_commit(const WriteGroup& group, std::vector<Database::Edit>& edits) override;
  void after_commit(bool written) override;

  // A batch of the clock: cases that are due.
  Status let_time_pass(const std::vector<std::string>& ids, std::int64_t now, Ticked& ticked);
  Status put_offices(const DirectoryChange& change, const std::string& who, std::int64_t now);
  Status queue_anew(const std::vector<std::uint64_t>& letters);
  Status hold_letters();  // of a restored directory
  Result<Items> items_under(const Offices& next, const DirectoryChange& change, std::int64_t now);

  Store& store;
  const Database& database;
  MakeClock make_clock;
  Limits limits;
  const LifeCycles& table;
  CaseCounters counters;  // changed by whoever writes, with the mutex held
  struct Erasing : ErasedCases {
    Items items;  // of `changed`
  };
  std::optional<Erasing> erasing;  // of whoever writes: in the batch under way, as is the next
  // Acts that are written with profiles: what is in memory once they are.
  struct Acting {
    CaseCounters counters;
    Items items;
    std::vector<StoredLetter> letters;
    std::size_t repeats = 0;  // keys of calls among them
  };
  std::optional<Acting> acting;
  void remember(const CaseCounters& now, Items items, const std::vector<StoredLetter>& letters) REQUIRES(mutex);
  Publishing publishing;
  std::optional<RulesByProgramme> rules;
  std::int64_t latest = 0;  // of whoever writes: the latest time that it was told
  std::atomic<bool> spool_stale{true};
  Mutex clearing;               // one at a time clears the spool
  std::size_t repeats = 0;      // of whoever writes: keys of calls that are kept
  bool aliases_change = false;  // of whoever writes: in the batch under way
  mutable Mutex mutex;
  std::map<std::string, std::string, std::less<>> survivors GUARDED_BY(mutex);  // of each alias, the end of its links
  std::shared_ptr<const Offices> offices GUARDED_BY(mutex);
  Board board GUARDED_BY(mutex);
  std::set<std::pair<std::int64_t, std::uint64_t>> queue GUARDED_BY(mutex);  // next try, number of a letter
  // Numbers of letters that were refused or tried in vain, by the offices that they concern.
  std::map<std::string, std::set<std::uint64_t>, std::less<>> stuck GUARDED_BY(mutex);
};

}  // namespace counterpart::index
