#include "engine/cycles/life_cycles.h"

#include <algorithm>
#include <utility>

#include "engine/base/nearest.h"
#include "engine/cycles/rows.h"

namespace counterpart::engine {
namespace {

constexpr unsigned kMaxDays = 1000;

// The themes in the table's order.
constexpr CycleRows (*kThemes[])() = {introduction_rows, good_practice_rows, profile_rows,      merge_rows,
                                      consultation_rows, closure_rows,       request_rows,      coaching_rows,
                                      cohort_rows,       membership_rows,    contribution_rows, everywhere_rows};

// The rows of all themes, one table.
class Joined {
 public:
  Joined() {
    for (const auto theme : kThemes) {
      const CycleRows rows = theme();
      add(kinds_, rows.kinds);
      add(states_, rows.states);
      add(acts_, rows.acts);
      add(saids_, rows.saids);
      add(reasons_, rows.reasons);
      add(limits_, rows.limits);
      add(letters_, rows.letters);
      add(reminders_, rows.reminders);
      add(moves_, rows.moves);
    }
  }
  LifeCycles table() const { return {{kinds_, states_, acts_, saids_, reasons_, limits_, letters_, reminders_, moves_}}; }

 private:
  template <class Row>
  static void add(std::vector<Row>& all, std::span<const Row> rows) {
    all.insert(all.end(), rows.begin(), rows.end());
  }

  std::vector<KindRow> kinds_;
  std::vector<StateRow> states_;
  std::vector<ActRow> acts_;
  std::vector<SaidRow> saids_;
  std::vector<ReasonRow> reasons_;
  std::vector<LimitRow> limits_;
  std::vector<LetterRow> letters_;
  std::vector<ReminderRow> reminders_;
  std::vector<MoveRow> moves_;
};

bool has_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

// The names that there are, first the one that may be meant.
std::string limit_remedy(std::string_view wrong, std::span<const std::string_view> names) {
  const std::string_view near = nearest(wrong, names);
  return (near.empty() ? std::string() : "did you mean `" + std::string(near) + "`? ") + "There are " + joined_with_or(names);
}

template <class Row>
const Row* find(std::span<const Row> rows, std::string_view Row::*name, std::string_view wanted) {
  const auto found = std::ranges::find(rows, wanted, name);
  return found != rows.end() ? &*found : nullptr;
}

}  // namespace

const LifeCycles& life_cycles() {
  static const Joined joined;
  static const LifeCycles table = joined.table();
  return table;
}

const KindRow* LifeCycles::kind(std::string_view wanted) const { return find(kinds, &KindRow::kind, wanted); }
const LimitRow* LifeCycles::limit(std::string_view wanted) const { return find(limits, &LimitRow::limit, wanted); }

const StateRow* LifeCycles::state(std::string_view of_kind, std::string_view wanted) const {
  const auto found =
      std::ranges::find_if(states, [&](const StateRow& row) { return row.kind == of_kind && row.state == wanted; });
  return found != states.end() ? &*found : nullptr;
}

std::vector<const ActRow*> LifeCycles::acts_from(std::string_view of_kind, std::string_view from) const {
  const StateRow* at = state(of_kind, from);
  std::vector<const ActRow*> found;
  const auto add = [&](const ActRow& row) {
    if (std::ranges::find(found, row.verb, &ActRow::verb) == found.end()) found.push_back(&row);
  };
  for (const ActRow& row : acts)
    if (row.kind == of_kind && (from.empty() ? row.from.empty() : has_word(row.from, from))) add(row);
  for (const ActRow& row : acts)
    if (row.kind == "*" && at && is_open(*at)) add(row);
  return found;
}

const ActRow* LifeCycles::act(std::string_view of_kind, std::string_view from, std::string_view verb) const {
  const std::vector<const ActRow*> possible = acts_from(of_kind, from);
  const auto found = std::ranges::find(possible, verb, &ActRow::verb);
  return found != possible.end() ? *found : nullptr;
}

const ActRow* LifeCycles::act_to(std::string_view of_kind, std::string_view from, std::string_view to) const {
  const std::vector<const ActRow*> possible = acts_from(of_kind, from);
  const auto found = std::ranges::find(possible, to, &ActRow::to);
  return found != possible.end() ? *found : nullptr;
}

std::vector<std::string_view> LifeCycles::reasons_of(std::string_view says) const {
  std::vector<std::string_view> found;
  for (const ReasonRow& row : reasons)
    if (row.says == says) found.push_back(row.reason);
  return found;
}

Pace LifeCycles::pace_of(std::string_view wanted) const {
  if (find(reminders, &ReminderRow::letter, wanted)) return Pace::kInHours;
  if (const LetterRow* row = find(letters, &LetterRow::letter, wanted)) return row->pace;
  const MoveRow* row = find(moves, &MoveRow::letter, wanted);
  return row ? row->pace : Pace::kAtOnce;
}

Result<Limits> Limits::make(const std::map<std::string, std::int64_t>& days, const LifeCycles& table) {
  Limits made;
  for (const auto& [name, number] : days) {
    const LimitRow* row = table.limit(name);
    if (!row) {
      std::vector<std::string_view> names;
      for (const LimitRow& each : table.limits) names.push_back(each.limit);
      return fail(ErrorCode::kInvalid, name, "is no limit", limit_remedy(name, names));
    }
    if (const int least = row->unit == Unit::kBeforeEnd ? 0 : 1; number > kMaxDays || number < least)
      return fail(ErrorCode::kInvalid, name, "is out of range",
                  "days, from " + std::to_string(least) + " to " + std::to_string(kMaxDays));
    made.days_[name] = static_cast<unsigned>(number);
  }
  return made;
}

unsigned Limits::days(const LimitRow& row) const {
  const auto found = days_.find(row.limit);
  return found != days_.end() ? found->second : row.days;
}

}  // namespace counterpart::engine
