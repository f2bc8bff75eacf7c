// Two profiles that become one, and two again: every id, case and version stays within reach, and nothing is lost.
#include "index/casework/merging.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "engine/profile/profile_json.h"
#include "index/store/versions.h"
#include "tests/index/casework/casebook.h"

namespace counterpart::index {
namespace {

ActRequest proposing(const std::string& desk, const std::string& survivor, const std::string& other,
                     std::vector<Choice> keep = {}) {
  ActRequest request;
  request.opens = NewCase{.kind = "merge", .programme = {}, .from = survivor, .to = other};
  request.desk = desk;
  request.verb = "propose";
  request.said.facts.survivor = survivor;
  request.said.facts.keep = std::move(keep);
  request.who = "token";
  return request;
}

// Two of Dakar, by awa and sow.
std::string merge(Casebook& book, const std::string& survivor, const std::string& other, std::vector<Choice> keep = {}) {
  const Acted proposed = book.cases->act(proposing("awa", survivor, other, std::move(keep)), book.now).value();
  REQUIRE(book.act(proposed.after.id, "sow", "agree"));
  return proposed.after.id;
}

std::string text_of(const Casebook& book, const std::string& id) {
  return to_json(book.store->get(id, true).value().profile, Visibility::kWithPrivate);
}

std::vector<std::string> cases_at(const Casebook& book, const std::string& id, const std::string& kind = "interest") {
  std::vector<std::string> ids;
  const std::vector<Case> cases = book.cases->list({.kind = kind, .profile = id}, {}, 1000).value();
  for (const Case& one : cases) ids.push_back(one.id);
  return ids;
}

void change_title(Casebook& book, const std::string& id, const std::string& title) {
  Write write;
  write.profile = book.store->get(id, true).value().profile;
  write.profile.title = title;
  REQUIRE(book.store->write({&write, 1}).front());
}

bool aliases_sound(const Casebook& book) {
  const VerifyReport report = check_aliases(book.store->database()).value();
  for (const std::string& difference : report.differences) UNSCOPED_INFO(difference);
  return report.difference_count == 0;
}

}  // namespace

TEST_CASE("merging: both desks agree, and the one is an alias of the other", "[merging]") {
  Casebook book;
  const std::string before = text_of(book, "sn:solar");
  const std::string id = book.cases->act(proposing("awa", "sn:solar", "sn:dairy"), book.now).value().after.id;
  CHECK(book.act(id, "awa", "agree").error().code == ErrorCode::kForbidden);  // nobody turns both keys
  CHECK(book.store->get("sn:dairy"));
  REQUIRE(book.act(id, "sow", "agree"));
  CHECK(book.store->get("sn:dairy").error().code == ErrorCode::kNotFound);
  CHECK(survivor_of(book.store->database(), "sn:dairy").value() == "sn:solar");
  CHECK(text_of(book, "sn:solar") == before);  // the one that stays states all that the other does
  CHECK(book.store->size() == 5);
  // Whoever follows the changes is told that it is gone, and nothing is written under its id.
  const std::vector<Change> changes = book.store->changes(0, 100).value();
  CHECK(std::ranges::any_of(changes, [](const Change& one) { return one.id == "sn:dairy" && one.erased; }));
  Write write;
  write.profile.id = "sn:dairy";
  write.profile.title = "Another";
  write.profile.country = "KE";
  const Error refused = book.store->write({&write, 1}).front().error();
  CHECK(refused.code == ErrorCode::kConflict);
  CHECK(refused.message == "is an alias of `sn:solar`");
  CHECK(book.store->life("sn:dairy").value() == 0);  // whoever had rights to it has them when it is parted
  CHECK(versions_of(*book.store, "sn:dairy", true).value().size() == 1);
  CHECK(aliases_sound(book));
  CHECK(book.sound());
}

TEST_CASE("merging: between two offices the other one agrees, or refuses with a reason", "[merging]") {
  Casebook book;
  const std::string id = book.cases->act(proposing("awa", "sn:solar", "sa:works"), book.now).value().after.id;
  CHECK(book.act(id, "sow", "agree").error().code == ErrorCode::kForbidden);
  CHECK(book.act(id, "omar", "refuse").error().place == "reason");
  Said why;
  why.reason = "two_organisations";
  REQUIRE(book.act(id, "omar", "refuse", why));
  CHECK(book.store->get("sa:works"));
  const std::string again = book.cases->act(proposing("awa", "sn:solar", "sa:works"), book.now).value().after.id;
  REQUIRE(book.act(again, "omar", "agree"));
  CHECK(survivor_of(book.store->database(), "sa:works").value() == "sn:solar");
  REQUIRE(book.act(again, "omar", "undo"));
  CHECK(book.store->get("sa:works").value().profile.office == "riyadh");
}

TEST_CASE("merging: cases stay within reach of both ids, and new ones go to the one that stays", "[merging]") {
  Casebook book;
  const std::string own = book.send("sn:solar", "sa:fund"), other = book.send("sn:dairy", "sa:works");
  merge(book, "sn:solar", "sn:dairy");
  for (const char* id : {"sn:solar", "sn:dairy"}) CHECK(cases_at(book, id) == std::vector<std::string>{own, other});
  CHECK(book.cases->places_taken("sn:solar") == 2);
  CHECK(book.cases->engagements().taken.at("sn:solar") == 2);
  CHECK(book.cases->engagements().together.contains({"sa:works", "sn:solar"}));
  // What the alias had open is open: it is not asked twice.
  const Error twice = book.cases->act(book.sending("awa", "sn:solar", "sa:works"), book.now).error();
  CHECK(twice.code == ErrorCode::kConflict);
  CHECK(twice.message.find(other) != std::string::npos);
  const Acted sent = book.cases->act(book.sending("awa", "sn:dairy", "at:pumps"), book.now).value();
  CHECK(sent.after.asking.profile == "sn:solar");
  // An introduction that the alias was in goes on, and its contacts are those of the one that stays.
  const std::string introduction = book.act(other, "omar", "accept").value().others.front();
  REQUIRE(book.act(introduction, "awa", "release"));
  REQUIRE(book.act(introduction, "omar", "release"));
  const auto contacts = book.cases->contacts_of(introduction, "riyadh", "token").value();
  CHECK(contacts.front().contact.email == "sn:solar@example.org");
  book.open();
  CHECK(book.cases->places_taken("sn:solar") == 3);
  CHECK(book.sound());
}

TEST_CASE("merging: undone, both are what they were, with their versions", "[merging]") {
  Casebook book;
  const std::string solar = text_of(book, "sn:solar"), dairy = text_of(book, "sn:dairy");
  const std::string id = merge(book, "sn:solar", "sn:dairy", {{"title", Keep::kB}, {"contact", Keep::kB}});
  CHECK(book.store->get("sn:solar", true).value().profile.title == "Title of sn:dairy");
  CHECK(book.store->get("sn:solar", true).value().profile.contact.email == "sn:dairy@example.org");
  book.open();
  SECTION("as they were") {
    REQUIRE(book.act(id, "mbaye", "undo"));
    CHECK(text_of(book, "sn:solar") == solar);
    CHECK(text_of(book, "sn:dairy") == dairy);
    CHECK(versions_of(*book.store, "sn:solar", false).value().size() == 3);
    CHECK(versions_of(*book.store, "sn:dairy", false).value().size() == 2);
    CHECK(book.act(id, "awa", "undo").error().code == ErrorCode::kConflict);
  }
  SECTION("what was changed since stays, and is told before") {
    change_title(book, "sn:solar", "Since");
    CHECK(parting_of(*book.store, "sn:dairy").value().parted.stays == std::vector<std::string>{"title"});
    REQUIRE(book.act(id, "sow", "undo"));
    CHECK(book.store->get("sn:solar").value().profile.title == "Since");
    CHECK(book.store->get("sn:solar", true).value().profile.contact.email == "sn:solar@example.org");
    CHECK(text_of(book, "sn:dairy") == dairy);
  }
  CHECK(all_aliases(book.store->database()).value().empty());
  CHECK(aliases_sound(book));
}

TEST_CASE("merging: a chain leads to its end, is parted from its end, and has no circle", "[merging]") {
  Casebook book;
  const std::string first = merge(book, "sn:dairy", "sn:solar");
  book.put("sn:third", "dakar", 3);
  const std::string second = merge(book, "sn:third", "sn:dairy");
  CHECK(survivor_of(book.store->database(), "sn:solar").value() == "sn:third");
  CHECK(family_of(book.store->database(), "sn:dairy").value() == std::vector<std::string>{"sn:third", "sn:dairy", "sn:solar"});
  // Whoever proposes an alias proposes what it leads to, which is the same one.
  CHECK(book.cases->act(proposing("awa", "sn:solar", "sn:third"), book.now).error().place == "to.profile");
  CHECK(book.act(first, "awa", "undo").error().message == "is an alias itself by now");
  REQUIRE(book.act(second, "awa", "undo"));
  REQUIRE(book.act(first, "awa", "undo"));
  for (const char* id : {"sn:solar", "sn:dairy", "sn:third"}) CHECK(book.store->get(id));
}

TEST_CASE("merging: nobody is introduced to itself, and no text that waits is passed over", "[merging]") {
  Casebook book;
  const std::string between = book.send("sn:solar", "sn:dairy");
  const std::string id = book.cases->act(proposing("awa", "sn:solar", "sn:dairy"), book.now).value().after.id;
  CHECK(book.act(id, "sow", "agree").error().message == "`" + between + "` is open between these two");
  CHECK(book.store->get("sn:dairy"));
}

TEST_CASE("merging: whoever is erased is erased under each id", "[merging]") {
  Casebook book;
  const std::string id = book.send("sn:dairy", "sa:fund");
  merge(book, "sn:solar", "sn:dairy", {{"title", Keep::kB}});
  const char* asked = GENERATE("sn:solar", "sn:dairy");
  book.erase(asked);
  for (const char* gone : {"sn:solar", "sn:dairy"}) {
    CHECK(book.store->get(gone).error().code == ErrorCode::kNotFound);
    CHECK(book.store->life(gone).value() == 1);
    CHECK(versions_of(*book.store, gone, false).error().code == ErrorCode::kNotFound);
  }
  CHECK(book.cases->get(id, book.now).error().code == ErrorCode::kNotFound);
  for (const auto& [key, value] : book.everything()) {
    CHECK(value.find("Title of sn:solar") == std::string::npos);
    CHECK(value.find("Title of sn:dairy") == std::string::npos);
  }
  CHECK(all_aliases(book.store->database()).value().empty());
  CHECK(aliases_sound(book));
  // The id is free again.
  book.put("sn:dairy", "dakar", 3);
  CHECK(book.store->get("sn:dairy"));
}

TEST_CASE("merging: whatever is merged, parted, changed and sent, every id and every case stays within reach", "[merging]") {
  const unsigned seed = GENERATE(1U, 2U, 3U, 4U, 5U, 6U);
  INFO("seed " << seed);
  Casebook book(1000);
  std::mt19937 random(seed);
  const auto below = [&](std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random); };
  std::vector<std::string> ids{"sn:solar", "sn:dairy"};
  for (int i = 0; i < 6; ++i) {
    ids.push_back("sn:" + std::to_string(i));
    book.put(ids.back(), "dakar", 1000);
  }
  struct Open {
    std::string id, survivor, alias, before_survivor, before_alias;
    bool touched = false;  // the survivor was changed since
  };
  std::vector<Open> merges;
  std::map<std::string, std::set<std::string>> sent;  // interests, by the id that they were sent for
  int merged = 0, parted = 0;
  const auto check = [&] {
    for (const std::string& id : ids) {
      const std::vector<std::string> family = family_of(book.store->database(), id).value();
      REQUIRE(book.store->get(family.front()));
      std::set<std::string> wanted;
      for (const std::string& one : family) wanted.insert(sent[one].begin(), sent[one].end());
      const std::vector<std::string> found = cases_at(book, id);
      for (const std::string& one : wanted) CHECK(std::ranges::find(found, one) != found.end());
      CHECK_FALSE(versions_of(*book.store, id, true).value().empty());
    }
    CHECK(aliases_sound(book));
  };
  for (int step = 0; step < 120; ++step) {
    book.now += 60;
    const std::string &a = ids[below(ids.size())], &b = ids[below(ids.size())];
    switch (below(5)) {
      case 0: {
        const bool both_live = book.store->get(a) && book.store->get(b) && a != b;
        const std::string one = both_live ? text_of(book, a) : "", two = both_live ? text_of(book, b) : "";
        std::vector<Choice> keep;
        if (both_live && book.store->get(a)->profile.title != book.store->get(b)->profile.title) keep = {{"title", Keep::kB}};
        const auto proposed = book.cases->act(proposing("awa", a, b, keep), book.now);
        if (!proposed) break;
        if (!both_live) {  // of whatever the aliases lead to
          REQUIRE(book.act(proposed->after.id, "awa", "withdraw"));
          break;
        }
        REQUIRE(book.act(proposed->after.id, "sow", "agree"));
        merges.push_back({proposed->after.id, a, b, one, two});
        ++merged;
        break;
      }
      case 1: {
        if (merges.empty()) break;
        const std::size_t at = below(merges.size());
        const Open one = merges[at];
        const bool possible = book.store->get(one.survivor).has_value();
        const auto undone = book.act(one.id, "awa", "undo");
        REQUIRE(undone.has_value() == possible);
        if (!undone) break;
        CHECK(text_of(book, one.alias) == one.before_alias);
        const bool last = at + 1 == merges.size();
        if (last && !one.touched) CHECK(text_of(book, one.survivor) == one.before_survivor);
        for (Open& other : merges) other.touched = true;  // out of order: told by `stays`, not compared here
        merges.erase(merges.begin() + static_cast<std::ptrdiff_t>(at));
        ++parted;
        break;
      }
      case 2:
        if (!book.store->get(a)) break;
        change_title(book, a, "Changed in step " + std::to_string(step));
        for (Open& one : merges) one.touched |= one.survivor == a;
        break;
      case 3: {
        const auto asked = book.cases->act(book.sending("awa", a, below(2) ? "sa:fund" : "sa:works"), book.now);
        if (asked) sent[asked->after.asking.profile].insert(asked->after.id);
        break;
      }
      default: book.open();
    }
    if (step % 20 == 0) check();
  }
  check();
  CHECK(merged > 3);
  CHECK(parted > 1);
  CHECK(book.sound());
}

}  // namespace counterpart::index
