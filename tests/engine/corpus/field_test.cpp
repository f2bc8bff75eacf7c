#include "engine/corpus/field.h"

#include <algorithm>
#include <set>

#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

// A profile's keys of one field, sorted.
Keys keys_of(std::string_view name, const Profile& profile) {
  const Field* field = find_field(name);
  REQUIRE(field);
  Keys keys = field->keys(profile, real_taxonomy());
  std::ranges::sort(keys);
  return keys;
}

Keys indexed(const Profile& profile, std::string_view field) {
  Keys keys;
  for (const IndexedKey& row : indexed_keys(profile, real_taxonomy()))
    if (row.field == field) keys.push_back(row.key);
  return keys;
}

bool has(const Keys& keys, std::string_view key) { return std::ranges::find(keys, key) != keys.end(); }

}  // namespace

TEST_CASE("field: names are unique and every row has help, keys and a parser", "[field]") {
  std::set<std::string_view> names;
  for (const Field& field : fields()) {
    CAPTURE(field.name);
    CHECK(names.insert(field.name).second);
    CHECK_FALSE(field.help.empty());
    CHECK(field.keys);
    CHECK(field.parse);
    CHECK(find_field(field.name) == &field);
  }
  CHECK(find_field("sector") == nullptr);
}

TEST_CASE("field: a profile is found under its own codes and all above them", "[field]") {
  Profile p;
  p.country = "UG";
  p.sectors = {"C2710", "C27"};
  p.products = {"010121"};
  p.sdgs = {"9.4"};
  p.lang = "pt-BR";
  p.organisation.languages = {"FR", "zh-hant", "und"};
  p.seeks = "x";
  CHECK(has(keys_of("country", p), "LDC"));
  CHECK(keys_of("sectors", p) == Keys{"C", "C27", "C271", "C2710"});
  CHECK(keys_of("products", p) == Keys{"01", "0101", "010121"});
  CHECK(keys_of("sdgs", p) == Keys{"9", "9.4"});
  CHECK(keys_of("lang", p) == Keys{"pt"});
  CHECK(keys_of("languages", p) == Keys{"fr", "pt", "pt-BR", "zh", "zh-Hant"});
  CHECK(keys_of("has", p) == Keys{"seeks"});
}

TEST_CASE("field: who is active in a group is active in each of its countries", "[field]") {
  Profile p;
  p.countries_of_activity = {"014"};
  const Keys keys = keys_of("countries_of_activity", p);
  for (const char* key : {"014", "202", "002", "KE", "UG"}) CHECK(has(keys, key));
  CHECK_FALSE(has(keys, "DE"));
  CHECK_FALSE(has(keys, "developed"));
}

TEST_CASE("field: plain members give their words", "[field]") {
  Profile p;
  p.kind = Kind::kProject;
  p.roles = {Role::kBuyer};
  p.cooperation = {Cooperation::kLoan};
  p.stage = Stage::kIdea;
  p.trl = 4;
  p.ipr = Ipr::kNone;
  p.office = "itpo-rome";
  p.organisation.type = "70";
  p.organisation.size = Size::kSmall;
  p.organisation.women_owned = true;
  p.organisation.women_led = false;
  p.finance_offered = Finance{.min = 1, .max = {}, .currency = "EUR", .instruments = {Cooperation::kEquity}};
  p.finance_sought = Finance{.min = 1, .max = {}, .currency = "EUR", .instruments = {Cooperation::kGrant}};
  const auto [field, key] = GENERATE(table<std::string, std::string>({
      {"kind", "project"},
      {"roles", "buyer"},
      {"cooperation", "loan"},
      {"stage", "idea"},
      {"trl", "4"},
      {"ipr", "none"},
      {"office", "itpo-rome"},
      {"type", "70"},
      {"size", "small"},
      {"women_owned", "true"},
      {"women_led", "false"},
      {"finance_offered_instruments", "equity"},
      {"finance_sought_instruments", "grant"},
  }));
  CAPTURE(field);
  CHECK(keys_of(field, p) == Keys{key});
  if (field != "kind") CHECK(keys_of(field, Profile{}).empty());
}

TEST_CASE("field: a profile that lists no programme is found under any", "[field]") {
  Profile p;
  CHECK(keys_of("programmes", p) == Keys{std::string(kAnyKey)});
  p.programmes = {"itpo"};
  CHECK(keys_of("programmes", p) == Keys{"itpo"});
}

TEST_CASE("field: a value is brought into its canonical form", "[field]") {
  const auto [field, given, canonical] = GENERATE(table<std::string, std::string, std::string>({
      {"country", "ke", "KE"},
      {"country", "ldc", "LDC"},
      {"country", "AFRICA", "africa"},
      {"country", "002", "002"},
      {"countries_of_activity", "hic", "HIC"},
      {"sectors", "c2710", "C2710"},
      {"sdgs", "9.B", "9.b"},
      {"kind", "Company", "company"},
      {"languages", "PT-br", "pt-BR"},
      {"languages", "ZH-HANT", "zh-Hant"},
      {"lang", "fr-CA", "fr"},
      {"women_led", "yes", "true"},
      {"women_led", "FALSE", "false"},
      {"trl", "9", "9"},
      {"has", "Offers", "offers"},
      {"programmes", "itpo", "itpo"},
  }));
  CAPTURE(field, given);
  const auto parsed = find_field(field)->parse(given, real_taxonomy());
  REQUIRE(parsed);
  CHECK(*parsed == canonical);
}

TEST_CASE("field: a wrong value is refused with the one that was probably meant", "[field]") {
  const auto [field, given, meant] = GENERATE(table<std::string, std::string, std::string>({
      {"country", "Kenya", "`KE`"},
      {"sectors", "27", "`C27`"},
      {"kind", "compny", "`company`"},
      {"roles", "supplier", "`technology_supplier`"},
      {"size", "huge", "micro"},
      {"trl", "10", "1 to 9"},
      {"trl", "0", "1 to 9"},
      {"women_owned", "maybe", "true or false"},
      {"has", "contact", "offers"},
      {"lang", "f", "BCP 47"},
      {"languages", "fr-", "BCP 47"},
      {"office", "ITPO", "`itpo`"},
      {"products", "", ""},
  }));
  CAPTURE(field, given);
  const auto parsed = find_field(field)->parse(given, real_taxonomy());
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().code == ErrorCode::kInvalid);
  CHECK_THAT(parsed.error().remedy, Catch::Contains(meant));
}

TEST_CASE("field: a demand is indexed with each value it allows, or with * when it asks nothing", "[field]") {
  Profile p;
  for (const char* name : {"country", "kind", "roles", "size", "languages", "sectors"})
    CHECK(indexed(p, demand_field(name)) == Keys{"*"});
  CHECK(indexed(p, kExcludedCountries).empty());

  p.partner.countries = {"KE", "LDC"};
  p.partner.country_groups = {"africa", "LDC"};
  p.partner.exclude_countries = {"DE"};
  p.partner.kinds = {Kind::kExpert};
  p.partner.roles = {Role::kMentor, Role::kBuyer};
  p.partner.sizes = {Size::kLarge};
  p.partner.languages = {"PT-br"};
  p.partner.sectors = {"C"};
  CHECK(indexed(p, "partner.country") == Keys{"KE", "LDC", "africa"});
  CHECK(indexed(p, kExcludedCountries) == Keys{"DE"});
  CHECK(indexed(p, "partner.kind") == Keys{"expert"});
  CHECK(indexed(p, "partner.roles") == Keys{"mentor", "buyer"});
  CHECK(indexed(p, "partner.size") == Keys{"large"});
  CHECK(indexed(p, "partner.languages") == Keys{"pt-BR"});
  CHECK(indexed(p, "partner.sectors") == Keys{"C"});
}

TEST_CASE("field: nothing private is indexed", "[field]") {
  Profile p;
  p.contact = {"secret", "secret@x.org", "secret", "secret", "secret"};
  p.organisation.legal_name = "secret";
  for (const IndexedKey& row : indexed_keys(p, real_taxonomy())) CHECK(row.key.find("secret") == std::string::npos);
}

}  // namespace counterpart::engine
