// Names of organisations: one key for all ways to write a name, and other keys for other names.
#include "engine/taxonomy/names.h"

#include "engine/profile/organisation.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

std::string key(std::string_view name) { return name_key(name, real_taxonomy().legal_forms); }
double similarity(std::string_view a, std::string_view b) { return name_similarity(a, b, real_taxonomy().legal_forms); }

Profile company(std::string id, std::string title, std::string country) {
  Profile profile;
  profile.id = std::move(id);
  profile.title = std::move(title);
  profile.country = std::move(country);
  return profile;
}

std::string organisation(const Profile& profile) { return organisation_key(profile, real_taxonomy().legal_forms); }

}  // namespace

TEST_CASE("entity: legal forms of six languages and punctuation do not change a name's key", "[entity]") {
  CHECK(key("Royal Saly S.A.") == "royal saly");
  CHECK(key("ROYAL SALY, S. A.") == "royal saly");
  CHECK(key("The Royal Saly Company Limited") == "royal saly");
  CHECK(key("Müller & Söhne GmbH & Co. KG") == "muller sohne");
  CHECK(key("ООО «Ромашка»") == "romashka");
  CHECK(key("Общество с ограниченной ответственностью Ромашка") == "romashka");
  CHECK(key("شركة النور ش.م.م") == key("النور"));
  CHECK(key("华为技术有限公司") == key("华为技术"));
  CHECK(key("华为技术股份有限公司") == key("华为技术"));
  CHECK(key("Cementos Andinos S.A. de C.V.") == "cementos andinos");
  CHECK(key("Société à responsabilité limitée Bâtir") == "batir");
}

TEST_CASE("entity: a name is the same however it was typed, its legal form in a sign of its own or none", "[entity]") {
  const std::string plain = key("大和製作所");
  for (const char* name :
       {"㈱大和製作所", "大和製作所㈱", "(株)大和製作所", "大和製作所（株）", "株式会社大和製作所", "大和製作所 ㈲"}) {
    CAPTURE(name);
    CHECK(key(name) == plain);
  }
  for (const char* name : {"㈜한빛", "(주)한빛", "한빛（주）", "주식회사 한빛", "한빛 유한회사"}) {
    CAPTURE(name);
    CHECK(key(name) == key("한빛"));
  }
  CHECK(key("Ørsted A/S") == "orsted");
  CHECK(key("O\u0338rsted") == key("Orsted"));
  CHECK(key("Łódź So\u0301l") == "lodz sol");
  CHECK(key("ＡＢＣ　Ｐｕｍｐｓ") == key("ABC Pumps"));
  CHECK(key("Éner\u00ADgie d’Or™") == key("Energie d'Or"));
  CHECK(similarity("Ørsted", "Oersted A/S") > 0.95);
  CHECK(similarity("Müller Pumpen", "Mueller Pumpen GmbH") > 0.95);
}

TEST_CASE("entity: a name that is all legal form keeps a word, and one without letters has no key", "[entity]") {
  CHECK(key("S.A.") == "sa");
  CHECK(key("公司") == key("公司"));
  CHECK_FALSE(key("公司").empty());
  CHECK(key("— ! —").empty());
  CHECK(similarity("!", "!") == 0);
}

TEST_CASE("entity: names across scripts are alike, unrelated ones are not", "[entity]") {
  CHECK(similarity("Газпром", "Gazprom") >= 0.95);
  CHECK(similarity("ПАО ЛУКОЙЛ", "Lukoil PJSC") >= 0.85);
  CHECK(similarity("Яндекс", "Yandex LLC") >= 0.85);
  CHECK(similarity("Фольксваген", "Volkswagen AG") >= 0.8);
  CHECK(similarity("北京汽车股份有限公司", "Beijing Qiche Co., Ltd.") >= 0.9);
  CHECK(similarity("شركة سابك", "SABIC") >= 0.9);
  CHECK(similarity("شركة الوردة", "Al Warda LLC") >= 0.9);
  CHECK(similarity("Газпром", "Роснефть") < 0.5);
  CHECK(similarity("北京汽车", "Gazprom") < 0.5);
}

TEST_CASE("entity: a misspelt name is alike, another first or last word is another name", "[entity]") {
  CHECK(similarity("Dangote Cement", "Dangotte Cement Plc") >= 0.9);
  CHECK(similarity("Cement Dangote", "Dangote Cement") == 1.0);
  CHECK(similarity("First National Bank", "First Commercial Bank") < 0.8);
  CHECK(similarity("Solar Kenya", "Solar Ghana") < 0.8);
  // Equal consonants are evidence across scripts only.
  CHECK(similarity("Mira", "Moore") < 0.8);
  CHECK(similarity("Dangote Cement", "Dangotte Cement") == similarity("Dangotte Cement", "Dangote Cement"));
}

TEST_CASE("entity: names that differ in a number name two things, Roman and Arabic numerals being one", "[entity]") {
  CHECK(similarity("Irrigation Project Phase II", "Irrigation Project Phase III") <= 0.5);
  CHECK(similarity("Irrigation Project Phase II", "Irrigation Project Phase 2") == 1.0);
  CHECK(similarity("Growth Fund 2019", "Growth Fund 2020") <= 0.5);
}

TEST_CASE("entity: an organisation is its identifier, else its name and country", "[entity]") {
  const Profile a = company("a", "Royal Saly S.A.", "SN"), b = company("b", "ROYAL SALY", "SN");
  CHECK(organisation(a) == organisation(b));
  CHECK(organisation(a) != organisation(company("c", "Royal Saly", "FR")));
  Profile stated = a, other_name = company("d", "Saly Hotels", "FR");
  stated.organisation.identifiers = {{"RC", "1 2 3"}, {"XI-LEI", "5299-00t8"}};
  other_name.organisation.identifiers = {{"lei", "529900T8"}};
  CHECK(organisation(stated) == organisation(other_name));
  CHECK(organisation(stated) != organisation(a));
}

TEST_CASE("entity: projects are organisations of their own unless they state whose they are", "[entity]") {
  Profile a = company("a", "Rural Roads", "KE"), b = company("b", "Rural Roads", "KE");
  a.kind = b.kind = Kind::kProject;
  CHECK(organisation(a) != organisation(b));
  a.organisation.identifiers = b.organisation.identifiers = {{"KE-RCO", "77"}};
  CHECK(organisation(a) == organisation(b));
}

TEST_CASE("entity: a legal name, which is private, leaves no trace in the key", "[entity]") {
  Profile open = company("a", "Pumps", "KE"), secret = open;
  secret.organisation.legal_name = "Hidden Holdings Ltd";
  CHECK(organisation(open) == organisation(secret));
}

}  // namespace counterpart::engine
