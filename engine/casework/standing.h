// What stands of a case: whose it is, by when, and what may be done. A pure function of the log, the table, the offices and the
// time.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/case.h"

namespace counterpart::engine {

// What the log alone says.
struct Progress {
  const StateRow* state = nullptr;   // nullptr: not opened
  std::array<std::string, 2> desks;  // by side: who has it now; empty: the office's inbox
  std::array<unsigned, 2> keys{};    // by side: the act that turned it, in a state of two keys; 0: not turned
  std::int64_t since = 0;            // when the limit began to run
  std::vector<std::pair<std::int64_t, std::int64_t>> run;  // before that, from when to when it ran
  unsigned since_act = 0;                                  // the act that had it begin
  std::array<unsigned, 2> handed{};  // by side: the last act since then that gave the case to another desk; 0: none
  std::optional<Day> valid_until;
  unsigned entered = 0;  // the act that led to the state
  std::string helper;    // the profile that was named last to help; empty: none was
};
// The log must be one that apply() made (or tested: kCorrupt, an act that the table does not have).
Result<Progress> progress_of(const Case& of, const LifeCycles& table);
// The same; `watch` is told after each act what it was by the table and what the log said then.
using Watch = std::function<void(const Act& act, const ActRow& row, const Progress& after)>;
Result<Progress> progress_of(const Case& of, const LifeCycles& table, const Watch& watch);

// The sides that owe something.
std::vector<Side> sides_in_court(const Progress& progress);
// The office that answers for a side; the one on duty where there is no such office any more.
const std::string& office_of(const Case& of, Side side, const Directory& directory);
// Who follows the case for a side, whose court it is or not.
Responsible follower(const Case& of, const Progress& progress, Side side, const Casework& work, std::int64_t now);

// Who has a case that is past due: one after the other.
enum class Step : std::uint8_t { kOwner, kDeputy, kHead, kDuty };
template <>
struct Vocabulary<Step> {
  static constexpr std::array<std::string_view, 4> kNames{"owner", "deputy", "head", "duty"};
};

// What an office may do with a task of that side, in the table's order: it is the side's own, the one on duty, both or neither.
std::vector<std::string_view> verbs_for(Side side, bool own, bool duty, std::string_view kind, std::string_view state,
                                        const LifeCycles& table);

// What one side owes. Owner, due time and next acts are there by construction.
struct Task {
  Side side;                           // whose court it is
  Step step;                           // how far it has moved
  Responsible owner;                   // a desk, on the day of `now`
  bool inbox;                          // nobody of the side's office has claimed it yet
  Due due;                             // of this step; past only where it is the last one
  Due promised;                        // the first one: what the other side was told
  std::string_view limit;              // of the state
  std::int64_t since;                  // when it began to run
  std::vector<std::string_view> next;  // what the owner may do, first what moves the case
};

struct OpenItem {
  std::string_view state;
  Task task;
  std::optional<Task> second;        // where both sides owe something: the answering one's
  std::array<Responsible, 2> desks;  // by side: who follows it, whose court it is or not
};
struct ClosedItem {
  std::string_view state;
  std::int64_t at;                     // when it was closed
  std::string reason;                  // why; empty: none was asked for
  std::vector<std::string_view> next;  // what opens it again
};
using Standing = std::variant<OpenItem, ClosedItem>;

// Errors: of OfficeClock; progress_of().
Result<Standing> standing_of(const Case& of, const Casework& work, std::int64_t now);

// The clock's act that is due by `now`: a lapse that deputy, head and duty office have let come, or what the table has at once.
Result<std::optional<Act>> clock_act(const Case& of, const Casework& work, std::int64_t now);

// Letters that the passing of time has caused by `now`: reminders, and that a task has moved. The same ones again each time, by
// their keys; whoever asks writes each once.
Result<std::vector<Letter>> clock_letters(const Case& of, const Casework& work, std::int64_t now);

}  // namespace counterpart::engine
