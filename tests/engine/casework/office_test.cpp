#include "engine/casework/office.h"

#include "engine/casework/office_json.h"
#include "engine/profile/profile_json_tree.h"
#include "tests/engine/casework/network.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

Result<Directory> with(std::vector<Desk> desks) { return Directory::make(three_offices(), std::move(desks)); }
Absence absence(std::string_view from, std::string_view until, std::string deputy) {
  return {.from = date(from), .until = date(until), .deputy = std::move(deputy)};
}
std::string has_it(std::string_view desk, std::string_view day, const Directory& directory) {
  const Desk* known = directory.desk(desk);
  return responsible(desk, known ? known->office : "dakar", date(day), directory).desk;
}

constexpr std::string_view kOffice =
    R"({"id":"dakar","name":"ITPO Dakar","languages":["fr","en"],"mail":"dakar@example.org","working_time":{"country":"SN",)"
    R"("time_zone":"Africa/Dakar","opens":"08:30","closes":"16:00","free":["sunday","friday"],"closed_on":[{"day":"2026-12-24",)"
    R"("name":"Office outing"}],"open_on":["2026-12-26"]},"head":"mbaye","deputies":["sow"],"duty":true,"reviews":true})";
constexpr std::string_view kDesk =
    R"({"id":"awa","name":"Awa Diop","language":"fr","office":"dakar","deputy":"sow","absence":{"from":"2026-12-01",)"
    R"("until":"2026-12-05","deputy":"sow"},"ends":"2027-06-30","heir":"mbaye"})";

Result<Office> read_office_text(std::string_view text) { return read_office(parse_strictly(text).value(), real_taxonomy()); }
Result<Desk> read_desk_text(std::string_view text) { return read_desk(parse_strictly(text).value(), real_taxonomy()); }

}  // namespace

TEST_CASE("office: work goes to the deputy of who is away, along a chain, and comes back after the last day", "[casework]") {
  std::vector<Desk> desks = their_desks();
  named(desks, "awa").absence = absence("2026-12-01", "2026-12-10", "sow");
  named(desks, "sow").absence = absence("2026-12-04", "2026-12-07", "mbaye");
  const Directory directory = with(desks).value();

  CHECK(has_it("awa", "2026-11-30", directory) == "awa");
  CHECK(has_it("awa", "2026-12-01", directory) == "sow");
  CHECK(has_it("awa", "2026-12-04", directory) == "mbaye");
  CHECK(has_it("awa", "2026-12-07", directory) == "mbaye");
  CHECK(has_it("awa", "2026-12-08", directory) == "sow");
  CHECK(has_it("awa", "2026-12-11", directory) == "awa");
  const Responsible chain = responsible("awa", "dakar", date("2026-12-05"), directory);
  CHECK(chain.way == std::vector<Passed>{{"awa", Gone::kAway, date("2026-12-10")}, {"sow", Gone::kAway, date("2026-12-07")}});
}

TEST_CASE("office: a circle of absences is refused on the days on which it would be one, and on no others", "[casework]") {
  std::vector<Desk> desks = their_desks();
  named(desks, "awa").absence = absence("2026-12-01", "2026-12-10", "sow");
  named(desks, "sow").absence = absence("2026-12-10", "2026-12-20", "awa");
  const Result<Directory> circle = with(desks);
  REQUIRE_FALSE(circle);
  CHECK(circle.error().code == ErrorCode::kInvalid);
  CHECK(circle.error().place == "desk awa.absence.deputy");
  CHECK(circle.error().message.find("circle") != std::string::npos);

  named(desks, "sow").absence->from = date("2026-12-11");
  CHECK(with(desks));
}

TEST_CASE("office: a deputy that is unknown, of another office or ended by then is refused", "[casework]") {
  std::vector<Desk> desks = their_desks();
  named(desks, "awa").absence = absence("2026-12-01", "2026-12-10", "nobody");
  CHECK(describe(with(desks).error()).find("`nobody` is no desk") != std::string::npos);
  named(desks, "awa").absence->deputy = "omar";
  CHECK(describe(with(desks).error()).find("another office") != std::string::npos);
  named(desks, "awa").absence->deputy = "sow";
  named(desks, "sow").ends = date("2026-12-01");
  named(desks, "sow").heir = "mbaye";
  CHECK(describe(with(desks).error()).find("has ended by then") != std::string::npos);
  named(desks, "sow").ends = date("2026-12-05");
  const Result<Directory> ends_meanwhile = with(desks);
  REQUIRE(ends_meanwhile);
  CHECK(has_it("awa", "2026-12-04", *ends_meanwhile) == "sow");
  CHECK(has_it("awa", "2026-12-05", *ends_meanwhile) == "mbaye");
  named(desks, "awa").absence = absence("2026-12-10", "2026-12-01", "mbaye");
  CHECK(with(desks).error().place == "desk awa.absence.until");
}

TEST_CASE("office: a desk that ends leaves its work to its heir, and cannot end without one", "[casework]") {
  std::vector<Desk> desks = their_desks();
  named(desks, "awa").ends = date("2026-12-01");
  CHECK(with(desks).error().place == "desk awa.heir");
  named(desks, "awa").heir = "sow";
  CHECK(has_it("awa", "2026-11-30", with(desks).value()) == "awa");
  CHECK(has_it("awa", "2026-12-01", with(desks).value()) == "sow");
  named(desks, "sow").ends = date("2027-12-01");
  named(desks, "sow").heir = "awa";
  CHECK(with(desks).error().message.find("circle") != std::string::npos);
}

TEST_CASE("office: work of a desk that is gone is the head's, then the deputies', then the duty office's", "[casework]") {
  const Directory directory = with(their_desks()).value();
  CHECK(has_it("nobody", "2026-12-01", directory) == "mbaye");
  CHECK(responsible("nobody", "nowhere", date("2026-12-01"), directory).desk == "huber");
}

TEST_CASE("office: one office is on duty, and heads and deputies are desks of their office", "[casework]") {
  std::vector<Office> offices = three_offices();
  offices[2].duty = false;
  CHECK(Directory::make(offices, their_desks()).error().place == "duty");
  offices[2].duty = offices[0].duty = true;
  CHECK(Directory::make(offices, their_desks()).error().place == "duty");
  offices[0].duty = false;
  offices[0].head = "omar";
  CHECK(Directory::make(offices, their_desks()).error().place == "office dakar.head");
  offices[0].head = "mbaye";
  offices[0].deputies = {"sow", "ghost"};
  CHECK(Directory::make(offices, their_desks()).error().place == "office dakar.deputies[1]");
  CHECK(Directory::make({}, {}));
}

TEST_CASE("office: offices and desks are the same after JSON", "[casework]") {
  const Office office = read_office_text(kOffice).value();
  CHECK(office.working_time.opens == 8 * 60 + 30);
  CHECK(office.working_time.free == weekdays({0, 5}));
  CHECK(office.working_time.closed_on.at(date("2026-12-24")) == "Office outing");
  CHECK(to_json(office) == kOffice);
  CHECK(decode_office(to_json(office)).value() == office);

  const Desk desk = read_desk_text(kDesk).value();
  CHECK(desk.absence->until == date("2026-12-05"));
  CHECK(to_json(desk) == kDesk);
  CHECK(decode_desk(to_json(desk)).value() == desk);
  CHECK(decode_desk("{").error().code == ErrorCode::kCorrupt);
}

TEST_CASE("office: an absence without its last day, an hour that is none and a misspelt member are refused by place",
          "[casework]") {
  const auto place_of = [](std::string_view text) { return read_desk_text(text).error().place; };
  CHECK(place_of(R"({"id":"a","name":"A","language":"fr","office":"d","absence":{"from":"2026-12-01","deputy":"b"}})") ==
        "absence.until");
  CHECK(place_of(R"({"id":"a","name":"A","language":"fr","office":"d","absense":{}})") == "absense");
  std::string office(kOffice);
  office.replace(office.find("08:30"), 5, "08:60");
  CHECK(read_office_text(office).error().place == "working_time.opens");
  office.replace(office.find("08:60"), 5, "08:30");
  office.replace(office.find("\"friday\""), 8, "\"fryday\"");
  CHECK(read_office_text(office).error().remedy.find("friday") != std::string::npos);
}

TEST_CASE("office clock: an office works from now on or from its next opening; one that is not there has no hours",
          "[casework]") {
  const Network network;
  const std::int64_t thursday = utc("2026-11-26", 10);
  CHECK(network.clock.working_from("riyadh", thursday) == thursday);
  CHECK(network.clock.working_from("riyadh", utc("2026-11-26", 20)) == utc("2026-11-29", 6));  // Friday and Saturday are free
  CHECK(network.clock.working_from("vienna", utc("2026-11-26", 20)) == utc("2026-11-27", 8));
  CHECK(network.clock.opening_after("riyadh", thursday) == utc("2026-11-29", 6));
  CHECK(network.clock.opening_after("vienna", thursday) == utc("2026-11-27", 8));
  CHECK(network.clock.opening_after("vienna", utc("2026-11-27", 5)) == utc("2026-11-27", 8));
  CHECK(network.clock.opening_after("nowhere", thursday).error().code == ErrorCode::kNotFound);
  CHECK(network.clock.working_from("nowhere", thursday).error().code == ErrorCode::kNotFound);
}

}  // namespace counterpart::engine
