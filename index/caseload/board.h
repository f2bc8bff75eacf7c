// What every desk has on it: the open cases, by whom they wait for and by when, kept in memory beside the store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/case.h"
#include "engine/casework/standing.h"
#include "index/layer.h"

namespace counterpart::index {

// One line of a desk: a task of a case, as it stands.
struct DeskRow {
  std::string case_id, kind, programme;
  std::string from, to;  // profiles
  std::string origin;    // the case that it came of; empty: none
  std::string_view state;
  Side side = Side::kAsking;  // whose court it is
  Step step = Step::kOwner;
  std::string desk, office;   // whose task it is now
  bool inbox = false;         // nobody of the side's office has claimed it yet
  std::string_view limit;     // of the state
  Due due;                    // of this step; tells why
  std::int64_t promised = 0;  // what the other side was told
  std::int64_t since = 0;
  std::vector<std::string_view> next;  // verbs, first what moves the case
};

// The first rows of a list, by due time, then by id.
struct DeskList {
  std::vector<DeskRow> rows;
  std::size_t count = 0;  // of the whole list
};
struct DeskView {
  DeskList mine;     // tasks of this desk, its own or as somebody's deputy or heir
  DeskList waiting;  // cases that it follows and that wait for others
  DeskList inbox;    // of its office: what nobody has claimed, but for what is in `mine`
  // What runs to a profile's end is in none of the three: here it is where the end is no further away than kSoon.
  DeskList expiring;
};
inline constexpr std::int64_t kSoon = 30 * kSecondsOfDay;

// Not thread-safe. A case stands here under the desks that are asked for; who sits in for them is looked up when somebody asks,
// so that an absence moves nothing. What is past due is read anew before an answer. Time never goes back: an
// earlier `now` is answered as the latest one.
class Board {
 public:
  using Load = std::function<Result<Case>(const std::string& id)>;
  // `load`: a stored case.
  explicit Board(Load load);
  ~Board();
  Board(Board&&) noexcept;
  Board& operator=(Board&&) noexcept;

  // What the board keeps of an open case.
  struct Item;
  // Nothing: the case is closed. Errors: of standing_of().
  static Result<std::shared_ptr<Item>> read(const Case& of, const Casework& work, std::int64_t now);

  // Puts a case as read() has it, or takes it off.
  void put(const std::string& id, std::shared_ptr<Item> item);
  bool contains(std::string_view id) const;
  std::size_t size() const;

  // kNotFound: no such desk. `most`: rows of each list.
  Result<DeskView> desk(std::string_view desk, const Casework& work, std::int64_t now, std::size_t most);
  // Tasks of desks of that office, unclaimed ones too, and cases that its desks follow. kNotFound: no such office.
  Result<DeskView> office(std::string_view office, const Casework& work, std::int64_t now, std::size_t most);

  // How many places of the profile's capacity are taken, by others than `but`.
  unsigned places_taken(std::string_view profile, const std::set<std::string, std::less<>>& but = {}) const;
  Engagements engagements() const;
  // An open case of that kind between these under the programme; empty: there is none.
  std::string open_between(std::string_view kind, std::string_view programme, std::string_view from, std::string_view to) const;
  // Open cases of the programme, but for those in `but`: that `helper` helps, or where it is empty that have a seat of its
  // cohort.
  std::size_t taken_of(std::string_view programme, std::string_view helper,
                       const std::set<std::string, std::less<>>& but) const;
  // Open cases that the profile is a side of, by id.
  std::vector<std::string> open_of(std::string_view profile) const;
  // Open cases that the change of these offices may concern, by id; `all`: every one.
  std::vector<std::string> touched(const std::set<std::string, std::less<>>& offices, bool all) const;

  // Which cases the clock has something to do with by `now`, by time and id, and when it has next with any (the largest number:
  // never). One that was put is due at once, until it was looked at.
  std::vector<std::string> due(std::int64_t now, std::size_t most) const;
  std::int64_t next_time() const;
  void looked_at(const std::string& id, std::int64_t now);
  void postpone(const std::string& id, std::int64_t at);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::index
