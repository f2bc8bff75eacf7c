#include "index/caseload/board.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <tuple>

#include "engine/base/hash.h"

namespace counterpart::index {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

// A desk that is asked for at an office; who sits in for it, the day says.
using SeatKey = std::pair<std::string, std::string>;

SeatKey seat_of(const Responsible& asked, std::string_view office) {
  return {asked.way.empty() ? asked.desk : asked.way.front().desk, std::string(office)};
}

struct PlacedTask {
  Side side = Side::kAsking;
  Step step = Step::kOwner;
  bool inbox = false;
  std::string_view limit;
  Due due;
  std::int64_t promised = 0, since = 0;
  SeatKey seat;
  std::int64_t ends = kNever;  // of what runs to a profile's end: when that is
  bool runs_to_an_end() const { return ends != kNever; }
};

PlacedTask placed(const Task& task, std::string_view side_office, const Casework& work) {
  const std::string_view office = task.step == Step::kDuty ? std::string_view(work.directory.duty().id) : side_office;
  PlacedTask placed{task.side, task.step,        task.inbox, task.limit,
                    task.due,  task.promised.at, task.since, seat_of(task.owner, office)};
  if (const LimitRow& limit = *work.table.limit(task.limit); limit.unit == Unit::kBeforeEnd)
    placed.ends = task.due.at + work.limits.days(limit) * kSecondsOfDay;
  return placed;
}

}  // namespace

struct Board::Item {
  std::string id, kind, programme, from, to, origin;
  std::string helper;                  // a profile that gives the case a place; empty: none does
  std::array<std::string, 2> offices;  // by side
  std::array<bool, 2> takes_place{};   // by side
  const StateRow* state = nullptr;
  std::vector<PlacedTask> tasks;      // one or two
  std::array<SeatKey, 2> followers;   // by side
  std::vector<std::int64_t> moments;  // when the clock has something to do, ascending
  std::int64_t holds_until = kNever;  // then a task moves on
  std::int64_t next = 0;              // as next_time() has it
};

namespace {

using Item = Board::Item;

// A task, or a case that somebody follows, in the order of a desk.
struct Place {
  std::int64_t due = 0;
  const Item* item = nullptr;
  std::size_t task = 0;
  bool operator<(const Place& other) const {
    return std::tie(due, item->id, task) < std::tie(other.due, other.item->id, other.task);
  }
};
using Places = std::set<Place>;

struct Seat {
  Places tasks;    // that it is asked for
  Places follows;  // cases that it follows and has no task of
};

void note_moments(Item& item, const Task& task, const LifeCycles& table) {
  item.moments.push_back(task.due.at);
  if (task.step != Step::kOwner) return;
  for (const ReminderRow& row : table.reminders)
    if (row.kind == item.kind && row.state == item.state->state)
      item.moments.push_back(task.due.at - row.days_before * kSecondsOfDay);
}

// What is asked of the whole board: whose rows?
struct Whose {
  std::string_view desk, office;  // no desk: the whole office's
  bool are(const Responsible& who) const { return desk.empty() ? who.office == office : who.desk == desk; }
};

// Who sits in for each seat now, looked up once an answer.
class Sitting {
 public:
  Sitting(const Casework& work, std::int64_t now) : work_(work), now_(now) {}

  const Responsible& at(const SeatKey& seat) {
    const auto found = known_.find(&seat);
    if (found != known_.end()) return found->second;
    const auto [day, fresh] = days_.try_emplace(seat.second);
    if (fresh) day->second = work_.clock.day_in(seat.second, now_);
    return known_.emplace(&seat, responsible(seat.first, seat.second, day->second, work_.directory)).first->second;
  }

 private:
  struct ByValue {
    bool operator()(const SeatKey* a, const SeatKey* b) const { return *a < *b; }
  };
  const Casework& work_;
  std::int64_t now_;
  std::map<std::string_view, Day> days_;
  std::map<const SeatKey*, Responsible, ByValue> known_;
};

DeskRow row_of(const Place& place, const Responsible& who, const Casework& work) {
  const Item& item = *place.item;
  const PlacedTask& task = item.tasks[place.task];
  const bool own = who.office == item.offices[index_of(task.side)], duty = who.office == work.directory.duty().id;
  return {.case_id = item.id,
          .kind = item.kind,
          .programme = item.programme,
          .from = item.from,
          .to = item.to,
          .origin = item.origin,
          .state = item.state->state,
          .side = task.side,
          .step = task.step,
          .desk = who.desk,
          .office = who.office,
          .inbox = task.inbox,
          .limit = task.limit,
          .due = task.due,
          .promised = task.promised,
          .since = task.since,
          .next = verbs_for(task.side, own, duty, item.kind, item.state->state, work.table)};
}

DeskList list_of(std::vector<Place> places, std::size_t most, Sitting& sitting, const Casework& work) {
  DeskList list;
  list.count = places.size();
  const std::size_t shown = std::min(most, places.size());
  std::partial_sort(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(shown), places.end());
  for (std::size_t i = 0; i < shown; ++i)
    list.rows.push_back(row_of(places[i], sitting.at(places[i].item->tasks[places[i].task].seat), work));
  return list;
}

}  // namespace

struct Board::Impl {
  Load load;
  std::map<std::string, std::shared_ptr<Item>, std::less<>> items;
  std::map<SeatKey, Seat> seats;
  std::map<std::string, Places, std::less<>> inboxes;              // by office
  ByText<std::set<const Item*>> of_profile;                        // open cases
  std::set<std::pair<std::int64_t, std::string>> holding, events;  // holds_until, next
  std::int64_t latest = 0;

  void place(const Item& item);
  void take_off(const Item& item);
  void put(const std::string& id, std::shared_ptr<Item> item);
  void refresh(const Casework& work);
  DeskView view(const Whose& whose, const Casework& work, std::size_t most);
};

void Board::Impl::place(const Item& item) {
  for (std::size_t i = 0; i < item.tasks.size(); ++i) {
    const Place place{item.tasks[i].due.at, &item, i};
    seats[item.tasks[i].seat].tasks.insert(place);
    if (item.tasks[i].inbox) inboxes[item.offices[index_of(item.tasks[i].side)]].insert(place);
  }
  for (const SeatKey& follower : item.followers) {
    if (std::ranges::find(item.tasks, follower, &PlacedTask::seat) != item.tasks.end()) continue;
    seats[follower].follows.insert({item.tasks.front().due.at, &item, 0});
  }
  for (const std::string* profile : {&item.from, &item.to, &item.helper})
    if (!profile->empty()) of_profile[*profile].insert(&item);
  holding.emplace(item.holds_until, item.id);
  events.emplace(item.next, item.id);
}

void Board::Impl::take_off(const Item& item) {
  const auto leave = [](auto& map, const auto& key, const auto& empty) {
    if (const auto found = map.find(key); found != map.end() && empty(found->second)) map.erase(found);
  };
  const auto is_empty = [](const Seat& seat) { return seat.tasks.empty() && seat.follows.empty(); };
  for (std::size_t i = 0; i < item.tasks.size(); ++i) {
    const Place place{item.tasks[i].due.at, &item, i};
    seats[item.tasks[i].seat].tasks.erase(place);
    if (item.tasks[i].inbox) inboxes[item.offices[index_of(item.tasks[i].side)]].erase(place);
  }
  for (const SeatKey& follower : item.followers) seats[follower].follows.erase({item.tasks.front().due.at, &item, 0});
  for (const PlacedTask& task : item.tasks) leave(seats, task.seat, is_empty);
  for (const SeatKey& follower : item.followers) leave(seats, follower, is_empty);
  for (const std::string* profile : {&item.from, &item.to, &item.helper}) {
    of_profile[*profile].erase(&item);
    leave(of_profile, *profile, [](const auto& those) { return those.empty(); });
  }
  holding.erase({item.holds_until, item.id});
  events.erase({item.next, item.id});
}

void Board::Impl::put(const std::string& id, std::shared_ptr<Item> item) {
  if (const auto found = items.find(id); found != items.end()) {
    take_off(*found->second);
    items.erase(found);
  }
  if (!item) return;
  place(*item);
  items.emplace(id, std::move(item));
}

// One that cannot be read stays as it is; the clock tells of it.
void Board::Impl::refresh(const Casework& work) {
  while (!holding.empty() && holding.begin()->first <= latest) {
    const std::string id = holding.begin()->second;
    const std::shared_ptr<Item> before = items.find(id)->second;
    const Result<Case> found = load(id);
    Result<std::shared_ptr<Item>> item = found ? read(*found, work, latest) : tl::unexpected(found.error());
    if (item && *item) {
      (*item)->next = before->next;
    } else {
      item = std::make_shared<Item>(*before);
      (*item)->holds_until = kNever;
    }
    put(id, std::move(*item));
  }
}

DeskView Board::Impl::view(const Whose& whose, const Casework& work, std::size_t most) {
  refresh(work);
  Sitting sitting(work, latest);
  const bool mine_on_duty = whose.office == work.directory.duty().id;
  const auto is_mine = [&](const Item& item) {
    return std::ranges::any_of(item.tasks, [&](const PlacedTask& task) { return whose.are(sitting.at(task.seat)); });
  };
  std::vector<Place> mine, waiting, inbox;
  for (const auto& [key, seat] : seats) {
    // Work leaves an office for the duty office alone.
    if ((key.second != whose.office && !mine_on_duty) || !whose.are(sitting.at(key))) continue;
    mine.insert(mine.end(), seat.tasks.begin(), seat.tasks.end());
    for (const Place& place : seat.follows)
      if (!is_mine(*place.item)) waiting.push_back(place);
  }
  std::sort(waiting.begin(), waiting.end());  // a case stands there twice if both sides' followers are asked about
  waiting.erase(std::unique(waiting.begin(), waiting.end(), [](const Place& a, const Place& b) { return a.item == b.item; }),
                waiting.end());
  if (const auto found = inboxes.find(whose.office); found != inboxes.end())
    for (const Place& place : found->second)
      if (!is_mine(*place.item)) inbox.push_back(place);
  std::vector<Place> expiring;
  for (std::vector<Place>* list : {&mine, &waiting, &inbox}) {
    const auto ending = std::partition(list->begin(), list->end(),
                                       [](const Place& place) { return !place.item->tasks[place.task].runs_to_an_end(); });
    std::copy_if(ending, list->end(), std::back_inserter(expiring),
                 [&](const Place& place) { return place.item->tasks[place.task].ends <= latest + kSoon; });
    list->erase(ending, list->end());
  }
  return {list_of(std::move(mine), most, sitting, work), list_of(std::move(waiting), most, sitting, work),
          list_of(std::move(inbox), most, sitting, work), list_of(std::move(expiring), most, sitting, work)};
}

Board::Board(Load load) : impl_(std::make_unique<Impl>()) { impl_->load = std::move(load); }
Board::~Board() = default;
Board::Board(Board&&) noexcept = default;
Board& Board::operator=(Board&&) noexcept = default;

Result<std::shared_ptr<Board::Item>> Board::read(const Case& of, const Casework& work, std::int64_t now) {
  const Result<Standing> standing = standing_of(of, work, now);
  if (!standing) return tl::unexpected(standing.error());
  const OpenItem* open = std::get_if<OpenItem>(&*standing);
  if (!open) return std::shared_ptr<Item>();
  auto item = std::make_shared<Item>();
  item->id = of.id;
  item->kind = of.kind;
  item->programme = of.programme;
  item->from = of.asking.profile;
  item->to = of.answering.profile;
  item->origin = of.origin;
  if (const Result<Progress> progress = progress_of(of, work.table)) item->helper = progress->helper;
  item->state = work.table.state(of.kind, open->state);
  for (const Side side : kSides) {
    const std::string& office = office_of(of, side, work.directory);
    item->offices[index_of(side)] = office;
    item->takes_place[index_of(side)] = engine::places_taken(of, of.party(side).profile, work.table) > 0;
    item->followers[index_of(side)] = seat_of(open->desks[index_of(side)], office);
  }
  for (const Task* task : {&open->task, open->second ? &*open->second : nullptr}) {
    if (!task) continue;
    item->tasks.push_back(placed(*task, item->offices[index_of(task->side)], work));
    note_moments(*item, *task, work.table);
    if (task->step != Step::kDuty && !item->state->at_once) item->holds_until = std::min(item->holds_until, task->due.at);
  }
  std::ranges::sort(item->moments);
  return item;
}

void Board::put(const std::string& id, std::shared_ptr<Item> item) { impl_->put(id, std::move(item)); }
bool Board::contains(std::string_view id) const { return impl_->items.find(id) != impl_->items.end(); }
std::size_t Board::size() const { return impl_->items.size(); }

Result<DeskView> Board::desk(std::string_view desk, const Casework& work, std::int64_t now, std::size_t most) {
  const Desk* known = work.directory.desk(desk);
  if (!known) return fail(ErrorCode::kNotFound, "desk", "there is no desk `" + std::string(desk.substr(0, 80)) + "`");
  impl_->latest = std::max(impl_->latest, now);
  return impl_->view({known->id, known->office}, work, most);
}

Result<DeskView> Board::office(std::string_view office, const Casework& work, std::int64_t now, std::size_t most) {
  if (!work.directory.office(office))
    return fail(ErrorCode::kNotFound, "office", "there is no office `" + std::string(office.substr(0, 80)) + "`");
  impl_->latest = std::max(impl_->latest, now);
  return impl_->view({{}, office}, work, most);
}

unsigned Board::places_taken(std::string_view profile, const std::set<std::string, std::less<>>& but) const {
  const auto found = impl_->of_profile.find(profile);
  if (found == impl_->of_profile.end()) return 0;
  return static_cast<unsigned>(std::ranges::count_if(found->second, [&](const Item* item) {
    return !but.contains(item->id) && ((item->takes_place[0] && item->from == profile) ||
                                       (item->takes_place[1] && item->to == profile) || item->helper == profile);
  }));
}

Engagements Board::engagements() const {
  Engagements all;
  for (const auto& [id, item] : impl_->items) {
    for (const Side side : kSides)
      if (item->takes_place[index_of(side)]) ++all.taken[side == Side::kAsking ? item->from : item->to];
    if (!item->helper.empty()) ++all.taken[item->helper];
    if (!item->to.empty()) all.together.insert(std::minmax(item->from, item->to));
  }
  return all;
}

std::size_t Board::taken_of(std::string_view programme, std::string_view helper,
                            const std::set<std::string, std::less<>>& but) const {
  return static_cast<std::size_t>(std::ranges::count_if(impl_->items, [&](const auto& entry) {
    const Item& item = *entry.second;
    return item.programme == programme && (helper.empty() ? item.state->seat : item.helper == helper) && !but.contains(item.id);
  }));
}

std::string Board::open_between(std::string_view kind, std::string_view programme, std::string_view from,
                                std::string_view to) const {
  const auto found = impl_->of_profile.find(from);
  if (found == impl_->of_profile.end()) return {};
  std::string first;
  for (const Item* item : found->second)
    if (item->kind == kind && item->programme == programme && item->from == from && item->to == to)
      if (first.empty() || item->id < first) first = item->id;
  return first;
}

std::vector<std::string> Board::open_of(std::string_view profile) const {
  std::vector<std::string> ids;
  if (const auto found = impl_->of_profile.find(profile); found != impl_->of_profile.end())
    for (const Item* item : found->second)
      if (item->from == profile || item->to == profile) ids.push_back(item->id);
  std::ranges::sort(ids);
  return ids;
}

std::vector<std::string> Board::touched(const std::set<std::string, std::less<>>& offices, bool all) const {
  const auto concerned = [&](const Item& item) {
    return std::ranges::any_of(item.offices, [&](const std::string& office) { return offices.contains(office); }) ||
           std::ranges::any_of(item.tasks, [&](const PlacedTask& task) { return offices.contains(task.seat.second); });
  };
  std::vector<std::string> ids;
  for (const auto& [id, item] : impl_->items)
    if (all || concerned(*item)) ids.push_back(id);
  return ids;
}

std::int64_t Board::next_time() const { return impl_->events.empty() ? kNever : impl_->events.begin()->first; }

std::vector<std::string> Board::due(std::int64_t now, std::size_t most) const {
  std::vector<std::string> ids;
  for (auto event = impl_->events.begin(); event != impl_->events.end() && event->first <= now && ids.size() < most; ++event)
    ids.push_back(event->second);
  return ids;
}

void Board::looked_at(const std::string& id, std::int64_t now) {
  const auto found = impl_->items.find(id);
  if (found == impl_->items.end()) return;
  const auto next = std::ranges::upper_bound(found->second->moments, now);
  postpone(id, next == found->second->moments.end() ? kNever : *next);
}

void Board::postpone(const std::string& id, std::int64_t at) {
  const auto found = impl_->items.find(id);
  if (found == impl_->items.end()) return;
  impl_->events.erase({found->second->next, id});
  found->second->next = at;
  impl_->events.emplace(at, id);
}

}  // namespace counterpart::index
