// What stands on a desk, as reading every case anew says it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/index/casework/casebook.h"

namespace counterpart::index {

using DeskRowSeen = std::tuple<std::int64_t, std::string, std::string, std::vector<std::string_view>>;  // due, case, desk, next
struct DeskRows {
  std::vector<DeskRowSeen> mine, waiting, inbox, expiring;
  bool operator==(const DeskRows&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const DeskRows& rows) {
    for (const auto& [name, list] :
         {std::pair("mine", &rows.mine), {"waiting", &rows.waiting}, {"inbox", &rows.inbox}, {"expiring", &rows.expiring}}) {
      out << name << ":";
      for (const auto& [due, id, desk, next] : *list) out << " " << id << " of " << desk << " due " << due << ",";
      out << "\n";
    }
    return out;
  }
};

inline std::vector<DeskRowSeen> rows_of(const DeskList& list) {
  std::vector<DeskRowSeen> rows;
  for (const DeskRow& row : list.rows) rows.emplace_back(row.due.at, row.case_id, row.desk, row.next);
  CHECK(rows.size() == list.count);
  // By due time, then by id; the two tasks of one case in either order.
  CHECK(std::ranges::is_sorted(rows, {}, [](const DeskRowSeen& row) { return std::pair(std::get<0>(row), std::get<1>(row)); }));
  std::ranges::sort(rows);
  return rows;
}
inline DeskRows rows_of(const DeskView& view) {
  return {rows_of(view.mine), rows_of(view.waiting), rows_of(view.inbox), rows_of(view.expiring)};
}

inline DeskRows read_anew(const Casebook& book, const std::string& desk) {
  const auto row_of = [](const Case& of, const Task& task) {
    return DeskRowSeen{task.due.at, of.id, task.owner.desk, task.next};
  };
  const auto offices = book.cases->offices();
  DeskRows rows;
  const std::vector<Case> listed = book.cases->list({}, {}, 100'000).value();
  for (const Case& of : listed) {
    const Standing standing = book.cases->get(of.id, book.now)->standing;
    const OpenItem* open = std::get_if<OpenItem>(&standing);
    if (!open) continue;
    std::vector<const Task*> tasks{&open->task};
    if (open->second) tasks.push_back(&*open->second);
    // What runs to a profile's end is told of when that is near, and in a list of its own.
    const auto add = [&](std::vector<DeskRowSeen>& list, const Task& task) {
      const LimitRow& limit = *life_cycles().limit(task.limit);
      if (limit.unit != Unit::kBeforeEnd) return list.push_back(row_of(of, task));
      if (task.due.at + Limits{}.days(limit) * kSecondsOfDay <= book.now + kSoon) rows.expiring.push_back(row_of(of, task));
    };
    const bool mine = std::ranges::any_of(tasks, [&](const Task* task) { return task->owner.desk == desk; });
    for (const Task* task : tasks) {
      if (task->owner.desk == desk) add(rows.mine, *task);
      const std::string& office = office_of(of, task->side, offices->directory);
      if (!mine && task->inbox && office == offices->directory.desk(desk)->office) add(rows.inbox, *task);
    }
    if (!mine && (open->desks[0].desk == desk || open->desks[1].desk == desk)) add(rows.waiting, *tasks.front());
  }
  for (std::vector<DeskRowSeen>* list : {&rows.mine, &rows.waiting, &rows.inbox, &rows.expiring}) std::ranges::sort(*list);
  return rows;
}

}  // namespace counterpart::index
