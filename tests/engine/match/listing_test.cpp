// What a list shows, by the matcher over a handful of profiles: each organisation once, floors kept, exposure told.
#include "engine/match/matcher.h"
#include "tests/support/catch.h"
#include "tests/support/fake_corpus.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

using Ids = std::vector<std::string>;

// Of equal texts, so that the order is that of the ids.
Profile company(std::string id, std::string country, std::string title = {}) {
  Profile profile;
  profile.id = std::move(id);
  profile.title = title.empty() ? "Company " + profile.id : std::move(title);
  profile.country = std::move(country);
  profile.offers = "solar cold storage";
  return profile;
}

// Who asks for solar cold storage.
Seeker asking(std::string country = "DE") {
  Profile profile = company("seeker", std::move(country));
  profile.offers = "fishing";
  profile.seeks = "solar cold storage";
  return {profile, FakeCorpus::faces_of(profile), false};
}

Programme open_programme() {
  return {.slug = "open", .name = "Open", .description = {}, .sides = {}, .pairs = {}, .weights = {}};
}

Matches listed(std::vector<Profile> profiles, const Programme& programme, const MatchRequest& request) {
  const FakeCorpus corpus(real_taxonomy(), std::move(profiles));
  const auto matches = Matcher(real_taxonomy(), programme).match(corpus, asking(), request);
  REQUIRE(matches);
  return *matches;
}

Ids ids(const Matches& matches) {
  Ids result;
  for (const Match& match : matches.matches) result.push_back(match.id);
  return result;
}

const Exposure& exposure(const Matches& matches, std::string_view group) {
  const auto found = std::ranges::find(matches.exposure, group, &Exposure::group);
  REQUIRE(found != matches.exposure.end());
  return *found;
}

MatchRequest first(std::size_t limit) {
  MatchRequest request;
  request.limit = limit;
  return request;
}

// One that knows of no more candidates than it is asked for.
class LargeCorpus : public FakeCorpus {
 public:
  using FakeCorpus::FakeCorpus;
  SearchResult search(const Search& search) const override {
    SearchResult found = FakeCorpus::search(search);
    found.candidates.resize(2);
    return found;
  }
};

}  // namespace

TEST_CASE("listing: an identifier tells namesakes apart and joins one organisation under two names", "[listing]") {
  const auto identified = [](Profile profile, std::string id) {
    profile.organisation.identifiers = {{"KE-RCO", std::move(id)}};
    return profile;
  };
  const std::vector<Profile> profiles{identified(company("a", "KE", "Sun Works"), "1"),
                                      identified(company("b", "KE", "Sun Works Ltd"), "2"),
                                      company("c", "KE", "SUN WORKS"),
                                      identified(company("d", "UG", "Sunrise"), "2"),
                                      company("e", "TZ", "Sun Works"),
                                      identified(company("f", "TZ", "Sun Works"), "3"),
                                      identified(company("g", "TZ", "Sun Works"), "4")};
  const Matches matches = listed(profiles, open_programme(), first(10));
  CHECK(ids(matches) == Ids{"a", "b", "f", "g"});
  CHECK(matches.matches[0].also == Ids{"c"});  // states none, so it may be either
  CHECK(matches.matches[1].also == Ids{"d"});
  CHECK(matches.matches[2].also == Ids{"e"});
}

TEST_CASE("listing: one organisation is one match, whose other profiles stand beside it", "[listing]") {
  const std::vector<Profile> profiles{company("a", "KE", "Sun Works Ltd"), company("b", "KE", "SUN WORKS"),
                                      company("c", "UG", "Sun Works"), company("d", "KE", "Moon Works"),
                                      company("e", "KE", "Sun Works Limited")};
  const Matches matches = listed(profiles, open_programme(), first(10));
  CHECK(ids(matches) == Ids{"a", "c", "d"});
  CHECK(matches.matches[0].also == Ids{"b", "e"});
  CHECK(matches.matches[1].also.empty());
  CHECK(matches.qualifying == 5);
  SECTION("those further down than the list goes are not looked for") {
    const Matches shorter = listed(profiles, open_programme(), first(2));
    CHECK(ids(shorter) == Ids{"a", "c"});
    CHECK(shorter.matches[0].also == Ids{"b"});
  }
  SECTION("a plain list has them all") {
    MatchRequest request = first(10);
    request.plain = true;
    CHECK(ids(listed(profiles, open_programme(), request)) == Ids{"a", "b", "c", "d", "e"});
  }
}

TEST_CASE("listing: two projects of one name are two matches", "[listing]") {
  std::vector<Profile> profiles{company("a", "KE", "Mini-grids"), company("b", "KE", "Mini-grids")};
  for (Profile& profile : profiles) profile.kind = Kind::kProject;
  CHECK(ids(listed(profiles, open_programme(), first(10))) == Ids{"a", "b"});
}

TEST_CASE("listing: every list tells how LDCs, LLDCs, SIDS and women-led profiles fare in it", "[listing]") {
  std::vector<Profile> profiles{company("a", "UG"), company("b", "DE"), company("c", "FJ"), company("d", "ML"),
                                company("e", "DE")};
  profiles[1].organisation.women_owned = true;
  profiles[4].organisation.women_led = true;
  const Matches matches = listed(profiles, open_programme(), first(3));
  CHECK(ids(matches) == Ids{"a", "b", "c"});
  const auto check = [&](std::string_view group, std::uint64_t in_list, std::uint64_t qualifying) {
    INFO(group);
    CHECK(exposure(matches, group).in_list == in_list);
    CHECK(exposure(matches, group).of_list == 3);
    CHECK(exposure(matches, group).qualifying == qualifying);
    CHECK(exposure(matches, group).floor == 0);
  };
  check("LDC", 1, 2);
  check("LLDC", 1, 2);
  check("SIDS", 1, 1);
  check("women_led", 1, 2);
  CHECK(matches.exposure.size() == 4);
  CHECK(matches.exposure_cost == 0);
}

TEST_CASE("listing: where not all candidates are known the corpus counts, and the seeker is not counted", "[listing]") {
  Seeker seeker = asking("UG");
  seeker.profile.organisation.women_led = true;
  std::vector<Profile> profiles{company("a", "UG"), company("b", "ML"), company("c", "DE"), seeker.profile};
  profiles[0].organisation.women_led = profiles[0].organisation.women_owned = true;
  profiles[2].organisation.women_owned = true;
  const LargeCorpus corpus(real_taxonomy(), profiles);
  const Programme programme = open_programme();
  const auto matches = Matcher(real_taxonomy(), programme).match(corpus, seeker, first(2));
  REQUIRE(matches);
  CHECK(matches->qualifying == 3);
  CHECK(exposure(*matches, "LDC").qualifying == 2);
  CHECK(exposure(*matches, "women_led").qualifying == 2);
}

TEST_CASE("listing: a programme's floors hold in its lists, and say what they cost", "[listing]") {
  Programme programme = open_programme();
  programme.exposure = {{"LDC", 0.5}, {"africa", 0.5}};
  std::vector<Profile> profiles{company("a", "DE"), company("b", "DE"), company("c", "KE"), company("y", "ML"),
                                company("z", "UG")};
  profiles[3].offers = profiles[4].offers = "solar cold";
  const Matches matches = listed(profiles, programme, first(4));
  CHECK(ids(matches) == Ids{"a", "y", "b", "z"});  // c, of Africa but no LDC, would keep one of the two floors only
  CHECK(matches.matches[0].brought_in.empty());
  CHECK(matches.matches[1].brought_in == Ids{"LDC", "africa"});
  CHECK(matches.matches[2].brought_in.empty());
  CHECK(matches.exposure_cost > 0);
  CHECK(matches.exposure_cost == Approx((matches.matches[0].score - matches.matches[3].score) / 4).margin(1e-6));
  CHECK(exposure(matches, "LDC").floor == 2);
  CHECK(exposure(matches, "LDC").in_list == 2);
  CHECK(exposure(matches, "africa").in_list == 2);
  CHECK(matches.complete);
  SECTION("nobody is beside itself, looked at for the list and again for a floor") {
    programme.exposure = {{"LDC", 1}, {"africa", 1}};
    profiles.push_back(company("z-too", "UG", "COMPANY Z"));
    const Matches all = listed(profiles, programme, first(4));
    CHECK(ids(all) == Ids{"a", "z-too", "y", "c"});
    CHECK(all.matches[1].also == Ids{"z"});
    for (const std::size_t alone : {0U, 2U, 3U}) CHECK(all.matches[alone].also.empty());
  }
  SECTION("and where too few qualify the list tells that too") {
    const Matches short_of = listed({profiles[0], profiles[1], profiles[3]}, programme, first(2));
    CHECK(ids(short_of) == Ids{"a", "y"});
    const Matches none = listed({profiles[0], profiles[1]}, programme, first(2));
    CHECK(ids(none) == Ids{"a", "b"});
    CHECK(exposure(none, "LDC").floor == 1);
    CHECK(exposure(none, "LDC").in_list == 0);
    CHECK(none.exposure_cost == 0);
  }
}

TEST_CASE("listing: a varied list keeps the programme's caps, another one does not", "[listing]") {
  Programme programme = open_programme();
  programme.diversity = Diversity{.lambda = 0, .per_country_at_most = 1, .per_organisation_at_most = 1};
  std::vector<Profile> profiles{company("a", "DE"), company("b", "DE"), company("c", "KE"), company("d", "KE")};
  profiles[2].offers = profiles[3].offers = "solar cold";
  MatchRequest request = first(3);
  CHECK(ids(listed(profiles, programme, request)) == Ids{"a", "b", "c"});
  request.diversify = true;
  const Matches varied = listed(profiles, programme, request);
  CHECK(ids(varied) == Ids{"a", "c"});
  CHECK(varied.diversity_cost == Approx((varied.matches[0].score - varied.matches[1].score) / 2).margin(1e-6));
}

TEST_CASE("listing: without a rule of the programme a varied list has three of ten for a country", "[listing]") {
  std::vector<Profile> profiles;
  for (char c = 'a'; c < 'n'; ++c) {
    profiles.push_back(company(std::string(1, c), c < 'g' ? "DE" : c < 'j' ? "KE" : c < 'l' ? "UG" : "ML"));
    profiles.back().offers += " of " + std::string(1, c);
  }
  MatchRequest request = first(10);
  request.diversify = true;
  const Matches varied = listed(profiles, open_programme(), request);
  CHECK(varied.matches.size() == 10);
  CHECK(std::ranges::count(varied.matches, "DE", &Match::country) == 3);
  SECTION("but the list is filled where there are too few countries") {
    profiles.resize(6);  // all German
    CHECK(listed(profiles, open_programme(), request).matches.size() == 6);
  }
}

TEST_CASE("listing: the same text twice goes behind another one when the list is varied", "[listing]") {
  std::vector<Profile> profiles{company("a", "DE"), company("b", "KE"), company("c", "UG")};
  profiles[2].offers = "solar cold storage rooms";
  Programme flat = open_programme();  // all score the same: variety is what decides
  for (const Signal& signal : signals())
    if (signal.texts.source != SignalSource::kTraits) flat.weights[std::string(signal.name)] = 0;
  MatchRequest request = first(2);
  CHECK(ids(listed(profiles, flat, request)) == Ids{"a", "b"});
  request.diversify = true;
  CHECK(ids(listed(profiles, flat, request)) == Ids{"a", "c"});
}

TEST_CASE("listing: a list begins every longer one, varied or not", "[listing]") {
  Programme programme = open_programme();
  programme.exposure = {{"LDC", 0.3}, {"women_led", 0.2}};
  std::vector<Profile> profiles;
  const std::vector<std::string> countries{"DE", "DE", "FR", "ML", "KE", "DE", "UG", "IT"};
  for (std::size_t i = 0; i < 30; ++i) {
    profiles.push_back(company("p" + std::to_string(10 + i), countries[i % countries.size()]));
    if (i % 3 != 0) profiles.back().offers = i % 3 == 1 ? "solar cold" : "solar storage of fish";
    if (i % 7 == 3) profiles.back().organisation.women_led = true;
  }
  MatchRequest request = first(30);
  request.diversify = GENERATE(false, true);
  const Ids longest = ids(listed(profiles, programme, request));
  for (std::size_t limit = 1; limit < longest.size(); ++limit) {
    request.limit = limit;
    CHECK(ids(listed(profiles, programme, request)) ==
          Ids(longest.begin(), longest.begin() + static_cast<std::ptrdiff_t>(limit)));
  }
  request.diversify = false;
  programme.exposure.clear();
  request.limit = 1;
  CHECK(ids(listed(profiles, programme, request)).front() == longest.front());
}

TEST_CASE("listing: a floor for one side counts on that side alone, and is silent where nobody stands on it", "[listing]") {
  Programme programme = open_programme();
  programme.slug = "sided";
  programme.sides = {{"project", "project", {{"kind", {"project"}, false, {}}}},
                     {"firm", "firm", {{"kind", {"company"}, false, {}}}}};
  programme.pairs = {{0, 1}, {1, 1}};
  programme.exposure = {{"LDC", 0.5, "project"}};
  std::vector<Profile> profiles{company("a", "DE"), company("b", "DE"), company("c", "ML"),
                                company("p", "DE"), company("q", "ML"), company("r", "DE")};
  profiles[3].kind = profiles[4].kind = profiles[5].kind = Kind::kProject;
  profiles[2].offers = profiles[4].offers = "solar cold";
  const Matches matches = listed(profiles, programme, first(4));
  CHECK(ids(matches) == Ids{"a", "b", "p", "q"});  // q before r, which fits better; c, a firm, would not count
  CHECK(exposure(matches, "LDC").side == "project");
  CHECK(exposure(matches, "LDC").in_list == 1);
  CHECK(exposure(matches, "LDC").of_list == 2);
  CHECK(exposure(matches, "LDC").qualifying == 1);
  CHECK(exposure(matches, "LDC").floor == 1);
  profiles.resize(3);
  const Matches firms = listed(profiles, programme, first(2));
  CHECK(ids(firms) == Ids{"a", "b"});
  CHECK(exposure(firms, "LDC").floor == 0);
  CHECK(exposure(firms, "LDC").side.empty());
}

// The scenario files would need a dozen profiles each for this: their cases have the default limit.
TEST_CASE("listing: pfan's and the global alliance's own floors hold in their lists", "[listing]") {
  const auto programmes = load_programmes(COUNTERPART_SOURCE_DIR "/datasets/programmes", real_taxonomy()).value();
  std::vector<Profile> profiles;
  const auto add = [&](std::string id, std::string country, bool women_led) -> Profile& {
    Profile& profile = profiles.emplace_back(company(std::move(id), std::move(country)));
    if (women_led) profile.organisation.women_led = true;
    return profile;
  };
  Seeker seeker = asking();
  MatchRequest request = first(5);
  SECTION("an investor of pfan reads of one project in an LDC and one led by women, though five others fit better") {
    seeker.profile.roles = {Role::kInvestor};
    seeker.profile.finance_offered = Finance{.min = {}, .max = {}, .currency = {}, .instruments = {Cooperation::kEquity}};
    for (const char* id : {"a", "b", "c", "d", "e"}) add(id, "HN", false);
    add("poor", "ML", false).offers = "solar cold";
    add("women", "HN", true).offers = "solar cold";
    for (Profile& profile : profiles) {
      profile.kind = Kind::kProject;
      profile.roles = {Role::kProjectSponsor};
      profile.themes = {"energy_access"};
      profile.stage = Stage::kFeasibility;
      profile.finance_sought = Finance{.min = {}, .max = {}, .currency = {}, .instruments = {Cooperation::kEquity}};
    }
    const FakeCorpus corpus(real_taxonomy(), profiles);
    const auto matches = Matcher(real_taxonomy(), programmes.at("pfan")).match(corpus, seeker, request);
    REQUIRE(matches);
    CHECK(ids(*matches) == Ids{"a", "b", "c", "poor", "women"});
    CHECK(matches->exposure_cost > 0);
  }
  SECTION("a manufacturer of the global alliance sees developing ones, varied or not") {
    seeker.profile.sectors = {"C20"};
    request.diversify = GENERATE(false, true);
    for (const char* id : {"a", "b", "c", "d", "e"}) add(id, "IT", false);
    add("x", "PE", true).offers = "solar cold";
    add("y", "ML", false).offers = "solar cold";
    for (Profile& profile : profiles) profile.sectors = {"C15"};
    const FakeCorpus corpus(real_taxonomy(), profiles);
    const auto matches = Matcher(real_taxonomy(), programmes.at("global-alliance")).match(corpus, seeker, request);
    REQUIRE(matches);
    for (const Exposure& group : matches->exposure) {
      INFO(group.group);
      CHECK(group.in_list >= group.floor);
    }
    CHECK(exposure(*matches, "developing").floor == 2);
    CHECK(exposure(*matches, "africa").in_list == 1);
    CHECK(std::ranges::count(matches->matches, "IT", &Match::country) == 3);
  }
}

}  // namespace counterpart::engine
