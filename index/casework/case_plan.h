// What one batch does to cases and letters, worked out before anything is written: acts, what they open and move, letters.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/case.h"
#include "engine/casework/standing.h"
#include "index/casework/acts.h"
#include "index/casework/board.h"
#include "index/casework/case_records.h"
#include "index/casework/outbox.h"
#include "index/layer.h"
#include "index/store/store.h"

namespace counterpart::index {

// Not thread-safe. What was done earlier in the plan is seen by what is done later; what was refused has left nothing.
class CasePlan {
 public:
  // All are borrowed. `counters`: what was given last.
  CasePlan(const Store& store, const Board& board, const Casework& work, CaseCounters counters)
      : store_(store), board_(board), work_(work), done_{.counters = counters, .who = {}} {}

  // As CaseStore::act().
  Result<Acted> act(const ActRequest& request, std::int64_t now);
  // What time has brought to the case by `now`. Errors: of clock_act(), apply() and clock_letters().
  Status let_time_pass(const std::string& id, std::int64_t now);

  // What is to be written, and what it is afterwards.
  const std::map<std::string, Case>& cases() const { return done_.cases; }
  const std::vector<StoredLetter>& letters() const { return done_.letters; }
  const std::vector<AuditEntry>& audit() const { return done_.audit; }
  const CaseCounters& counters() const { return done_.counters; }
  std::vector<Database::Edit> edits() const;

 private:
  // What one request does: kept as a whole, or forgotten.
  struct Step {
    CaseCounters counters;
    std::string who;
    std::int64_t now = 0;
    std::map<std::string, Case> cases = {};
    std::vector<StoredLetter> letters = {};
    std::vector<AuditEntry> audit = {};
  };
  Step begin(std::string who, std::int64_t now) const {
    return {.counters = done_.counters, .who = std::move(who), .now = now};
  }
  void keep(Step step);

  Result<Case> find(const Step& step, const std::string& id) const;
  Result<Case> fresh(Step& step, const NewCase& wanted) const;
  Result<Party> party(const NewCase& wanted, const std::string& profile, const char* place, bool may_be_absent) const;
  Status check_none_open(const Step& step, const Case& wanted) const;
  bool is_open(const Case& of) const;
  // The latest of each case that the plan has touched.
  std::map<std::string, const Case*> touched(const Step& step) const;
  Result<PlacesOf> places(const Step& step, const Case& of, Side side) const;
  // Does the act and all that it causes. The case after it.
  Result<Case> apply_all(Step& step, const Case& before, Act act) const;
  Status open_next(Step& step, const Case& origin, const Act& act, std::string_view kind) const;
  Status move_origin(Step& step, const std::string& id, std::string_view verb) const;
  Status add_letters(Step& step, const Case& of, std::vector<Letter> letters) const;

  const Store& store_;
  const Board& board_;
  const Casework& work_;
  Step done_;
  std::set<std::string, std::less<>> keys_;  // of done_.letters
};

}  // namespace counterpart::index
