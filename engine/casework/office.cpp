#include "engine/casework/office.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace counterpart::engine {
namespace {

constexpr Day kForever = std::numeric_limits<Day>::max();

template <class Row>
const Row* find(const std::vector<Row>& rows, std::string_view id) {
  const auto found = std::ranges::lower_bound(rows, id, {}, &Row::id);
  return found != rows.end() && found->id == id ? &*found : nullptr;
}

bool ended(const Desk& desk, Day day) { return desk.ends && *desk.ends <= day; }
bool away(const Desk& desk, Day day) { return desk.absence && desk.absence->from <= day && day <= desk.absence->until; }

// From one desk to the one that has its work.
struct Chain {
  const Desk* end = nullptr;  // who is there; nullptr: nobody
  std::vector<Passed> way;
  bool circle = false;
};

Chain follow(std::string_view id, Day day, const Directory& directory) {
  Chain chain;
  for (;;) {
    if (std::ranges::find(chain.way, id, &Passed::desk) != chain.way.end()) {
      chain.circle = true;
      return chain;
    }
    const Desk* desk = directory.desk(id);
    if (!desk) {
      chain.way.push_back({std::string(id), Gone::kNoDesk});
      return chain;
    }
    if (ended(*desk, day)) {
      chain.way.push_back({desk->id, Gone::kEnded});
      id = desk->heir;
    } else if (away(*desk, day)) {
      chain.way.push_back({desk->id, Gone::kAway, desk->absence->until});
      id = desk->absence->deputy;
    } else {
      chain.end = desk;
      return chain;
    }
  }
}

// The first day after `day` on which the chain may be another: one on it goes, comes back or ends.
Day next_change(const Chain& chain, Day day, const Directory& directory) {
  Day next = kForever;
  const auto consider = [&](Day change) {
    if (change > day) next = std::min(next, change);
  };
  const auto look_at = [&](const Desk* desk) {
    if (!desk) return;
    if (desk->ends) consider(*desk->ends);
    if (desk->absence) {
      consider(desk->absence->from);
      consider(desk->absence->until + 1);
    }
  };
  for (const Passed& passed : chain.way) look_at(directory.desk(passed.desk));
  look_at(chain.end);
  return next;
}

std::string place_of(std::string_view kind, std::string_view id, std::string_view member) {
  return std::string(kind) + " " + std::string(id) + "." + std::string(member);
}

// Every day from the first to the last, the work of `desk` must come to somebody.
Status check_chain(const Desk& desk, Day first, Day last, const std::string& place, const Directory& directory) {
  for (Day day = first; day <= last;) {
    const Chain chain = follow(desk.id, day, directory);
    if (chain.circle)
      return fail(ErrorCode::kInvalid, place, "leads round in a circle: who is away would sit in for who is away",
                  "name a desk that is there in these days");
    if (!chain.end)
      return fail(ErrorCode::kInvalid, place, "leads to `" + chain.way.back().desk + "`, which is no desk", "name a desk");
    const Day next = next_change(chain, day, directory);
    if (next == kForever) break;
    day = next;
  }
  return {};
}

// `named` is there and of the same office.
Status check_named(std::string_view named, std::string_view office, const std::string& place, const Directory& directory) {
  const Desk* desk = directory.desk(named);
  if (!desk)
    return fail(ErrorCode::kInvalid, place, named.empty() ? "is required" : "`" + std::string(named) + "` is no desk",
                "name a desk of the office");
  if (desk->office != office)
    return fail(ErrorCode::kInvalid, place, "`" + std::string(named) + "` is a desk of another office, `" + desk->office + "`",
                "name a desk of `" + std::string(office) + "`");
  return {};
}

Status check_desk(const Desk& desk, const Directory& directory) {
  if (!directory.office(desk.office))
    return fail(ErrorCode::kInvalid, place_of("desk", desk.id, "office"), "`" + desk.office + "` is no office",
                "name an office");
  if (!desk.deputy.empty())
    if (Status status = check_named(desk.deputy, desk.office, place_of("desk", desk.id, "deputy"), directory); !status)
      return status;
  if (desk.ends) {
    const std::string place = place_of("desk", desk.id, "heir");
    if (Status status = check_named(desk.heir, desk.office, place, directory); !status) return status;
    if (Status status = check_chain(desk, *desk.ends, kForever - 1, place, directory); !status) return status;
  }
  if (!desk.absence) return {};
  const Absence& absence = *desk.absence;
  if (absence.until < absence.from)
    return fail(ErrorCode::kInvalid, place_of("desk", desk.id, "absence.until"), "is before the absence begins",
                "the last day of the absence");
  const std::string place = place_of("desk", desk.id, "absence.deputy");
  if (Status status = check_named(absence.deputy, desk.office, place, directory); !status) return status;
  if (const Desk* deputy = directory.desk(absence.deputy); ended(*deputy, absence.from))
    return fail(ErrorCode::kInvalid, place, "`" + deputy->id + "` has ended by then",
                "name a desk that is there in these days");
  return check_chain(desk, absence.from, absence.until, place, directory);
}

Status check_office(const Office& office, const Directory& directory) {
  if (Status status = check_named(office.head, office.id, place_of("office", office.id, "head"), directory); !status)
    return status;
  for (std::size_t i = 0; i < office.deputies.size(); ++i) {
    const std::string place = place_of("office", office.id, "deputies[" + std::to_string(i) + "]");
    if (Status status = check_named(office.deputies[i], office.id, place, directory); !status) return status;
  }
  return {};
}

template <class Row>
Status sort_by_id(std::vector<Row>& rows, std::string_view kind) {
  std::ranges::sort(rows, {}, &Row::id);
  const auto twice = std::ranges::adjacent_find(rows, {}, &Row::id);
  if (twice == rows.end()) return {};
  return fail(ErrorCode::kInvalid, place_of(kind, twice->id, "id"), "is given twice", "keep one of the two");
}

}  // namespace

Result<Directory> Directory::make(std::vector<Office> offices, std::vector<Desk> desks) {
  Directory made;
  made.offices_ = std::move(offices);
  made.desks_ = std::move(desks);
  if (Status status = sort_by_id(made.offices_, "office"); !status) return tl::unexpected(status.error());
  if (Status status = sort_by_id(made.desks_, "desk"); !status) return tl::unexpected(status.error());
  const auto duty = std::ranges::find(made.offices_, true, &Office::duty);
  made.duty_ = static_cast<std::size_t>(duty - made.offices_.begin());
  if (Status status = made.check(); !status) return tl::unexpected(status.error());
  return made;
}

Status Directory::check() const {
  if (const auto on_duty = std::ranges::count(offices_, true, &Office::duty); !offices_.empty() && on_duty != 1)
    return fail(ErrorCode::kInvalid, "duty", std::to_string(on_duty) + " offices are on duty", "let one office be on duty");
  for (const Office& each : offices_)
    if (Status status = check_office(each, *this); !status) return status;
  for (const Desk& each : desks_)
    if (Status status = check_desk(each, *this); !status) return status;
  return {};
}

const Office* Directory::office(std::string_view id) const { return find(offices_, id); }
const Office& Directory::office_or_duty(std::string_view id) const {
  const Office* found = office(id);
  return found ? *found : duty();
}
const Desk* Directory::desk(std::string_view id) const { return find(desks_, id); }

Responsible responsible(std::string_view desk, std::string_view office, Day day, const Directory& directory) {
  Chain asked = follow(desk, day, directory);
  if (asked.end) return {asked.end->id, asked.end->office, std::move(asked.way)};
  for (const Office* next : {directory.office(office), &directory.duty()}) {
    if (!next) continue;
    std::vector<std::string_view> places{next->head};
    places.insert(places.end(), next->deputies.begin(), next->deputies.end());
    for (const std::string_view place : places)
      if (const Chain chain = follow(place, day, directory); chain.end)
        return {chain.end->id, chain.end->office, std::move(asked.way)};
  }
  return {directory.duty().head, directory.duty().id, std::move(asked.way)};
}

}  // namespace counterpart::engine
