// What programmes set for their cases, and what is asked of profiles that acts name.
#include "engine/casework/case_json.h"
#include "tests/index/casework/casebook.h"

namespace counterpart::index {
namespace {

Said naming(std::string Facts::*fact, const std::string& profile) {
  Said said;
  said.facts.*fact = profile;
  return said;
}

struct Programmes : Casebook {
  Programmes() {
    CaseRules rules;
    rules.kinds = {"coaching", "application", "request"};
    rules.office = "vienna";
    rules.opens = date("2026-11-01");
    rules.closes = date("2026-12-10");
    rules.seats = 1;
    rules.mentees = 1;
    rules.jurors = 2;
    rules.criteria = {"market", "team"};
    rules.focal_points = {{"KE", "sow"}};
    cases->run_by({{"pfan", rules}});
  }
  Result<Acted> opened(const std::string& kind, const std::string& verb, const std::string& from, const std::string& desk,
                       const std::string& programme = "pfan") {
    ActRequest request;
    request.opens = NewCase{.kind = kind, .programme = programme, .from = from};
    request.desk = desk;
    request.verb = verb;
    request.who = "token";
    return cases->act(request, now);
  }
  // Of an application before the jury, that two desks have given points to.
  std::string judged(const std::string& from, const std::string& desk) {
    const std::string id = opened("application", "submit", from, desk).value().after.id;
    Said points;
    points.facts.marks = {{"market", 3}, {"team", 4}};
    for (const char* verb : {"screen", "call_jury"}) REQUIRE(act(id, "maier", verb));
    for (const char* juror : {"maier", "huber"}) REQUIRE(act(id, juror, "score", points));
    return id;
  }
};

}  // namespace

TEST_CASE("programme cases: a kind is opened under programmes alone that run it, and their office answers", "[casework]") {
  Programmes book;
  const Result<Acted> other = book.opened("coaching", "apply", "sn:solar", "awa", "itpo");
  CHECK(other.error().code == ErrorCode::kConflict);
  CHECK(other.error().place == "programme");
  CHECK(other.error().remedy == "the kind is run by pfan");
  const Acted opened = book.opened("coaching", "apply", "sn:solar", "awa").value();
  CHECK(opened.after.answering.office == "vienna");
  CHECK(std::get<OpenItem>(opened.standing).task.owner.office == "vienna");
  CHECK(book.opened("coaching", "apply", "sn:solar", "awa").error().place == "case");  // one is open already
}

TEST_CASE("programme cases: an adviser is a profile of that role, and gives a place while the case is open", "[casework]") {
  Programmes book;
  book.put("sa:works", "riyadh", 1);
  const std::string first = book.opened("coaching", "apply", "sn:solar", "awa").value().after.id;
  REQUIRE(book.act(first, "maier", "accept"));
  CHECK(book.act(first, "maier", "assign", naming(&Facts::adviser, "nobody")).error().place == "facts.adviser");
  CHECK(book.act(first, "maier", "assign", naming(&Facts::adviser, "sn:solar")).error().place == "facts.adviser");
  REQUIRE(book.act(first, "maier", "assign", naming(&Facts::adviser, "sa:works")));
  CHECK(book.cases->places_taken("sa:works") == 1);
  CHECK(book.sound());

  const std::string second = book.opened("coaching", "apply", "sn:dairy", "awa").value().after.id;
  REQUIRE(book.act(second, "maier", "accept"));
  const Result<Acted> full = book.act(second, "maier", "assign", naming(&Facts::adviser, "sa:works"));
  CHECK(full.error().code == ErrorCode::kConflict);
  CHECK(full.error().message == "all 1 places of `sa:works` are taken");
  // Among the cases of the programme its limit counts, too.
  book.put("sa:fund", "riyadh", 5);
  REQUIRE(book.act(first, "maier", "assign", naming(&Facts::adviser, "sa:fund")));
  CHECK(book.act(second, "maier", "assign", naming(&Facts::adviser, "sa:fund")).error().remedy ==
        "the programme gives each at most 1; name another one");
  REQUIRE(book.act(second, "maier", "assign", naming(&Facts::adviser, "sa:works")));

  book.open();
  CHECK(book.cases->places_taken("sa:fund") == 1);
  REQUIRE(book.act(first, "awa", "withdraw"));
  CHECK(book.cases->places_taken("sa:fund") == 0);
}

TEST_CASE("programme cases: who is erased is named in no case any more, and the case goes on", "[casework]") {
  Programmes book;
  const std::string id = book.opened("coaching", "apply", "sn:solar", "awa").value().after.id;
  REQUIRE(book.act(id, "maier", "accept"));
  REQUIRE(book.act(id, "maier", "assign", naming(&Facts::adviser, "sa:works")));
  book.erase("sa:works");
  CHECK(to_json(book.cases->get(id, book.now)->of).find("sa:works") == std::string::npos);
  CHECK(cases_naming(book.store->database(), "sa:works")->empty());
  CHECK(book.cases->places_taken("sa:works") == 0);
  const CaseNow now = book.cases->get(id, book.now).value();
  CHECK(std::get<OpenItem>(now.standing).state == "coaching");
  CHECK(book.sound());
  // And where the case goes first.
  book.put("sa:works", "riyadh", 3);
  REQUIRE(book.act(id, "maier", "assign", naming(&Facts::adviser, "sa:works")));
  book.erase("sn:solar");
  CHECK(book.sound());
}

TEST_CASE("programme cases: a call has a deadline, and says it", "[casework]") {
  Programmes book;
  REQUIRE(book.opened("application", "submit", "sn:solar", "awa"));
  book.now = utc("2026-12-10", 22);  // in Vienna it is the last day yet
  REQUIRE(book.opened("application", "submit", "sn:dairy", "awa"));
  book.now = utc("2026-12-10", 23);
  const Result<Acted> late = book.opened("application", "submit", "sa:fund", "omar");
  CHECK(late.error().code == ErrorCode::kConflict);
  CHECK(late.error().message == "the call of `pfan` closed on 2026-12-10");
}

TEST_CASE("programme cases: a jury gives points by the programme's criteria, each desk once, before anybody is chosen",
          "[casework]") {
  Programmes book;
  const std::string id = book.opened("application", "submit", "sn:solar", "awa").value().after.id;
  for (const char* verb : {"screen", "call_jury"}) REQUIRE(book.act(id, "maier", verb));
  Said points;
  points.facts.marks = {{"market", 3}};
  CHECK(book.act(id, "maier", "score", points).error().remedy == "0 to 5 for each of market or team");
  points.facts.marks = {{"market", 3}, {"team", 4}};
  CHECK(book.act(id, "awa", "score", points).error().code == ErrorCode::kForbidden);  // of the applicant's own office
  REQUIRE(book.act(id, "maier", "score", points));
  CHECK(book.act(id, "maier", "score", points).error().message == "`maier` has done this already");
  CHECK(book.act(id, "maier", "choose").error().message == "1 of 2 jurors have given their points");
  REQUIRE(book.act(id, "huber", "score", points));
  CHECK(book.act(id, "maier", "choose"));
}

TEST_CASE("programme cases: a juror is of no organisation that applies", "[casework]") {
  Programmes book;
  const std::string id = book.opened("application", "submit", "sn:solar", "awa").value().after.id;
  for (const char* verb : {"screen", "call_jury"}) REQUIRE(book.act(id, "maier", verb));
  Desk desk = *book.cases->offices()->directory.desk("huber");
  desk.organisation = book.cases->get(id, book.now)->of.asking.organisation;
  REQUIRE_FALSE(desk.organisation.empty());
  REQUIRE(book.cases->change_offices({{}, {{"huber", desk}}}, "test", book.now));
  Said points;
  points.facts.marks = {{"market", 5}, {"team", 5}};
  CHECK(book.act(id, "huber", "score", points).error().code == ErrorCode::kForbidden);
}

TEST_CASE("programme cases: a cohort has its seats, which are free again when an application ends", "[casework]") {
  Programmes book;
  const std::string first = book.judged("sn:solar", "awa"), second = book.judged("sa:fund", "omar");
  REQUIRE(book.act(first, "maier", "choose"));
  CHECK(book.act(second, "maier", "choose").error().message == "all 1 seats of the cohort of `pfan` are taken");
  REQUIRE(book.act(first, "awa", "withdraw"));
  CHECK(book.act(second, "maier", "choose"));
}

TEST_CASE("programme cases: the focal point of a country endorses, or who sits in for it", "[casework]") {
  Programmes book;
  const Result<Acted> other = book.opened("request", "endorse", "sn:solar", "awa");
  CHECK(other.error().code == ErrorCode::kForbidden);
  CHECK(other.error().remedy == "it is for the desk `sow`");
  Desk sow = *book.cases->offices()->directory.desk("sow");
  sow.absence = Absence{date("2026-11-20"), date("2026-12-20"), "awa"};
  REQUIRE(book.cases->change_offices({{}, {{"sow", sow}}}, "test", book.now));
  CHECK(book.opened("request", "endorse", "sn:solar", "awa"));
}

}  // namespace counterpart::index
