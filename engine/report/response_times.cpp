#include "engine/report/response_times.h"

#include <algorithm>

#include "engine/report/report_table.h"

namespace counterpart::engine {

struct ResponseTimes::Turn {
  // In the office's court, from an act on.
  struct Stretch {
    unsigned act = 0;
    std::int64_t from = 0;
    std::optional<std::int64_t> until = {};
  };
  std::int64_t begin = 0;
  bool reopened = false;
  std::vector<Stretch> stretches;
  const Act* end = nullptr;  // that closed it

  bool runs() const { return !stretches.empty() && !stretches.back().until; }
};

namespace {

// Has the asking side taken the case back, by its owner or by an office that does not answer it as well?
bool is_taken_back(const Act& end, const std::string& answering_office) {
  return end.by == By::kOwner || (end.by == By::kDesk && end.office != answering_office);
}

}  // namespace

Result<bool> ResponseTimes::is_late(const Case& of, unsigned since_act, std::int64_t until) const {
  Case before = of;
  before.log.resize(since_act);
  const Result<Standing> standing = standing_of(before, work_, before.log.back().at);
  if (!standing) return tl::unexpected(standing.error());
  const OpenItem* open = std::get_if<OpenItem>(&*standing);
  return open && until > open->task.promised.at;
}

Status ResponseTimes::take(const Case& of) {
  const std::string_view limit = answered_limit(of.kind);
  if (limit.empty()) return {};
  std::vector<Turn> turns;
  const auto watch = [&](const Act& act, const ActRow& row, const Progress& after) {
    if (row.tick == Tick::kGoesOn) return;
    const bool running = after.state && after.state->limit == limit;
    if (!turns.empty() && turns.back().runs()) turns.back().stretches.back().until = act.at;
    if (!turns.empty() && !is_open(*after.state)) turns.back().end = &act;
    if (!running) return;
    if (turns.empty() || turns.back().end) turns.push_back({act.at, !turns.empty(), {}, nullptr});
    turns.back().stretches.push_back({act.number, act.at, {}});
  };
  if (const Result<Progress> read = progress_of(of, work_.table, watch); !read) return tl::unexpected(read.error());
  const std::string& office = office_of(of, Side::kAnswering, work_.directory);
  for (const Turn& turn : turns)
    if (Status counted = count(of, turn, office); !counted) return counted;
  return {};
}

Status ResponseTimes::count(const Case& of, const Turn& turn, const std::string& office) {
  const auto place = period_.place_of(quarter_of(work_.clock.day_in(office, turn.begin)));
  if (!place) return {};
  bool late = false;
  std::int64_t worked = 0;
  for (const Turn::Stretch& stretch : turn.stretches) {
    const std::int64_t until = stretch.until.value_or(now_);
    const Result<bool> passed = is_late(of, stretch.act, until);
    if (!passed) return tl::unexpected(passed.error());
    late = late || *passed;
    const Result<std::int64_t> seconds = work_.clock.worked(office, stretch.from, until);
    if (!seconds) return tl::unexpected(seconds.error());
    worked += *seconds;
  }
  const bool answered = turn.end && is_answer(of.kind, turn.end->verb);
  if (turn.end && !answered && !late && is_taken_back(*turn.end, office)) return {};
  const bool waiting = !turn.end && !late;
  for (const std::string& whose : {std::string(), office})
    for (const std::size_t at : {*place, period_.quarters}) {
      if (at >= period_.places()) continue;
      Cell& cell = cells_[{whose, at}];
      AnsweringTimes& row = cell.row;
      if (waiting) {
        ++row.waiting;
        continue;
      }
      row.reopened += turn.reopened;
      row.in_time += answered && !late;
      ++(answered ? row.answered : turn.end ? row.ended : row.overdue);
      if (answered) cell.worked.push_back(worked);
    }
  return {};
}

std::vector<AnsweringTimes> ResponseTimes::rows() {
  std::vector<AnsweringTimes> rows;
  for (auto& [key, cell] : cells_) {
    AnsweringTimes row = cell.row;
    row.office = key.first;
    row.quarter = period_.name(key.second);
    const std::size_t middle = row.counted() > 0 ? static_cast<std::size_t>(row.counted() - 1) / 2 : 0;
    if (row.enough() && middle < cell.worked.size()) {
      std::ranges::nth_element(cell.worked, cell.worked.begin() + static_cast<std::ptrdiff_t>(middle));
      row.median = cell.worked[middle];
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace counterpart::engine
