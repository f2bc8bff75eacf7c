// What counts as telling who somebody is, and what does not.
#include "engine/profile/identity.h"

#include "tests/support/catch.h"

namespace counterpart::engine {
namespace {

std::vector<Revelation> in(const std::string& text) {
  Profile profile;
  profile.title = "Pumps";
  profile.offers = text;
  return revelations_in(profile);
}

}  // namespace

TEST_CASE("identity: addresses, numbers and web pages are found, in any of the six languages, with kind and place",
          "[identity]") {
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
  is("Tél : 01 42 68 53 00", "phone", 0, 20);
  is("Te\u0301l\u00A0: 01\u202F42\u00A068 53 00.", "phone", 0, 21);
  is("teléfono móvil: 612 345 678", "phone", 0, 27);
  is("мобильный: 8 (912) 345-67-89", "phone", 0, 28);
  is("call us on 020 7946 0958", "phone", 0, 24);
  is("اتصل على ٠١٢٣ ٤٥٦ ٧٨٩", "phone", 0, 21);
  is("ＴＥＬ０３－１２３４－５６７８", "phone", 0, 15);
  is("手机 138 0013 8000", "phone", 0, 16);
  is("reach me: +254 722 000 000 or by mail", "phone", 10, 16);
  is("+44 (0)20 7946 0958", "phone", 0, 19);
  is("our office, 01 42 68 53 00", "phone", 12, 14);
  is("(020) 7946 0958 daily", "phone", 0, 15);
  is("0033 1 42 68 53 00", "phone", 0, 18);
  is("jane＠pumps．example", "email", 0, 18);
  is("jane [at] pumps.example", "email", 0, 23);
  is("jane at pumps dot com", "email", 0, 21);
  is("www.насосы.рф", "url", 0, 13);
  is("ищите насосы.рф здесь", "url", 6, 9);
  is("主页 例子公司.中国", "url", 3, 7);
  is("موقعنا مضخات.السعودية", "url", 7, 14);
  is("site web : pompes-sahel.ml", "url", 0, 26);
  is("see pumps.co.ke", "url", 4, 11);
}

TEST_CASE("identity: amounts, years, codes and ordinary words are left alone", "[identity]") {
  for (const char* text : {"a budget of 1 500 000 USD",
                           "from 2010-2015 to 2020",
                           "HS 841381, ISIC C2710",
                           "10,000,000.50 EUR",
                           "ISO 14001:2015",
                           "we grew by +15 % in 2023",
                           "24/7 service, 1.5 MW, 3 x 400 V",
                           "Node.js and .NET engineers",
                           "e.g. pumps, i.e. machines",
                           "mobile units for 1200 users",
                           "telephone poles of 12 m",
                           "ratio of 1:1000000",
                           "fax machines",
                           "hotels for 150 000 guests",
                           "mobile money for 250 000 users",
                           "mobile 250 000 users",
                           "growth: +1 200 000 USD a year",
                           "phones for 250 000 people",
                           "+250 000 000 users",
                           "plus de 1 250 000 ménages",
                           "1 000 000 000 руб. в год",
                           "عدد السكان ٢٥٠ ٠٠٠ نسمة",
                           "产量为 250 000 吨",
                           "call 2023-2025",
                           "on 01.02.2023-05.06.2024",
                           "ISBN 0-306-40615-2",
                           "2015-2020-2025",
                           "12 500 000 personas",
                           "+33 100 000 000 EUR",
                           "cell 18650 2500",
                           "HS 8413 81 9000",
                           "call for 1 500 000 dollars",
                           "look at data point of net zero",
                           "they meet at the point of sale",
                           "e.g.the site of 12 ha",
                           "公司。中国市场"}) {
    INFO(text);
    CHECK(in(text).empty());
  }
}

TEST_CASE("identity: a private name is found however it is typed", "[identity]") {
  Profile profile;
  profile.title = "Pumps";
  profile.organisation.legal_name = "Énergie d'Avenir SARL";
  for (const char* text : {"E\u0301nergie d'Avenir SARL", "Énergie\u00A0d’Avenir\u202FSARL", "ENERGIE D'AVENIR S.A.R.L.",
                           "Éner\u00ADgie d`Avenir\u200B SARL", "Énergie  d'Avenir,\nSARL"}) {
    CAPTURE(text);
    profile.offers = std::string("by ") + text + " of Bamako";
    const auto found = revelations_in(profile);
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == "legal_name");
    CHECK(found[0].offset == 3);
  }
  profile.organisation.legal_name = "华为技术";
  profile.offers = "由華為及华为技术提供";
  CHECK(revelations_in(profile).size() == 1);
  profile.organisation.legal_name = {};
  profile.contact.phone = "+254 722 001122";
  profile.offers = "ask 0722-001122 for pumps";
  REQUIRE(revelations_in(profile).size() == 1);
  CHECK(revelations_in(profile)[0].kind == "contact");
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
  profile.references = {{"Dam", "", "", {}, ""}, {"Mill", "write to jane@roe.org", "", {}, ""}};
  REQUIRE(revelations_in(profile).size() == 4);
  CHECK(revelations_in(profile)[3].member == "references[1].text");
  profile.references.clear();
  profile.organisation.legal_name = "Pump";  // too short to be told from a word
  CHECK(revelations_in(profile).size() == 2);
}

}  // namespace counterpart::engine
