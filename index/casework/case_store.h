// Cases on disk: acts, what they cause and the letters about them, and what every desk has to do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/case.h"
#include "engine/casework/standing.h"
#include "engine/profile/profile.h"
#include "index/casework/acts.h"
#include "index/casework/board.h"
#include "index/casework/case_records.h"
#include "index/casework/office_book.h"
#include "index/casework/outbox.h"
#include "index/layer.h"
#include "index/store/store.h"
#include "index/store/verify_report.h"

namespace counterpart::index {

struct CaseNow {
  Case of;
  Standing standing;
  bool released = false;  // both keys are turned: contacts_of() answers
};

struct CaseFilter {
  std::string kind = {};
  std::string profile = {};  // of either side
  std::string office = {};   // of either side
  std::optional<bool> open = {};
};

struct Ticked {
  std::uint64_t acts = 0, letters = 0;
  // When it has something to do again, seconds since 1970, if nothing changes before; the largest number: never.
  std::int64_t next = 0;
  std::vector<std::pair<std::string, Error>> failed;  // cases that could not be read; they are tried again in an hour
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
  // seconds since 1970, UTC. Errors: kCorrupt; of `make_clock`.
  static Result<std::unique_ptr<CaseStore>> open(Store& store, MakeClock make_clock, Limits limits, std::int64_t now,
                                                 const LifeCycles& table = life_cycles());
  ~CaseStore();

  // The act with all that it causes is on disk when this returns; a refused one has changed nothing.
  //   kNotFound: no such case, no such profile. kInvalid, kForbidden, kConflict: of apply().
  //   kConflict too: `last` (get() tells what is there now), or a case of this kind between these profiles is open already (its
  //   id is in the message). kUnavailable: there is no office yet.
  Result<Acted> act(const ActRequest& request, std::int64_t now);
  // Of several, in order, with one verdict each, in one batch.
  std::vector<Result<Acted>> act(std::span<const ActRequest> requests, std::int64_t now);
  // What act() would answer, letters and due time included; nothing is written. The id of a case that it would open may be
  // another in the end.
  Result<Acted> preview(const ActRequest& request, std::int64_t now) const;

  // kNotFound: no such case, or it was erased (erased() tells).
  Result<CaseNow> get(std::string_view id, std::int64_t now) const;
  Result<std::optional<ErasedCase>> erased(std::string_view id) const;
  // By id after `after` (empty: from the first), at most `limit`.
  Result<std::vector<Case>> list(const CaseFilter& filter, std::string_view after, std::size_t limit) const;
  unsigned places_taken(std::string_view profile) const;  // of its capacity, by open cases
  std::size_t open_cases() const;

  // As Board's.
  Result<DeskView> desk(std::string_view desk, std::int64_t now, std::size_t most = 100) const;
  Result<DeskView> office(std::string_view office, std::int64_t now, std::size_t most = 100) const;

  // Does all that time has brought by `now`: acts of the clock, reminders, moves to deputies and heads. Each once, in
  // batches; what is done stays done wherever it ends. `stop` is asked between batches; empty: never.
  Result<Ticked> tick(std::int64_t now, const std::function<bool()>& stop = {});

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
  std::int64_t next_letter() const;  // when the next queued one has its turn; the largest number: there is none
  // One that is no longer queued (sent by somebody else, erased meanwhile) is passed over.
  Status delivered(std::span<const Delivery> deliveries, std::int64_t now);
  // Queues one that was refused again. kNotFound; kConflict: it is not refused.
  Status retry(std::uint64_t number, const std::string& who, std::int64_t now);

  // Private members of both sides, for one side's office when both keys are turned; that they were read is in the audit log
  // first. kNotFound: no such case. kForbidden: another office, or a key is still to be turned. A side that states none is
  // there, empty.
  Result<std::vector<ReleasedContact>> contacts_of(std::string_view id, std::string_view office, const std::string& who);

  // `report` with what is found added: see casework_check.h.
  Result<VerifyReport> verify(VerifyReport report, std::int64_t now) const;

 private:
  struct Impl;
  explicit CaseStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::index
