#include "engine/match/matcher.h"
#include "engine/match/repeats.h"
#include "tests/support/catch.h"
#include "tests/support/fake_corpus.h"
#include "tests/support/told.h"

namespace counterpart::engine {
namespace {

const Taxonomy& taxonomy() {
  static const auto loaded = Taxonomy::load(COUNTERPART_SOURCE_DIR "/datasets/taxonomy").value();
  return *loaded;
}

// In which unrelated texts are a tenth away from each other, and none is near all.
class ToldCorpus final : public FakeCorpus {
 public:
  using FakeCorpus::FakeCorpus;
  const UnrelatedTexts* unrelated() const override { return &unrelated_; }

 private:
  UnrelatedTexts unrelated_{.mean = {}, .fast_spread = 0.1, .spread = 0};
};

Profile company(std::string id, std::string country, std::string offers) {
  Profile profile;
  profile.id = std::move(id);
  profile.title = "Company " + profile.id;
  profile.country = std::move(country);
  profile.offers = std::move(offers);
  return profile;
}

Seeker text(std::string seeks) {
  Profile profile;
  profile.seeks = std::move(seeks);
  return {profile, FakeCorpus::faces_of(profile), true};
}

const Programme kOpen{.slug = "open", .name = "Open", .description = {}, .sides = {}, .pairs = {}, .weights = {}};

Programme itpo() { return load_programmes(COUNTERPART_SOURCE_DIR "/datasets/programmes", taxonomy()).value().at("itpo"); }

std::vector<std::string> ids(const Matches& matches) {
  std::vector<std::string> result;
  for (const Match& match : matches.matches) result.push_back(match.id);
  return result;
}

using Ids = std::vector<std::string>;

const std::vector<Profile> kTwo{company("b", "DE", "tax advice"), company("c", "DE", "solar cold storage")};

// One that fits among forty that do not.
std::vector<Profile> crowd() {
  std::vector<Profile> profiles{company("c", "DE", "solar cold storage")};
  for (int i = 10; i < 50; ++i) profiles.push_back(company("n" + std::to_string(i), "DE", "tax advice"));
  return profiles;
}

}  // namespace

TEST_CASE("matcher: who is no nearer than chance would bring is not listed, unless weak ones are asked for", "[matcher]") {
  const ToldCorpus corpus(taxonomy(), crowd());
  const Matcher matcher(taxonomy(), kOpen);
  const auto better = matcher.match(corpus, text("solar cold storage"), {.where = {}, .bands = BandSet::better_than_chance()});
  REQUIRE(better);
  CHECK(ids(*better) == Ids{"c"});
  CHECK(better->somebody);
  CHECK(better->weak == 9);
  CHECK(better->qualifying == 41);
  CHECK(better->matches[0].band == Band::kStrong);
  CHECK(better->matches[0].expected.value() < 0.001);

  const auto all = matcher.match(corpus, text("solar cold storage"), {});
  CHECK(all->matches.size() == 10);
  CHECK(all->matches[0].id == "c");
  CHECK(all->weak == 0);
  CHECK(all->matches[1].band == Band::kWeak);
  CHECK(all->matches[1].expected.value() > 0.5);
}

TEST_CASE("matcher: where nobody is nearer than chance would bring, nobody fits, and it says what shuts out whom",
          "[matcher]") {
  const ToldCorpus corpus(taxonomy(), {company("b", "DE", "tax advice"), company("c", "KE", "solar cold storage")});
  const Matcher matcher(taxonomy(), kOpen);
  MatchRequest request{.where = {{"country", {"DE"}}}, .tell_absence = true, .bands = BandSet::better_than_chance()};
  const auto nobody = matcher.match(corpus, text("solar cold storage"), request);
  REQUIRE(nobody);
  CHECK(nobody->matches.empty());
  CHECK_FALSE(nobody->somebody);
  CHECK(nobody->weak == 1);
  REQUIRE(nobody->absence);
  CHECK(told(nobody->absence->removed.at(0).condition) == "verdict.one_of(field=field.country, values=DE)");
  REQUIRE(nobody->nearest);
  CHECK(nobody->nearest->match.id == "c");

  // Beyond the condition there is nobody who fits better.
  const auto falconry = matcher.match(corpus, text("falconry hoods"), request);
  CHECK_FALSE(falconry->somebody);
  CHECK_FALSE(falconry->nearest);

  request.bands = BandSet::all();
  CHECK(ids(*matcher.match(corpus, text("falconry hoods"), request)) == Ids{"b"});
}

TEST_CASE("matcher: a corpus that cannot tell what chance would bring hides nobody", "[matcher]") {
  const FakeCorpus corpus(taxonomy(), kTwo);
  const auto found =
      Matcher(taxonomy(), kOpen).match(corpus, text("falconry hoods"), {.where = {}, .bands = BandSet::better_than_chance()});
  CHECK(found->matches.size() == 2);
  CHECK(found->somebody);
  CHECK(found->matches[0].band == Band::kPossible);
  CHECK_FALSE(found->matches[0].expected);
}

TEST_CASE("repeats: an organisation is counted once among the nearest, and so is a text that stands there twice", "[matcher]") {
  std::vector<Profile> profiles;
  for (const char* id : {"a", "b", "c", "d", "e"}) profiles.push_back(company(id, "DE", "pumps"));
  profiles[1].title = profiles[0].title;
  const FakeCorpus corpus(taxonomy(), profiles);
  const std::vector<Row> rows{0, 1, 2, 3, 4};
  std::vector<double> nearness{3, 2, 1.5, 1.5, 1};
  leave_out_repeats(corpus, rows, nearness);
  CHECK(nearness == std::vector<double>{3, 1.5, 1});
}

TEST_CASE("matcher: bands are asked for one by one", "[matcher]") {
  const ToldCorpus corpus(taxonomy(), kTwo);
  BandSet good;
  good.insert(Band::kGood);
  const auto found = Matcher(taxonomy(), kOpen).match(corpus, text("solar cold storage"), {.where = {}, .bands = good});
  CHECK(found->matches.empty());
  CHECK(found->somebody);
}

TEST_CASE("matcher: not to stand among the other's first ten keeps a match from being strong", "[matcher]") {
  const ToldCorpus corpus(taxonomy(), kTwo);
  const auto place = [](std::string_view id) -> std::optional<std::size_t> {
    return id == "c" ? std::optional<std::size_t>(11) : std::nullopt;
  };
  const auto found = Matcher(taxonomy(), kOpen).match(corpus, text("solar cold storage"), {.where = {}, .place_with = place});
  CHECK(found->matches[0].band == Band::kGood);
  CHECK(found->matches[0].place == 11U);
}

TEST_CASE("matcher: a language, a place, a theme or a section in common come last and carry no match", "[matcher]") {
  Profile asker = company("a", "KE", "");
  asker.seeks = "pumps";
  Profile other = company("b", "DE", "pumps");
  for (Profile* one : {&asker, &other}) {
    one->lang = "en";
    one->sectors = {"C"};
    one->themes = {"energy_access"};
  }
  const ToldCorpus corpus(taxonomy(), {other});
  const Seeker seeker{asker, FakeCorpus::faces_of(asker), false};
  const auto near = Matcher(taxonomy(), kOpen).match(corpus, seeker, {});
  REQUIRE(near->matches[0].reasons.size() >= 3);
  CHECK_THAT(told(near->matches[0].reasons[0]), Catch::Contains("reason.texts_forward(") && Catch::Contains("yours=seek"));

  Profile far = other;
  far.offers = "tax advice";
  const FakeCorpus untold(taxonomy(), {far});
  CHECK(Matcher(taxonomy(), kOpen).match(untold, seeker, {})->matches[0].band == Band::kPossible);
}

TEST_CASE("matcher: a text may say where it is asked from and on which side, and each row says on which side it stands",
          "[matcher]") {
  Profile supplier = company("supplier", "DE", "solar pumps");
  supplier.roles = {Role::kTechnologySupplier};
  Profile partner = company("partner", "KE", "solar pumps");
  partner.roles = {Role::kLocalPartner};
  Profile picky = supplier;
  picky.id = "picky";
  picky.title = "Picky";
  picky.partner.countries = {"UG"};
  const FakeCorpus corpus(taxonomy(), {supplier, partner, picky});
  const Programme programme = itpo();
  const Matcher matcher(taxonomy(), programme);
  Seeker seeker = text("solar pumps");
  CHECK(matcher.match(corpus, seeker, {})->matches.size() == 3);

  seeker.side = "partner";
  const auto suppliers = matcher.match(corpus, seeker, {});
  CHECK(ids(*suppliers) == Ids{"picky", "supplier"});
  CHECK(suppliers->matches[0].side == "supplier");
  CHECK(suppliers->matches[0].roles == Ids{"technology_supplier"});

  seeker.side.clear();
  seeker.profile.country = "KE";  // of a developing country: no supplier under this programme
  CHECK(ids(*matcher.match(corpus, seeker, {})) == Ids{"supplier"});
  seeker.profile.country = "UG";
  CHECK(ids(*matcher.match(corpus, seeker, {})) == Ids{"picky", "supplier"});

  seeker.side = "supplier";
  const auto contradiction = matcher.match(corpus, seeker, {.where = {}, .tell_absence = true});
  CHECK(contradiction->matches.empty());
  REQUIRE(contradiction->absence);
  CHECK(told(contradiction->absence->removed.back().condition) ==
        "verdict.about(who=owner.asker, condition=verdict.one_of(field=field.country, values=developed))");

  seeker.side = "buyer";
  CHECK(matcher.match(corpus, seeker, {}).error().place == "side");
}

}  // namespace counterpart::engine
