// What one batch does to cases and letters, worked out before anything is written: acts, what they open and move, letters.
#pragma once

#include <cstdint>
#include <functional>
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
#include "index/caseload/acts.h"
#include "index/caseload/board.h"
#include "index/caseload/case_records.h"
#include "index/caseload/outbox.h"
#include "index/caseload/shared_cases.h"
#include "index/layer.h"
#include "index/store/store.h"

namespace counterpart::index {

// The letter to who did something that another office of the network did not take, or that keeps no record of the case.
inline constexpr std::string_view kNotDoneThere = "case_not_done_there";

// What an act does to a profile.
struct ProfileEffect {
  std::string case_id, profile, who;
  Effect effect = Effect::kNone;
  std::optional<Day> valid_until;  // that was said
  bool operator==(const ProfileEffect&) const = default;
};

// The kind of case that one profile goes through; empty: the table has none.
std::string_view kind_of_profiles(const LifeCycles& table);

// What a profile's case knows its organisation by; empty: a project that states no identifier.
std::string organisation_of(const Profile& profile);

// Is a profile of that organisation, as a desk states its own?
using IsOf = std::function<bool(const std::string& organisation, const Profile& profile)>;

// Not thread-safe. What was done earlier in the plan is seen by what is done later; what was refused has left nothing.
class CasePlan {
 public:
  // All are borrowed. `counters`: what was given last.
  CasePlan(const Store& store, const Board& board, const Casework& work, CaseCounters counters, const IsOf& is_of)
      : store_(store), board_(board), work_(work), is_of_(is_of), done_{.counters = counters, .who = {}} {}

  // As CaseStore::act(), and the clock acts too.
  Result<Acted> act(const ActRequest& request, std::int64_t now);
  // What time has brought to the case by `now`. Errors: of clock_act(), apply() and clock_letters().
  Status let_time_pass(const std::string& id, std::int64_t now);

  // As CaseStore::take_shared().
  Result<std::string> take(const CaseTelling& telling, std::int64_t now);

  // The next id of something that is numbered as cases are.
  std::string next_id(std::string_view kind) { return case_id(kind, ++done_.counters.cases); }
  // Edits that belong into the same batch.
  std::vector<Database::Edit>& also() { return also_; }
  // A repeated call of that key will find what this one has made.
  void remember(const RepeatKey& key, const std::string& made, std::int64_t now);
  std::size_t remembered() const { return remembered_; }

  // What is to be written, and what it is afterwards.
  const std::map<std::string, Case>& cases() const { return done_.cases; }
  const std::vector<StoredLetter>& letters() const { return done_.letters; }
  const std::vector<AuditEntry>& audit() const { return done_.audit; }
  const CaseCounters& counters() const { return done_.counters; }
  const std::vector<ProfileEffect>& effects() const { return done_.effects; }
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
    std::vector<ProfileEffect> effects = {};
    struct Share {
      SharedCase of;
      bool untold = false;
    };
    std::map<std::pair<std::string, std::string>, Share> shares = {};  // by office and id at both
    bool mirrors = false;  // the office of the network that answers is followed, and told nothing
  };
  Step begin(std::string who, std::int64_t now) const {
    return {.counters = done_.counters, .who = std::move(who), .now = now};
  }
  void keep(Step step);
  // What an earlier call of the same key did; nothing: there was none.
  Result<std::optional<Acted>> done_before(const ActRequest& request, std::int64_t now) const;

  Result<Case> find(const Step& step, const std::string& id) const;
  Result<Case> fresh(Step& step, const NewCase& wanted) const;
  Result<Party> party(const NewCase& wanted, const std::string& profile, const char* place, bool may_be_absent) const;
  // All ids that `profile` has, first the one that answers for it.
  std::vector<std::string> family(const std::string& profile) const;
  Status check_none_open(const Step& step, const Case& wanted) const;
  bool is_open(const Case& of) const;
  // The latest of each case of `profile` that the plan has touched.
  std::map<std::string, const Case*> touched(const Step& step, const std::string& profile) const;
  Result<PlacesOf> places(const Step& step, const Case& of, Side side) const;
  // Does the act and all that it causes. The case after it.
  Result<Case> apply_all(Step& step, const Case& before, Act act) const;
  Status check_first(const Step& step, const Case& origin, std::string_view kind) const;
  Status open_next(Step& step, const Case& origin, const Act& act, std::string_view kind) const;
  // The next alternate of a case whose profile does not come.
  Status call_up(Step& step, const Case& origin, std::string_view kind) const;
  Status move_origin(Step& step, const std::string& id, std::string_view verb) const;
  // What the act asks of the store, of `of` as it is after it.
  Status check_around(const Step& step, const Case& of, const ActRow& row, const Act& act) const;
  Status check_reviewer(const Case& of, const Act& act) const;
  Status check_focal_point(const Case& of, const Act& act, const CaseRules& rules) const;
  Status check_seat(const Step& step, const Case& of, const CaseRules& rules) const;
  Status check_named(const Step& step, const Case& of, const ActRow& row, const Facts& facts) const;
  Status check_helper(const Step& step, const Case& of, const Profile& helper, std::string_view place, unsigned mentees) const;
  // --- Cases that are shared with another office of the network; see case_plan_shared.cpp and case_plan_followed.cpp.
  // As the case is shared, or is going to be where it is stored; nothing: it is this office's alone.
  Result<std::optional<SharedCase>> shared(const Step& step, const Case& of) const;
  void share(Step& step, SharedCase of, bool untold) const;
  // A case with a profile of another office is answered for by what stands for that one here.
  Status name_other_office(Case& made) const;
  Status may_act(const ActRequest& request, const std::optional<SharedCase>& shared) const;
  Status is_own_act(const Act& done, const std::optional<SharedCase>& shared) const;
  // Whether the letters of the act go out now; else they do when the other office has confirmed it.
  Result<bool> note_shared(Step& step, const Case& changed, const ActRow& row, const Act& done) const;
  Result<bool> reads_here(const Letter& letter) const;
  Status take_released(Step& step, SharedCase& shared, const CaseTelling& telling);
  Result<std::string> take_asked(Step& step, SharedCase& shared, const CaseTelling& telling) const;
  Status answer(Step& step, SharedCase& shared, const AskedAct& asked, const CaseTelling& telling) const;
  Result<Case> opened_there(const CaseTelling& telling) const;
  Status take_log(Step& step, SharedCase& shared, const CaseTelling& telling) const;
  Result<Case> as_told(const Step& step, SharedCase& shared, const CaseTelling& telling) const;
  Status repeat_own(Step& step, const SharedCase& shared) const;
  Status end_with_word(Step& step, SharedCase& shared, const std::string& why) const;
  Status tell_not_done(Step& step, const Case& of, const SharedCase& shared, const std::string& key) const;

  Status add_letters(Step& step, const Case& of, std::vector<Letter> letters) const;

  const Store& store_;
  const Board& board_;
  const Casework& work_;
  const IsOf& is_of_;
  Step done_;
  std::vector<Database::Edit> also_;
  std::size_t remembered_ = 0;
  std::set<std::string, std::less<>> keys_;  // of done_.letters
  std::map<std::string, std::set<std::string>>
      of_profile_;  // ids of done_.cases, so that a batch is not looked through for each act
};

}  // namespace counterpart::index
