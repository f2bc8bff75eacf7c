// The readers of bulk files: JSON Lines, CSV, IATI.
#include <fstream>
#include <sstream>

#include "engine/profile_json.h"
#include "index/importer.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

using namespace counterpart;

namespace {

struct Rows {
  std::vector<BulkReader::Raw> rows;
  std::optional<Error> error;
};

Rows all(BulkReader& reader) {
  Rows found;
  for (;;) {
    auto next = reader.next();
    if (!next) {
      found.error = next.error();
      return found;
    }
    if (!*next) return found;
    found.rows.push_back(std::move(**next));
  }
}

Rows lines(const std::string& text) {
  std::istringstream in(text);
  return all(*read_json_lines(in));
}

Rows csv(const std::string& text) {
  std::istringstream in(text);
  return all(*read_csv(in));
}

Rows iati(const std::string& text) {
  std::istringstream in(text);
  return all(*read_iati(in, real_taxonomy()));
}

// An activity with what every one needs, and `more`.
std::string activity(const std::string& more, const std::string& id = "XX-1") {
  return "<iati-activities version='2.03'><iati-activity default-currency='EUR'><iati-identifier>" + id +
         "</iati-identifier><title><narrative>Solar\n  pumps</narrative></title>"
         "<description><narrative>Pumps for farms</narrative></description>" +
         more + "</iati-activity></iati-activities>";
}
const std::string kKenya = "<recipient-country code='KE'/>";

Profile parsed(const BulkReader::Raw& raw) {
  INFO(raw.json << (raw.refused ? describe(*raw.refused) : ""));
  const auto profile = parse_profile(raw.json, real_taxonomy());
  INFO((profile ? std::string() : describe(profile.error())));
  REQUIRE(profile);
  return *profile;
}

Profile iati_profile_of(const std::string& more) {
  const auto found = iati(activity(more));
  REQUIRE(found.rows.size() == 1);
  return parsed(found.rows.front());
}

}  // namespace

TEST_CASE("json lines: byte order mark, CRLF, blank lines and a last line without an end", "[bulk]") {
  const auto found = lines("\xEF\xBB\xBF{\"a\":1}\r\n\r\n   \n{\"b\":2}\n{\"c\":3}");
  REQUIRE(found.rows.size() == 3);
  CHECK(found.rows[0].json == "{\"a\":1}");
  CHECK(found.rows[0].line == 1);
  CHECK(found.rows[1].json == "{\"b\":2}");
  CHECK(found.rows[1].line == 4);
  CHECK(found.rows[2].line == 5);
  CHECK_FALSE(found.error);
  CHECK(lines("").rows.empty());
}

TEST_CASE("json lines: a line over the limit is refused and the next one read", "[bulk]") {
  const std::string most(kMaxProfileBytes, 'x');
  const auto found = lines(most + "\r\n" + most + "y\n" + std::string(3 * kMaxProfileBytes, 'z') + "\n{}\n");
  REQUIRE(found.rows.size() == 4);
  CHECK_FALSE(found.rows[0].refused);
  CHECK(found.rows[1].refused->code == ErrorCode::kTooLarge);
  CHECK(found.rows[2].refused->code == ErrorCode::kTooLarge);
  CHECK(found.rows[2].json.empty());
  CHECK(found.rows[3].json == "{}");
  CHECK(found.rows[3].line == 4);
}

TEST_CASE("json lines: ten thousand levels and invalid UTF-8 are refused, not followed", "[bulk]") {
  const auto found = lines(std::string(10'000, '[') + "\n{\"title\":\"\xC3\x28\"}\n");
  REQUIRE(found.rows.size() == 2);
  for (const auto& row : found.rows) CHECK(parse_profile(row.json, real_taxonomy()).error().code == ErrorCode::kInvalid);
}

TEST_CASE("csv: members are nested, listed and typed", "[bulk]") {
  const auto found = csv(
      "id,kind,title,offers,country,sectors,organisation.type,organisation.women_led,finance.offered.min,"
      "finance.offered.currency,partner.countries,contact.email,organisation.identifiers,trl,products\r\n"
      "a,company,\"Pumps, \"\"solar\"\"\",pumps,KE,C27; C2710,70,TRUE,1000.5,EUR,LDC;KE,x@example.org,"
      "GB-COH=123,7,0901\r\n");
  REQUIRE(found.rows.size() == 1);
  const Profile profile = parsed(found.rows.front());
  CHECK(profile.title == "Pumps, \"solar\"");
  CHECK(profile.sectors == std::vector<std::string>{"C27", "C2710"});
  CHECK(profile.organisation.type == "70");
  CHECK(profile.organisation.women_led == true);
  CHECK(profile.finance_offered->min == 1000.5);
  CHECK(profile.partner.countries == std::vector<std::string>{"LDC", "KE"});
  CHECK(profile.contact.email == "x@example.org");
  CHECK(profile.organisation.identifiers.front().id == "123");
  CHECK(profile.trl == 7);
  CHECK(profile.products.front() == "0901");
  CHECK(profile.summary.empty());
}

TEST_CASE("csv: each row has the number of its first line", "[bulk]") {
  const auto found = csv("\xEF\xBB\xBFid,title\n\na,\"one\n\ntwo\"\n\"\n\nb\",two\n\nc,three");
  REQUIRE(found.rows.size() == 3);
  CHECK(found.rows[0].line == 3);
  CHECK(found.rows[0].json == R"({"id":"a","title":"one\n\ntwo"})");
  CHECK(found.rows[1].line == 6);
  CHECK(found.rows[2].line == 10);
  CHECK(found.rows[2].json == R"({"id":"c","title":"three"})");
}

TEST_CASE("csv: a value of the wrong type reaches the checks of a profile with its member", "[bulk]") {
  const auto found = csv("kind,title,offers,country,trl\ncompany,Pumps,pumps,KE,seven\n");
  REQUIRE(found.rows.size() == 1);
  CHECK(parse_profile(found.rows[0].json, real_taxonomy()).error().place == "trl");
}

TEST_CASE("csv: an unknown or repeated column refuses the file by name", "[bulk]") {
  const auto unknown = csv("id,titel\na,b\n");
  CHECK(unknown.rows.empty());
  REQUIRE(unknown.error);
  CHECK(unknown.error->place == "line 1, titel");
  CHECK(csv("id,id\na,b\n").error->place == "line 1, id");
}

TEST_CASE("csv: a row with too many or too few cells is refused and the next one read", "[bulk]") {
  const auto found = csv("id,title\na,b,c\nd\ne,f\n");
  REQUIRE(found.rows.size() == 3);
  CHECK(found.rows[0].refused);
  CHECK(found.rows[1].refused);
  CHECK(found.rows[1].line == 3);
  CHECK_FALSE(found.rows[2].refused);
}

TEST_CASE("csv: a quotation mark that is never closed ends the file in bounded memory", "[bulk]") {
  const auto found = csv("id,title\na,b\nc,\"" + std::string(3 * kMaxProfileBytes, 'x'));
  CHECK(found.rows.size() == 1);
  REQUIRE(found.error);
  CHECK(found.error->place == "line 3");
}

TEST_CASE("iati: every activity of the sample is a valid project profile", "[bulk]") {
  std::ifstream in(COUNTERPART_SOURCE_DIR "/datasets/samples/iati_excerpt.xml", std::ios::binary);
  const auto found = all(*read_iati(in, real_taxonomy()));
  CHECK_FALSE(found.error);
  REQUIRE(found.rows.size() == 20);
  std::size_t with_sectors = 0;  // purposes such as 43010, multisector aid, have no ISIC code
  for (const auto& row : found.rows) {
    const Profile profile = parsed(row);
    CHECK(profile.kind == Kind::kProject);
    with_sectors += !profile.sectors.empty();
    CHECK(profile.lang.empty());
  }
  CHECK(with_sectors == 15);
  const Profile first = parsed(found.rows.front());
  CHECK(found.rows.front().line == 4);
  CHECK(first.id == "iati:US-501c3-522318905-SG-COL598");
  CHECK(first.country == "CO");
  CHECK(first.stage == Stage::kOperating);
  const Profile second = parsed(found.rows[1]);
  REQUIRE(second.finance_sought);
  CHECK(second.finance_sought->max == 309874);
  CHECK(second.finance_sought->currency == "USD");
}

TEST_CASE("iati: texts, countries, sectors, goals and the implementer's type", "[bulk]") {
  const Profile profile = iati_profile_of(
      "<description type='2'><narrative>Partners for maintenance</narrative></description>"
      "<participating-org role='1' type='10'/><participating-org role='4' type='70'/>"
      "<activity-status code='2'/><contact-info><email>x@example.org</email><person-name>"
      "<narrative>Somebody</narrative></person-name></contact-info>"
      "<recipient-country code='UG' percentage='30'/><recipient-country code='KE' percentage='70'/>"
      "<sector code='11110' percentage='40'/><sector vocabulary='7' code='9'/><sector vocabulary='8' code='9.4'/>"
      "<sector vocabulary='99' code='own'/><tag vocabulary='2' code='17'/>");
  CHECK(profile.id == "iati:XX-1");
  CHECK(profile.title == "Solar pumps");
  CHECK(profile.summary == "Pumps for farms");
  CHECK(profile.seeks == "Partners for maintenance");
  CHECK(profile.country == "KE");
  CHECK(profile.countries_of_activity == std::vector<std::string>{"UG"});
  CHECK(profile.sectors == std::vector<std::string>{"O8412", "P85"});
  CHECK(profile.sdgs == std::vector<std::string>{"9", "9.4", "17"});
  CHECK(profile.organisation.type == "70");
  CHECK(profile.stage == Stage::kImplementation);
  CHECK(profile.contact.empty());
}

TEST_CASE("iati: an identifier's other characters become hyphens", "[bulk]") {
  const auto found = iati(activity(kKenya, "GB-1/2 \xC3\xA9"));
  CHECK(parsed(found.rows.front()).id == "iati:GB-1-2---");
}

TEST_CASE("iati: money is sought only where the sum is unambiguous", "[bulk]") {
  const auto budget = [](const std::string& type, const std::string& value) {
    return "<budget type='" + type + "'><value" + value + "</value></budget>";
  };
  const Profile sum = iati_profile_of(kKenya + budget("1", ">1000") + budget("1", " currency='EUR'>500.4"));
  REQUIRE(sum.finance_sought);
  CHECK(sum.finance_sought->max == 1500);
  CHECK(sum.finance_sought->currency == "EUR");
  CHECK_FALSE(iati_profile_of(kKenya + budget("1", ">1000") + budget("2", ">900")).finance_sought);
  CHECK_FALSE(iati_profile_of(kKenya + budget("1", ">1000") + budget("1", " currency='USD'>1")).finance_sought);
  CHECK_FALSE(iati_profile_of(kKenya + budget("1", ">-5")).finance_sought);
}

TEST_CASE("iati: an activity without a country is refused with the reason", "[bulk]") {
  const auto found = iati(activity("<recipient-region code='298'/>"));
  REQUIRE(found.rows.size() == 1);
  REQUIRE(found.rows[0].refused);
  CHECK(found.rows[0].refused->place == "country");
  CHECK(found.rows[0].refused->message.find("recipient-region") != std::string::npos);
  const Profile by_transaction =
      iati_profile_of("<transaction><transaction-type code='3'/><recipient-country code='KE'/></transaction>");
  CHECK(by_transaction.country == "KE");
}

TEST_CASE("iati: document types, deep nesting and other roots are refused", "[bulk]") {
  const auto bomb = iati("<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>" + activity(kKenya));
  CHECK(bomb.rows.empty());
  REQUIRE(bomb.error);
  CHECK(bomb.error->message.find("document type") != std::string::npos);
  std::string deep = "<iati-activities>";
  for (int i = 0; i < 10'000; ++i) deep += "<a>";
  CHECK(iati(deep).error);
  CHECK(iati("<rss/>").error);
}

TEST_CASE("iati: activities before the fault stand, and its line is told", "[bulk]") {
  std::string text = activity(kKenya);
  text.resize(text.size() - std::string("</iati-activities>").size());
  const auto found = iati(text + "\n<iati-activity><broken");
  CHECK(found.rows.size() == 1);
  REQUIRE(found.error);
  CHECK(found.error->place == "line 3");
}

TEST_CASE("bulk: the extension tells the format", "[bulk]") {
  CHECK(*format_of("a.JSONL") == BulkFormat::kJsonLines);
  CHECK(*format_of("a.ndjson") == BulkFormat::kJsonLines);
  CHECK(*format_of("a.Csv") == BulkFormat::kCsv);
  CHECK(*format_of("a.xml") == BulkFormat::kIatiXml);
  CHECK(format_of("a.xlsx").error().code == ErrorCode::kUnsupported);
  CHECK(open_bulk("no-such-file.csv", real_taxonomy()).error().code == ErrorCode::kNotFound);
}
