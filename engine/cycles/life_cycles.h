// THE table of life cycles: which states a case has, who may do what in each, what must be said, whose court it is in
// afterwards, which limit runs there and who is written to. The rows are in a file a theme (rows.h).
//
// A life cycle is rows: one in `kinds`, its `states`, its `acts`, its `letters`; where it says something new, rows of `saids`
// and `reasons` too, and a member of Facts (facts.h). Nothing else knows a kind, a state or a verb by name.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/calendar/time_zone.h"
#include "engine/taxonomy/vocabulary.h"

namespace counterpart::engine {

struct CaseRules;  // case_rules.h
struct Facts;      // facts.h

// The two sides of a case. Of a profile the asking one submits it and the answering one reviews it.
enum class Side : std::uint8_t { kAsking, kAnswering };
template <>
struct Vocabulary<Side> {
  static constexpr std::array<std::string_view, 2> kNames{"asking", "answering"};
};
constexpr Side other(Side side) { return side == Side::kAsking ? Side::kAnswering : Side::kAsking; }
constexpr std::size_t index_of(Side side) { return static_cast<std::size_t>(side); }
inline constexpr Side kSides[] = {Side::kAsking, Side::kAnswering};

// Who must act next; nobody: the case is closed.
enum class Court : std::uint8_t { kAsking, kAnswering, kBoth, kNobody };

// Who may do an act; a bit each.
enum Who : unsigned {
  kAskingOffice = 1,
  kAnsweringOffice = 2,
  kReviewer = 4,    // a desk of the answering office that has nothing to do with the profile
  kDutyOffice = 8,  // while it holds the case
  kOwner = 16,      // of the asking side's profile
  kClock = 32,      // nobody: time has passed, another case's act has it follow, or a profile came in without a desk
  kSecondKey =
      64,  // with the offices beside it: of the side that did not open the case; where one office is on both, another desk
  kEitherOffice = kAskingOffice | kAnsweringOffice,
  kSubmitter = kAskingOffice | kOwner,
  kBringer = kSubmitter | kClock,  // who sends a profile in, a file and an administrator too
  kAnswerer = kAnsweringOffice | kReviewer,
};

// What an act does to the clock of the state that it leads to.
enum class Tick : std::uint8_t {
  kStarts,   // the limit runs anew
  kGoesOn,   // runs on as before; the state has the same limit
  kResumes,  // what was left when the case went to the other side
};

// What an act does to the asking side's profile, in the batch that stores the act.
enum class Effect : std::uint8_t {
  kNone,
  kPublishes,  // what is proposed becomes the profile, until the `valid_until` that is said
  kRenews,     // its `valid_until` is the one that is said
  kEnds,       // it is matched no more from today on
  kMerges,     // it and the answering side's become one: `survivor` of the act that opened the case, the other one its alias
  kParts,      // what was merged under this case are two again
};

// Which profiles the case takes a place of (Profile::capacity) while it is open.
enum class Places : std::uint8_t { kNone, kAsking, kBoth };

// Whose desk has the case of the acting side afterwards.
enum class Hands : std::uint8_t { kStays, kToActor, kToNamed, kToInbox };

// Whom a case is between.
enum class Between : std::uint8_t {
  kTwoProfiles,
  kProfileAlone,         // both sides are about it and its office; it may be held back, with nothing of it published
  kProfileAndProgramme,  // both sides are about it; the programme's office answers
};

struct KindRow {
  std::string_view kind;
  Places places = Places::kNone;
  Between between = Between::kTwoProfiles;
  bool declared = false;  // only programmes run it whose file names it
  bool two_sided() const { return between == Between::kTwoProfiles; }
};

struct StateRow {
  std::string_view kind, state;
  Court court = Court::kNobody;
  std::string_view limit = {};   // a row of `limits`; of an open state always
  std::string_view lapses = {};  // the clock's act when time is over; empty: stays with the duty office until somebody acts
  bool at_once = false;          // at the due time itself, not after deputy, head and duty office have had it
  bool seat = false;             // takes a seat of the programme's cohort
};

// What an act asks for beside the state; a bit each.
enum Asks : unsigned {
  kOpenCall = 1,     // the programme's call is open on that day
  kFreeSeat = 2,     // the programme's cohort has a seat left
  kOnceADesk = 4,    // no desk does it twice while the case is in its state
  kEnoughMarks = 8,  // as many desks have given marks as the programme has jurors
  kFocalPoint = 16,  // the desk that the programme names for the profile's country does it
};

struct ActRow {
  std::string_view kind;  // "*": every one; a kind's own row comes before it
  std::string_view from;  // states, parted by blanks; "": opens a case; "*": every open one
  std::string_view verb;
  std::string_view to;  // "": stays
  unsigned who = 0;
  std::string_view says = {};  // a row of `saids`; empty: nothing but perhaps a note
  Tick tick = Tick::kStarts;
  bool two_keys = false;            // happens when both sides' offices have done it; where they are one, two desks of it
  std::string_view opens = {};      // the kind of case that follows, of the same parties
  std::string_view on_origin = {};  // the clock's act on the case that this one came of
  Hands hands = Hands::kStays;
  Effect effect = Effect::kNone;
  unsigned asks = 0;  // of Asks
  // What follows is not of the same profile, but of the first of the `alternates` that this case was opened with, who gets the
  // others; where none is left, nothing follows.
  bool calls_up = false;
};

// What a programme has set, and since when a term that is agreed now runs.
struct Terms {
  const CaseRules* rules = nullptr;  // nullptr: nothing is known of the programme
  Day from = 0;
};

enum class Need : std::uint8_t { kMay, kMust };
struct SaidRow {
  std::string_view says;
  std::string_view fact;  // a member of Facts; "reason", "note" too; "": all of them
  Need need = Need::kMust;
  Status (*check)(const Facts&, const Terms&) = nullptr;  // what must hold between facts, where this one is stated
  void (*complete)(Facts&, const Terms&) = nullptr;       // adds what follows from it, before that is checked
  // The fact is the id of a stored profile that has one of these roles, parted by blanks; one that helps gives the case a place
  // of its capacity while it is open.
  std::string_view roles = {};
  bool helps = false;
};
struct ReasonRow {
  std::string_view says, reason;
};

enum class Unit : std::uint8_t {
  kWorkingDays,  // of the offices that the case is between
  kBeforeEnd,    // days before the `valid_until` that was said last
};
struct LimitRow {
  std::string_view limit;
  unsigned days = 0;  // unless the settings have another number
  Unit unit = Unit::kWorkingDays;
  std::string_view help = {};
};

// When a letter goes.
enum class Pace : std::uint8_t {
  kDaily,    // with all others of its day, at its reader's next opening hour
  kInHours,  // in its reader's working hours, if there still is something for the reader to do
  kAtOnce,   // a clock begins to run for its reader, or was stopped
};

// Who gets a letter. Whoever acted gets none.
enum class Reader : std::uint8_t {
  kAskingDesk,
  kAnsweringDesk,
  kAskingOwner,  // of the profile
  kAnsweringOwner,
  kOwnDesk,    // of the side that acted; where none did: whose court it was
  kOtherDesk,  // of the other side; where none acted: whose court it was
};
struct LetterRow {
  std::string_view kind, verb;  // kind "*": every one
  Reader reader = Reader::kAskingDesk;
  std::string_view letter;
  Pace pace = Pace::kDaily;
  bool first_key = false;  // of an act of two keys: goes when the first one is turned, not when it has happened
};
// Before the state's due time, in hours; days of the calendar.
struct ReminderRow {
  std::string_view kind, state;
  unsigned days_before = 0;
  Reader reader = Reader::kAskingDesk;
  std::string_view letter;
};
// A task past due has moved from one desk to the next: to whom it came, from whom, and whoever follows the case for the other
// side.
enum class Told : std::uint8_t { kNewOwner, kLastOwner, kOtherSide };
struct MoveRow {
  Told told = Told::kNewOwner;
  std::string_view letter;
  Pace pace = Pace::kDaily;
};

// Rows of one theme, or of all.
struct CycleRows {
  std::span<const KindRow> kinds = {};
  std::span<const StateRow> states = {};
  std::span<const ActRow> acts = {};
  std::span<const SaidRow> saids = {};
  std::span<const ReasonRow> reasons = {};
  std::span<const LimitRow> limits = {};
  std::span<const LetterRow> letters = {};
  std::span<const ReminderRow> reminders = {};
  std::span<const MoveRow> moves = {};
};

struct LifeCycles : CycleRows {
  const KindRow* kind(std::string_view kind) const;
  const StateRow* state(std::string_view kind, std::string_view state) const;
  const LimitRow* limit(std::string_view limit) const;
  // Of the state ("": not opened yet), in the table's order, the kind's own before everybody's; one row a verb.
  std::vector<const ActRow*> acts_from(std::string_view kind, std::string_view state) const;
  const ActRow* act(std::string_view kind, std::string_view state, std::string_view verb) const;
  // The act that moves from one state to another, for who knows only where to.
  const ActRow* act_to(std::string_view kind, std::string_view state, std::string_view to) const;
  std::vector<std::string_view> reasons_of(std::string_view says) const;
  // Of a letter that no row has: kAtOnce.
  Pace pace_of(std::string_view letter) const;
};
// All themes, joined once.
const LifeCycles& life_cycles();

inline bool is_open(const StateRow& state) { return state.court != Court::kNobody; }

// What is wrong with a table, a sentence each: an open state that nobody must leave, that has no limit or no act of who must
// act; an act or a state that nothing leads to; a lapse without its row; a name that no row has.
std::vector<std::string> faults_of(const LifeCycles& table);

// Days of each limit, where they are not the table's.
class Limits {
 public:
  Limits() = default;
  // kInvalid: no such limit, or none from 1 (of days before the end: 0) to 1000 days.
  static Result<Limits> make(const std::map<std::string, std::int64_t>& days, const LifeCycles& table = life_cycles());
  unsigned days(const LimitRow& row) const;

 private:
  std::map<std::string, unsigned, std::less<>> days_;
};

// Limits of the way that a case goes which nobody acts on.
inline constexpr std::string_view kDeputyLimit = "deputy", kHeadLimit = "head", kDutyLimit = "duty";

}  // namespace counterpart::engine
