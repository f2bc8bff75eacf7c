#include "engine/casework/standing.h"

#include <algorithm>

#include "engine/casework/letters.h"

namespace counterpart::engine {
namespace {

// A step of the way that a task goes: who is asked on it, since when and until when.
struct Rung {
  Step step = Step::kOwner;
  std::string desk;  // that is asked for; who sits in for it depends on the day
  std::string office;
  std::int64_t since = 0;
  Due due;
};

// The task of one side, as time passes.
class TaskReader {
 public:
  TaskReader(const Case& of, const Progress& progress, Side side, const Casework& work)
      : of_(of), progress_(progress), side_(side), work_(work), office_(office_of(of, side, work.directory)) {}

  // The due time that the state's limit gives.
  Result<Due> promised() const {
    const LimitRow& limit = *work_.table.limit(progress_.state->limit);
    if (limit.unit == Unit::kBeforeEnd) return before_end(limit);
    const std::string& other_office = office_of(of_, other(side_), work_.directory);
    std::vector<std::string_view> offices{office_};
    if (other_office != office_) offices.push_back(other_office);
    unsigned days = work_.limits.days(limit);
    for (const auto& [from, to] : progress_.run) {
      const Result<unsigned> used = days_between(from, to, days, offices);
      if (!used) return tl::unexpected(used.error());
      days -= std::min(*used, days - 1);
    }
    return work_.clock.due_after(progress_.since, days, offices);
  }

  // All the rungs that it has come to by `until`, the first included.
  Result<std::vector<Rung>> rungs(std::int64_t until) const {
    Result<Due> due = promised();
    if (!due) return tl::unexpected(std::move(due.error()));
    std::vector<Rung> way{{Step::kOwner, start(), office_, progress_.since, std::move(*due)}};
    if (progress_.state->at_once) return way;
    std::vector<std::string> held{who(way[0].desk, way[0].due.at)};
    // Who is given the case after its time has some days of its own, and then the duty office is next.
    const unsigned act = progress_.handed[index_of(side_)];
    const bool late = act > 0 && of_.log[act - 1].at >= way[0].due.at;
    if (late) {
      way[0].since = of_.log[act - 1].at;
      if (Status status = set_due(way[0], kDeputyLimit); !status) return tl::unexpected(std::move(status.error()));
    }
    while (way.back().due.at <= until && way.back().step != Step::kDuty) {
      Rung next = late ? duty_rung() : next_rung(way.back(), held);
      next.since = way.back().due.at;
      held.push_back(who(next.desk, next.since));
      if (Status status = set_due(next, limit_of(next.step)); !status) return tl::unexpected(std::move(status.error()));
      way.push_back(std::move(next));
    }
    return way;
  }

  Responsible owner(const Rung& rung, std::int64_t now) const {
    return responsible(rung.desk, rung.office, work_.clock.day_in(rung.office, now), work_.directory);
  }
  std::string who(std::string_view desk, std::int64_t at) const {
    return responsible(desk, office_, work_.clock.day_in(office_, at), work_.directory).desk;
  }

  // The side's desk, or where nobody has claimed it the head of the office; but whoever has turned the other key cannot turn
  // this one.
  std::string start() const {
    const Office& office = *work_.directory.office(office_);
    std::string asked = in_inbox() ? office.head : progress_.desks[index_of(side_)];
    const unsigned key = progress_.keys[index_of(other(side_))];
    if (key == 0 || of_.log[key - 1].desk != asked) return asked;
    std::vector<std::string_view> others(office.deputies.begin(), office.deputies.end());
    others.push_back(office.head);
    for (const Desk& desk : work_.directory.desks())
      if (desk.office == office_ && !desk.ends) others.push_back(desk.id);
    const auto found = std::ranges::find_if(others, [&](std::string_view desk) { return desk != asked; });
    return found != others.end() ? std::string(*found) : asked;
  }
  bool in_inbox() const {
    const Desk* desk = work_.directory.desk(progress_.desks[index_of(side_)]);
    return !desk || desk->office != office_;
  }
  const std::string& office() const { return office_; }

 private:
  Result<Due> before_end(const LimitRow& limit) const {
    if (!progress_.valid_until)
      return fail(ErrorCode::kCorrupt, "case " + of_.id, "runs to an end that nobody stated", "restore the last backup");
    Due due;
    due.acted = due.from = static_cast<Day>(progress_.since / kSecondsOfDay);
    due.due = *progress_.valid_until - static_cast<Day>(work_.limits.days(limit));
    due.at = (static_cast<std::int64_t>(due.due) + 1) * kSecondsOfDay;
    return due;
  }

  // How many of the working days had passed at `to`.
  Result<unsigned> days_between(std::int64_t from, std::int64_t to, unsigned most,
                                std::span<const std::string_view> offices) const {
    for (unsigned days = 0; days < most; ++days) {
      const Result<Due> next = work_.clock.due_after(from, days + 1, offices);
      if (!next) return tl::unexpected(next.error());
      if (next->at > to) return days;
    }
    return most;
  }

  static std::string_view limit_of(Step step) {
    return step == Step::kDuty ? kDutyLimit : step == Step::kHead ? kHeadLimit : kDeputyLimit;
  }
  Status set_due(Rung& rung, std::string_view limit) const {
    const std::string_view office = rung.office;
    Result<Due> due = work_.clock.due_after(rung.since, work_.limits.days(*work_.table.limit(limit)), std::span(&office, 1));
    if (!due) return tl::unexpected(std::move(due.error()));
    rung.due = std::move(*due);
    return {};
  }

  Rung duty_rung() const { return {Step::kDuty, work_.directory.duty().head, work_.directory.duty().id, 0, {}}; }

  // A step whose desk, on the day of the move, has had the case already is left out.
  Rung next_rung(const Rung& last, const std::vector<std::string>& held) const {
    const Office& office = *work_.directory.office(office_);
    const auto fresh = [&](std::string_view desk) {
      return !desk.empty() && std::ranges::find(held, who(desk, last.due.at)) == held.end();
    };
    if (last.step == Step::kOwner) {
      std::vector<std::string_view> deputies;
      if (const Desk* desk = work_.directory.desk(start())) deputies.push_back(desk->deputy);
      deputies.insert(deputies.end(), office.deputies.begin(), office.deputies.end());
      if (const auto found = std::ranges::find_if(deputies, fresh); found != deputies.end())
        return {Step::kDeputy, std::string(*found), office_, 0, {}};
    }
    if (last.step != Step::kHead && fresh(office.head)) return {Step::kHead, office.head, office_, 0, {}};
    return duty_rung();
  }

  const Case& of_;
  const Progress& progress_;
  Side side_;
  const Casework& work_;
  const std::string& office_;
};

Result<Task> task_of(const Case& of, const Progress& progress, Side side, const Casework& work, std::int64_t now) {
  const TaskReader reader(of, progress, side, work);
  Result<std::vector<Rung>> rungs = reader.rungs(now);
  if (!rungs) return tl::unexpected(std::move(rungs.error()));
  Result<Due> promised = reader.promised();
  if (!promised) return tl::unexpected(std::move(promised.error()));
  const Rung& rung = rungs->back();
  Responsible owner = reader.owner(rung, now);
  const bool own = owner.office == reader.office(), duty = owner.office == work.directory.duty().id;
  return Task{.side = side,
              .step = rung.step,
              .owner = std::move(owner),
              .inbox = reader.in_inbox(),
              .due = rung.due,
              .promised = std::move(*promised),
              .limit = progress.state->limit,
              .since = progress.since,
              .next = verbs_for(side, own, duty, of.kind, progress.state->state, work.table)};
}

Result<Progress> opened(const Case& of, const Casework& work) {
  if (work.directory.offices().empty()) return fail(ErrorCode::kConflict, "offices", "there is no office", "add one");
  Result<Progress> progress = progress_of(of, work.table);
  if (progress && !progress->state)
    return fail(ErrorCode::kCorrupt, "case " + of.id, "was never opened", "restore the last backup");
  return progress;
}

ClosedItem closed(const Case& of, const Progress& progress, const LifeCycles& table) {
  ClosedItem item{progress.state->state, of.log.back().at, of.log.back().said.reason, {}};
  for (const ActRow* row : table.acts_from(of.kind, progress.state->state)) item.next.push_back(row->verb);
  return item;
}

}  // namespace

std::vector<std::string_view> verbs_for(Side side, bool own, bool duty, std::string_view kind, std::string_view state,
                                        const LifeCycles& table) {
  const unsigned bits = (own ? (side == Side::kAsking ? kAskingOffice : kAnswerer) : 0U) | (duty ? kDutyOffice : 0U);
  std::vector<std::string_view> verbs;
  for (const ActRow* row : table.acts_from(kind, state))
    if (row->who & bits) verbs.push_back(row->verb);
  return verbs;
}

Responsible follower(const Case& of, const Progress& progress, Side side, const Casework& work, std::int64_t now) {
  const TaskReader reader(of, progress, side, work);
  return responsible(reader.start(), reader.office(), work.clock.day_in(reader.office(), now), work.directory);
}

Result<Standing> standing_of(const Case& of, const Casework& work, std::int64_t now) {
  const Result<Progress> progress = opened(of, work);
  if (!progress) return tl::unexpected(progress.error());
  const std::vector<Side> sides = sides_in_court(*progress);
  if (sides.empty()) return closed(of, *progress, work.table);
  Result<Task> task = task_of(of, *progress, sides.front(), work, now);
  if (!task) return tl::unexpected(std::move(task.error()));
  OpenItem item{
      .state = progress->state->state,
      .task = std::move(*task),
      .second = {},
      .desks = {follower(of, *progress, Side::kAsking, work, now), follower(of, *progress, Side::kAnswering, work, now)}};
  if (sides.size() > 1) {
    Result<Task> second = task_of(of, *progress, sides.back(), work, now);
    if (!second) return tl::unexpected(std::move(second.error()));
    item.second = std::move(*second);
  }
  return item;
}

Result<std::optional<Act>> clock_act(const Case& of, const Casework& work, std::int64_t now) {
  const Result<Progress> progress = opened(of, work);
  if (!progress) return tl::unexpected(progress.error());
  const StateRow& state = *progress->state;
  if (state.lapses.empty()) return std::nullopt;
  const Side side = sides_in_court(*progress).front();
  const Result<std::vector<Rung>> rungs = TaskReader(of, *progress, side, work).rungs(now);
  if (!rungs) return tl::unexpected(rungs.error());
  const Rung& last = rungs->back();
  if (last.due.at > now || (!state.at_once && last.step != Step::kDuty)) return std::nullopt;
  return Act{.number = static_cast<unsigned>(of.log.size()) + 1,
             .at = now,
             .by = By::kClock,
             .desk = {},
             .office = {},
             .side = side,
             .verb = std::string(state.lapses),
             .said = {}};
}

Result<std::vector<Letter>> clock_letters(const Case& of, const Casework& work, std::int64_t now) {
  const Result<Progress> progress = opened(of, work);
  if (!progress) return tl::unexpected(progress.error());
  std::vector<Letter> letters;
  for (const Side side : sides_in_court(*progress)) {
    const TaskReader reader(of, *progress, side, work);
    const Result<std::vector<Rung>> rungs = reader.rungs(now);
    if (!rungs) return tl::unexpected(rungs.error());
    const LetterWriter writer(of, *progress, work, std::max(progress->since_act, progress->handed[index_of(side)]), now);
    if (const std::int64_t due = rungs->front().due.at; now < due)
      for (const ReminderRow& row : work.table.reminders)
        if (const std::int64_t from = due - row.days_before * kSecondsOfDay;
            row.kind == of.kind && row.state == progress->state->state && progress->since < from && from <= now)
          letters.push_back(writer.reminder(row, due));
    for (std::size_t i = 1; i < rungs->size(); ++i) {
      const Rung &last = (*rungs)[i - 1], &next = (*rungs)[i];
      for (Letter& letter :
           writer.moved(next.step, side, reader.owner(last, next.since), reader.owner(next, next.since), next.due))
        letters.push_back(std::move(letter));
    }
  }
  return letters;
}

}  // namespace counterpart::engine
