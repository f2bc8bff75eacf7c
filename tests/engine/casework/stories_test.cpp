// What officers live through, at the level of the engine.
#include <set>

#include "tests/engine/casework/network.h"
#include "tests/support/catch.h"

namespace counterpart::engine {

TEST_CASE("story: asked, answered, both keys, first contact, concluded", "[casework]") {
  const Network network;
  const Applied sent =
      network.try_to(interest_between("dakar", "riyadh"), "awa", "send", utc("2026-11-26", 10), cooperation_wanted()).value();
  CHECK(told(sent.letters) == std::vector<std::string>{"interest_received -> noura"});
  CHECK(network.open(sent.changed, utc("2026-11-26", 10)).task.inbox);
  CHECK(network.open(sent.changed, utc("2026-11-26", 10)).task.owner.desk == "noura");

  Case interest = network.after(sent.changed, "omar", "claim", utc("2026-11-26", 11));
  const OpenItem open = network.open(interest, utc("2026-11-26", 12));
  CHECK_FALSE(open.task.inbox);
  CHECK(open.task.owner.desk == "omar");
  CHECK(open.task.due.at == utc("2026-12-07", 14));  // Monday to Thursday both offices work; closes at 17:00 in Riyadh
  CHECK(open.task.next.front() == "accept");
  CHECK(open.desks[0].desk == "awa");

  const Applied accepted = network.try_to(interest, "omar", "accept", utc("2026-11-30", 9)).value();
  CHECK(told(accepted.letters) == std::vector<std::string>{"interest_accepted -> awa"});
  REQUIRE(accepted.opens == "introduction");
  CHECK(std::get<ClosedItem>(network.standing(accepted.changed, utc("2026-11-30", 9))).state == "accepted");

  Case introduction = follows(accepted.changed, "n1", accepted.opens);
  CHECK(introduction.origin == "i1");
  introduction = network.after(introduction, "omar", "agree", utc("2026-11-30", 9));
  const OpenItem keys = network.open(introduction, utc("2026-11-30", 9));
  CHECK(keys.task.owner.desk == "awa");
  REQUIRE(keys.second);
  CHECK(keys.second->owner.desk == "omar");

  const Applied first = network.try_to(introduction, "omar", "release", utc("2026-12-01", 9)).value();
  CHECK(told(first.letters) == std::vector<std::string>{"key_turned -> awa"});
  CHECK(network.state(first.changed) == "agreed");
  CHECK_FALSE(network.open(first.changed, utc("2026-12-01", 9)).second);
  const Applied released = network.try_to(first.changed, "awa", "release", utc("2026-12-02", 9)).value();
  CHECK(told(released.letters) == std::vector<std::string>{"introduction_released -> omar", "contacts_released -> sn:solar",
                                                           "contacts_released -> sa:fund"});
  CHECK(network.open(released.changed, utc("2026-12-02", 9)).task.owner.desk == "awa");

  introduction = network.after(released.changed, "awa", "first_contact", utc("2026-12-08", 9));
  introduction = network.after(introduction, "omar", "promote", utc("2026-12-15", 9));
  introduction = network.after(introduction, "awa", "negotiate", utc("2027-01-11", 9));
  Said conclusion;
  CHECK(network.try_to(introduction, "awa", "conclude", utc("2027-02-01", 9), conclusion).error().place == "facts.amount");
  conclusion.facts.amount = 2'500'000;
  conclusion.facts.currency = "EUR";
  conclusion.facts.instrument = Cooperation::kEquity;
  conclusion.facts.jobs = 40;
  conclusion.facts.sdg = "7.2";
  introduction = network.after(introduction, "awa", "conclude", utc("2027-02-01", 9), conclusion);
  introduction = network.after(introduction, "omar", "operate", utc("2027-06-01", 9));
  CHECK(std::get<ClosedItem>(network.standing(introduction, utc("2027-06-01", 9))).state == "operational");
}

TEST_CASE("story: an enquiry that nobody answers moves to deputy, head and duty office, and lapses last", "[casework]") {
  const Network network;
  const Case interest = asked(network);
  const auto holds = [&](std::string_view day, int hour, int minute) {
    const Task task = network.open(interest, utc(day, hour, minute)).task;
    return std::string(name_of(task.step)) + " " + task.owner.desk + " until " + std::string(iso_date(task.due.due));
  };
  CHECK(holds("2026-12-07", 13, 59) == "owner omar until 2026-12-07");
  CHECK(holds("2026-12-07", 14, 0) == "deputy salem until 2026-12-10");
  CHECK(holds("2026-12-10", 13, 59) == "deputy salem until 2026-12-10");
  CHECK(holds("2026-12-10", 14, 0) == "head noura until 2026-12-15");  // Friday and Saturday are free in Riyadh
  CHECK(holds("2026-12-15", 14, 0) == "duty huber until 2026-12-22");  // in Vienna they are not
  CHECK_FALSE(clock_act(interest, network.work(), utc("2026-12-22", 15, 59)).value());
  CHECK(holds("2027-03-01", 9, 0) == "duty huber until 2026-12-22");
  CHECK(network.open(interest, utc("2027-03-01", 9)).task.promised.due == date("2026-12-07"));

  const Act early{.number = 0,
                  .at = utc("2026-12-22", 15),
                  .by = By::kClock,
                  .desk = {},
                  .office = {},
                  .side = {},
                  .verb = "lapse",
                  .said = {}};
  CHECK(apply(interest, early, network.work(), network.places).error().code == ErrorCode::kConflict);
  const std::optional<Act> lapse = clock_act(interest, network.work(), utc("2026-12-22", 16)).value();
  REQUIRE(lapse);
  const Applied lapsed = apply(interest, *lapse, network.work(), network.places).value();
  CHECK(network.state(lapsed.changed) == "lapsed");
  CHECK(told(lapsed.letters) == std::vector<std::string>{"interest_lapsed -> awa", "interest_lapsed -> omar"});
}

TEST_CASE("story: each move is told to who has it now, who had it and who waits, once", "[casework]") {
  const Network network;
  const Case interest = asked(network);
  const auto letters = [&](std::string_view day) { return clock_letters(interest, network.work(), utc(day, 14)).value(); };
  CHECK(told(letters("2026-12-05")).empty());
  CHECK(told(letters("2026-12-06")) == std::vector<std::string>{"due_soon -> omar"});
  CHECK(told(letters("2026-12-07")) ==
        std::vector<std::string>{"moved_here -> salem", "moved_away -> omar", "moved_on -> awa"});
  const std::vector<Letter> later = letters("2026-12-15");
  CHECK(later.size() == 9);
  CHECK(std::ranges::equal(letters("2026-12-07"), std::span(later).first(3), {}, &Letter::key, &Letter::key));
  std::set<std::string> keys;
  for (const Letter& letter : later) keys.insert(letter.key);
  CHECK(keys.size() == later.size());
}

TEST_CASE("story: who is away is left out, and who sits in does not get it twice", "[casework]") {
  std::vector<Desk> desks = their_desks();
  named(desks, "omar").absence = Absence{date("2026-11-29"), date("2026-12-31"), "salem"};
  const Network network(desks);
  const Case interest = asked(network);
  CHECK(network.open(interest, utc("2026-11-26", 12)).task.owner.desk == "omar");
  const Task away = network.open(interest, utc("2026-11-29", 12)).task;
  CHECK(away.owner.desk == "salem");
  CHECK(away.owner.way == std::vector<Passed>{{"omar", Gone::kAway, date("2026-12-31")}});
  const Task late = network.open(interest, utc("2026-12-07", 14)).task;  // salem has had it: the head is next
  CHECK(late.step == Step::kHead);
  CHECK(late.owner.desk == "noura");
}

TEST_CASE("story: waiting for the other side stops one's own clock", "[casework]") {
  const Network network;
  Case interest = asked(network);  // 5 days: 30 November, 1, 2, 3 and 7 December
  interest = network.after(interest, "omar", "ask_back", utc("2026-12-02", 9), with_note("Which grid?"));
  const Task theirs = network.open(interest, utc("2026-12-02", 9)).task;
  CHECK(theirs.side == Side::kAsking);
  CHECK(theirs.owner.desk == "awa");
  CHECK(theirs.due.due == date("2026-12-10"));
  interest = network.after(interest, "awa", "reply", utc("2026-12-09", 9), with_note("An island grid."));
  const Task ours = network.open(interest, utc("2026-12-09", 10)).task;
  CHECK(ours.owner.desk == "omar");
  CHECK(ours.due.due == date("2026-12-15"));  // two of five days were used: 10, 14 and 15 December are left
  interest = network.after(interest, "omar", "ask_back", utc("2026-12-15", 9), with_note("And the tariff?"));
  interest = network.after(interest, "awa", "reply", utc("2026-12-16", 9), with_note("Twelve cents."));
  CHECK(network.open(interest, utc("2026-12-16", 10)).task.due.due == date("2026-12-17"));  // never less than a day
}

TEST_CASE("story: the duty office hands back what came to it, and it returns there", "[casework]") {
  const Network network;
  Case interest = asked(network);
  CHECK(network.try_to(interest, "maier", "hand_over", utc("2026-12-15", 13), with_desk("salem")).error().code ==
        ErrorCode::kForbidden);
  const Applied handed = network.try_to(interest, "huber", "hand_over", utc("2026-12-16", 9), with_desk("salem")).value();
  CHECK(told(handed.letters) == std::vector<std::string>{"handed_over -> salem"});
  const Task task = network.open(handed.changed, utc("2026-12-16", 9)).task;
  CHECK(task.owner.desk == "salem");
  CHECK(task.due.due == date("2026-12-20"));       // two of Riyadh's days
  CHECK(task.promised.due == date("2026-12-07"));  // what was promised is not forgotten
  CHECK(network.open(handed.changed, utc("2026-12-20", 14)).task.owner.desk == "huber");
}

TEST_CASE("story: a profile is reviewed, lives until its end, and the next version takes its place", "[casework]") {
  const Network network;
  Case draft{.id = "p1",
             .kind = "profile",
             .programme = {},
             .origin = {},
             .asking = {.profile = "sn:solar", .office = "dakar", .desk = {}, .organisation = {}},
             .answering = {.profile = "sn:solar", .office = "vienna", .desk = {}, .organisation = {}},
             .log = {}};
  draft = network.after(draft, "awa", "begin", utc("2026-11-26", 10));
  draft = network.after(draft, "awa", "submit", utc("2026-11-27", 10));
  Said scores;
  scores.facts.scores = Scores{5, 5, 5, 0};
  scores.facts.valid_until = date("2027-11-30");
  CHECK(network.try_to(draft, "maier", "publish", utc("2026-11-30", 9), scores).error().place == "facts.scores");
  scores.facts.scores = Scores{3, 3, 2, 1};
  CHECK(network.try_to(draft, "maier", "publish", utc("2026-11-30", 9), scores).error().message.find("9 of 20") == 0);
  scores.facts.scores = Scores{3, 3, 2, 2};
  const Case live = network.after(draft, "maier", "publish", utc("2026-11-30", 9), scores);
  CHECK(network.open(live, utc("2026-12-01", 9)).task.due.due == date("2027-10-31"));

  const std::optional<Act> notify = clock_act(live, network.work(), utc("2027-11-01", 0)).value();
  REQUIRE(notify);
  const Applied notified = apply(live, *notify, network.work(), network.places).value();
  CHECK(told(notified.letters) == std::vector<std::string>{"profile_expiring -> sn:solar"});
  CHECK(told(clock_letters(notified.changed, network.work(), utc("2027-11-24", 0)).value()) ==
        std::vector<std::string>{"profile_expiring -> sn:solar"});
  const std::optional<Act> expire = clock_act(notified.changed, network.work(), utc("2027-12-01", 0)).value();
  REQUIRE(expire);
  CHECK(network.state(apply(notified.changed, *expire, network.work(), network.places).value().changed) == "expired");

  const Applied changing = network.try_to(live, "awa", "change", utc("2027-01-11", 9)).value();
  CHECK(network.state(changing.changed) == "published");
  Case next = network.after(follows(changing.changed, "p2", changing.opens), "awa", "begin", utc("2027-01-11", 9));
  next = network.after(next, "awa", "submit", utc("2027-01-11", 10));
  const Applied published = network.try_to(next, "maier", "publish", utc("2027-01-12", 9), scores).value();
  REQUIRE(published.on_origin == "supersede");
  const Act supersede{.number = 0,
                      .at = utc("2027-01-12", 9),
                      .by = By::kClock,
                      .desk = {},
                      .office = {},
                      .side = {},
                      .verb = std::string(published.on_origin),
                      .said = {}};
  CHECK(network.state(apply(changing.changed, supersede, network.work(), network.places).value().changed) == "superseded");
}

}  // namespace counterpart::engine
