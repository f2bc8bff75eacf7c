#include "engine/casework/case.h"

#include "tests/engine/casework/network.h"
#include "tests/support/catch.h"

namespace counterpart::engine {
namespace {

constexpr auto kNoon = [](std::string_view day) { return utc(day, 12); };

}  // namespace

TEST_CASE("case: an act that the state does not have is refused, and those it has are named", "[casework]") {
  const Network network;
  const Case interest = asked(network);
  const Error early = network.try_to(interest, "omar", "reply", kNoon("2026-11-27"), with_note("x")).error();
  CHECK(early.code == ErrorCode::kConflict);
  CHECK(early.remedy.find("accept, decline, receive, ask_back") != std::string::npos);
  CHECK(network.try_to(interest, "omar", "dance", kNoon("2026-11-27")).error().code == ErrorCode::kInvalid);
}

TEST_CASE("case: each act is for the side that the table says", "[casework]") {
  const Network network;
  const Case interest = asked(network);
  const Error wrong = network.try_to(interest, "awa", "accept", kNoon("2026-11-27")).error();
  CHECK(wrong.code == ErrorCode::kForbidden);
  CHECK(wrong.remedy == "it is for `riyadh`");
  CHECK(network.try_to(interest, "maier", "accept", kNoon("2026-11-27")).error().code == ErrorCode::kForbidden);
  CHECK(network.try_to(interest, "salem", "accept", kNoon("2026-11-27")));  // a colleague may
  Act act = network.act("omar", "accept", kNoon("2026-11-27"));
  act.office = "vienna";
  CHECK(apply(interest, act, network.work(), network.places).error().code == ErrorCode::kForbidden);
  act.by = By::kOwner;
  CHECK(apply(interest, act, network.work(), network.places).error().code == ErrorCode::kForbidden);
}

TEST_CASE("case: to decline takes one of the fixed reasons, and to drop too", "[casework]") {
  const Network network;
  const Case interest = asked(network);
  const auto decline = [&](Said said) {
    return network.try_to(interest, "omar", "decline", kNoon("2026-11-27"), std::move(said));
  };
  CHECK(decline({}).error().place == "reason");
  CHECK(decline(with_reason("because")).error().place == "reason");
  CHECK(decline(with_reason("too_smal")).error().remedy.find("too_small") != std::string::npos);
  const Result<Applied> declined = decline({.reason = "too_small", .note = "Ask again next year.", .facts = {}});
  REQUIRE(declined);
  const ClosedItem closed = std::get<ClosedItem>(network.standing(declined->changed, kNoon("2026-11-28")));
  CHECK(closed.reason == "too_small");
  CHECK(closed.next == std::vector<std::string_view>{"reopen"});
  CHECK(network.try_to(interest, "omar", "accept", kNoon("2026-11-27"), with_reason("too_small")).error().place == "reason");
  CHECK(network.try_to(agreed(network), "awa", "drop", kNoon("2026-12-01")).error().place == "reason");
  CHECK(network.try_to(interest, "omar", "accept", kNoon("2026-11-27"), with_desk("omar")).error().place == "facts.desk");
}

TEST_CASE("case: an office cannot turn both keys", "[casework]") {
  const Network network;
  const Case one_key = network.after(agreed(network), "omar", "release", kNoon("2026-12-01"));
  for (const std::string_view desk : {"omar", "salem", "noura"}) {
    const Error refused = network.try_to(one_key, desk, "release", kNoon("2026-12-02")).error();
    CHECK(refused.code == ErrorCode::kForbidden);
    CHECK(refused.remedy == "the other one is for `dakar`");
  }
  CHECK(network.try_to(one_key, "huber", "release", kNoon("2026-12-02")).error().code == ErrorCode::kForbidden);
  CHECK(network.state(network.after(one_key, "sow", "release", kNoon("2026-12-02"))) == "released");
}

TEST_CASE("case: where one office is on both sides two desks of it turn the keys, and one cannot turn both", "[casework]") {
  const Network network;
  Case own = network.after(interest_between("riyadh", "riyadh"), "omar", "send", kNoon("2026-11-26"), cooperation_wanted());
  const Applied accepted = network.try_to(own, "omar", "accept", kNoon("2026-11-29")).value();
  own = network.after(follows(accepted.changed, "n1", accepted.opens), "omar", "agree", kNoon("2026-11-29"));
  own = network.after(own, "omar", "release", kNoon("2026-11-30"));
  CHECK(network.state(own) == "agreed");
  const Error again = network.try_to(own, "omar", "release", kNoon("2026-11-30")).error();
  CHECK(again.code == ErrorCode::kForbidden);
  CHECK(again.remedy == "the other one is for another desk of `riyadh`");
  // The other key is asked of somebody who can turn it.
  CHECK(network.open(own, kNoon("2026-11-30")).task.owner.desk == "salem");
  CHECK(network.try_to(own, "maier", "release", kNoon("2026-11-30")).error().code == ErrorCode::kForbidden);
  CHECK(network.state(network.after(own, "noura", "release", kNoon("2026-11-30"))) == "released");
}

TEST_CASE("case: a lone office introduces within itself if it has two desks", "[casework]") {
  std::vector<Office> office = {three_offices()[2]};
  office[0].deputies = {};
  const Network one_desk({desk_of("huber", "vienna", "en")}, office);
  const Network two_desks({desk_of("huber", "vienna", "en"), desk_of("maier", "vienna", "en")}, office);
  const auto send = [](const Network& network) {
    return network.try_to(interest_between("vienna", "vienna"), "huber", "send", kNoon("2026-11-26"), cooperation_wanted());
  };
  CHECK(send(one_desk).error().code == ErrorCode::kConflict);
  CHECK(send(one_desk).error().remedy == "give the office another desk");
  REQUIRE(send(two_desks));
}

TEST_CASE("case: two offices that have become one turn the second key by another desk", "[casework]") {
  const Network network;
  const Case keys = network.after(agreed(network), "omar", "release", kNoon("2026-11-30"));
  std::vector<Office> offices = three_offices();
  offices.erase(offices.begin());
  offices[0].duty = true;
  offices[1].duty = false;
  std::vector<Desk> desks = their_desks();
  std::erase_if(desks, [](const Desk& desk) { return desk.office == "dakar"; });
  const Network later(desks, offices);  // Dakar's work is Riyadh's now
  CHECK(later.try_to(keys, "omar", "release", kNoon("2026-12-01")).error().code == ErrorCode::kForbidden);
  CHECK(later.state(later.after(keys, "salem", "release", kNoon("2026-12-01"))) == "released");
}

TEST_CASE("case: what was taken on by mistake is put back into the inbox", "[casework]") {
  const Network network;
  const Case taken = asked(network);
  REQUIRE_FALSE(network.open(taken, kNoon("2026-11-26")).task.inbox);
  const Case back = network.after(taken, "omar", "put_back", kNoon("2026-11-26"));
  CHECK(network.open(back, kNoon("2026-11-26")).task.inbox);
  CHECK(network.open(back, kNoon("2026-11-26")).task.owner.desk == "noura");
  CHECK(network.open(back, kNoon("2026-11-26")).task.due.at == network.open(taken, kNoon("2026-11-26")).task.due.at);
}

TEST_CASE("case: a desk that moved to the other office does not turn the other key", "[casework]") {
  const Network network;
  const Case one_key = network.after(agreed(network), "omar", "release", kNoon("2026-12-01"));
  std::vector<Desk> desks = their_desks();
  named(desks, "omar").office = "dakar";
  named(desks, "omar").deputy = "";
  const Network later(desks);
  CHECK(later.try_to(one_key, "omar", "release", kNoon("2026-12-02")).error().code == ErrorCode::kForbidden);
}

TEST_CASE("case: work of an office that is closed is the duty office's", "[casework]") {
  const Case interest = asked(Network{});
  std::vector<Office> offices = three_offices();
  std::vector<Desk> desks = their_desks();
  std::erase_if(offices, [](const Office& office) { return office.id == "riyadh"; });
  std::erase_if(desks, [](const Desk& desk) { return desk.office == "riyadh"; });
  const Network later(desks, offices);
  const Task task = later.open(interest, kNoon("2026-11-27")).task;
  CHECK(task.owner.desk == "huber");
  CHECK(task.next.front() == "accept");
  CHECK(later.try_to(interest, "huber", "accept", kNoon("2026-11-27")));
}

TEST_CASE("case: keys turned before a case was dropped do not count when it is opened again", "[casework]") {
  const Network network;
  Case introduction = network.after(agreed(network), "omar", "release", kNoon("2026-12-01"));
  introduction = network.after(introduction, "awa", "drop", kNoon("2026-12-02"), with_reason("plans_changed"));
  introduction = network.after(introduction, "awa", "reopen", kNoon("2026-12-03"), with_note("Plans changed again."));
  introduction = network.after(introduction, "awa", "release", kNoon("2026-12-03"));
  CHECK(network.state(introduction) == "agreed");
}

TEST_CASE("case: no more places are taken than a profile has", "[casework]") {
  Network network;
  const Case first = interest_between("dakar", "riyadh");
  network.places = {PlacesOf{5, 5}, PlacesOf{0, 5}};
  const auto send = [&] { return network.try_to(first, "awa", "send", kNoon("2026-11-26"), cooperation_wanted()); };
  CHECK(send().error().place == "from.capacity");
  network.places = {PlacesOf{4, 5}, PlacesOf{9, 5}};  // who is asked has no place taken by being asked
  REQUIRE(send());
  const Case sent = send()->changed;
  CHECK(places_taken(sent, "sn:solar") == 1);
  CHECK(places_taken(sent, "sa:fund") == 0);

  network.places = {PlacesOf{5, 5}, PlacesOf{5, 5}};
  CHECK(network.try_to(sent, "omar", "accept", kNoon("2026-11-29")).error().place == "to.capacity");
  network.places = {PlacesOf{5, 5}, PlacesOf{4, 5}};  // the asking side's place goes over from the interest
  const Applied accepted = network.try_to(sent, "omar", "accept", kNoon("2026-11-29")).value();
  CHECK(places_taken(accepted.changed, "sn:solar") == 0);
  const Case introduction =
      network.after(follows(accepted.changed, "n1", accepted.opens), "omar", "agree", kNoon("2026-11-29"));
  const std::vector<Case> all{accepted.changed, introduction};
  CHECK(places_taken(all, "sn:solar") == 1);
  CHECK(places_taken(all, "sa:fund") == 1);
  const Case dropped = network.after(introduction, "awa", "drop", kNoon("2026-11-30"), with_reason("in_error"));
  network.places = {PlacesOf{5, 5}, PlacesOf{0, 5}};
  CHECK(network.try_to(dropped, "awa", "reopen", kNoon("2026-12-01"), with_note("x")).error().place == "from.capacity");
}

TEST_CASE("case: who acts on what somebody changed meanwhile is told", "[casework]") {
  const Network network;
  const Case interest = asked(network);
  Act act = network.act("omar", "accept", kNoon("2026-11-27"));
  act.number = 2;
  CHECK(apply(interest, act, network.work(), network.places).error().code == ErrorCode::kConflict);
  act.number = 3;
  CHECK(apply(interest, act, network.work(), network.places));
  act.at = utc("2026-11-26", 9);
  CHECK(apply(interest, act, network.work(), network.places).error().place == "at");
}

TEST_CASE("case: it is handed over to a desk of the office, and a desk that has ended does nothing more", "[casework]") {
  std::vector<Desk> desks = their_desks();
  named(desks, "salem").ends = date("2026-12-01");
  named(desks, "salem").heir = "noura";
  named(desks, "omar").deputy = "noura";
  const Network network(desks);
  const Case interest = asked(network);
  const auto hand = [&](std::string_view day, std::string desk) {
    return network.try_to(interest, "omar", "hand_over", kNoon(day), with_desk(std::move(desk)));
  };
  CHECK(hand("2026-11-30", "awa").error().place == "facts.desk");
  CHECK(hand("2026-12-01", "salem").error().place == "facts.desk");
  const Result<Applied> handed = hand("2026-11-30", "salem");
  REQUIRE(handed);
  CHECK(network.open(handed->changed, kNoon("2026-11-30")).task.owner.desk == "salem");
  CHECK(network.open(handed->changed, kNoon("2026-12-01")).task.owner.desk == "noura");
  CHECK(network.open(handed->changed, kNoon("2026-11-30")).task.due.due == date("2026-12-07"));  // no time is won by it
  CHECK(network.try_to(interest, "salem", "accept", kNoon("2026-12-01")).error().code == ErrorCode::kForbidden);
}

TEST_CASE("case: a reviewer of the profile's own organisation is refused", "[casework]") {
  std::vector<Desk> desks = their_desks();
  named(desks, "maier").organisation = "Solar SA";
  const Network network(desks);
  Case draft{.id = "p1",
             .kind = "profile",
             .programme = {},
             .origin = {},
             .asking = {.profile = "sn:solar", .office = "dakar", .desk = {}, .organisation = "Solar SA"},
             .answering = {.profile = "sn:solar", .office = "vienna", .desk = {}, .organisation = {}},
             .log = {}};
  draft = network.after(draft, "awa", "begin", kNoon("2026-11-26"));
  draft = network.after(draft, "awa", "submit", kNoon("2026-11-26"));
  Said comments;
  comments.facts.comments = {{"offers", "Say what it costs."}};
  CHECK(network.try_to(draft, "maier", "send_back", kNoon("2026-11-30"), comments).error().code == ErrorCode::kForbidden);
  CHECK(network.try_to(draft, "huber", "send_back", kNoon("2026-11-30"), comments));
  CHECK(network.try_to(draft, "huber", "send_back", kNoon("2026-11-30")).error().place == "facts.comments");
}

TEST_CASE("case: the parties of a new case are there", "[casework]") {
  const Network network;
  const auto refused_at = [&](const Case& given) {
    return network.try_to(given, "awa", "send", kNoon("2026-11-26"), cooperation_wanted()).error().place;
  };
  Case given = interest_between("dakar", "paris");
  CHECK(refused_at(given) == "to.office");
  given = interest_between("dakar", "riyadh");
  given.answering.desk = "awa";
  CHECK(refused_at(given) == "to.desk");
  given = interest_between("dakar", "riyadh");
  given.answering.profile = given.asking.profile;
  CHECK(refused_at(given) == "to.profile");
  CHECK(network.try_to(interest_between("dakar", "riyadh"), "awa", "send", kNoon("2026-11-26")).error().place ==
        "facts.cooperation");
}

}  // namespace counterpart::engine
