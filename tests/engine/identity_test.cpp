// What counts as telling who somebody is, and what does not.
#include "engine/identity.h"

#include "tests/support/catch.h"

namespace counterpart {
namespace {

std::vector<Revelation> in(const std::string& text) {
  Profile profile;
  profile.title = "Pumps";
  profile.offers = text;
  return revelations_in(profile);
}

}  // namespace

TEST_CASE("identity: addresses, numbers and web pages are found, in any of the six languages, with kind and place", "[identity]") {
  const auto is = [](const std::string& text, std::string_view kind, std::size_t offset, std::size_t length) {
    INFO(text);
    const auto found = in(text);
    REQUIRE(found.size() == 1);
    CHECK(found[0].member == "offers");
    CHECK(found[0].kind == kind);
    CHECK(found[0].offset == offset);
    CHECK(found[0].length == length);
  };
  is("write to jane.roe@pumps.example please", "email", 9, 22);
  is("jane (at) pumps.co.ke", "email", 0, 21);
  is("пишите: иван@насосы.рф", "email", 8, 14);
  is("see https://pumps.example/offer?x=1 now", "url", 4, 31);
  is("www.pumps.example", "url", 0, 17);
  is("visit pumps-kenya.com today", "url", 6, 15);
  is("appelez +33 1 42 68 53 00 demain", "phone", 8, 17);
  is("电话：010-8532-4000", "phone", 0, 16);
  is("тел. 495 123-45-67", "phone", 0, 18);
  is("هاتف: 0225551234", "phone", 0, 16);
  is("WhatsApp 0722 000 000", "phone", 0, 21);
}

TEST_CASE("identity: amounts, years, codes and ordinary words are left alone", "[identity]") {
  for (const char* text :
       {"a budget of 1 500 000 USD", "from 2010-2015 to 2020", "HS 841381, ISIC C2710", "10,000,000.50 EUR", "ISO 14001:2015",
        "we grew by +15 % in 2023", "24/7 service, 1.5 MW, 3 x 400 V", "Node.js and .NET engineers", "e.g. pumps, i.e. machines",
        "mobile units for 1200 users", "telephone poles of 12 m", "ratio of 1:1000000", "fax machines"}) {
    INFO(text);
    CHECK(in(text).empty());
  }
}

TEST_CASE("identity: the private legal name and contact are found in public texts, whatever their case", "[identity]") {
  Profile profile;
  profile.title = "ÉNERGIE DU SAHEL SARL makes pumps";
  profile.seeks = "Ask for Jane Roe or jane roe.";
  profile.organisation.legal_name = "Énergie du Sahel SARL";
  profile.contact.person = "Jane Roe";
  profile.contact.address = "Rue 1";
  const auto found = revelations_in(profile);
  REQUIRE(found.size() == 3);
  CHECK(found[0].member == "title");
  CHECK(found[0].kind == "legal_name");
  CHECK(found[0].length == 21);
  CHECK(found[1].offset == 8);
  CHECK(found[2].offset == 20);
  CHECK(found[2].kind == "contact");
  profile.organisation.legal_name = "Pump";  // too short to be told from a word
  CHECK(revelations_in(profile).size() == 2);
}

}  // namespace counterpart
