#include "engine/survey/coverage.h"

#include <algorithm>

#include "tests/support/catch.h"
#include "tests/support/fake_corpus.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

Profile maker(std::string id, std::string country, std::vector<std::string> programmes = {}, std::string offers = "pumps") {
  Profile profile;
  profile.id = std::move(id);
  profile.title = "title of " + profile.id;
  profile.country = std::move(country);
  profile.offers = std::move(offers);
  profile.sectors = {"C28"};
  profile.programmes = std::move(programmes);
  return profile;
}

// Makers of anything: one side, which buyers do not stand on.
Programme alliance() {
  Programme programme;
  programme.slug = "alliance";
  programme.sides = {{"maker", "maker", {{"sectors", {"C"}, false, Condition::Owner::kProgramme}}}};
  programme.pairs = {{0, 0}};
  return programme;
}

Coverage map_of(std::vector<Profile> profiles, const CoverageCall& call = {}) {
  const FakeCorpus corpus(real_taxonomy(), std::move(profiles));
  return coverage_of(corpus, alliance(), call, real_taxonomy()).value();
}

const CoverageKey& key_of(const Coverage& coverage, std::string_view dimension, std::string_view key) {
  const auto found = std::ranges::find(coverage.dimensions, dimension, &CoverageDimension::name);
  REQUIRE(found != coverage.dimensions.end());
  const auto one = std::ranges::find(found->keys, key, &CoverageKey::key);
  REQUIRE(one != found->keys.end());
  return *one;
}

const CoverageGap* gap_of(const Coverage& coverage, std::string_view key) {
  const auto found = std::ranges::find_if(coverage.gaps, [&](const CoverageGap& gap) { return gap.key.key == key; });
  return found == coverage.gaps.end() ? nullptr : &*found;
}

std::vector<Profile> europeans(int count) {
  std::vector<Profile> profiles;
  for (int i = 0; i < count; ++i) profiles.push_back(maker("m" + std::to_string(i), "DE", {"alliance"}));
  return profiles;
}

}  // namespace

TEST_CASE("coverage: members are those who name the programme, whatever else is eligible", "[coverage]") {
  auto profiles = europeans(3);
  profiles.push_back(maker("k", "KE"));
  profiles.push_back(maker("o", "KE", {"other"}));
  const Coverage coverage = map_of(profiles);
  CHECK(coverage.members == 3);
  CHECK_FALSE(coverage.assumed);
  CHECK(key_of(coverage, "country_group", "developed").members == 3);
  CHECK(key_of(coverage, "country_group", "africa").members == 0);
  CHECK(key_of(coverage, "sector", "C").members == 3);
}

TEST_CASE("coverage: where nobody names the programme all who are eligible count, and the map says so", "[coverage]") {
  Profile buyer = maker("buyer", "KE");
  buyer.sectors = {"G46"};
  const Coverage coverage = map_of({maker("a", "KE"), maker("b", "DE"), maker("c", "DE", {"other"}), buyer});
  CHECK(coverage.assumed);
  CHECK(coverage.members == 2);  // not the buyer, nor who takes part in another programme alone
}

TEST_CASE("coverage: members who stand on no side are counted and reported", "[coverage]") {
  auto profiles = europeans(2);
  Profile buyer = maker("buyer", "KE", {"alliance"});
  buyer.sectors = {"G46"};
  profiles.push_back(buyer);
  const Coverage coverage = map_of(profiles);
  CHECK(coverage.members == 3);
  CHECK(coverage.not_eligible == 1);
}

TEST_CASE("coverage: countries are compared with all countries, and what is missing brings parity", "[coverage]") {
  const Taxonomy& t = real_taxonomy();
  auto profiles = europeans(18);
  profiles.push_back(maker("k0", "UG", {"alliance"}));
  profiles.push_back(maker("k1", "UG", {"alliance"}));
  const Coverage coverage = map_of(profiles);
  const CoverageKey& ldc = key_of(coverage, "country_group", "LDC");
  const auto all = static_cast<double>(t.countries.entries().size());
  const double expected = static_cast<double>(t.members_of("LDC").size()) / all;
  CHECK(ldc.members == 2);
  CHECK(ldc.share == Approx(0.1));
  CHECK(ldc.expected == Approx(expected));
  CHECK(ldc.ratio.value() == Approx(0.1 / expected));
  REQUIRE(ldc.missing > 0);
  const auto with = [&](std::uint64_t more) { return static_cast<double>(2 + more) / static_cast<double>(20 + more); };
  CHECK(with(ldc.missing) >= Approx(expected));
  CHECK(with(ldc.missing - 1) < expected);
}

TEST_CASE("coverage: sectors, themes and kinds are compared with those of all who could take part", "[coverage]") {
  auto profiles = europeans(4);
  for (int i = 0; i < 4; ++i) {
    Profile other = maker("x" + std::to_string(i), "KE", {"other"});
    other.sectors = {"A01", "C10"};
    profiles.push_back(other);
  }
  Profile mine = maker("mine", "KE");
  mine.sectors = {"B05"};
  profiles.push_back(mine);
  const Coverage coverage = map_of(profiles);
  CHECK(key_of(coverage, "sector", "C").expected == Approx(1.0));
  CHECK(key_of(coverage, "sector", "C").ratio.value() == Approx(1.0));
  CHECK(key_of(coverage, "sector", "A").expected == Approx(0.5));
  CHECK(key_of(coverage, "sector", "A").missing == 4);
  CHECK_FALSE(key_of(coverage, "sector", "B").ratio);  // a mine stands on no side
  CHECK_FALSE(key_of(coverage, "theme", "circular_economy").ratio);
}

TEST_CASE("coverage: a share that is asked for replaces the reference population's", "[coverage]") {
  const Coverage coverage = map_of(europeans(10), {.shares = {{"LDC", 0.5}, {"women_led:true", 0.2}}});
  const CoverageKey& ldc = key_of(coverage, "country_group", "LDC");
  CHECK(ldc.asked);
  CHECK(ldc.expected == 0.5);
  CHECK(ldc.missing == 10);
  CHECK(key_of(coverage, "women_led", "true").asked);
  CHECK_FALSE(key_of(coverage, "country_group", "LLDC").asked);
}

TEST_CASE("coverage: a share of an unknown key, or one that is no share, is refused", "[coverage]") {
  const FakeCorpus corpus(real_taxonomy(), europeans(1));
  for (const auto& [key, share] : std::vector<std::pair<std::string, double>>{
           {"nowhere", 0.5}, {"C28", 0.5}, {"true", 0.5}, {"LDC", 0.0}, {"LDC", 1.5}, {"LDC", -1.0}}) {
    INFO(key << " " << share);
    const auto refused = coverage_of(corpus, alliance(), {.shares = {{key, share}}}, real_taxonomy());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kInvalid);
    CHECK(refused.error().place == "shares");
  }
}

TEST_CASE("coverage: gaps come by how many are missing, and one set of countries makes one gap", "[coverage]") {
  const Coverage coverage = map_of(europeans(30), {.gaps = 100});
  REQUIRE(coverage.gaps.size() > 3);
  CHECK(coverage.gaps.front().key.key == "developing");
  const auto missing = [](const CoverageGap& gap) { return gap.key.missing; };
  CHECK(std::ranges::is_sorted(coverage.gaps, std::ranges::greater{}, missing));
  CHECK(std::ranges::all_of(coverage.gaps, [](const CoverageGap& gap) { return gap.key.ratio.value() < 1; }));
  REQUIRE(real_taxonomy().members_of("africa") == real_taxonomy().members_of("002"));
  CHECK(gap_of(coverage, "africa"));
  CHECK_FALSE(gap_of(coverage, "002"));
  CHECK(map_of(europeans(30), {.gaps = 2}).gaps.size() == 2);
}

TEST_CASE("coverage: a shortfall of less than one member is no gap", "[coverage]") {
  // 18 % of three is less than one.
  CHECK_FALSE(gap_of(map_of(europeans(3), {.gaps = 100}), "LDC"));
  CHECK(gap_of(map_of(europeans(30), {.gaps = 100}), "LDC"));
}

TEST_CASE("coverage: who could fill a gap is eligible and no member, the most like the members first", "[coverage]") {
  auto profiles = europeans(20);
  profiles.push_back(maker("near", "UG", {}, "pumps"));
  profiles.push_back(maker("far", "UG", {"other"}, "flowers and seeds"));
  profiles.push_back(maker("same", "UG", {}, "pumps"));
  profiles.push_back(maker("in", "UG", {"alliance"}));
  Profile buyer = maker("buyer", "UG");
  buyer.sectors = {"G46"};
  profiles.push_back(buyer);
  Profile ended = maker("ended", "UG");
  ended.valid_until = "2020-01-01";
  profiles.push_back(ended);
  std::ranges::reverse(profiles);
  const Coverage coverage = map_of(profiles, {.gaps = 100, .fillers_per_gap = 2, .today = 20'000});
  const CoverageGap* gap = gap_of(coverage, "LDC");
  REQUIRE(gap);
  CHECK(gap->could_join == 3);
  REQUIRE(gap->fillers.size() == 2);
  CHECK(gap->fillers[0].id == "near");
  CHECK(gap->fillers[1].id == "same");
  CHECK(gap->fillers[0].country == "UG");
  CHECK(gap->fillers[0].title == "title of near");
}

TEST_CASE("coverage: where all who are eligible count, those who take part elsewhere could join", "[coverage]") {
  std::vector<Profile> profiles;
  for (int i = 0; i < 20; ++i) profiles.push_back(maker("m" + std::to_string(i), "DE"));
  profiles.push_back(maker("elsewhere", "UG", {"other"}));
  const Coverage coverage = map_of(profiles, {.gaps = 100});
  const CoverageGap* gap = gap_of(coverage, "LDC");
  REQUIRE(gap);
  CHECK(gap->could_join == 1);
  REQUIRE(gap->fillers.size() == 1);
  CHECK(gap->fillers[0].id == "elsewhere");
}

TEST_CASE("coverage: a programme without members has a map of nothing and no gaps", "[coverage]") {
  const Coverage coverage = map_of({});
  CHECK(coverage.members == 0);
  CHECK(coverage.assumed);
  CHECK(coverage.gaps.empty());
  CHECK_FALSE(key_of(coverage, "country_group", "LDC").ratio);
}

TEST_CASE("coverage: nobody is left to join the open programme", "[coverage]") {
  std::vector<Profile> profiles;
  for (int i = 0; i < 20; ++i) profiles.push_back(maker("m" + std::to_string(i), "DE"));
  profiles.push_back(maker("elsewhere", "UG", {"other"}));
  const FakeCorpus corpus(real_taxonomy(), profiles);
  Programme open;
  open.slug = "open";
  const Coverage coverage = coverage_of(corpus, open, {.gaps = 100}, real_taxonomy()).value();
  CHECK(coverage.members == 21);
  REQUIRE(gap_of(coverage, "LDC"));
  CHECK(gap_of(coverage, "LDC")->fillers.empty());
}

}  // namespace counterpart::engine
