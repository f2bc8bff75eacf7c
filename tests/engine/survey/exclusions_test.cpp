#include "engine/survey/exclusions.h"

#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

Profile called(const std::string& title, const std::string& country, std::vector<Identifier> identifiers = {}) {
  Profile profile;
  profile.id = "x";
  profile.title = title;
  profile.country = country;
  profile.organisation.identifiers = std::move(identifiers);
  return profile;
}

ExcludedName entry(const std::string& name, const std::string& country = {}, std::optional<Identifier> number = {}) {
  return {.name = name, .number = std::move(number), .country = country, .source = "the list", .date = "2026-01-01", .line = 2};
}

std::optional<Likeness> likeness(const Exclusions& list, const Profile& profile) {
  const std::optional<ListedAs> found = list.find(profile);
  return found ? std::optional(found->likeness) : std::nullopt;
}

}  // namespace

TEST_CASE("exclusions: a name is found in any script, spelling and legal form", "[exclusions]") {
  const Exclusions list({entry("Severnaya Zvezda Trading", "RU"), entry("ACME Shipping Ltd")}, real_taxonomy());
  CHECK(likeness(list, called("Северная Звезда Trading ООО", "RU")) == Likeness::kName);
  CHECK(likeness(list, called("severnaya zvezda trading", "RU")) == Likeness::kName);
  CHECK(likeness(list, called("Acme Shipping GmbH", "DE")) == Likeness::kName);  // the entry names no country
  CHECK(likeness(list, called("Lakeside Cold", "KE")) == std::nullopt);
}

TEST_CASE("exclusions: a namesake elsewhere, or a name that is merely alike, is to be looked at", "[exclusions]") {
  const Exclusions list({entry("Severnaya Zvezda Trading", "RU"), entry("Harbour Fund 2", "PA")}, real_taxonomy());
  CHECK(likeness(list, called("Severnaya Zvezda Trading", "KZ")) == Likeness::kAlike);
  CHECK(likeness(list, called("Severnaya Zvesda Traiding", "RU")) == Likeness::kAlike);
  CHECK(likeness(list, called("Harbour Fund 3", "PA")) != Likeness::kName);
}

TEST_CASE("exclusions: an identifier is exact, and surer than any name", "[exclusions]") {
  const Exclusions list({entry("Somebody Else", "PA", Identifier{"XI-LEI", "5299 00T8BM49AURSDO55"})}, real_taxonomy());
  Profile project = called("Harbour", "KE", {{"lei", "529900t8bm49aursdo55"}});
  CHECK(likeness(list, project) == Likeness::kIdentifier);
  project.kind = Kind::kProject;
  CHECK(likeness(list, project) == Likeness::kIdentifier);
  CHECK(likeness(list, called("Harbour", "KE", {{"LEI", "529900T8BM49AURSDO56"}})) == std::nullopt);
  // A project is not who its name says.
  project = called("Somebody Else", "PA");
  CHECK(likeness(list, project) == Likeness::kName);
  project.kind = Kind::kProject;
  CHECK(likeness(list, project) == std::nullopt);
  CHECK(list.find(called("Somebody Else", "PA"))->line == 2);
}

}  // namespace counterpart::engine
