// What holds whatever is done, by whomever, whenever.
#include <random>
#include <set>

#include "engine/casework/case_json.h"
#include "tests/engine/casework/well_said.h"
#include "tests/support/catch.h"

namespace counterpart::engine {
namespace {

constexpr std::int64_t kHour = 3'600;
constexpr unsigned kCapacity = 3;
const std::vector<std::string> kProfiles{"a", "b", "c", "d"};
const std::vector<std::string> kOfficeOf{"dakar", "riyadh", "riyadh", "vienna"};

class World {
 public:
  explicit World(std::uint32_t seed) : random_(seed), network_(away()) {}

  void run(int acts) {
    for (int i = 0; i < acts; ++i) {
      now_ += static_cast<std::int64_t>(below(8)) * kHour;
      if (cases_.empty() || below(12) == 0)
        ask();
      else
        act_on(cases_[below(cases_.size())]);
      if (i % 16 == 0) check_all();
    }
  }
  int done = 0, refused = 0, lapsed = 0, released = 0;
  std::set<std::string> kinds;    // of cases that were opened
  std::set<std::string> reached;  // kinds and states that acts led to

 private:
  static std::vector<Desk> away() {
    std::vector<Desk> desks = their_desks();
    named(desks, "omar").absence = Absence{date("2026-12-01"), date("2026-12-20"), "salem"};
    named(desks, "salem").absence = Absence{date("2026-12-10"), date("2027-01-10"), "noura"};
    named(desks, "awa").ends = date("2027-01-15");
    named(desks, "awa").heir = "sow";
    return desks;
  }
  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }
  template <class List>
  auto any(const List& list) {
    return list[below(std::size(list))];
  }

  std::array<PlacesOf, 2> places(const Case& of) const {
    return {PlacesOf{places_taken(cases_, of.asking.profile), kCapacity},
            PlacesOf{places_taken(cases_, of.answering.profile), kCapacity}};
  }

  void ask() {
    const std::size_t from = below(4), to = below(4);
    const std::string kind = below(2) ? "interest" : std::string(any(life_cycles().kinds).kind);
    Case interest{.id = "i" + std::to_string(++number_),
                  .kind = kind,
                  .programme = "itpo",
                  .origin = {},
                  .asking = {.profile = kProfiles[from], .office = kOfficeOf[from], .desk = {}, .organisation = {}},
                  .answering = {.profile = kProfiles[to], .office = kOfficeOf[to], .desk = {}, .organisation = {}},
                  .log = {}};
    Act opening = act(interest, any(life_cycles().acts_from(kind, ""))->verb);
    if (!opening.said.facts.survivor.empty()) opening.said.facts.survivor = kProfiles[below(2) ? from : to];
    Result<Applied> applied = apply(interest, opening, network_.work(), places(interest));
    (applied ? done : refused)++;
    if (!applied) return;
    cases_.push_back(std::move(applied->changed));
    kinds.insert(kind);
  }

  // One that is well said as often as not.
  Said said() {
    Said made;
    if (below(3)) made.note = "said";
    const std::vector<std::string_view> reasons{"", "too_small", "no_reply", "nonsense"};
    made.reason = any(reasons);
    return made;
  }
  Act act(const Case& of, std::string_view verb) {
    const std::vector<std::string> desks{"awa", "sow", "mbaye", "omar", "salem", "noura", "maier", "huber"};
    Act made = network_.act(any(desks), verb, now_, said());
    const ActRow* row = nullptr;
    if (const Result<Progress> progress = progress_of(of, life_cycles()))
      row = life_cycles().act(of.kind, progress->state ? progress->state->state : "", verb);
    if (row && below(8)) complete(made.said, row->says, now_, [this](std::size_t limit) { return below(limit); });
    if (below(20) == 0) made.by = By::kOwner;
    if (below(20) == 0) made.by = By::kClock;
    return made;
  }
  void act_on(Case& given) {
    if (given.log.back().at > now_) return;
    const std::optional<Act> due = clock_act(given, network_.work(), now_).value();
    if (due && below(2)) return put(given, *due);
    std::vector<std::string_view> verbs;
    for (const ActRow& row : life_cycles().acts) verbs.push_back(row.verb);
    const Result<Progress> progress = progress_of(given, life_cycles());
    if (below(6))
      for (verbs.clear(); const ActRow* row : life_cycles().acts_from(given.kind, progress->state->state))
        verbs.push_back(row->verb);
    if (!verbs.empty()) put(given, act(given, any(verbs)));
  }

  void put(Case& given, const Act& doing) {
    const Case before = given;
    const Result<Applied> applied = apply(given, doing, network_.work(), places(given));
    if (!applied) {
      ++refused;
      REQUIRE(applied.error().code != ErrorCode::kCorrupt);
      REQUIRE(applied.error().code != ErrorCode::kInternal);
      REQUIRE(given == before);
      return;
    }
    ++done;
    lapsed += doing.verb == "lapse";
    reached.insert(before.kind + " " + network_.state(applied->changed));
    Case changed = applied->changed;
    if (network_.state(changed) == "released" && doing.verb == "release") check_keys(changed);
    std::optional<Case> opened;
    if (!applied->opens.empty()) {
      const Case next = follows(changed, "n" + std::to_string(++number_), applied->opens);
      Act opening = doing;
      opening.number = 0;
      opening.said = {};
      opening.verb = life_cycles().acts_from(next.kind, "").front()->verb;
      opened = apply(next, opening, network_.work(), places(next)).value().changed;
    }
    given = std::move(changed);
    if (opened) cases_.push_back(std::move(*opened));
    for (const std::string& profile : kProfiles) REQUIRE(places_taken(cases_, profile) <= kCapacity);
  }

  // Two keys, of two desks and of both sides' offices, since the case was last opened.
  void check_keys(const Case& of) {
    std::set<std::string> offices, desks;
    for (const Act& act : of.log) {
      if (act.verb == "agree" || act.verb == "reopen") offices.clear(), desks.clear();
      if (act.verb != "release") continue;
      offices.insert(act.office);
      desks.insert(act.desk);
    }
    REQUIRE(desks.size() == 2);
    REQUIRE(offices == std::set<std::string>{of.asking.office, of.answering.office});
    ++released;
  }

  void check_task(const Task& task, const Case& of) {
    REQUIRE(network_.directory.desk(task.owner.desk) != nullptr);
    REQUIRE_FALSE(task.next.empty());
    const bool at_once = life_cycles().state(of.kind, network_.state(of))->at_once;
    const bool ahead = task.due.at > now_, at_the_end = task.step == Step::kDuty || at_once;
    REQUIRE((ahead || at_the_end));
    REQUIRE(task.promised.at <= std::max(task.due.at, task.promised.at));
  }

  void check_all() {
    for (const Case& of : cases_) {
      const Standing standing = network_.standing(of, now_);
      const Case again = decode_case(encode_case(of)).value();
      REQUIRE(again == of);
      if (const OpenItem* open = std::get_if<OpenItem>(&standing)) {
        check_task(open->task, of);
        if (open->second) check_task(*open->second, of);
        REQUIRE(network_.open(again, now_).task.due == open->task.due);
        REQUIRE(network_.open(again, now_).task.owner.desk == open->task.owner.desk);
      }
      std::set<std::string> keys;
      const std::vector<Letter> letters = clock_letters(of, network_.work(), now_).value();
      for (const Letter& letter : letters) REQUIRE(keys.insert(letter.key).second);
    }
  }

  std::mt19937_64 random_;
  Network network_;
  std::int64_t now_ = utc("2026-11-26", 8);
  std::vector<Case> cases_;
  int number_ = 0;
};

}  // namespace

TEST_CASE(
    "random acts: nothing open is without owner, due time and next act, no contact goes without two keys, capacity is kept",
    "[casework]") {
  int done = 0, refused = 0, lapsed = 0, released = 0;
  std::set<std::string> kinds, reached;
  for (std::uint32_t seed = 1; seed <= 16; ++seed) {
    CAPTURE(seed);
    World world(seed);
    world.run(1000);
    done += world.done;
    refused += world.refused;
    lapsed += world.lapsed;
    released += world.released;
    kinds.merge(world.kinds);
    reached.merge(world.reached);
  }
  CAPTURE(done, refused, lapsed, released);
  CHECK(done > 1000);  // it has tried what it is about
  CHECK(refused > 1000);
  CHECK(lapsed > 5);
  CHECK(released > 5);
  for (const KindRow& row : life_cycles().kinds)
    if (!row.kind.starts_with("introduction")) CHECK(kinds.contains(std::string(row.kind)));
  for (const StateRow& row : life_cycles().states) {
    const std::string state = std::string(row.kind) + " " + std::string(row.state);
    INFO(state);
    if (row.kind != "introduction" && row.kind != "profile") CHECK(reached.contains(state));
  }
}

}  // namespace counterpart::engine
