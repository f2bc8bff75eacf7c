#include <map>

#include "engine/casework/standing.h"

namespace counterpart::engine {
namespace {

using Runs = std::vector<std::pair<std::int64_t, std::int64_t>>;

// The log, act by act.
class Fold {
 public:
  Fold(const Case& of, const LifeCycles& table, const Watch& watch) : of_(of), table_(table), watch_(watch) {
    now_.desks = {of.asking.desk, of.answering.desk};
  }

  Status take(const Act& act) {
    const ActRow* row = table_.act(of_.kind, now_.state ? now_.state->state : "", act.verb);
    const StateRow* to = !row || row->to.empty() ? now_.state : table_.state(of_.kind, row->to);
    if (!row || !to)
      return fail(ErrorCode::kCorrupt, "case " + of_.id + ", act " + std::to_string(act.number),
                  "no such act can have been done there", "restore the last backup");
    if (act.said.facts.valid_until) now_.valid_until = act.said.facts.valid_until;
    note_helper(act, *row);
    if (row->two_keys) {
      now_.keys[index_of(act.side)] = act.number;
      if (now_.keys[index_of(other(act.side))] == 0) return tell(act, *row);
    }
    move(act, *row, *to);
    hand(act, *row);
    return tell(act, *row);
  }

  Progress done() && { return std::move(now_); }

 private:
  Status tell(const Act& act, const ActRow& row) const {
    if (watch_) watch_(act, row, now_);
    return {};
  }

  void note_helper(const Act& act, const ActRow& row) {
    for (const SaidRow& said : table_.saids)
      if (said.helps && said.says == row.says)
        if (std::string profile = named_in(act.said.facts, said.fact); !profile.empty()) now_.helper = std::move(profile);
  }

  void move(const Act& act, const ActRow& row, const StateRow& to) {
    if (now_.state != &to) {
      now_.keys = {};
      now_.entered = act.number;
    }
    if (row.tick != Tick::kGoesOn) {
      if (now_.state) {
        now_.run.emplace_back(now_.since, act.at);
        left_[now_.state->limit] = std::move(now_.run);
      }
      now_.run = row.tick == Tick::kResumes ? left_[to.limit] : Runs{};
      now_.since = act.at;
      now_.since_act = act.number;
      now_.handed = {};
    }
    now_.state = &to;
  }

  void hand(const Act& act, const ActRow& row) {
    std::string& desk = now_.desks[index_of(act.side)];
    const bool moves = !row.to.empty() || row.two_keys;
    if (row.hands == Hands::kToNamed)
      desk = act.said.facts.desk;
    else if (row.hands == Hands::kToInbox)
      desk.clear();
    else if (row.hands == Hands::kToActor || (desk.empty() && moves && act.office == of_.party(act.side).office))
      desk = act.desk;
    if (row.hands != Hands::kStays) now_.handed[index_of(act.side)] = act.number;
  }

  const Case& of_;
  const LifeCycles& table_;
  const Watch& watch_;
  Progress now_;
  std::map<std::string_view, Runs> left_;  // by limit: what had run of it when the case left its state
};

}  // namespace

Result<Progress> progress_of(const Case& of, const LifeCycles& table, const Watch& watch) {
  Fold fold(of, table, watch);
  for (const Act& act : of.log)
    if (Status status = fold.take(act); !status) return tl::unexpected(std::move(status.error()));
  return std::move(fold).done();
}

Result<Progress> progress_of(const Case& of, const LifeCycles& table) { return progress_of(of, table, {}); }

std::vector<Side> sides_in_court(const Progress& progress) {
  switch (progress.state ? progress.state->court : Court::kNobody) {
    case Court::kAsking: return {Side::kAsking};
    case Court::kAnswering: return {Side::kAnswering};
    case Court::kNobody: return {};
    case Court::kBoth: break;
  }
  std::vector<Side> sides;
  for (const Side side : kSides)
    if (progress.keys[index_of(side)] == 0) sides.push_back(side);
  return sides;
}

const std::string& office_of(const Case& of, Side side, const Directory& directory) {
  return directory.office_or_duty(of.party(side).office).id;
}

}  // namespace counterpart::engine
