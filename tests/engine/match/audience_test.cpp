// Who would see a profile: counts that tell nobody.
#include "engine/match/audience.h"

#include "tests/support/catch.h"
#include "tests/support/fake_corpus.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

Profile firm(int number, const std::string& country, std::vector<std::string> languages = {}) {
  Profile profile;
  profile.id = country + ":" + std::to_string(number);
  profile.title = "Firm " + std::to_string(number);
  profile.country = country;
  profile.offers = "pumps";
  profile.partner.languages = std::move(languages);
  return profile;
}

std::vector<Profile> firms(int open, int french, int russian) {
  std::vector<Profile> all;
  for (int i = 0; i < open; ++i) all.push_back(firm(i, "AT"));
  for (int i = 0; i < french; ++i) all.push_back(firm(i, "FR", {"fr"}));
  for (int i = 0; i < russian; ++i) all.push_back(firm(i, "KZ", {"ru"}));
  return all;
}

Profile asker() {
  Profile profile = firm(0, "SN");
  profile.lang = "en";
  return profile;
}

Audience audience(std::vector<Profile> all, const Profile& profile = asker()) {
  Programme open;
  open.slug = "open";
  return audience_of(profile, open, FakeCorpus(real_taxonomy(), std::move(all)), real_taxonomy(), 0);
}

}  // namespace

TEST_CASE("audience: a fact that counterparts ask for is told with how many more it brings", "[audience]") {
  const Audience found = audience(firms(12, 8, 0));
  CHECK(found.now == 10);  // rounded
  REQUIRE(found.facts.size() == 1);
  CHECK(found.facts[0].member == "organisation.languages");
  CHECK(found.facts[0].more == 10);
}

TEST_CASE("audience: fewer than three are never told, nor told from none", "[audience]") {
  for (const int few : {0, 1, 2}) {
    const Audience found = audience(firms(few, few, few));
    CHECK(!found.now);
    CHECK(found.facts.empty());
  }
  CHECK(audience(firms(3, 3, 2)).now == 5);
  CHECK(audience(firms(3, 3, 2)).facts.size() == 1);
}

TEST_CASE("audience: the profile's own conditions cut nobody out, so that they cannot be used to ask for one", "[audience]") {
  Profile picky = asker();
  picky.partner.countries = {"AT"};
  picky.partner.languages = {"xx"};
  CHECK(audience(firms(12, 8, 0), picky).now == audience(firms(12, 8, 0)).now);
}

TEST_CASE("audience: one counterpart more or less shows seldom", "[audience]") {
  int changes = 0;
  for (int count = 3; count < 103; ++count)
    if (audience(firms(count, 0, 0)).now != audience(firms(count + 1, 0, 0)).now) ++changes;
  CHECK(changes == 20);
}

}  // namespace counterpart::engine
