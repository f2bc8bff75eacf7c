#include "engine/match/matcher.h"

#include "engine/base/date.h"
#include "engine/programme/condition_words.h"
#include "tests/support/catch.h"
#include "tests/support/fake_corpus.h"
#include "tests/support/told.h"

namespace counterpart::engine {
namespace {

const Taxonomy& taxonomy() {
  static const auto loaded = Taxonomy::load(COUNTERPART_SOURCE_DIR "/datasets/taxonomy").value();
  return *loaded;
}

Profile company(std::string id, std::string country, std::string offers = "solar cold storage",
                std::string seeks = "local partner") {
  Profile profile;
  profile.id = std::move(id);
  profile.title = "Company " + profile.id;
  profile.country = std::move(country);
  profile.offers = std::move(offers);
  profile.seeks = std::move(seeks);
  return profile;
}

const Programme kOpen{.slug = "open", .name = "Open", .description = {}, .sides = {}, .pairs = {}, .weights = {}};

Programme itpo() { return load_programmes(COUNTERPART_SOURCE_DIR "/datasets/programmes", taxonomy()).value().at("itpo"); }

Seeker seeker_of(const Profile& profile) { return {profile, FakeCorpus::faces_of(profile), false}; }

std::vector<std::string> ids(const Matches& matches) {
  std::vector<std::string> result;
  for (const Match& match : matches.matches) result.push_back(match.id);
  return result;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("matcher: the counterpart that offers what is sought comes first", "[matcher]") {
  const Profile seeker = company("a", "KE", "fishing cooperative", "solar cold storage for fish");
  const FakeCorpus corpus(taxonomy(), {seeker, company("b", "DE", "tax advice"), company("c", "DE", "solar cold storage")});
  const auto matches = Matcher(taxonomy(), kOpen).match(corpus, seeker_of(seeker), {});
  REQUIRE(matches);
  CHECK(ids(*matches) == Ids{"c", "b"});
  CHECK(matches->complete);
  CHECK(matches->matches[0].score > matches->matches[1].score);
  CHECK_FALSE(matches->matches[0].reasons.empty());
}

TEST_CASE("matcher: nobody is matched with itself", "[matcher]") {
  const Profile seeker = company("a", "KE", "x y", "x y");
  const FakeCorpus corpus(taxonomy(), {seeker});
  CHECK(Matcher(taxonomy(), kOpen).match(corpus, seeker_of(seeker), {})->matches.empty());
}

TEST_CASE("matcher: equal scores are ordered by id", "[matcher]") {
  const Profile seeker = company("a", "KE");
  const FakeCorpus corpus(taxonomy(), {seeker, company("z", "DE"), company("b", "DE"), company("m", "DE")});
  CHECK(ids(*Matcher(taxonomy(), kOpen).match(corpus, seeker_of(seeker), {})) == Ids{"b", "m", "z"});
}

TEST_CASE("matcher: the seeker's conditions exclude", "[matcher]") {
  Profile seeker = company("a", "DE");
  seeker.partner.countries = {"LDC"};
  const FakeCorpus corpus(taxonomy(), {seeker, company("uganda", "UG"), company("kenya", "KE")});
  CHECK(ids(*Matcher(taxonomy(), kOpen).match(corpus, seeker_of(seeker), {})) == Ids{"uganda"});
}

TEST_CASE("matcher: the counterpart's conditions exclude just as well", "[matcher]") {
  const Profile seeker = company("a", "DE");
  Profile picky = company("picky", "KE");
  picky.partner.exclude_countries = {"developed"};
  Profile wants_large = company("wants-large", "KE");
  wants_large.partner.sizes = {Size::kLarge};
  const FakeCorpus corpus(taxonomy(), {seeker, picky, wants_large, company("easy", "KE")});
  CHECK(ids(*Matcher(taxonomy(), kOpen).match(corpus, seeker_of(seeker), {})) == Ids{"easy"});

  SECTION("but a bare text has no country or size to test them on") {
    Seeker text{company("", ""), FakeCorpus::faces_of(seeker), true};
    CHECK(Matcher(taxonomy(), kOpen).match(corpus, text, {})->matches.size() == 4);
  }
}

TEST_CASE("matcher: a section asked for takes in all sectors below it", "[matcher]") {
  Profile seeker = company("a", "DE");
  seeker.partner.sectors = {"C"};
  Profile maker = company("maker", "KE");
  maker.sectors = {"C2710"};
  Profile farmer = company("farmer", "KE");
  farmer.sectors = {"A01"};
  const FakeCorpus corpus(taxonomy(), {seeker, maker, farmer});
  CHECK(ids(*Matcher(taxonomy(), kOpen).match(corpus, seeker_of(seeker), {})) == Ids{"maker"});
}

TEST_CASE("matcher: a profile past its last day is not matched", "[matcher]") {
  const Profile seeker = company("a", "DE");
  Profile old = company("old", "KE");
  old.valid_until = "2026-01-31";
  const FakeCorpus corpus(taxonomy(), {seeker, old});
  MatchRequest request;
  request.today = parse_date("2026-01-31").value();
  CHECK(Matcher(taxonomy(), kOpen).match(corpus, seeker_of(seeker), request)->matches.size() == 1);
  ++request.today;
  CHECK(Matcher(taxonomy(), kOpen).match(corpus, seeker_of(seeker), request)->matches.empty());
}

TEST_CASE("matcher: itpo pairs developed suppliers with developing partners, never two of one side", "[matcher]") {
  Profile supplier = company("supplier", "DE");
  supplier.roles = {Role::kTechnologySupplier};
  Profile rival = company("rival", "IT");
  rival.roles = {Role::kTechnologySupplier};
  Profile partner = company("partner", "KE");
  partner.roles = {Role::kLocalPartner};
  Profile host = company("host", "UG");
  host.roles = {Role::kProjectSponsor};
  const FakeCorpus corpus(taxonomy(), {supplier, rival, partner, host});
  const Programme programme = itpo();
  const Matcher matcher(taxonomy(), programme);
  CHECK(ids(*matcher.match(corpus, seeker_of(supplier), {})) == Ids{"host", "partner"});
  CHECK(ids(*matcher.match(corpus, seeker_of(partner), {})) == Ids{"rival", "supplier"});

  SECTION("a profile that fits no side meets nobody, and explain says why") {
    const Profile adviser = company("adviser", "FR");
    CHECK(matcher.match(corpus, seeker_of(adviser), {})->matches.empty());
    const Explanation why = matcher.explain(corpus, seeker_of(adviser), partner, *corpus.find("partner"), 0);
    CHECK_FALSE(why.matched);
    const auto broken = std::ranges::find(why.verdicts, false, &Verdict::met);
    REQUIRE(broken != why.verdicts.end());
    CHECK(owner_of(broken->owner) == "programme itpo, side supplier");
    CHECK(broken->found == Phrase{"verdict.not_stated"});
    CHECK_THAT(told(broken->change), Catch::Contains("role.technology_supplier"));
  }
  SECTION("a profile that lists other programmes takes part in those alone") {
    partner.programmes = {"open"};
    const FakeCorpus smaller(taxonomy(), {supplier, partner});
    CHECK(matcher.match(smaller, seeker_of(supplier), {})->matches.empty());
    CHECK(matcher.match(smaller, seeker_of(partner), {})->matches.empty());
  }
}

TEST_CASE("matcher: explain names the broken condition, its owner and what would change it", "[matcher]") {
  Profile a = company("a", "DE");
  Profile b = company("b", "KE");
  b.partner.countries = {"FR"};
  const FakeCorpus corpus(taxonomy(), {a, b});
  const Explanation why = Matcher(taxonomy(), kOpen).explain(corpus, seeker_of(a), b, 1, 0);
  CHECK_FALSE(why.matched);
  REQUIRE(why.verdicts.size() == 1);
  CHECK(owner_of(why.verdicts[0].owner) == "b");
  CHECK_FALSE(why.verdicts[0].met);
  CHECK_THAT(told(why.verdicts[0].condition), Catch::Contains("FR"));
  CHECK_THAT(told(why.verdicts[0].found), Catch::Contains("DE"));
  CHECK_THAT(told(why.verdicts[0].change), Catch::Contains("widen"));
}

TEST_CASE("matcher: a match and its explanation give one score, and the parts add up to it", "[matcher]") {
  Profile a = company("a", "KE", "fishing", "solar cold storage");
  a.sectors = {"C2710"};
  Profile b = company("b", "DE", "solar storage", "fishing partner");
  b.sectors = {"C27"};
  const FakeCorpus corpus(taxonomy(), {a, b});
  const Matcher matcher(taxonomy(), kOpen);
  MatchRequest request;
  request.explain = true;
  const auto matches = matcher.match(corpus, seeker_of(a), request);
  REQUIRE(matches->matches.size() == 1);
  const Explanation why = matcher.explain(corpus, seeker_of(a), b, 1, 0);
  CHECK(why.matched);
  CHECK(why.score.total == matches->matches[0].score);
  double sum = 0;
  for (const ScorePart& part : matches->matches[0].parts) sum += part.contribution;
  CHECK(sum == Approx(matches->matches[0].score).margin(1e-6));
  CHECK_THAT(
      matches->matches[0].reasons,
      Catch::VectorContains(Phrase{"reason.sectors", {{"code", "C27"}, {"title", Title{Title::List::kSectors, "C27"}}}}));
}

TEST_CASE("matcher: a limit out of range is refused", "[matcher]") {
  const Profile a = company("a", "KE");
  const FakeCorpus corpus(taxonomy(), {a});
  MatchRequest request;
  request.limit = GENERATE(0, kMaxLimit + 1);
  CHECK(Matcher(taxonomy(), kOpen).match(corpus, seeker_of(a), request).error().place == "limit");
}

TEST_CASE("matcher: whoever has no free place is passed over and counted, and listed where that is asked", "[matcher]") {
  const Profile seeker = company("a", "KE");
  Profile busy = company("busy", "DE"), free = company("free", "DE");
  busy.capacity = 2;
  free.capacity = 3;
  const FakeCorpus corpus(taxonomy(), {seeker, busy, free});
  MatchRequest request;
  request.places_taken = [](std::span<const std::string_view> profiles) { return std::vector<unsigned>(profiles.size(), 2); };
  const Matches found = Matcher(taxonomy(), kOpen).match(corpus, seeker_of(seeker), request).value();
  CHECK(ids(found) == Ids{"free"});
  CHECK(found.full == 1);
  CHECK(found.matches[0].places->taken == 2);
  CHECK(found.matches[0].places->capacity == 3);
  request.list_full = true;
  const Matches all = Matcher(taxonomy(), kOpen).match(corpus, seeker_of(seeker), request).value();
  CHECK(ids(all) == Ids{"busy", "free"});
  CHECK(all.full == 0);
}

TEST_CASE("matcher: where nobody has a free place, that is why nobody is listed", "[matcher]") {
  const Profile seeker = company("a", "KE");
  const FakeCorpus corpus(taxonomy(), {seeker, company("b", "DE"), company("c", "DE")});
  MatchRequest request{.where = {}, .tell_absence = true};
  request.places_taken = [](std::span<const std::string_view> profiles) {
    return std::vector<unsigned>(profiles.size(), static_cast<unsigned>(kUsualCapacity));
  };
  const Matches found = Matcher(taxonomy(), kOpen).match(corpus, seeker_of(seeker), request).value();
  CHECK(found.matches.empty());
  CHECK(found.full == 2);
  REQUIRE(found.absence);
  CHECK(found.absence->removed.back().count == 2);
  REQUIRE(found.nearest);
  CHECK(found.nearest->match.id == "b");
}

}  // namespace counterpart::engine
