// What a refusal's reason is good for.
#include "engine/match/refusal_help.h"

#include <algorithm>

#include "engine/cycles/life_cycles.h"
#include "engine/programme/eligibility.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

Profile asker() {
  Profile profile;
  profile.id = "ke:farm";
  profile.kind = Kind::kCompany;
  profile.country = "KE";
  profile.sectors = {"A01"};
  profile.organisation.size = Size::kSmall;
  return profile;
}

Profile refusing() {
  Profile profile;
  profile.id = "de:pumps";
  profile.kind = Kind::kCompany;
  profile.country = "DE";
  profile.sectors = {"C28"};
  profile.capacity = 5;
  return profile;
}

bool demands_hold(const Profile& of, const Profile& on) {
  return std::ranges::all_of(demands_of(of, Condition::Owner::kCounterpart),
                             [&](const Condition& condition) { return holds(condition, on, real_taxonomy()); });
}

}  // namespace

TEST_CASE("refusal help: the table has every reason of a refusal and nothing else", "[match]") {
  std::vector<std::string_view> rows;
  for (const RefusalRow& row : refusal_rows()) {
    rows.push_back(row.reason);
    CHECK(row.member.empty() == (row.state == nullptr));
  }
  std::vector<std::string_view> reasons = life_cycles().reasons_of("decline");
  std::ranges::sort(rows);
  std::ranges::sort(reasons);
  CHECK(rows == reasons);
}

TEST_CASE("refusal help: the condition that is offered would have kept the asker from coming", "[match]") {
  const Profile from = asker(), to = refusing();
  const Facts asked;
  const Refused refused{from, to, asked, 3};
  REQUIRE(demands_hold(to, from));
  for (const RefusalRow& row : refusal_rows()) {
    if (!row.state) continue;
    INFO(row.reason);
    Profile stating = to;
    REQUIRE(row.state(stating, refused));
    if (row.member == "capacity")
      CHECK(places_of(stating, refused.places).full());
    else
      CHECK_FALSE(demands_hold(stating, from));
    Profile again = stating;
    CHECK_FALSE(row.state(again, refused));  // it is stated already
  }
  // Where the asker does not say what it is about, there is nothing to state.
  Profile unknown;
  const Refused bare{unknown, to, asked};
  for (const RefusalRow& row : refusal_rows()) {
    Profile stating = to;
    if (row.state) CHECK_FALSE(row.state(stating, bare));
  }
}

TEST_CASE("refusal help: whoever is named instead meets what the reason is about", "[match]") {
  const Profile from = asker(), to = refusing();
  Facts asked;
  asked.cooperation = Cooperation::kEquity;
  const Refused refused{from, to, asked};
  Profile good = refusing();
  good.sectors = {"A0111"};
  good.countries_of_activity = {"KE"};
  good.cooperation = {Cooperation::kEquity};
  good.roles = {Role::kMentor};
  for (const RefusalRow& row : refusal_rows()) {
    if (!row.meets || row.member == "partner.sizes") continue;
    INFO(row.reason);
    const Conditions where = row.meets(refused);
    REQUIRE(where.size() == 1);
    CHECK(holds(where[0], good, real_taxonomy()));
    CHECK_FALSE(holds(where[0], to, real_taxonomy()));
  }
}

}  // namespace counterpart::engine
