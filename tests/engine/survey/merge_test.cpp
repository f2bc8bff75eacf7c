#include "engine/survey/merge.h"

#include "engine/profile/profile_json.h"
#include "tests/support/catch.h"

namespace counterpart::engine {
namespace {

Profile lakeside() {
  Profile one;
  one.id = "a";
  one.title = "Lakeside Cold";
  one.country = "KE";
  one.seeks = "solar cold rooms";
  one.sectors = {"C28", "C27"};
  one.capacity = 7;
  one.organisation.employees = 12;
  one.contact.email = "a@example.org";
  return one;
}
Profile lakeside_again() {
  Profile other;
  other.id = "b";
  other.title = "Lakeside Cold Ltd";
  other.country = "KE";
  other.seeks = "solar cold rooms";
  other.offers = "fish";
  other.sectors = {"C27", "A03"};
  other.partner.countries = {"DE"};
  other.valid_until = "2027-01-01";
  other.organisation.employees = 12;
  other.organisation.founded = 1999;
  other.finance_sought = Finance{1000, 2000, "EUR", {}};
  other.contact.phone = "+254 20 1234567";
  return other;
}

const MergedMember& differing(const Merged& merged, const std::string& name) {
  const auto found = std::ranges::find_if(merged.differing, [&](const MergedMember& one) { return one.path->name == name; });
  REQUIRE(found != merged.differing.end());
  return *found;
}

}  // namespace

TEST_CASE("merge: the one that stays has the say, and what it does not state the other adds", "[merge]") {
  const Merged merged = merge_profiles(lakeside(), lakeside_again(), {}).value();
  CHECK(merged.profile.id == "a");
  CHECK(merged.profile.title == "Lakeside Cold");
  CHECK(merged.profile.offers == "fish");
  CHECK(merged.profile.sectors == std::vector<std::string>{"C28", "C27"});
  CHECK(merged.profile.organisation.founded == 1999);
  CHECK(merged.profile.finance_sought->max == 2000);
  // A contact is one thing: no number of one beside the address of the other.
  CHECK(merged.profile.contact == lakeside().contact);
  // Stating none of these is a rule of its own.
  CHECK(merged.profile.partner == PartnerConditions{});
  CHECK(merged.profile.valid_until.empty());
  CHECK(merged.profile.capacity == 7);
  CHECK(differing(merged, "offers").keep == Keep::kB);
  CHECK(differing(merged, "contact").keep == Keep::kA);
  for (const MergedMember& one : merged.differing) {
    CHECK(one.path->name != "seeks");
    CHECK(one.path->name != "organisation.employees");
    CHECK(one.path->name != "id");
  }
}

TEST_CASE("merge: each member is chosen by itself, and lists are united", "[merge]") {
  const std::vector<Choice> choices{{"title", Keep::kB},  {"sectors", Keep::kBoth},        {"valid_until", Keep::kB},
                                    {"offers", Keep::kA}, {"partner.countries", Keep::kB}, {"contact", Keep::kB}};
  const Merged merged = merge_profiles(lakeside(), lakeside_again(), choices).value();
  CHECK(merged.profile.title == "Lakeside Cold Ltd");
  CHECK(merged.profile.sectors == std::vector<std::string>{"C28", "C27", "A03"});
  CHECK(merged.profile.valid_until == "2027-01-01");
  CHECK(merged.profile.offers.empty());
  CHECK(merged.profile.partner.countries == std::vector<std::string>{"DE"});
  CHECK(merged.profile.contact == lakeside_again().contact);
}

TEST_CASE("merge: a choice that cannot be is refused by its member", "[merge]") {
  const auto refused = [](std::vector<Choice> choices) {
    return merge_profiles(lakeside(), lakeside_again(), choices).error().place;
  };
  CHECK(refused({{"seeks", Keep::kB}}) == "keep.seeks");
  CHECK(refused({{"nothing", Keep::kA}}) == "keep.nothing");
  CHECK(refused({{"contact.email", Keep::kA}}) == "keep.contact.email");
  CHECK(refused({{"title", Keep::kBoth}}) == "keep.title");
  CHECK(refused({{"title", Keep::kA}, {"title", Keep::kA}}) == "keep.title");
  Profile expert = lakeside_again();
  expert.kind = Kind::kExpert;
  CHECK(merge_profiles(lakeside(), expert, {}).error().place == "kind");
  Profile many = lakeside(), more = lakeside_again();
  many.countries_of_activity.clear();
  many.technologies.clear();
  more.technologies.clear();
  for (int i = 0; i < 40; ++i) {
    many.technologies.push_back("t" + std::to_string(i));
    more.technologies.push_back("u" + std::to_string(i));
  }
  const std::vector<Choice> both{{"technologies", Keep::kBoth}};
  CHECK(merge_profiles(many, more, both).error().place == "keep.technologies");
}

TEST_CASE("merge: undone, the survivor is what it was but for what somebody changed since", "[merge]") {
  const Profile before = lakeside();
  const std::vector<Choice> choices{{"title", Keep::kB}, {"sectors", Keep::kBoth}};
  const Profile merged = merge_profiles(before, lakeside_again(), choices).value().profile;
  SECTION("nothing was changed") {
    const Parted parted = part_profiles(before, merged, merged).value();
    CHECK(parted.profile == before);
    CHECK(parted.stays.empty());
  }
  SECTION("what the merge had made stays where it was changed, and is told") {
    Profile now = merged;
    now.title = "Lakeside Cold Chain";
    now.summary = "written since";
    const Parted parted = part_profiles(before, merged, now).value();
    CHECK(parted.profile.title == "Lakeside Cold Chain");
    CHECK(parted.profile.summary == "written since");
    CHECK(parted.profile.sectors == before.sectors);
    CHECK(parted.profile.offers.empty());
    CHECK(parted.stays == std::vector<std::string>{"title"});
  }
}

}  // namespace counterpart::engine
