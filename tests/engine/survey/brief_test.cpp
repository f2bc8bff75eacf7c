#include "engine/survey/brief.h"

#include <algorithm>

#include "tests/support/catch.h"
#include "tests/support/fake_corpus.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

Profile seated(std::string id, std::string country, Kind kind, std::vector<Role> roles, std::vector<std::string> sectors,
               std::string office = {}) {
  Profile profile;
  profile.id = std::move(id);
  profile.title = profile.id;
  profile.kind = kind;
  profile.country = std::move(country);
  profile.roles = std::move(roles);
  profile.sectors = std::move(sectors);
  profile.office = std::move(office);
  return profile;
}

FakeCorpus some_ugandans() {
  Profile ended = seated("ended", "UG", Kind::kExpert, {}, {});
  ended.valid_until = "2020-01-01";
  Profile visitor = seated("visitor", "DE", Kind::kCompany, {Role::kInvestor}, {"K"});
  visitor.countries_of_activity = {"UG"};
  Profile at_home = seated("home", "UG", Kind::kCompany, {Role::kLocalPartner}, {"A01", "C10"}, "kampala");
  at_home.countries_of_activity = {"UG", "KE"};
  return {real_taxonomy(),
          {seated("a", "UG", Kind::kProject, {Role::kProjectSponsor}, {"C28"}, "kampala"),
           seated("b", "UG", Kind::kCompany, {Role::kLocalPartner}, {"C10"}, "bonn"), at_home, ended, visitor}};
}

Condition of_group(std::string group, bool negated = false) {
  return {"country", {std::move(group)}, negated, Condition::Owner::kProgramme};
}

CountryBrief brief_of(std::string_view country, const Programmes& programmes = {}) {
  return country_brief(some_ugandans(), programmes, country, 20'000, real_taxonomy()).value();
}

std::vector<std::string> codes_of(const std::vector<BriefCount>& list) {
  std::vector<std::string> codes;
  for (const BriefCount& one : list) codes.push_back(one.code);
  return codes;
}

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("brief: a country has its groups, regions narrowest first, income group and currency", "[brief]") {
  const CountryBrief brief = brief_of("UG");
  CHECK(brief.code == "UG");
  Codes groups = codes_of(brief.groups);
  std::ranges::sort(groups);
  CHECK(groups == Codes{"LDC", "LLDC", "africa", "developing"});
  CHECK(codes_of(brief.regions) == Codes{"014", "202", "002"});
  CHECK(brief.regions[0].title == PhraseWord(Title{Title::List::kCountryGroups, "014"}));
  CHECK(codes_of(brief.income) == Codes{"LIC"});
  CHECK(brief.currency == "UGX");
}

TEST_CASE("brief: a currency is worth its dollars where a rate is known", "[brief]") {
  CHECK(brief_of("DE").currency == "EUR");
  CHECK(brief_of("DE").usd == real_taxonomy().in_usd(1, "EUR"));
  CHECK_FALSE(brief_of("UG").usd);
  CHECK(brief_of("AQ").currency.empty());
}

TEST_CASE("brief: live profiles are counted by kind, role, section and office, most frequent first", "[brief]") {
  const CountryBrief brief = brief_of("UG");
  CHECK(brief.profiles == 3);
  CHECK(brief.from_abroad == 1);
  CHECK(brief.kinds == std::vector<BriefCount>{{"company", Term{"kind.company"}, 2}, {"project", Term{"kind.project"}, 1}});
  CHECK(codes_of(brief.roles) == Codes{"local_partner", "project_sponsor"});
  CHECK(brief.roles[0].profiles == 2);
  CHECK(codes_of(brief.sectors) == Codes{"C", "A"});
  CHECK(brief.sectors[0].profiles == 3);
  CHECK(brief.offices == std::vector<BriefCount>{{"kampala", "kampala", 2}, {"bonn", "bonn", 1}});
}

TEST_CASE("brief: programmes are those with a side that admits the country", "[brief]") {
  Programmes programmes;
  Programme& two = programmes["two"];
  two.slug = "two";
  two.sides = {{"giver", "from a developed country", {of_group("developed")}},
               {"taker", "company of an LDC", {of_group("LDC"), {"kind", {"company"}, false, Condition::Owner::kProgramme}}},
               {"else", "not of Africa", {of_group("africa", true)}}};
  two.pairs = {{0, 1}, {1, 2}};
  programmes["asia"].slug = "asia";
  programmes["asia"].sides = {{"a", "of Asia", {of_group("142")}}};
  programmes["asia"].pairs = {{0, 0}};
  programmes["open"].slug = "open";

  const CountryBrief uganda = brief_of("UG", programmes);
  REQUIRE(uganda.programmes.size() == 2);
  CHECK(uganda.programmes[0].slug == "open");
  CHECK(uganda.programmes[0].sides.empty());
  CHECK(uganda.programmes[0].profiles == 3);
  CHECK(uganda.programmes[1].slug == "two");
  CHECK(uganda.programmes[1].sides == Codes{"company of an LDC"});
  CHECK(uganda.programmes[1].profiles == 2);
  CHECK(brief_of("DE", programmes).programmes[1].sides == Codes{"from a developed country", "not of Africa"});
}

TEST_CASE("brief: what is no country is not found, and the country that may be meant is named", "[brief]") {
  for (const std::string_view wrong : {"Uganda", "ug", "ZZ", "LDC", ""}) {
    INFO(wrong);
    const auto refused = country_brief(some_ugandans(), {}, wrong, 20'000, real_taxonomy());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kNotFound);
    CHECK_FALSE(refused.error().remedy.empty());
  }
  const auto by_name = country_brief(some_ugandans(), {}, "Uganda", 20'000, real_taxonomy());
  CHECK(by_name.error().remedy == "did you mean `UG`?");
}

}  // namespace counterpart::engine
