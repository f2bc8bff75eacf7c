// Cases on disk: acts, what they cause and the letters about them, and what every desk has to do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/case.h"
#include "engine/casework/standing.h"
#include "engine/profile/profile.h"
#include "index/base/verify_report.h"
#include "index/caseload/acts.h"
#include "index/caseload/board.h"
#include "index/caseload/case_records.h"
#include "index/caseload/office_book.h"
#include "index/caseload/outbox.h"
#include "index/caseload/remembered.h"
#include "index/caseload/shared_cases.h"
#include "index/layer.h"
#include "index/store/audit_head.h"
#include "index/store/store.h"
#include "index/store/write.h"

namespace counterpart::index {

struct CaseNow {
  Case of;
  Standing standing;
  bool released = false;                  // both keys are turned: contacts_of() answers
  std::optional<SharedCase> shared = {};  // with an office of the network
};

struct CaseFilter {
  std::string kind = {};
  std::string profile = {};  // of either side
  std::string office = {};   // of either side
  std::optional<bool> open = {};
  std::string programme = {};
  std::string state = {};
};

// Notes in a store just made of a backup that it is one of `taken_at`. What happened since is not in it, so that a letter which
// waits may have left: the first CaseStore::open() has each refused in words, and retry() sends it. New cases and letters get
// numbers beyond all that were given since: a letter that somebody has got never speaks of another case. `spool`: of the
// directory that the backup was taken of, which tells what left; empty: it is lost. Where there is no casework, nothing is
// noted.
struct LeftSince {
  std::vector<std::uint64_t> sent;  // waited in the backup, and lie in the spool: they count as sent
  std::vector<std::uint64_t> lost;  // lie in the spool, about acts that the backup does not have
};
inline constexpr std::uint64_t kNumbersLeftOut = 10'000;
Result<LeftSince> mark_restored(Store& store, const std::string& taken_at, const std::filesystem::path& spool);

// What was done in bulk, or undone. `verdicts`: of its rows, in their order; of a call that was repeated none.
struct BulkDone {
  Bulk bulk;
  std::vector<Result<Acted>> verdicts;
  bool repeated = false;
};

// What cases need to know of profiles that are published. Called by several threads.
struct Publishing {
  std::function<void(Write&)> make_ready = {};  // gives it its vectors; empty: the index makes them a moment later
  std::function<bool(const std::string& organisation, const Profile& profile)> is_of = {};  // as is_of_organisation()
};

struct Ticked {
  std::uint64_t acts = 0, letters = 0;
  // When it has something to do again, seconds since 1970, if nothing changes before; the largest number: never.
  std::int64_t next = 0;
  std::vector<std::pair<std::string, Error>> failed;  // cases that could not be read; they are tried again in an hour
};

// All cases at one moment, by id, and then what is left of those that were erased. One reader's; must not outlive the store. As
// long as it is there, what is erased stays in some file: whoever has one reads on without waiting for anybody.
class CaseReader {
 public:
  explicit CaseReader(const Database& database);
  ~CaseReader();
  // Nothing: there are no more. kCorrupt.
  Result<std::optional<std::variant<Case, ErasedCase>>> next();
  // The audit log of the same moment, in which every act is told of. kCorrupt.
  Result<AuditHead> audit() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// What was released of one side.
struct ReleasedContact {
  std::string profile;
  Contact contact;
  std::optional<std::string> legal_name;
};

// Safe from any thread; one for a store. Whoever changes something does it alone. Where a profile is erased, all cases that it
// was a side of go in the very batch that erases it; the other side is told by a letter `ended_by_erasure`.
class CaseStore {
 public:
  // A commit hook of `store` from then on, to which it keeps a reference. `table` must outlive it. `now`: as everywhere here
  // seconds since 1970, UTC. In a directory made of a backup it first does what time has brought since, and holds back all
  // letters that wait: mark_restored(). Errors: kCorrupt; of `make_clock`; of tick().
  static Result<std::unique_ptr<CaseStore>> open(Store& store, MakeClock make_clock, Limits limits, std::int64_t now,
                                                 const LifeCycles& table = life_cycles());
  ~CaseStore();
  Status read_anew(std::int64_t now);  // what another process has written (Store::follow())

  // Before the first act.
  void publish_with(Publishing publishing);
  // What programmes set for their cases; without it nothing is asked of them.
  void run_by(RulesByProgramme rules);

  // The act with all that it causes is on disk when this returns, what it does to a profile too; a refused one has changed
  // nothing.
  //   kNotFound: no such case, no such profile. kInvalid, kForbidden, kConflict: of apply().
  //   kConflict too: `last` (get() tells what is there now), or a case of this kind between these profiles is open already (its
  //   id is in the message), or the profile was changed since what is to be published was proposed, or there is no
  //   office yet (place: "offices").
  Result<Acted> act(const ActRequest& request, std::int64_t now);
  // Of several, in order, with one verdict each, in one batch; where one of them does something to a profile, in one each.
  std::vector<Result<Acted>> act(std::span<const ActRequest> requests, std::int64_t now);
  // The same, remembered as one operation, which undo() takes back. kConflict: the key of the call was used for another
  // request.
  Result<BulkDone> act_in_bulk(std::span<const ActRequest> requests, const BulkCall& call, std::int64_t now);
  // Puts the owners of its cases back where nothing has happened since: a verdict a row, in its order. kNotFound: no such one,
  // or of another office than `by`'s. kConflict: it was undone already.
  Result<BulkDone> undo(std::string_view id, const BulkCall& by, std::int64_t now);
  Result<Bulk> bulk(std::string_view id) const;  // kNotFound
  // Holds a profile back under its case, which is opened or goes on, in one batch. The published version stays as it is. What
  // is published already, or proposed, is told to be unchanged.
  //   kConflict: `expect_version` (place: the id); a draft is there where nothing must be. Errors of act() and of the write's
  //   consent, which is asked of what is stored and of what is proposed.
  Result<Submitted> submit(const Submission& submission, std::int64_t now);

  // Opens the case of each that has none open, published until the day given: the profile's own `valid_until`. How many.
  Result<std::size_t> follow_ends(std::span<const std::pair<std::string, Day>> profiles, std::int64_t now);

  // What act() would answer, letters and due time included; nothing is written. The id of a case that it would open may be
  // another in the end.
  Result<Acted> preview(const ActRequest& request, std::int64_t now) const;

  // Of several, in order, as act() of several would.
  std::vector<Result<Acted>> preview(std::span<const ActRequest> requests, std::int64_t now) const;

  // kNotFound: no such case, or it was erased (erased() tells).
  Result<CaseNow> get(std::string_view id, std::int64_t now) const;
  // A case that get() gave, as it was when `last` was its last act; owner and due time are as they would be now. kInvalid: it
  // has no such act.
  Result<CaseNow> as_of(Case of, std::uint64_t last, std::int64_t now) const;
  Result<std::optional<ErasedCase>> erased(std::string_view id) const;
  // By id after `after` (empty: from the first), at most `limit`.
  Result<std::vector<Case>> list(const CaseFilter& filter, std::string_view after, std::size_t limit) const;
  std::unique_ptr<CaseReader> read_all() const;
  // Of each one's capacity, by open cases; as they are at one moment.
  std::vector<unsigned> places_taken(std::span<const std::string_view> profiles) const;
  unsigned places_taken(std::string_view profile) const {
    return places_taken(std::span<const std::string_view>(&profile, 1)).front();
  }
  Engagements engagements() const;
  std::size_t open_cases() const;

  // As Board's.
  Result<DeskView> desk(std::string_view desk, std::int64_t now, std::size_t most = 100) const;
  Result<DeskView> office(std::string_view office, std::int64_t now, std::size_t most = 100) const;

  // What another office of the network tells of a case that both share: the case follows it, whatever was done here meanwhile.
  // Why it must wait; empty: it is done, or was done before, and `beside` is written with it. kUnsupported: a newer program's.
  Result<std::string> take_shared(const CaseTelling& telling, std::int64_t now, std::vector<Database::Edit> beside);

  // Does all that time has brought by `now`: acts of the clock, reminders, moves to deputies and heads. Each once, in
  // batches; what is done stays done wherever it ends. `stop` is asked between batches; empty: never.
  Result<Ticked> tick(std::int64_t now, const std::function<bool()>& stop = {});

  const Limits& limits() const;
  // The directory of this moment; never nothing.
  std::shared_ptr<const Offices> offices() const;
  // What it is then. kNotFound, kInvalid, kConflict: of changed_offices(). kInvalid too: a case would have no due time any
  // more. All or nothing. Open cases of an office that goes are the duty office's. kConflict too: the last one goes and has
  // some.
  Result<std::shared_ptr<const Offices>> change_offices(const DirectoryChange& change, const std::string& who,
                                                        std::int64_t now);

  // Those after the letter `after`, ascending, at most `limit`.
  Result<std::vector<StoredLetter>> letters(const LetterFilter& filter, std::uint64_t after, std::size_t limit) const;
  // Queued ones whose turn it is, the longest waiting first.
  Result<std::vector<StoredLetter>> letters_to_send(std::int64_t now, std::size_t limit) const;
  // Those that concern the office and were refused or tried in vain, oldest first.
  Result<std::vector<StoredLetter>> stuck_letters(std::string_view office, std::size_t limit) const;
  std::int64_t next_letter() const;  // when the next queued one has its turn; the largest number: there is none
  // One that is no longer queued (sent by somebody else, erased meanwhile) is passed over.
  Status delivered(std::span<const Delivery> deliveries, std::int64_t now);
  // Queues one that was refused again. kNotFound; kConflict: it is not refused.
  Status retry(std::uint64_t number, const std::string& who, std::int64_t now);

  // Letters about a draft that nobody has handed in yet, and so about no case: their `case_id` is the draft's. `beside` adds
  // what belongs in the same batch, and its error refuses it.
  using Beside = std::function<Status(std::vector<Database::Edit>& edits)>;
  Status write_letter(Letter letter, std::int64_t now, const Beside& beside);
  Status remove_letters(std::string_view draft, const Beside& beside);

  // Private members of both sides, for one side's office when both keys are turned; that they were read is in the audit log
  // first. kNotFound: no such case. kForbidden: another office, or a key is still to be turned. A side that states none is
  // there, empty.
  Result<std::vector<ReleasedContact>> contacts_of(std::string_view id, std::string_view office, const std::string& who);

  // The spool without the letters that are gone: they were erased with their cases. A digest that no mail program has taken yet
  // goes with one of them; its others are queued again, under new numbers. Numbers of the letters whose files were deleted.
  // kStorage; what was not done is done by the next call.
  Result<std::set<std::uint64_t>> clear_spool();
  // May the spool hold letters that are gone? From the start until it was cleared, and after each erasure.
  bool spool_is_stale() const;

  // `report` with what is found added: see casework_check.cpp.
  Result<VerifyReport> verify(VerifyReport report, std::int64_t now) const;

 private:
  struct Impl;
  explicit CaseStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::index
