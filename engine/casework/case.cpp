#include "engine/casework/case.h"

#include <algorithm>
#include <utility>

#include "engine/base/nearest.h"
#include "engine/casework/asks.h"
#include "engine/casework/case_json.h"
#include "engine/casework/letters.h"
#include "engine/casework/said_check.h"
#include "engine/casework/standing.h"

namespace counterpart::engine {
namespace {

std::string in_quotes(std::string_view text) { return "`" + std::string(text) + "`"; }

bool takes_place(const KindRow* kind, Side side) {
  return kind && (kind->places == Places::kBoth || (kind->places == Places::kAsking && side == Side::kAsking));
}

// One act on a case: what is asked before it is done.
class Doing {
 public:
  Doing(const Case& before, const Act& act, const Casework& work, const Progress& progress)
      : before_(before), act_(act), work_(work), progress_(progress), state_(progress.state ? progress.state->state : "") {}

  // kInvalid, kConflict: the table has no such act here.
  Result<const ActRow*> row() const {
    if (const ActRow* row = work_.table.act(before_.kind, state_, act_.verb)) return row;
    const std::vector<const ActRow*> possible = work_.table.acts_from(before_.kind, state_);
    std::vector<std::string_view> verbs;
    for (const ActRow* each : possible)
      if (each->who != kClock) verbs.push_back(each->verb);
    const bool known = std::ranges::any_of(work_.table.acts, [&](const ActRow& each) {
      return each.verb == act_.verb && (each.kind == before_.kind || each.kind == "*");
    });
    const std::string remedy = verbs.empty() ? "nothing is possible any more" : "possible are " + joined_with_or(verbs);
    if (!known) return fail(ErrorCode::kInvalid, "verb", in_quotes(act_.verb) + " is no act of this kind of case", remedy);
    return fail(
        ErrorCode::kConflict, "verb",
        in_quotes(act_.verb) + (state_.empty() ? " opens no case" : " cannot be done in the state " + in_quotes(state_)),
        remedy);
  }

  Status check_time() const {
    const unsigned next = static_cast<unsigned>(before_.log.size()) + 1;
    if (act_.number != 0 && act_.number != next)
      return fail(ErrorCode::kConflict, "number", "somebody has acted meanwhile", "look at the case again");
    if (act_.at < (before_.log.empty() ? 0 : before_.log.back().at))
      return fail(ErrorCode::kInvalid, "at", "is before the last act", "the time of now");
    const std::optional<Day>& end = act_.said.facts.valid_until;
    // What somebody wrote into the profile itself may be past; then the case follows it there.
    if (end && act_.by != By::kClock && *end < act_.at / kSecondsOfDay)
      return fail(ErrorCode::kInvalid, "facts.valid_until", "is past", "a day to come");
    return {};
  }

  // Who opens a case: both offices are there, and for two keys there are two.
  Status check_parties() const {
    const KindRow* kind = work_.table.kind(before_.kind);
    if (!kind) return fail(ErrorCode::kInvalid, "kind", in_quotes(before_.kind) + " is no kind of case", "");
    if (Status run = check_run(before_, work_); !run) return run;
    for (const Side side : kSides) {
      const Party& party = before_.party(side);
      const std::string name = side == Side::kAsking ? "from" : "to";
      if (party.profile.empty()) return fail(ErrorCode::kInvalid, name + ".profile", "is required", "a profile's id");
      if (!work_.directory.office(party.office))
        return fail(ErrorCode::kInvalid, name + ".office", in_quotes(party.office) + " is no office",
                    "the office that answers for it");
      if (party.desk.empty()) continue;
      if (const Desk* desk = work_.directory.desk(party.desk); !desk || desk->office != party.office)
        return fail(ErrorCode::kInvalid, name + ".desk", in_quotes(party.desk) + " is no desk of the office",
                    "a desk of the office");
    }
    if (!kind->two_sided()) return {};
    if (before_.asking.profile == before_.answering.profile)
      return fail(ErrorCode::kInvalid, "to.profile", "is the same as `from`", "another profile");
    return is_one_office() && desks_there() < 2
               ? fail(ErrorCode::kConflict, "to.office",
                      "is the office of `from` and has one desk, so that nobody could turn the second key",
                      "give the office another desk")
               : Status();
  }

  // For which side it is done. kForbidden: for none.
  Result<Side> side(const ActRow& row) const {
    const std::vector<Side> court = sides_in_court(progress_);
    if (act_.by == By::kClock || act_.by == By::kOwner) {
      if (!(row.who & (act_.by == By::kClock ? kClock : kOwner))) return not_theirs(row);
      if (row.who & kOwner) return Side::kAsking;
      if (progress_.state && row.verb == progress_.state->lapses)
        if (Status status = check_due(); !status) return tl::unexpected(std::move(status.error()));
      return court.empty() ? Side::kAsking : court.front();
    }
    if (Status status = check_desk(); !status) return tl::unexpected(std::move(status.error()));
    std::vector<Side> own;
    for (const Side each : kSides)
      if (row.who & (each == Side::kAsking ? kAskingOffice : kAnswerer))
        if (office_of(before_, each, work_.directory) == act_.office) own.push_back(each);
    if (own.empty()) return duty_side(row);
    // Of two sides of its own the one that owes something; of two that do, the one whose desk it is.
    const auto weight = [&](Side each) {
      return 2 * int{std::ranges::find(court, each) != court.end()} + int{progress_.desks[index_of(each)] == act_.desk};
    };
    const Side chosen = *std::ranges::max_element(own, {}, weight);
    if (row.two_keys)
      if (Status status = check_key(chosen); !status) return tl::unexpected(std::move(status.error()));
    if (row.who & kSecondKey)
      if (Status status = check_second(before_.log.front()); !status) return tl::unexpected(std::move(status.error()));
    return chosen;
  }

  Status check_reviewer() const {
    const Desk& desk = *work_.directory.desk(act_.desk);
    if (!desk.organisation.empty() && desk.organisation == before_.asking.organisation)
      return fail(ErrorCode::kForbidden, "desk", "is of the profile's own organisation and may not review it", "hand it over");
    return {};
  }

  // Who is given the case is there.
  Status check_hands(Side side) const {
    const std::string& office = office_of(before_, side, work_.directory);
    const Desk* desk = work_.directory.desk(act_.said.facts.desk);
    if (!desk || desk->office != office)
      return fail(ErrorCode::kInvalid, "facts.desk", in_quotes(act_.said.facts.desk) + " is no desk of " + in_quotes(office),
                  "a desk of the office");
    if (desk->ends && *desk->ends <= work_.clock.day_in(office, act_.at))
      return fail(ErrorCode::kInvalid, "facts.desk", in_quotes(desk->id) + " has ended", "a desk that is there");
    return {};
  }

  // `to`: the state it leads to. Places that the case or its origin has already are not asked for again.
  Status check_places(const ActRow& row, const StateRow& to, const std::array<PlacesOf, 2>& places) const {
    const KindRow* kind = work_.table.kind(before_.kind);
    const bool had = (progress_.state && is_open(*progress_.state)) || (!progress_.state && !before_.origin.empty());
    for (const Side side : kSides) {
      const bool needs = (is_open(to) && takes_place(kind, side)) || takes_place(work_.table.kind(row.opens), side);
      const PlacesOf& has = places[index_of(side)];
      if (!needs || (had && takes_place(kind, side)) || !has.full()) continue;
      return fail(ErrorCode::kConflict, side == Side::kAsking ? "from.capacity" : "to.capacity",
                  "all " + std::to_string(has.capacity) + " places of " + in_quotes(before_.party(side).profile) + " are taken",
                  "end something that is open, or raise its `capacity`");
    }
    return {};
  }

 private:
  Status check_desk() const {
    const Desk* desk = work_.directory.desk(act_.desk);
    if (!desk || desk->office != act_.office)
      return fail(ErrorCode::kForbidden, "desk", in_quotes(act_.desk) + " is no desk of " + in_quotes(act_.office), "");
    if (desk->ends && *desk->ends <= work_.clock.day_in(desk->office, act_.at))
      return fail(ErrorCode::kForbidden, "desk", "has ended", "its work is of " + in_quotes(desk->heir) + " now");
    return {};
  }

  bool is_one_office() const {
    return office_of(before_, Side::kAsking, work_.directory) == office_of(before_, Side::kAnswering, work_.directory);
  }
  std::ptrdiff_t desks_there() const {
    const std::string& office = office_of(before_, Side::kAsking, work_.directory);
    const Day day = work_.clock.day_in(office, act_.at);
    return std::ranges::count_if(work_.directory.desks(),
                                 [&](const Desk& desk) { return desk.office == office && (!desk.ends || *desk.ends > day); });
  }

  // No desk turns both keys, and no office does, whatever office has the desk by now; but where one office is on both sides,
  // two desks of it do.
  Status check_key(Side side) const {
    for (const unsigned number : progress_.keys) {
      if (number == 0) continue;
      const Act& turned = before_.log[number - 1];
      if (turned.side == side) return both_keys(turned);
      if (Status status = check_second(turned); !status) return status;
    }
    return {};
  }
  // Is it another's than the first one?
  Status check_second(const Act& first) const {
    return first.desk != act_.desk && (first.office != act_.office || is_one_office()) ? Status() : both_keys(first);
  }
  Status both_keys(const Act& first) const {
    const std::string& office = office_of(before_, other(first.side), work_.directory);
    return fail(ErrorCode::kForbidden, "office", "a key was turned by this office or desk, and nobody turns both",
                "the other one is for " + std::string(is_one_office() ? "another desk of " : "") + in_quotes(office));
  }

  Status check_due() const {
    const Result<std::optional<Act>> due = clock_act(before_, work_, act_.at);
    if (!due) return tl::unexpected(due.error());
    if (*due) return {};
    return fail(ErrorCode::kConflict, "at", "its time is not over yet", "wait");
  }

  // The duty office acts for a side whose task has come to it.
  Result<Side> duty_side(const ActRow& row) const {
    if (!(row.who & kDutyOffice) || act_.office != work_.directory.duty().id) return not_theirs(row);
    const Result<Standing> standing = standing_of(before_, work_, act_.at);
    if (!standing) return tl::unexpected(standing.error());
    std::vector<Side> held;
    if (const OpenItem* open = std::get_if<OpenItem>(&*standing)) {
      if (open->task.owner.office == act_.office) held.push_back(open->task.side);
      if (open->second && open->second->owner.office == act_.office) held.push_back(open->second->side);
    }
    if (held.empty())
      return fail(ErrorCode::kForbidden, "office", "the case has not come to the duty office",
                  "it is for the offices of both sides");
    const Desk* named = work_.directory.desk(act_.said.facts.desk);
    for (const Side each : held)
      if (named && named->office == office_of(before_, each, work_.directory)) return each;
    return held.front();
  }

  tl::unexpected<Error> not_theirs(const ActRow& row) const {
    std::vector<std::string> whose;
    if (row.who & kAskingOffice) whose.push_back(in_quotes(before_.asking.office));
    if (row.who & kAnswerer) whose.push_back(in_quotes(office_of(before_, Side::kAnswering, work_.directory)));
    if (row.who & kOwner) whose.emplace_back("the owner of the profile");
    if (whose.empty()) whose.emplace_back("the clock");
    const std::vector<std::string_view> words(whose.begin(), whose.end());
    return fail(ErrorCode::kForbidden, "verb", in_quotes(act_.verb) + " is not for who asks",
                "it is for " + joined_with_or(words));
  }

  const Case& before_;
  const Act& act_;
  const Casework& work_;
  const Progress& progress_;
  std::string_view state_;
};

Status check(const Doing& doing, const ActRow& row, Side side, const Act& act, const Terms& terms, const LifeCycles& table) {
  if (Status status = check_said(row, act.said, terms, table); !status) return status;
  if (act.by == By::kDesk && (row.who & kReviewer))
    if (Status status = doing.check_reviewer(); !status) return status;
  return row.hands == Hands::kToNamed ? doing.check_hands(side) : Status{};
}

// Checks and letters of what the case has become.
Result<Applied> finished(Case changed, const ActRow& row, const Casework& work) {
  // An open case without owner and due time cannot be: this fails where they cannot be told.
  Result<std::vector<Letter>> letters = letters_of_last(changed, work);
  if (!letters) return tl::unexpected(std::move(letters.error()));
  const bool follows = !row.calls_up || !alternates_of(changed).empty();
  return Applied{std::move(changed), std::move(*letters), follows ? row.opens : std::string_view(), row.on_origin, &row};
}

}  // namespace

Result<Applied> apply(const Case& before, Act act, const Casework& work, const std::array<PlacesOf, 2>& places) {
  const Result<Progress> progress = progress_of(before, work.table);
  if (!progress) return tl::unexpected(progress.error());
  const Doing doing(before, act, work, *progress);
  if (Status status = doing.check_time(); !status) return tl::unexpected(std::move(status.error()));
  if (!progress->state)
    if (Status status = doing.check_parties(); !status) return tl::unexpected(std::move(status.error()));
  const Result<const ActRow*> row = doing.row();
  if (!row) return tl::unexpected(row.error());
  const Result<Side> side = doing.side(**row);
  if (!side) return tl::unexpected(side.error());
  if (Status status = check_asks(before, *progress, **row, act, work); !status)
    return tl::unexpected(std::move(status.error()));
  const Terms terms = terms_of(before, *progress, act, work);
  complete_said(**row, act.said, terms, work.table);
  if (Status status = check(doing, **row, *side, act, terms, work.table); !status)
    return tl::unexpected(std::move(status.error()));
  const StateRow* to = (*row)->to.empty() ? progress->state : work.table.state(before.kind, (*row)->to);
  if (Status status = doing.check_places(**row, *to, places); !status) return tl::unexpected(std::move(status.error()));

  Case changed = before;
  act.number = static_cast<unsigned>(before.log.size()) + 1;
  act.side = *side;
  changed.log.push_back(std::move(act));
  return finished(std::move(changed), **row, work);
}

std::vector<std::string> alternates_of(const Case& of) {
  return of.log.empty() ? std::vector<std::string>() : of.log.front().said.facts.alternates;
}

Case follows(const Case& origin, std::string id, std::string_view kind, const LifeCycles& table) {
  Case next{.id = std::move(id),
            .kind = std::string(kind),
            .programme = origin.programme,
            .origin = origin.id,
            .asking = origin.asking,
            .answering = origin.answering,
            .log = {}};
  if (const Result<Progress> progress = progress_of(origin, table)) {
    next.asking.desk = progress->desks[0];
    next.answering.desk = progress->desks[1];
  }
  return next;
}

unsigned places_taken(const Case& by, std::string_view profile, const LifeCycles& table) {
  const Result<Progress> progress = progress_of(by, table);
  if (!progress || !progress->state || !is_open(*progress->state)) return 0;
  if (progress->helper == profile) return 1;
  for (const Side side : kSides)
    if (by.party(side).profile == profile && takes_place(table.kind(by.kind), side)) return 1;
  return 0;
}

unsigned places_taken(std::span<const Case> by, std::string_view profile, const LifeCycles& table) {
  unsigned taken = 0;
  for (const Case& each : by) taken += places_taken(each, profile, table);
  return taken;
}

}  // namespace counterpart::engine
