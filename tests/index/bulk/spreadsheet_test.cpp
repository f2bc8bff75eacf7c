// CSV as spreadsheets of many countries write it, and as it gets damaged.
#include "index/bulk/bulk_code_page.h"
#include "index/bulk/bulk_number.h"
#include "tests/index/bulk/bulk_rows.h"

using namespace counterpart::index;

namespace {

const std::string kHeader = "id,kind,title,country,offers\n";
std::string good(const std::string& id) { return id + ",company,Pumps,KE,pumps\n"; }

// "2! 3:a 4:b": row of line 2 refused, the ids of those taken.
std::string outline(const Rows& found) {
  std::string out;
  for (const auto& row : found.rows) {
    const auto checked = check_row(row, real_taxonomy());
    out += (out.empty() ? "" : " ") + std::to_string(row.line) + (checked.profile ? ":" + checked.profile->id : "!");
  }
  return found.error ? out + " error" : out;
}

CheckedRow only_row(const std::string& text) {
  const auto found = csv(text);
  INFO((found.error ? describe(*found.error) : ""));
  REQUIRE(found.rows.size() == 1);
  return check_row(found.rows.front(), real_taxonomy());
}

}  // namespace

TEST_CASE("spreadsheet: a stray quotation mark costs its own row and no other", "[bulk]") {
  const auto [rows, expected] = GENERATE(table<std::string, std::string>({
      {good("a") + "b,company,\"Mills,KE,mills\n" + good("c") + good("d"), "2:a 3! 4:c 5:d"},
      {"b,company,Mills,KE,\"mills\n" + good("c"), "2! 3:c"},
      {"b,company,Mills,KE,\"mills\n" + good("c") + "d,company,\"Pumps, big\",KE,pumps\n" + good("e"), "2! 3:c 4:d 5:e"},
      {"b,company,\"Mi\"lls\",KE,mills\n" + good("c"), "2! 3:c"},
      {"b,company,5\" pipes,KE,mills\n" + good("c"), "2! 3:c"},
      {"b,company,\"Mills\",KE,mills\"\n" + good("c"), "2! 3:c"},
      // Two faults that make one good row of two lines.
      {"b,company,Mills,KE,\"mills\nc,company,Pumps,KE,pumps\"\n" + good("d"), "2! 3! 4:d"},
      {"b,company,Mills,KE,\"mills\nc,company,\"\"Pumps\"\",KE,pumps\n" + good("d"), "2! 3! 4:d"},
      // A cell of several lines is none of this.
      {"b,company,Mills,KE,\"mills\n\nof 5 kW,\nin \"\"steel\"\"\"\n" + good("c"), "2:b 6:c"},
      {"b,company,Mills,KE,\"mills\nof \"5\" kW\nin steel\",x\n" + good("c"), "2! 4! 5:c"},
  }));
  CAPTURE(rows);
  CHECK(outline(csv(kHeader + rows)) == expected);
}

TEST_CASE("spreadsheet: many marks that are never closed take no time beyond the file's length", "[bulk]") {
  std::string text = kHeader;
  for (int i = 0; i < 20'000; ++i)
    text += "p" + std::to_string(i) + (i % 2 ? ",company,Pumps,KE,\"pumps\n" : ",company,Pumps,KE,pumps\n");
  const auto found = csv(text);
  CHECK(found.rows.size() == 20'000);
  CHECK_FALSE(found.error);
}

TEST_CASE("spreadsheet: the separator is told by the header", "[bulk]") {
  for (const std::string separator : {",", ";", "\t", "|"}) {
    CAPTURE(separator);
    std::string text = kHeader + "a,company,\"Pumps; x, y\",KE,pumps\n";
    for (std::size_t at = 0; (at = text.find(',', at)) != text.npos; ++at)
      if (text.compare(at, 3, ", y") != 0) text.replace(at, 1, separator);
    const auto row = only_row(text);
    REQUIRE(row.profile);
    CHECK(row.profile->title == "Pumps; x, y");
  }
  CHECK(outline(csv("sep=;\r\nid;kind;title;country;offers\r\na;company;P;KE;p\r\n")) == "3:a");
  CHECK(outline(csv("\"sep=\t\"\nid\tkind\ttitle\tcountry\toffers\na\tcompany\tP\tKE\tp\n")) == "3:a");
  const auto none = csv("just a text\nand another\n");
  REQUIRE(none.error);
  CHECK_THAT(describe(*none.error), Catch::Contains("none of its cells is the name of a column"));
  CHECK_THAT(describe(*csv("PK\x03\x04\x14").error), Catch::Contains("is a workbook"));
}

TEST_CASE("spreadsheet: line ends of every kind are counted", "[bulk]") {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    std::string text =
        kHeader + "\n" + good("a") + "b,company,\"Pu\n\nmps\",KE,pumps\n" + "c,company\n" + "d,company,Pumps,KE,pumps";
    for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos; at += end.size()) text.replace(at, 1, end);
    CHECK(outline(csv(text)) == "3:a 4:b 7! 8:d");
  }
  CHECK(lines("{\"a\":1}\r{\"b\":2}\r\n\r{\"c\":3}").rows.back().line == 4);
}

TEST_CASE("spreadsheet: headings in any case, empty columns, empty rows and cells beyond the last", "[bulk]") {
  const auto found =
      csv("\xEF\xBB\xBF ID ,Kind,TITLE,Country,Offers,Valid until,Organisation Legal-Name,organization.employees,,\n"
          "a,Company,Pumps,KE,pumps,2999-12-31,Pumps Ltd,12,,\n,,,,,,,,,\n\nb,company,Pumps,KE,pumps,,,,,,,,\n"
          "c,company,Pumps,KE,pumps,,,,,stray\nd,company,Pumps,KE,pumps,,,,,,,more\n");
  CHECK(outline(found) == "2:a 5:b 6! 7!");
  const Profile profile = parsed(found.rows[0]);
  CHECK(profile.valid_until == "2999-12-31");
  CHECK(profile.organisation.legal_name == "Pumps Ltd");
  CHECK(profile.organisation.employees == 12);
  CHECK_THAT(describe(check_row(found.rows[2], real_taxonomy()).faults[0]), Catch::Contains("column without a name"));
}

TEST_CASE("spreadsheet: a number that can be read in one way is read, any other refused in words", "[bulk]") {
  const auto [text, value] = GENERATE(table<std::string, double>({
      {"250000", 250000},
      {"250000.5", 250000.5},
      {"1,5", 1.5},
      {"1.5", 1.5},
      {"0.125", 0.125},
      {"1.234,56", 1234.56},
      {"1,234.56", 1234.56},
      {"1.234.567", 1234567},
      {"1,234,567", 1234567},
      {"12,34,567", 1234567},
      {"250 000", 250000},
      {"250\xC2\xA0"
       "000",
       250000},
      {"1\xE2\x80\xAF"
       "234,5",
       1234.5},
      {"1\xE2\x80\x89"
       "234",
       1234},
      {"1'234'567", 1234567},
      {"1’234.5", 1234.5},
      {"1000.500", 1000.5},
      {"٢٥٠٠٠٠", 250000},
      {"١٫٥", 1.5},
      {"２５", 25},
      {"-3", -3},
      {" 7 ", 7},
      {"2016.0", 2016},
      {"1.234,567", 1234.567},
      {"1 234 567.891", 1234567.891},
  }));
  CAPTURE(text);
  const auto read = read_number(text);
  INFO((read ? "" : describe(read.error())));
  REQUIRE(read);
  CHECK(*read == value);
}

TEST_CASE("spreadsheet: what is no number or may be two says what to write", "[bulk]") {
  const auto [text, told] = GENERATE(table<std::string, std::string>({
      {"250.000", "`250.000` may be 250000 or 250.0000"},
      {"250,000", "`250,000` may be 250000 or 250.0000"},
      {"1.500", "may be 1500 or 1.5000"},
      {"EUR 250", "is no number"},
      {"250k", "is no number"},
      {"2.5E+05", "cut short by a spreadsheet"},
      {"1e6", "cut short"},
      {"12 34", "is no number"},
      {"1.2.3", "is no number"},
      {"1,2,3", "is no number"},
      {"", "is no number"},
      {"5.", "is no number"},
      {"1,234.567.890", "is no number"},
      {"n/a", "is no number"},
      {"10%", "is no number"},
      {"1-2", "cut short"},
      {std::string(5000, '9') + "x", "is no number"},
  }));
  CAPTURE(text.substr(0, 40));
  const auto read = read_number(text);
  REQUIRE_FALSE(read);
  CHECK_THAT(describe(read.error()), Catch::Contains(told));
  CHECK_FALSE(read.error().remedy.empty());
}

TEST_CASE("spreadsheet: all faults of a row are told at once, each once", "[bulk]") {
  const auto row = only_row(
      "id,kind,title,country,roles,offers,finance.sought.max,finance.sought.currency,organisation.women_led,trl,office\n"
      "a,firm,,Atlantis,investors;buyer,pumps,250.000,EURO,perhaps,#REF!,itpo\n");
  REQUIRE_FALSE(row.profile);
  std::vector<std::string> places;
  for (const Error& fault : row.faults) places.push_back(fault.place);
  CHECK(places == std::vector<std::string>{"finance.sought.max", "organisation.women_led", "trl", "kind", "country", "roles[0]",
                                           "finance.sought.currency", "title"});
  CHECK(row.profile.error().place == "finance.sought.max");
}

TEST_CASE("spreadsheet: countries by name, words in any case, flags of six languages, dates in one reading", "[bulk]") {
  const auto row = only_row(
      "kind,title,country,roles,offers,organisation.women_owned,organisation.women_led,countries_of_activity,valid_until,sdgs,"
      "sectors,products,cooperation,partner.countries\n"
      "Company,Pumps,Vietnam,Technology supplier; Buyer,pumps,VRAI,нет,\"UK; Côte d'Ivoire;LDC\",31.12.2999,\"9, "
      "9.4\",\"C27,C28\",\"=\"\"0901\"\"\","
      "\"joint venture,Licence\",\"Korea, Rep.\"\n");
  INFO((row.profile ? "" : describe(row.profile.error())));
  REQUIRE(row.profile);
  CHECK(row.profile->country == "VN");
  CHECK(row.profile->roles == std::vector<Role>{Role::kTechnologySupplier, Role::kBuyer});
  CHECK(row.profile->organisation.women_owned == true);
  CHECK(row.profile->organisation.women_led == false);
  CHECK(row.profile->countries_of_activity == std::vector<std::string>{"GB", "CI", "LDC"});
  CHECK(row.profile->valid_until == "2999-12-31");
  CHECK(row.profile->sdgs == std::vector<std::string>{"9", "9.4"});
  CHECK(row.profile->sectors == std::vector<std::string>{"C27", "C28"});
  CHECK(row.profile->products == std::vector<std::string>{"0901"});
  CHECK(row.profile->cooperation == std::vector<Cooperation>{Cooperation::kJointVenture, Cooperation::kLicence});
  CHECK(row.profile->partner.countries == std::vector<std::string>{"KR"});
  const auto wrong = only_row("kind,title,country,offers,valid_until,sdgs\ncompany,P,Congo,p,01/02/2999,\"9,4\"\n");
  REQUIRE(wrong.faults.size() == 3);
  CHECK(describe(wrong.faults[0]) == "country: `Congo` is not in ISO 3166-1; it may be `CD` or `CG`");
  CHECK(wrong.faults[1].place == "valid_until");
  CHECK_THAT(describe(wrong.faults[2]), Catch::Contains("did you mean `9.4`?"));
}

TEST_CASE("spreadsheet: a date that is past is told, and the row taken", "[bulk]") {
  const auto row = only_row("kind,title,country,offers,valid_until\ncompany,P,KE,p,2020-02-29\n");
  REQUIRE(row.profile);
  REQUIRE(row.remarks.size() == 1);
  CHECK(describe(row.remarks[0]) == "valid_until: 2020-02-29 is past; it is kept, but matched no more");
}

TEST_CASE("spreadsheet: UTF-16 with or without its mark is read", "[bulk]") {
  for (const bool mark : {true, false}) {
    const auto row = only_row(utf16("kind\ttitle\tcountry\toffers\r\ncompany\tSéchoirs\tKE\tpumps\r\n", mark));
    REQUIRE(row.profile);
    CHECK(row.profile->title == "Séchoirs");
  }
}

TEST_CASE("spreadsheet: the encoding is told where one alone makes words, and otherwise nothing is guessed", "[bulk]") {
  const auto [bytes, encoding] = GENERATE(table<std::string, std::string>({
      {"Pompes \xE0 eau, r\xE9"
       "frig\xE9ration et s\xE9"
       "chage des c\xE9r\xE9"
       "ales r\xE9"
       "colt\xE9"
       "es, fa\xE7on cr\xEApe\n",
       "windows-1252"},
      {"Compa\xF1\xED"
       "a de refrigeraci\xF3n y energ\xED"
       "a\n",
       "windows-1252"},
      {"Gro\xDF"
       "e M\xFChlen f\xFCr \xD6l\n",
       "windows-1252"},
      {"\xCD\xE0\xF1\xEE\xF1\xFB \xE8 \xE4\xE2\xE8\xE3\xE0\xF2\xE5\xEB\xE8 \xE4\xEB\xFF \xF1\xE5\xEB\n", "windows-1251"},
      {"Sp\xF3\xB3ka z o.o., urz\xB9"
       "dzenia ch\xB3odnicze, \xB3\xF3"
       "d\x9F\n",
       "windows-1250"},
      {"P\xF8\xEDli\x9A \x9Elu\x9Dou\xE8k\xFD k\xF9\xF2 \xFAp\xECl\n", "windows-1250"},
      {"\xC1\xED\xF4\xEB\xDF\xE5\xF2 \xED\xE5\xF1\xEF\xFD\n", "windows-1253"},
      {"c\x99t\x8E pr\x8F"
       "f\x8Er\x8E\n",
       "macintosh"},
      {"Pumpen f\xC3\xBCr D\xC3\xB6rfer\n", ""},
      {"plain\n", ""},
      {"cr\xE8me\n", ""},  // crème, or a Slovak's crčme
      {"se\xF1or\n", ""},  // señor, or a Pole's seńor
      {"\xFF\x81\xFE\x90\x8D\n", ""},
  }));
  CAPTURE(bytes);
  CHECK(guess_encoding(bytes) == encoding);
}

TEST_CASE("spreadsheet: a file of another encoding is read with a remark, or its rows refused with the remedy", "[bulk]") {
  const auto read =
      csv("kind;title;country;offers\ncompany;S\xE9"
          "choirs et pompes \xE0 cha\xEEne, fa\xE7on cr\xEApe;KE;pumps\ncompany;B;KE;b\n");
  REQUIRE(read.rows.size() == 2);
  CHECK(parsed(read.rows[0]).title == "Séchoirs et pompes à chaîne, façon crêpe");
  REQUIRE(read.rows[0].remarks.size() == 1);
  CHECK_THAT(describe(read.rows[0].remarks[0]), Catch::Contains("windows-1252"));
  CHECK(read.rows[1].remarks.empty());

  const std::string unclear = "kind,title,country,offers\ncompany,A,KE,pumps\ncompany,cr\xE8me,KE,pumps\n";
  CHECK(outline(csv(unclear)).ends_with(" 3!"));
  const auto refused = check_row(csv(unclear).rows[1], real_taxonomy());
  REQUIRE(refused.faults.size() == 1);
  CHECK(refused.faults[0].place == "title");
  CHECK_THAT(describe(refused.faults[0]), Catch::Contains("--encoding"));
  std::istringstream in(unclear);
  const auto told = all(*read_csv(in, real_taxonomy(), {.encoding = "windows-1252"}));
  CHECK(parsed(told.rows[1]).title == "crème");
  std::istringstream again(unclear);
  CHECK(all(*read_csv(again, real_taxonomy(), {.encoding = "klingon"})).error->code == ErrorCode::kUnsupported);
}

TEST_CASE("spreadsheet: references have numbered columns, counted from 1, and gaps between them are none", "[bulk]") {
  const auto row = only_row(
      "kind,title,country,offers,Reference 1 title,Reference 1: text,reference_1_country,reference 1 year,Reference 1 sector,"
      "reference_2_title,references.3.title,reference 3 year\n"
      "company,Pumps,KE,pumps,Ice plant,\"12 t a day; two ammonia compressors\",Kenya,2019,C1080,,Dam,2020\n");
  INFO((row.profile ? std::string() : describe(row.profile.error())));
  REQUIRE(row.profile);
  REQUIRE(row.profile->references.size() == 2);
  CHECK(row.profile->references[0] == Reference{"Ice plant", "12 t a day; two ammonia compressors", "KE", 2019, "C1080"});
  CHECK(row.profile->references[1] == Reference{"Dam", "", "", 2020, ""});
}

TEST_CASE("spreadsheet: references fit in one cell too, their members between bars", "[bulk]") {
  const auto row = only_row(
      "kind,title,country,offers,references\n"
      "company,Pumps,KE,pumps,\"Ice plant | 12 t a day | Kenya | 2019 | C1080; Dam; Mill || UG\"\n");
  INFO((row.profile ? std::string() : describe(row.profile.error())));
  REQUIRE(row.profile);
  REQUIRE(row.profile->references.size() == 3);
  CHECK(row.profile->references[0] == Reference{"Ice plant", "12 t a day", "KE", 2019, "C1080"});
  CHECK(row.profile->references[1].title == "Dam");
  CHECK(row.profile->references[2] == Reference{"Mill", "", "UG", {}, ""});
}

TEST_CASE("spreadsheet: a fault in a reference is told at its place, and two ways to write them at once are refused",
          "[bulk]") {
  const auto wrong =
      only_row("kind,title,country,offers,reference_1_title,reference_1_year\ncompany,Pumps,KE,pumps,Dam,never\n");
  REQUIRE(wrong.faults.size() == 1);
  CHECK(wrong.faults[0].place == "references[0].year");
  const auto twice = csv("kind,title,references,reference_1_title\ncompany,Pumps,Dam,Mill\n");
  REQUIRE(twice.error);
  CHECK(twice.error->place == "line 1, reference_1_title");
}
