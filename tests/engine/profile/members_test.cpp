// What follows from the table of members alone.
#include "engine/profile/members.h"

#include <set>

#include "engine/profile/profile_json.h"
#include "tests/support/catch.h"

namespace counterpart::engine {
namespace {

const MemberPath& path_of(std::string_view name) {
  const auto found = std::ranges::find(all_members(), name, &MemberPath::name);
  if (found == all_members().end()) FAIL("no member " << name);
  return *found;
}

Profile with_private() {
  Profile profile;
  profile.title = "Pumps";
  profile.organisation.size = Size::kSmall;
  profile.organisation.legal_name = "Hidden Ltd";
  profile.contact.person = "Person One";
  return profile;
}

}  // namespace

TEST_CASE("members: each has one path, by which it is found in a profile", "[members]") {
  std::set<std::string> names;
  for (const MemberPath& path : all_members()) CHECK(names.insert(path.name).second);
  Profile profile = with_private();
  CHECK(path_of("organisation.size").stated_in(profile));
  CHECK_FALSE(path_of("organisation.founded").stated_in(profile));
  CHECK(path_of("title").value_in(profile) == &profile.title);
  CHECK(path_of("organisation.legal_name").value_in(profile) == &*profile.organisation.legal_name);
  CHECK(path_of("contact.person").is_private());
  CHECK_FALSE(path_of("organisation").is_private());
}

TEST_CASE("members: what an absent object would hold is not stated", "[members]") {
  Profile profile;
  const MemberPath& most = path_of("finance.sought.max");
  CHECK(most.field_in(profile) == nullptr);
  CHECK_FALSE(most.stated_in(profile));
  profile.finance_sought = Finance{.min = {}, .max = 5, .currency = "EUR", .instruments = {}};
  CHECK(most.value_in(profile) == &*profile.finance_sought->max);
  CHECK(path_of("finance").stated_in(profile));
}

TEST_CASE("members: without its private ones a profile is what everybody may see", "[members]") {
  Profile profile = with_private();
  const std::string seen = to_json(profile, Visibility::kPublic);
  remove_private(profile);
  CHECK(to_json(profile, Visibility::kWithPrivate) == seen);
  CHECK(private_json(profile).empty());
  CHECK(profile.organisation.size == Size::kSmall);
}

TEST_CASE("members: private ones are kept unless they are given or said to be none", "[members]") {
  const Profile stored = with_private();
  Profile given;
  given.contact.email = "one@example.org";
  keep_private(given, {}, stored);
  CHECK(given.organisation.legal_name == "Hidden Ltd");
  CHECK(given.contact.person.empty());  // a contact is one thing
  CHECK(given.title.empty());
  Profile silent;
  keep_private(silent, {.members = {"organisation.legal_name"}}, stored);
  CHECK_FALSE(silent.organisation.legal_name);
  CHECK(silent.contact == stored.contact);
}

}  // namespace counterpart::engine
