// What holds of stored cases and letters whatever is done, by whomever, however often the store is opened anew.
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "tests/engine/casework/well_said.h"
#include "tests/index/casework/desk_lists.h"

namespace counterpart::index {
namespace {

constexpr unsigned kCapacity = 3;

class World {
 public:
  explicit World(unsigned seed) : random_(seed), book_(kCapacity) {}

  void run(int steps) {
    for (int i = 1; i <= steps; ++i) {
      book_.now += static_cast<std::int64_t>(below(10)) * 3'600;
      step(below(24));
      if (i % 24 == 0) check();
    }
    book_.open();
    send_all();
    check();
    check_audit();
    CHECK(book_.sound());
  }
  int done = 0, refused = 0, released = 0, lapsed = 0, erased = 0, carried = 0;

 private:
  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }
  template <class List>
  auto any(const List& list) {
    return list[below(std::size(list))];
  }
  std::string any_desk() { return any(book_.cases->offices()->directory.desks()).id; }

  void step(std::size_t what) {
    if (what < 5) return ask();
    if (what < 16) return act();
    if (what == 16) return leave();
    if (what == 17) return look_only();
    if (what == 18) return several();
    if (what == 19) return book_.open();
    if (what < 22) return deliver();
    if (what == 22 && below(6) == 0) return erase();
    CHECK(book_.cases->tick(book_.now)->failed.empty());
  }

  void count(const Result<Acted>& acted) {
    (acted ? done : refused)++;
    if (acted) return;
    CHECK(acted.error().code != ErrorCode::kCorrupt);
    CHECK(acted.error().code != ErrorCode::kInternal);
    CHECK(acted.error().code != ErrorCode::kStorage);
  }

  ActRequest asking() {
    ActRequest request = book_.sending(any_desk(), any(profiles_), any(profiles_));
    if (below(2)) return request;
    const KindRow& kind = any(life_cycles().kinds);
    if (kind.kind == "introduction" || kind.kind == "good_practice") return request;  // they come of others alone
    request.opens->kind = kind.kind;
    if (!kind.two_sided()) request.opens->to.clear();
    const ActRow& opening = *any(life_cycles().acts_from(kind.kind, ""));
    request.verb = opening.verb;
    request.said = {};
    complete(
        request.said, opening.says, book_.now, [this](std::size_t n) { return below(n); }, any(profiles_));
    return request;
  }
  void ask() { count(book_.cases->act(asking(), book_.now)); }

  // Of any case, a closed one too; most acts are those that its state has.
  std::optional<ActRequest> acting() {
    const std::vector<Case> all = book_.cases->list({}, {}, 100'000).value();
    if (all.empty()) return std::nullopt;
    const Case of = any(all);
    auto rows = life_cycles().acts_from(of.kind, progress_of(of, life_cycles())->state->state);
    if (rows.empty() || below(8) == 0) {
      rows.clear();
      for (const ActRow& row : life_cycles().acts) rows.push_back(&row);
    }
    // The last step that matters to everybody is not left to chance.
    const auto keys = std::ranges::find_if(rows, [](const ActRow* row) { return row->two_keys; });
    const ActRow& row = keys != rows.end() && below(2) ? **keys : *any(rows);
    Said said;
    if (below(8))
      complete(
          said, row.says, book_.now, [this](std::size_t n) { return below(n); }, any(profiles_));
    ActRequest request = book_.acting(of.id, any_desk(), std::string(row.verb), said);
    // Whoever has it acts more often than chance would have it.
    const Standing standing = book_.cases->get(of.id, book_.now)->standing;
    if (const OpenItem* open = std::get_if<OpenItem>(&standing); open && below(3))
      request.desk = below(4) ? open->task.owner.desk : open->desks[below(2)].desk;
    if (below(16) == 0) request.by = By::kOwner;
    if (below(4) == 0) request.last = static_cast<unsigned>(of.log.size() - below(2));
    return request;
  }
  void act() {
    if (const auto request = acting()) count(book_.cases->act(*request, book_.now));
  }
  void several() {
    std::vector<ActRequest> requests{asking(), asking()};
    for (int i = 0; i < 4; ++i)
      if (auto request = acting()) requests.push_back(std::move(*request));
    const auto verdicts = book_.cases->act(requests, book_.now);
    REQUIRE(verdicts.size() == requests.size());
    for (const Result<Acted>& verdict : verdicts) count(verdict);
  }
  // What is looked at beforehand changes nothing, and is what is then done.
  void look_only() {
    const ActRequest request = below(2) ? asking() : acting().value_or(asking());
    const auto before = book_.everything();
    const Result<Acted> seen = book_.cases->preview(request, book_.now);
    CHECK(book_.everything() == before);
    const Result<Acted> acted = book_.cases->act(request, book_.now);
    count(acted);
    REQUIRE(seen.has_value() == acted.has_value());
    if (!acted) CHECK(book_.everything() == before);
    if (acted) CHECK((seen->after == acted->after && seen->letters == acted->letters && seen->others == acted->others));
  }

  void leave() {
    Desk desk = any(book_.cases->offices()->directory.desks());
    const Day from = static_cast<Day>(book_.now / 86'400) + static_cast<Day>(below(5));
    desk.absence = below(2) ? std::nullopt : std::optional(Absence{from, from + static_cast<Day>(below(20)), any_desk()});
    (void)book_.cases->change_offices({{}, {{desk.id, desk}}}, "test", book_.now);
  }

  void erase() {
    const std::string profile = any(profiles_);
    const std::vector<Case> its = book_.cases->list({.profile = profile}, {}, 100'000).value();
    for (const Case& of : its) gone_.insert(of.id);
    book_.erase(profile);
    ++erased;
    for (auto& [id, of] : cases_)
      for (Act& act : of.log) forget_profiles({profile}, act.said.facts);
    book_.put(profile, offices_.at(profile), static_cast<int>(kCapacity));
  }

  // Some leave, some fail; at times what left is not noted, as when the power fails.
  void deliver() {
    std::vector<Delivery> ends;
    const std::vector<StoredLetter> letters = book_.cases->letters_to_send(book_.now, 1 + below(20)).value();
    for (const StoredLetter& letter : letters) {
      const bool left = spooled_.contains(letter.number);
      const auto outcome = left || below(4) ? Delivery::Outcome::kSent
                           : below(3)       ? Delivery::Outcome::kFailed
                                            : Delivery::Outcome::kLater;
      if (outcome == Delivery::Outcome::kSent && !left) carry(letter);
      ends.push_back({.number = letter.number, .outcome = outcome, .words = {}, .later = book_.now + 3'600});
    }
    if (below(4) == 0) return book_.open();
    REQUIRE(book_.cases->delivered(ends, book_.now));
  }
  void carry(const StoredLetter& letter) {
    ++carried;
    CHECK(spooled_.insert(letter.number).second);
    if (!keys_.insert(letter.letter.key).second) FAIL("letter " << letter.letter.key << " left twice");
  }
  void send_all() {
    for (std::int64_t at = 0; (at = book_.cases->next_letter()) < std::numeric_limits<std::int64_t>::max();) {
      book_.now = std::max(book_.now, at);
      std::vector<Delivery> ends;
      const std::vector<StoredLetter> letters = book_.cases->letters_to_send(book_.now, 100).value();
      for (const StoredLetter& letter : letters) {
        if (!spooled_.contains(letter.number)) carry(letter);
        ends.push_back({.number = letter.number});
      }
      REQUIRE(book_.cases->delivered(ends, book_.now));
    }
    const std::vector<StoredLetter> all = book_.letters();
    for (const StoredLetter& letter : all)
      CHECK(
          (letter.state == LetterState::kRefused || (letter.state == LetterState::kSent && spooled_.contains(letter.number))));
  }

  void check() {
    book_.cases->tick(book_.now).value();
    check_cases();
    check_letters();
    for (const Desk& desk : book_.cases->offices()->directory.desks()) {
      const DeskRows there = rows_of(book_.cases->desk(desk.id, book_.now, 10'000).value()), anew = read_anew(book_, desk.id);
      INFO(desk.id << " has\n" << there << "and ought to have\n" << anew);
      CHECK(there == anew);
    }
  }

  void check_cases() {
    std::map<std::string, Case> now;
    std::vector<Case> listed = book_.cases->list({}, {}, 100'000).value();
    for (const std::string& profile : profiles_) {
      CHECK(engine::places_taken(listed, profile) == book_.cases->places_taken(profile));
      CHECK(engine::places_taken(listed, profile) <= kCapacity);
    }
    for (Case& of : listed) {
      check_case(of);
      now[of.id] = std::move(of);
    }
    for (const auto& [id, before] : cases_) {
      if (gone_.contains(id)) {
        CHECK_FALSE(now.contains(id));
        continue;
      }
      REQUIRE(now.contains(id));  // nothing that was done is undone
      const std::vector<Act>& log = now.at(id).log;
      REQUIRE(log.size() >= before.log.size());
      CHECK(std::equal(before.log.begin(), before.log.end(), log.begin()));
    }
    cases_ = std::move(now);
  }

  void check_case(const Case& of) {
    INFO(of.id);
    for (std::size_t i = 0; i < of.log.size(); ++i) {
      CHECK(of.log[i].number == i + 1);
      if (i > 0) CHECK(of.log[i].at >= of.log[i - 1].at);
    }
    if (of.kind == "introduction") {
      CHECK(cases_of_origin(of, "accept") == 1);
      check_keys(of);
    }
    if (of.kind == "good_practice") CHECK(cases_of_origin(of, "tell_others") > 0);
    if (of.log.back().verb == "lapse") ++lapsed;
    const CaseNow now = book_.cases->get(of.id, book_.now).value();
    const OpenItem* open = std::get_if<OpenItem>(&now.standing);
    if (!open) return;
    check_task(of, open->task);
    if (open->second) check_task(of, *open->second);
  }
  // It was opened by the very act that says so.
  std::ptrdiff_t cases_of_origin(const Case& of, std::string_view verb) const {
    const Result<CaseNow> origin = book_.cases->get(of.origin, book_.now);
    return origin ? std::ranges::count(origin->of.log, verb, &Act::verb) : 0;
  }
  void check_task(const Case& of, const Task& task) {
    CHECK(book_.cases->offices()->directory.desk(task.owner.desk) != nullptr);
    CHECK_FALSE(task.next.empty());
    // Behind only where there is nobody left to move it to.
    const std::string_view state = progress_of(of, life_cycles())->state->state;
    CHECK((task.due.at > book_.now || task.step == Step::kDuty || life_cycles().state(of.kind, state)->at_once));
  }
  void check_keys(const Case& of) {
    // Where one office is on both sides, two of its desks turn them.
    const bool alone = of.asking.office == of.answering.office;
    std::set<std::string> keys;
    for (const Act& act : of.log) {
      if (act.verb == "agree" || act.verb == "reopen") keys.clear();
      if (act.verb == "release") keys.insert(alone ? act.desk : act.office);
    }
    const bool both = keys.size() == 2;
    released += both;
    CHECK(book_.cases->get(of.id, book_.now)->released == both);
    for (const Office& office : book_.cases->offices()->directory.offices()) {
      const bool side = office.id == of.asking.office || office.id == of.answering.office;
      CHECK(book_.cases->contacts_of(of.id, office.id, "test").has_value() == (both && side));
    }
  }

  void check_letters() {
    std::map<std::uint64_t, StoredLetter> now;
    std::set<std::string> keys;
    const std::vector<StoredLetter> all = book_.letters();
    for (const StoredLetter& letter : all) {
      CHECK(keys.insert(letter.letter.key).second);
      CHECK(now.emplace(letter.number, letter).second);
      CHECK((letters_.contains(letter.number) || letter.number > last_letter_));  // numbers are never given again
    }
    for (const auto& [number, before] : letters_) {
      if (gone_.contains(before.letter.case_id) && !now.contains(number)) continue;
      REQUIRE(now.contains(number));
      CHECK(now.at(number).letter == before.letter);
      if (before.state == LetterState::kSent) CHECK(now.at(number).state == LetterState::kSent);
    }
    letters_ = std::move(now);
    if (!letters_.empty()) last_letter_ = std::max(last_letter_, letters_.rbegin()->first);
  }

  // Each act is in the audit log once.
  void check_audit() {
    for (const auto& [id, of] : cases_) {
      std::vector<std::string> expected, noted;
      for (const Act& act : of.log) expected.push_back("case " + act.verb);
      const std::vector<AuditEntry> entries = book_.store->audit().list(0, 10'000, id).value();
      for (const AuditEntry& entry : entries) noted.push_back(entry.what);
      CHECK(noted == expected);
    }
    CHECK(book_.store->audit().verify()->broken_at == 0);
  }

  std::mt19937 random_;
  Casebook book_;
  const std::vector<std::string> profiles_{"sn:solar", "sn:dairy", "sa:fund", "sa:works", "at:pumps", "xx:lost"};
  const std::map<std::string, std::string> offices_{{"sn:solar", "dakar"},  {"sn:dairy", "dakar"},  {"sa:fund", "riyadh"},
                                                    {"sa:works", "riyadh"}, {"at:pumps", "vienna"}, {"xx:lost", "nowhere"}};
  std::map<std::string, Case> cases_;  // as they were at the last check
  std::map<std::uint64_t, StoredLetter> letters_;
  std::uint64_t last_letter_ = 0;
  std::set<std::string> gone_;  // erased cases
  std::set<std::uint64_t> spooled_;
  std::set<std::string> keys_;
};

}  // namespace

TEST_CASE(
    "random days: whatever is done, nothing open is without owner and due time, no contact goes without two keys, "
    "capacity is kept, letters leave once, nothing done is undone",
    "[casework]") {
  int done = 0, refused = 0, released = 0, lapsed = 0, erased = 0, carried = 0;
  for (unsigned seed = 1; seed <= 6; ++seed) {
    INFO("seed " << seed);
    World world(seed);
    world.run(600);
    done += world.done;
    refused += world.refused;
    released += world.released;
    lapsed += world.lapsed;
    erased += world.erased;
    carried += world.carried;
  }
  INFO(done << " done, " << refused << " refused, " << released << " released, " << lapsed << " lapsed, " << erased
            << " erased, " << carried << " letters");
  CHECK(done > 800);  // it has tried what it is about
  CHECK(refused > 500);
  CHECK(released > 10);
  CHECK(lapsed > 10);
  CHECK(erased > 10);
  CHECK(carried > 500);
}

}  // namespace counterpart::index
