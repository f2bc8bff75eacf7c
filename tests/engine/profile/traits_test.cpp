#include "engine/profile/traits.h"

#include <bit>

#include "engine/base/date.h"
#include "engine/profile/advice.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {

TEST_CASE("traits: a date counts the days since 1970", "[traits]") {
  CHECK(parse_date("1970-01-01").value() == 0);
  CHECK(parse_date("2000-02-29").value() == 11016);
  CHECK(parse_date("1969-12-31").value() == -1);
  CHECK(parse_date("2026-12-31").value() == 20818);
}

TEST_CASE("traits: what is no date is refused", "[traits]") {
  const auto text =
      GENERATE(as<std::string>{}, "", "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-1-1",
               "26-01-01", "2026/01/01", "2026-01-01T00:00:00Z", "-026-01-01", "2026-+1-01", " 2026-01-01");
  CAPTURE(text);
  const auto day = parse_date(text);
  REQUIRE_FALSE(day);
  CHECK(day.error().code == ErrorCode::kInvalid);
}

TEST_CASE("traits: an empty profile states nothing", "[traits]") {
  const Traits traits = traits_of(Profile{}, real_taxonomy());
  CHECK(traits.country == kNoCountry);
  CHECK(traits.valid_until == kNoEnd);
  CHECK(traits.stage == 0xff);
  CHECK(traits.sector_count == 0);
  CHECK((traits.technologies | traits.themes | traits.sdgs | traits.roles | traits.cooperation | traits.trl | traits.languages |
         traits.own_offer | traits.own_need) == 0);
}

TEST_CASE("traits: every member that scores is there in codes", "[traits]") {
  const Taxonomy& t = real_taxonomy();
  Profile p;
  p.kind = Kind::kProject;
  p.country = "KE";
  p.countries_of_activity = {"DE", "LDC"};
  p.sectors = {"C27", "A01"};
  p.technologies = {t.technologies.entries().back().code};
  p.themes = {t.themes.entries()[0].code, t.themes.entries()[1].code};
  p.sdgs = {"9.4", "17", "9"};
  p.roles = {Role::kInvestor};
  p.cooperation = {Cooperation::kLoan, Cooperation::kTraining};
  p.stage = Stage::kFinancing;
  p.trl = 7;
  p.lang = "pt-BR";
  p.organisation.languages = {"FR-CA", "zh-Hant"};
  p.offers = "x";
  p.valid_until = "1970-01-02";

  const Traits traits = traits_of(p, t);

  CHECK(traits.kind == 1);
  CHECK(traits.country == t.countries.index_of("KE"));
  int active = 0;
  for (const std::uint64_t word : traits.activity) active += std::popcount(word);
  CHECK(active == static_cast<int>(t.members_of("LDC").size()) + 1);
  const auto germany = static_cast<unsigned>(t.countries.index_of("DE"));
  CHECK((traits.activity[germany / 64] >> (germany % 64) & 1U) == 1);
  REQUIRE(traits.sector_count == 2);
  CHECK(traits.sectors[0] == t.sectors.index_of("C27"));
  CHECK(traits.sectors[1] == t.sectors.index_of("A01"));
  CHECK(traits.technologies == std::uint64_t{1} << (t.technologies.entries().size() - 1));
  CHECK(traits.themes == 3);
  CHECK(traits.sdgs == (1U << 8 | 1U << 16));
  CHECK(traits.roles == bit_of(Role::kInvestor));
  CHECK(traits.cooperation == (bit_of(Cooperation::kLoan) | bit_of(Cooperation::kTraining)));
  CHECK(traits.stage == static_cast<std::uint8_t>(Stage::kFinancing));
  CHECK(traits.trl == 7);
  CHECK(traits.languages == ((1U << 1) | (1U << 3)));  // zh, fr
  CHECK(traits.own_offer == 1);
  CHECK(traits.own_need == 0);
  CHECK(traits.valid_until == 1);
}

TEST_CASE("traits: money is kept as it was stated", "[traits]") {
  const Taxonomy& t = real_taxonomy();
  Profile p;
  p.finance_offered = Finance{1e6, 2e6, "USD", {Cooperation::kLoan, Cooperation::kGrant}};
  p.finance_sought = Finance{std::nullopt, 655.957e6, "XOF", {Cooperation::kEquity}};

  const Traits traits = traits_of(p, t);

  CHECK(traits.offered_min == 1e6F);
  CHECK(traits.offered_max == 2e6F);
  CHECK(t.currencies.entries()[traits.offered_currency - 1U].code == "USD");
  CHECK(traits.offered_instruments == (bit_of(Cooperation::kLoan) | bit_of(Cooperation::kGrant)));
  CHECK(traits.sought_min == 0);
  CHECK(traits.sought_max == 655.957e6F);
  CHECK(t.currencies.entries()[traits.sought_currency - 1U].code == "XOF");
  CHECK(traits.sought_instruments == bit_of(Cooperation::kEquity));
  p.finance_sought = Finance{{}, {}, {}, {Cooperation::kEquity}};
  CHECK(traits_of(p, t).sought_currency == 0);
  REQUIRE(t.currencies.entries().size() < 255);
}

TEST_CASE("traits: completeness is the share that advice gives, in 255ths", "[traits]") {
  Profile p;
  p.title = "Pumps";
  const Traits bare = traits_of(p, real_taxonomy());
  p.offers = "solar pumps for smallholders";
  p.sectors = {"C28"};
  const Traits fuller = traits_of(p, real_taxonomy());
  CHECK(fuller.completeness > bare.completeness);
  CHECK(fuller.completeness == Approx(255 * completeness(p)).margin(0.5));
}

}  // namespace counterpart::engine
