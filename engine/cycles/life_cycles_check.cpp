#include <algorithm>
#include <set>

#include "engine/cycles/life_cycles.h"

namespace counterpart::engine {
namespace {

constexpr unsigned who_is_in(Court court) {
  switch (court) {
    case Court::kAsking: return kAskingOffice;
    case Court::kAnswering: return kAnswerer;
    case Court::kBoth: return kAskingOffice | kAnswerer;
    case Court::kNobody: return 0;
  }
  return 0;
}

class Check {
 public:
  explicit Check(const LifeCycles& table) : table_(table) {}

  std::vector<std::string> run() && {
    for (const KindRow& row : table_.kinds) find_reachable(row.kind);
    for (const StateRow& row : table_.states) check_state(row);
    for (const ActRow& row : table_.acts) check_act(row);
    for (const LetterRow& row : table_.letters)
      if (std::ranges::none_of(table_.acts, [&](const ActRow& act) { return act.kind == row.kind && act.verb == row.verb; }))
        add(row.kind, row.verb, "has a letter and is no act");
    for (const LetterRow& row : table_.letters)
      if (const Pace pace = table_.pace_of(row.letter); pace != row.pace && pace != Pace::kInHours)
        add(row.kind, row.letter, "goes at two paces");
    for (const ReminderRow& row : table_.reminders)
      if (const StateRow* state = table_.state(row.kind, row.state); !state || !is_open(*state))
        add(row.kind, row.state, "has a reminder and is no open state");
    for (const std::string_view limit : {kDeputyLimit, kHeadLimit, kDutyLimit})
      if (!table_.limit(limit)) add("*", limit, "is no limit");
    return std::move(faults_);
  }

 private:
  void add(std::string_view kind, std::string_view name, std::string_view what) {
    faults_.push_back(std::string(kind) + " " + std::string(name) + ": " + std::string(what));
  }
  bool is_reached(std::string_view kind, std::string_view state) const {
    return reached_.contains(std::string(kind) + " " + std::string(state));
  }

  void find_reachable(std::string_view kind) {
    std::vector<std::string_view> open{""};
    while (!open.empty()) {
      const std::string_view from = open.back();
      open.pop_back();
      for (const ActRow* act : table_.acts_from(kind, from)) {
        led_to_.insert(act);
        if (!act->to.empty() && reached_.insert(std::string(kind) + " " + std::string(act->to)).second) open.push_back(act->to);
      }
    }
  }

  void check_state(const StateRow& row) {
    if (!table_.kind(row.kind)) add(row.kind, row.state, "is of no kind");
    if (!is_reached(row.kind, row.state)) add(row.kind, row.state, "no act leads to it");
    if (!is_open(row)) {
      if (!row.limit.empty() || !row.lapses.empty()) add(row.kind, row.state, "is closed and has a limit");
      return;
    }
    if (!table_.limit(row.limit)) add(row.kind, row.state, "has no limit");
    unsigned movers = 0;
    for (const ActRow* act : table_.acts_from(row.kind, row.state))
      if (!act->to.empty()) movers |= act->who;
    if (!(movers & who_is_in(row.court))) add(row.kind, row.state, "whose court it is has no act that moves it");
    if (row.court == Court::kBoth && !((movers & kAskingOffice) && (movers & kAnswerer)))
      add(row.kind, row.state, "one of two sides has no act that moves it");
    if (row.lapses.empty()) return;
    const ActRow* lapse = table_.act(row.kind, row.state, row.lapses);
    if (!lapse || !(lapse->who & kClock) || lapse->to.empty()) add(row.kind, row.state, "its lapse is no act of the clock");
  }

  void check_act(const ActRow& row) {
    if (!led_to_.contains(&row)) add(row.kind, row.verb, "no state that is reached has it");
    if (row.who == 0) add(row.kind, row.verb, "nobody may do it");
    if (!row.to.empty() && !table_.state(row.kind, row.to)) add(row.kind, row.verb, "leads to no state");
    if (!row.opens.empty() && table_.acts_from(row.opens, "").empty()) add(row.kind, row.verb, "opens no kind of case");
    if (!row.says.empty() && std::ranges::find(table_.saids, row.says, &SaidRow::says) == table_.saids.end())
      add(row.kind, row.verb, "says what no row has");
    for (const SaidRow& said : table_.saids)
      if (said.says == row.says && said.fact == "reason" && table_.reasons_of(row.says).empty())
        add(row.kind, row.verb, "asks for a reason and has none");
    for (std::string_view states = row.from; !states.empty() && states != "*";) {
      const std::string_view state = states.substr(0, states.find(' '));
      states.remove_prefix(std::min(state.size() + 1, states.size()));
      const StateRow* from = table_.state(row.kind, state);
      const StateRow* to = row.to.empty() ? from : table_.state(row.kind, row.to);
      if (!from) add(row.kind, row.verb, "comes from no state");
      if (row.two_keys && from && from->court != Court::kBoth)
        add(row.kind, row.verb, "takes two keys where one side is asked");
      if (row.tick == Tick::kGoesOn && from && to && from->limit != to->limit)
        add(row.kind, row.verb, "goes on with another limit");
    }
  }

  const LifeCycles& table_;
  std::set<std::string> reached_;
  std::set<const ActRow*> led_to_;
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> faults_of(const LifeCycles& table) { return Check(table).run(); }

}  // namespace counterpart::engine
