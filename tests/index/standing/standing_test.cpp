#include <set>
#include <thread>

#include "index/standing/standing_check.h"
#include "index/store/database.h"
#include "tests/index/standing/standing_desk.h"

using namespace counterpart::index;

namespace {

void write_many(const Desk& desk) {
  for (int i = 0; i < 200; ++i) {
    Write one = desk.write(profile("p" + std::to_string(i)));
    (void)desk.store->write({&one, 1});
  }
}

}  // namespace

TEST_CASE("standing: a profile that begins to fit makes one alert, in the batch that stores it", "[standing]") {
  Desk desk;
  const std::string query = desk.add(seeking("solar pumps"));
  CHECK(query == "q1");
  desk.put(profile("other", "legal advice"));
  const Written written = desk.put(profile("a"));
  const std::uint64_t syncs = desk.store->syncs();
  CHECK(syncs == 2);  // one a write: none of its own for the alert
  const auto alerts = desk.alerts();
  REQUIRE(alerts.size() == 1);
  CHECK(alerts[0].number == 1);
  CHECK(alerts[0].query == query);
  CHECK(alerts[0].profile == "a");
  CHECK(alerts[0].version == written.version);
  CHECK(alerts[0].sequence == written.sequence);
  CHECK(alerts[0].title == "Pumps");
  CHECK(alerts[0].country == "KE");
  CHECK(*alerts[0].score > 0.7);  // the title stands before the text
  CHECK(alerts[0].at > 0);
}

TEST_CASE("standing: the same profile again, a change of private members and new vectors make no second alert", "[standing]") {
  Desk desk;
  desk.add(seeking("solar pumps"));
  desk.put(profile("a"));
  desk.put(profile("a"));
  Profile moved = profile("a");
  moved.contact.phone = "+254 701";
  desk.put(moved);
  desk.put(moved, false);
  moved.title = "Pumps and more";
  const Written latest = desk.put(moved);
  REQUIRE(desk.store->set_embedding("a", latest.version, desk.vectors(moved)));
  CHECK(desk.alerts().size() == 1);
  CHECK(desk.marks() == 1);
}

TEST_CASE("standing: a profile that stops to fit, by its text, its fields or its end, alerts anew when it fits again",
          "[standing]") {
  Desk desk;
  desk.add(seeking("solar pumps", {condition("country", {"africa"})}));
  desk.put(profile("a"));
  REQUIRE(desk.alerts().size() == 1);
  desk.put(profile("a", "legal advice"));
  CHECK(desk.marks() == 0);
  desk.put(profile("a"));
  CHECK(desk.alerts().size() == 2);
  desk.put(profile("a", "solar pumps", "DE"));
  CHECK(desk.marks() == 0);
  desk.put(profile("a"));
  CHECK(desk.alerts().size() == 3);
  desk.erase("a");
  CHECK(desk.marks() == 0);
  CHECK(desk.alerts().size() == 3);  // what was told stays told
  desk.put(profile("a"));
  CHECK(desk.alerts().size() == 4);
  Profile ended = profile("a");
  ended.valid_until = "2024-10-03";
  desk.put(ended);
  CHECK(desk.marks() == 0);
  CHECK(desk.alerts().size() == 4);
}

TEST_CASE("standing: a profile erased and put again in one batch is news", "[standing]") {
  Desk desk;
  desk.add(seeking("solar pumps"));
  desk.put(profile("a"));
  desk.renew(profile("a"));
  CHECK(desk.alerts().size() == 2);
  CHECK(desk.marks() == 1);
}

TEST_CASE("standing: that holds where its vectors come later, too", "[standing]") {
  Desk desk;
  desk.add(seeking("solar pumps"));
  desk.put(profile("a"));
  desk.renew(profile("a"), false);
  CHECK(desk.marks() == 0);
  const std::uint64_t version = desk.store->get("a")->version;
  REQUIRE(desk.store->set_embedding("a", version, desk.vectors(profile("a"))));
  CHECK(desk.alerts().size() == 2);
}

TEST_CASE("standing: what a withdrawn profile said is in no alert on disk", "[standing]") {
  Desk desk;
  desk.add(seeking("solar pumps"));
  Profile named = profile("a");
  named.title = "Dr Amina Example solar pumps";
  desk.put(named);
  REQUIRE(desk.alerts().size() == 1);
  CHECK(desk.alerts()[0].title == named.title);
  desk.erase("a");
  REQUIRE(desk.alerts().size() == 1);
  CHECK(desk.alerts()[0].profile == "a");
  CHECK(desk.alerts()[0].title.empty());
  Database::Cursor stored(desk.store->database(), Family::kAlerts);
  for (stored.first(); stored.valid(); stored.next()) CHECK(stored.value().find("Amina") == std::string_view::npos);
}

TEST_CASE("standing: an alert of the first format is read without what it said of the profile", "[standing]") {
  std::string bytes("\x01\x05\x02\x03\x04", 5);
  for (const std::string text : {"a", "Dr Amina", "KE"}) bytes += static_cast<char>(text.size()) + text;
  const auto alert = decode_alert(7, bytes);
  REQUIRE(alert);
  CHECK(alert->query == "q5");
  CHECK(alert->profile == "a");
  CHECK(alert->version == 2);
  CHECK(alert->title.empty());
  CHECK_FALSE(alert->score.has_value());
}

TEST_CASE("standing: a text without vectors is tested in the batch that brings them", "[standing]") {
  Desk desk;
  desk.add(seeking("solar pumps"));
  const Written written = desk.put(profile("a"), false);
  CHECK(desk.alerts().empty());
  REQUIRE(desk.store->set_embedding("a", written.version, desk.vectors(profile("a"))));
  REQUIRE(desk.alerts().size() == 1);
  CHECK(desk.alerts()[0].sequence == desk.store->sequence());
  // A new text waits for its vectors: the pair is neither told again nor given up.
  Profile renamed = profile("a");
  renamed.title = "Pumps of Nairobi";
  const Written waiting = desk.put(renamed, false);
  CHECK(desk.marks() == 1);
  REQUIRE(desk.standing->match_all());
  CHECK(desk.marks() == 1);
  REQUIRE(desk.store->set_embedding("a", waiting.version, desk.vectors(renamed)));
  CHECK(desk.alerts().size() == 1);
}

TEST_CASE("standing: who fits already when a query is added is counted, not alerted", "[standing]") {
  Desk desk;
  desk.put(profile("a"));
  desk.put(profile("b", "legal advice"));
  const auto added = desk.standing->add(seeking("solar pumps"));
  REQUIRE(added);
  CHECK(added->fits == 1);
  CHECK(added->query.created == desk.store->sequence());
  CHECK(desk.alerts().empty());
  Profile changed = profile("a");
  changed.title = "Pumps of Kenya";
  desk.put(changed);
  CHECK(desk.alerts().empty());
  desk.put(profile("b"));
  CHECK(desk.alerts().size() == 1);
}

TEST_CASE("standing: a query is tested by what it seeks, what it offers, its programme and its minimum", "[standing]") {
  Desk desk;
  StandingQuery offering;
  offering.offering = "solar pumps";
  const std::string offered = desk.add(offering);
  StandingQuery both = seeking("legal advice");
  both.offering = "solar pumps";
  both.minimum = 0.6;
  const std::string twofold = desk.add(both);
  StandingQuery itpo = seeking("solar pumps");
  itpo.programme = "itpo";
  const std::string sides = desk.add(itpo);
  StandingQuery fields;
  fields.where = {condition("country", {"LDC"}), condition("kind", {"project"})};
  const std::string filtered = desk.add(fields);

  Profile seeker = profile("seeker", "", "DE");
  seeker.title = "Buyer";
  seeker.offers = "legal advice";
  seeker.seeks = "solar pumps";
  desk.put(seeker);  // not on a side of itpo: states no role
  Profile supplier = profile("supplier", "solar pumps", "DE");
  supplier.roles = {Role::kTechnologySupplier};
  desk.put(supplier);
  Profile project = profile("project", "fish", "TZ");
  project.kind = Kind::kProject;
  desk.put(project);

  const auto told = [&](const std::string& query) {
    std::set<std::string> ids;
    for (const Alert& alert : desk.alerts(query)) ids.insert(alert.profile);
    return ids;
  };
  CHECK(told(offered).contains("seeker"));
  CHECK(told(twofold) == std::set<std::string>{"seeker"});
  CHECK(told(sides) == std::set<std::string>{"supplier"});
  CHECK(told(filtered) == std::set<std::string>{"project"});
  CHECK_FALSE(desk.alerts(filtered)[0].score.has_value());
}

TEST_CASE("standing: queries, marks and alerts outlive the process, and numbers go on", "[standing]") {
  Desk desk;
  desk.add(seeking("solar pumps", {condition("country", {"KE"})}));
  desk.put(profile("a"));
  desk.open();
  const auto query = desk.standing->get("q1");
  REQUIRE(query);
  CHECK(query->text == "solar pumps");
  CHECK(query->minimum == kStandingMinimum);
  REQUIRE(query->where.size() == 1);
  CHECK(query->where[0].any_of == std::vector<std::string>{"KE"});
  desk.put(profile("a"));
  CHECK(desk.alerts().size() == 1);
  desk.put(profile("b"));
  REQUIRE(desk.alerts().size() == 2);
  CHECK(desk.alerts()[1].number == 2);
  CHECK(desk.add(seeking("fish")) == "q2");
}

TEST_CASE("standing: removing a query takes its marks and alerts along and no other's, and its id never comes again",
          "[standing]") {
  Desk desk;
  const std::string first = desk.add(seeking("solar pumps")), second = desk.add(seeking("pumps"));
  desk.put(profile("a"));
  REQUIRE(desk.alerts().size() == 2);
  REQUIRE(desk.standing->erase(first));
  REQUIRE(desk.alerts().size() == 1);
  CHECK(desk.alerts()[0].query == second);
  CHECK(desk.marks() == 1);
  CHECK(desk.standing->erase(first).error().code == ErrorCode::kNotFound);
  CHECK(desk.standing->get(first).error().code == ErrorCode::kNotFound);
  CHECK(desk.standing->alerts(first, 0, 10).error().code == ErrorCode::kNotFound);
  REQUIRE(desk.standing->erase(second));
  desk.open();
  CHECK(desk.standing->size() == 0);
  CHECK(desk.add(seeking("solar pumps")) == "q3");
  desk.put(profile("b"));
  REQUIRE(desk.alerts().size() == 1);
  CHECK(desk.alerts()[0].number == 3);
}

TEST_CASE("standing: what nobody can mean is refused by name", "[standing]") {
  Desk desk;
  CHECK(desk.standing->add({}).error().place == "text");
  StandingQuery query = seeking("pumps");
  query.minimum = 1.5;
  CHECK(desk.standing->add(query).error().place == "minimum");
  query.minimum = 0.5;
  query.programme = "none";
  CHECK(desk.standing->add(query).error().code == ErrorCode::kNotFound);
  query.programme = "open";
  query.where = {condition("country", {"KE"})};
  query.where[0].negated = true;  // is not stored
  CHECK(desk.standing->add(query).error().place == "where");
  CHECK(desk.standing->list("x", 10).error().place == "after");
  CHECK(desk.standing->size() == 0);
}

TEST_CASE("standing: a match over all finds what no write has told and withdraws what is over, once", "[standing]") {
  Desk desk;
  desk.add(seeking("solar pumps"));
  Profile ending = profile("ending");
  ending.valid_until = "2024-10-04";
  desk.put(ending);
  desk.put(profile("gone"));
  desk.open(false);  // a program that knows nothing of queries
  desk.put(profile("missed"));
  desk.erase("gone");
  desk.watch();
  CHECK(desk.alerts().size() == 2);
  desk.today = kToday + 1;
  const auto run = desk.standing->match_all();
  REQUIRE(run);
  CHECK(run->queries == 1);
  CHECK(run->profiles == 2);
  CHECK(run->new_alerts == 1);
  CHECK(run->withdrawn == 2);
  REQUIRE(desk.alerts().size() == 3);
  CHECK(desk.alerts()[2].profile == "missed");
  const auto again = desk.standing->match_all();
  CHECK(again->new_alerts == 0);
  CHECK(again->withdrawn == 0);
}

TEST_CASE("standing: a change of the text model makes the vectors of queries anew and tells nothing twice", "[standing]") {
  Desk desk;
  desk.add(seeking("solar pumps"));
  desk.put(profile("a"));
  desk.embedder = FakeEmbedder("fake-2");
  desk.open();
  const auto run = desk.standing->match_all();
  CHECK(run->profiles == 0);  // no profile has vectors of this model yet
  CHECK(run->withdrawn == 0);
  desk.put(profile("b"));
  CHECK(desk.alerts().size() == 2);
  desk.put(profile("a"));
  CHECK(desk.alerts().size() == 2);
  CHECK(desk.standing->match_all()->profiles == 2);
}

TEST_CASE("standing: pages of alerts and of queries neither repeat nor skip", "[standing]") {
  Desk desk;
  for (int i = 0; i < 7; ++i) {
    StandingQuery query = seeking("solar pumps");
    query.office = i % 2 == 0 ? "rome" : "bonn";
    desk.add(query);
  }
  for (int i = 0; i < 5; ++i) desk.put(profile("p" + std::to_string(i)));
  for (const std::string query : {"", "q4"}) {
    std::vector<std::uint64_t> seen;
    std::uint64_t after = 0;
    for (bool more = true; more;) {
      const auto page = desk.standing->alerts(query, after, 3);
      REQUIRE(page);
      REQUIRE(page->alerts.size() <= 3);
      for (const Alert& alert : page->alerts) seen.push_back(alert.number);
      after = page->after;
      more = page->more;
    }
    CHECK(std::ranges::is_sorted(seen));
    CHECK(std::set(seen.begin(), seen.end()).size() == seen.size());
    CHECK(seen.size() == (query.empty() ? 35 : 5));
    CHECK(desk.standing->alerts(query, after, 3)->alerts.empty());
  }
  const auto first = desk.standing->list({}, 2, "rome");
  REQUIRE(first->size() == 2);
  CHECK(first->back().id == "q3");
  const auto rest = desk.standing->list("q3", 10, "rome");
  REQUIRE(rest->size() == 2);
  CHECK(rest->front().id == "q5");
}

TEST_CASE("standing: queries added while profiles are written miss nobody and tell nobody twice", "[standing]") {
  Desk desk;
  desk.add(seeking("solar pumps"));
  std::thread writing([&] { write_many(desk); });
  std::vector<StandingAdded> added;
  for (int i = 0; i < 20; ++i) {
    auto made = desk.standing->add(seeking("solar pumps"));
    if (made) added.push_back(*made);
  }
  writing.join();
  REQUIRE(added.size() == 20);
  for (const StandingAdded& one : added) CHECK(desk.alerts(one.query.id).size() + one.fits == 200);
  CHECK(desk.marks() == 21 * 200);
}

TEST_CASE("standing: queries removed while profiles are written leave nothing behind", "[standing]") {
  Desk desk;
  desk.add(seeking("solar pumps"));
  for (int i = 0; i < 20; ++i) desk.add(seeking("solar pumps"));
  std::thread writing([&] { write_many(desk); });
  std::vector<ErrorCode> refused;
  for (std::uint64_t i = 2; i <= 21; ++i)
    if (const Status erased = desk.standing->erase(standing_id(i)); !erased) refused.push_back(erased.error().code);
  writing.join();
  CHECK(refused.empty());
  CHECK(desk.alerts().size() == 200);
  CHECK(desk.marks() == 200);
  CHECK(check_standing(desk.store->database())->difference_count == 0);
}
