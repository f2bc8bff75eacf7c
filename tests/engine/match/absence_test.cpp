// Why nobody is found: each condition tells how many it removed, and the counts add up.
#include "engine/match/absence.h"

#include "engine/match/matcher.h"
#include "tests/support/catch.h"
#include "tests/support/fake_corpus.h"
#include "tests/support/taxonomy.h"
#include "tests/support/told.h"

namespace counterpart::engine {
namespace {

Profile company(std::string id, std::string country, std::vector<Role> roles = {}) {
  Profile profile;
  profile.id = std::move(id);
  profile.title = "Company " + profile.id;
  profile.country = std::move(country);
  profile.roles = std::move(roles);
  profile.offers = "early warning of floods";
  return profile;
}

// A request, which its focal point must endorse, and members of a network in two kinds.
Programme network() {
  Programme programme{
      .slug = "net", .name = "Network", .description = {}, .sides = {}, .pairs = {{0, 1}, {2, 3}}, .weights = {}};
  programme.sides = {{"request",
                      "request of a developing country",
                      {{"country", {"developing"}, false, {}}, {"kind", {"project"}, false, {}}}},
                     {"member", "member", {{"roles", {"network_member"}, false, {}}}},
                     {"proven", "proven request", {{"country", {"developing"}, false, {}}, {"kind", {"project"}, false, {}}}},
                     {"buyer", "buyer", {{"roles", {"buyer"}, false, {}}}}};
  programme.gates = {
      {"endorsed", "endorsed by the focal point", 0, {{"programmes", {"net:endorsed"}, false, {}}}, "Ask the focal point."},
      {"licensed", "licensed", 1, {{"ipr", {"granted"}, false, {}}}, {}},
      {"shown", "shown to work", 2, {{"trl", {"7", "8", "9"}, false, {}}}, "Show it."}};
  return programme;
}

Profile request() {
  Profile profile = company("req", "BD");
  profile.kind = Kind::kProject;
  profile.seeks = std::exchange(profile.offers, {});
  return profile;
}

std::uint64_t sum(const MatchAbsence& absence) {
  std::uint64_t total = 0;
  for (const Removed& one : absence.removed) total += one.count;
  return total;
}

const Removed& by(const MatchAbsence& absence, std::string_view owner) {
  const auto found = std::ranges::find(absence.removed, owner, [](const Removed& one) { return owner_of(one.owner); });
  INFO(owner);
  REQUIRE(found != absence.removed.end());
  return *found;
}

std::vector<Profile> members() {
  std::vector<Profile> all{company("m1", "DE", {Role::kNetworkMember}), company("m2", "KE", {Role::kNetworkMember}),
                           company("m3", "FR", {Role::kNetworkMember}), company("b1", "IT", {Role::kBuyer}),
                           company("x", "DE")};
  all[0].ipr = all[1].ipr = Ipr::kGranted;
  all[1].partner.countries = {"KE"};
  return all;
}

}  // namespace

TEST_CASE("absence: a shut gate of the asker's own is named, with those who wait behind it and what opens it", "[absence]") {
  std::vector<Profile> profiles = members();
  profiles.push_back(request());
  const FakeCorpus corpus(real_taxonomy(), profiles);
  const Programme programme = network();
  const Profile asker = request();
  const MatchAbsence absence = absence_of({corpus, real_taxonomy(), programme, {asker}});
  CHECK(absence.among == 5);  // the asker itself is none of them
  CHECK(sum(absence) == 5);
  CHECK(by(absence, "owner.counterparts").count == 1);              // m2 accepts Kenyans alone
  CHECK(by(absence, "programme net").count == 1);                   // x stands on neither side
  CHECK(by(absence, "gate licensed of programme net").count == 1);  // m3
  CHECK(by(absence, "gate endorsed of programme net").count == 1);  // m1
  CHECK(told(by(absence, "gate endorsed of programme net").remedy) == "verdict.authored(text=Ask the focal point.)");
  CHECK_THAT(told(by(absence, "gate endorsed of programme net").condition),
             Catch::Contains("label=endorsed by the focal point"));
  CHECK(by(absence, "gate shown of programme net").count == 1);  // b1
  SECTION("and the nearest is the best of those behind one of them") {
    const auto matches = Matcher(real_taxonomy(), programme)
                             .match(corpus, {asker, FakeCorpus::faces_of(asker), false}, {.where = {}, .tell_absence = true});
    REQUIRE(matches);
    CHECK(matches->matches.empty());
    REQUIRE(matches->nearest);
    CHECK(matches->nearest->match.id == "b1");  // as good as m1, and before it by its id
    CHECK(owner_of(matches->nearest->beyond.owner) == "gate shown of programme net");
  }
  SECTION("who is told nothing of it unless it is asked") {
    const auto matches =
        Matcher(real_taxonomy(), programme).match(corpus, {asker, FakeCorpus::faces_of(asker), false}, {.where = {}});
    CHECK_FALSE(matches->absence);
  }
}

TEST_CASE("absence: an asker that stands on no side is told by which condition of the nearest", "[absence]") {
  const FakeCorpus corpus(real_taxonomy(), members());
  const Programme programme = network();
  Profile asker = request();
  asker.country = "DE";
  asker.programmes = {"net:endorsed"};
  const MatchAbsence absence = absence_of({corpus, real_taxonomy(), programme, {asker}});
  CHECK(sum(absence) == absence.among);
  const Removed& own = by(absence, "programme net, side request");
  CHECK(told(own.condition) == "verdict.about(who=`req`, condition=verdict.one_of(field=field.country, values=developing))");
  CHECK_THAT(told(own.remedy), Catch::Contains("verdict.found_country(country=DE, groups="));
  REQUIRE(absence.one_beyond.size() == 1);
  CHECK(absence.one_beyond[0].condition.count == 1);
  SECTION("one that does not take part in the programme is told that") {
    asker = request();
    asker.programmes = {"other"};
    const MatchAbsence outside = absence_of({corpus, real_taxonomy(), programme, {asker}});
    const PhraseArguments both{{"who", "`req`"}, {"programme", "net"}};
    const auto found = std::ranges::find(outside.removed, Phrase{"verdict.member", both}, &Removed::condition);
    REQUIRE(found != outside.removed.end());
    CHECK(found->remedy == Phrase{"verdict.change.list", both});
  }
}

TEST_CASE("absence: the request's conditions come first, and what is beyond sight is never counted", "[absence]") {
  std::vector<Profile> profiles = members();
  const FakeCorpus corpus(real_taxonomy(), profiles);
  const Programme open{.slug = "open", .name = {}, .description = {}, .sides = {}, .pairs = {}, .weights = {}};
  const Profile nobody;
  AbsenceQuestion question{corpus, real_taxonomy(), open, {nobody, true}};
  question.where = {{"country", {"LDC"}, false, {}}, {"roles", {"mentor"}, false, {}}};
  MatchAbsence absence = absence_of(question);
  CHECK(absence.among == 5);
  REQUIRE(absence.removed.size() == 1);  // nobody was left for the second one
  CHECK(absence.removed[0].count == 5);
  CHECK(told(absence.removed[0].condition) == "verdict.one_of(field=field.country, values=LDC)");
  CHECK(absence.removed[0].owner == Phrase{"owner.request"});
  CHECK(absence.one_beyond.empty());
  question.within = {{"country", {"DE"}, false, {}}};
  question.where = {{"roles", {"buyer"}, false, {}}};
  absence = absence_of(question);
  CHECK(absence.among == 2);
  CHECK(sum(absence) == 2);
  REQUIRE(absence.one_beyond.size() == 1);
  CHECK(absence.one_beyond[0].condition.count == 2);
  for (const std::string& id : corpus.list(absence.one_beyond[0].filter, {}, 10)) CHECK(corpus.profile(id).country == "DE");
}

TEST_CASE("absence: those who expired are told apart, and can be the nearest", "[absence]") {
  std::vector<Profile> profiles{company("old", "DE"), company("older", "DE")};
  for (Profile& profile : profiles) profile.valid_until = "1990-01-01";
  const FakeCorpus corpus(real_taxonomy(), profiles);
  const MatchAbsence absence = absence_of(corpus, {}, {{"country", {"DE"}, false, {}}}, 20'000);
  REQUIRE(absence.removed.size() == 1);
  CHECK(absence.removed[0].condition == Phrase{"absence.valid"});
  CHECK(absence.removed[0].count == 2);
  REQUIRE(absence.one_beyond.size() == 1);
  CHECK(absence.one_beyond[0].condition.count == 2);
}

TEST_CASE("absence: a platform's theme, which all its sides ask, is told by itself", "[absence]") {
  Programme programme = network();
  for (ProgrammeSide& side : programme.sides) side.eligible.push_back({"themes", {"hydrogen"}, false, {}});
  const FakeCorpus corpus(real_taxonomy(), members());
  const Profile nobody;
  const MatchAbsence absence = absence_of({corpus, real_taxonomy(), programme, {nobody, true}});
  REQUIRE(absence.removed.size() == 1);
  CHECK(told(absence.removed[0].condition) == "verdict.one_of(field=field.themes, values=hydrogen)");
  CHECK(absence.removed[0].count == 5);
}

}  // namespace counterpart::engine
