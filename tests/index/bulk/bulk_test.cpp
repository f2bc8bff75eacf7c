// The readers of bulk files: JSON Lines, CSV, IATI.
#include <fstream>
#include <set>

#include "index/bulk/bulk_iati.h"
#include "tests/index/bulk/bulk_rows.h"

using namespace counterpart::index;

namespace {

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
  const auto found = lines("{\"title\":" + std::string(10'000, '[') + "\n{\"title\":\"\xC3\x28\"}\n");
  REQUIRE(found.rows.size() == 2);
  for (const auto& row : found.rows) CHECK(parse_profile(row.json, real_taxonomy()).error().code == ErrorCode::kInvalid);
}

TEST_CASE("json lines: a file that is one JSON list is refused as such, not line by line", "[bulk]") {
  for (const char* text : {"[{\"a\":1},{\"b\":2}]", "\n [\n {\"a\": 1}\n]\n"}) {
    const auto found = lines(text);
    CHECK(found.rows.empty());
    REQUIRE(found.error);
    CHECK(found.error->code == ErrorCode::kUnsupported);
  }
  CHECK_FALSE(lines("{\"a\":1}\n[1]\n").error);  // one wrong row
}

TEST_CASE("csv: members are nested, listed and typed", "[bulk]") {
  const auto found =
      csv("id,kind,title,offers,country,sectors,organisation.type,organisation.women_led,finance.offered.min,"
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
  CHECK(unknown.error->remedy == "did you mean `title`?");
  CHECK(csv("id,id\na,b\n").error->place == "line 1, id");
}

TEST_CASE("csv: the apostrophe that keeps a spreadsheet from calculating is no part of the text", "[bulk]") {
  const auto found = csv("id,title,offers\na,'=1+2,'+43 cold\nb,'quoted','' -5\n");
  REQUIRE(found.rows.size() == 2);
  CHECK(found.rows[0].json == R"({"id":"a","title":"=1+2","offers":"+43 cold"})");
  CHECK(found.rows[1].json == R"({"id":"b","title":"'quoted'","offers":"' -5"})");
}

TEST_CASE("csv: a row with too many or too few cells is refused and the next one read", "[bulk]") {
  const auto found = csv("id,title\na,b,c\nd\ne,f\n");
  REQUIRE(found.rows.size() == 3);
  CHECK(found.rows[0].refused);
  CHECK(found.rows[1].refused);
  CHECK(found.rows[1].line == 3);
  CHECK_FALSE(found.rows[2].refused);
}

TEST_CASE("csv: a row over the limit is refused in bounded memory, and the next one read", "[bulk]") {
  const auto found = csv("id,title\na,b\nc,\"" + std::string(3 * kMaxProfileBytes, 'x') + "\nd,e\n");
  CHECK_FALSE(found.error);
  REQUIRE(found.rows.size() == 3);
  CHECK(found.rows[1].line == 3);
  CHECK(found.rows[1].refused);
  CHECK(found.rows[2].json == R"({"id":"d","title":"e"})");
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
  CHECK(first.organisation.identifiers.empty());
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

TEST_CASE("iati: identifiers that differ in anything have ids that differ, and the original is kept", "[bulk]") {
  std::set<std::string> ids;
  const std::string prefix(200, 'x');
  for (const std::string& identifier :
       {std::string("GB-1/2"), std::string("GB-1-2"), std::string("GB-1 2"), std::string("GB-1  2"), std::string("GB-проект-А"),
        std::string("GB-проект-Б"), prefix + "1", prefix + "2"}) {
    CAPTURE(identifier);
    const auto found = iati(activity(kKenya, identifier));
    const Profile profile = parsed(found.rows.front());
    CHECK(ids.insert(profile.id).second);
    CHECK(profile.id.size() <= 128);
    CHECK(parsed(iati(activity(kKenya, " " + identifier + "\n")).rows.front()).id == profile.id);
    if (identifier == "GB-1-2") {
      CHECK(profile.id == "iati:GB-1-2");
      CHECK(profile.organisation.identifiers.empty());
    } else {
      REQUIRE(profile.organisation.identifiers.size() == 1);
      CHECK(profile.organisation.identifiers[0].id == identifier);
    }
  }
}

TEST_CASE("iati: an activity that is over is valid no more, and says so", "[bulk]") {
  const auto [more, until, told] = GENERATE(table<std::string, std::string, std::string>({
      {"<activity-status code='2'/>", "", ""},
      {"<activity-status code='2'/><activity-date type='1' iso-date='2001-01-01'/><activity-date type='3' "
       "iso-date='2999-06-30'/>",
       "2999-06-30", ""},
      {"<activity-status code='2'/><activity-date type='3' iso-date='2019-06-30'/>", "2019-06-30", "2019-06-30 is past"},
      {"<activity-status code='3'/><activity-date type='3' iso-date='2999-06-30'/><activity-date type='4' "
       "iso-date='2018-01-31Z'/>",
       "2018-01-31", "is past"},
      {"<activity-status code='4'/>", "1970-01-01", "closed"},
      {"<activity-status code='5'/><activity-date type='3' iso-date='2999-06-30'/>", "1970-01-01", "cancelled"},
      {"<activity-status code='6'/>", "1970-01-01", "suspended"},
      {"<activity-status code='4'/><activity-date type='end-actual' iso-date='2015-02-01'/>", "2015-02-01", "closed"},
      {"<activity-status code='2'/><activity-date type='3' iso-date='soon'/>", "", "`soon` is no date"},
      {"<activity-status code='9'/>", "", "none of 1 to 6"},
  }));
  CAPTURE(more);
  const auto found = iati(activity(kKenya + more));
  const auto checked = check_row(found.rows.front(), real_taxonomy());
  REQUIRE(checked.profile);
  CHECK(checked.profile->valid_until == until);
  CHECK(checked.remarks.size() == (told.empty() ? 0 : 1));
  if (!checked.remarks.empty()) CHECK_THAT(describe(checked.remarks.front()), Catch::Contains(told));
}

TEST_CASE("iati: HTML in a narrative is read as text", "[bulk]") {
  const auto [markup, text] = GENERATE(table<std::string, std::string>({
      {"<p>Pumps&nbsp;for <b class='x'>forty</b> villages</p><p>And more</p>", "Pumps for forty villages\nAnd more"},
      {"one<br/>two<BR>three", "one\ntwo\nthree"},
      {"<ul><li>a</li><li>b &amp; c</li></ul>", "a\nb & c"},
      {"caf&eacute; &#8211; d&#xE9;j&agrave; &rsquo;", "café – déjà ’"},
      {"<style>p { color: red }</style><!-- x -->text<script>alert(1)</script>", "text"},
      {"5 < 6 and 7 > 2 & a<b, AT&T; &unknown;", "5 < 6 and 7 > 2 & a<b, AT&T; &unknown;"},
      {"a < b and c > d", "a < b and c > d"},
      {"<pumps> & <", "<pumps> & <"},
  }));
  CAPTURE(markup);
  const auto found = iati(
      "<iati-activities version='2.03'><iati-activity><iati-identifier>X</iati-identifier><title><narrative>A"
      "</narrative></title><description><narrative><![CDATA[" +
      markup + "]]></narrative></description>" + kKenya + "</iati-activity></iati-activities>");
  CHECK(parsed(found.rows.front()).summary == text);
}

TEST_CASE("iati: version 1 is read, with texts in the elements themselves and words for codes", "[bulk]") {
  const auto found = iati(
      "<iati-activities version='1.05'><iati-activity default-currency='EUR'><iati-identifier>X</iati-identifier>"
      "<title xml:lang='en'>Village pumps</title><description type='1'>Pumps for villages</description>"
      "<description type='2'>Partners</description><activity-status code='2'/>"
      "<participating-org role='Implementing' type='70'/><activity-date type='end-planned' iso-date='2999-01-01'/>"
      "<recipient-country code='KE'/><sector vocabulary='DAC' code='11110'/></iati-activity></iati-activities>");
  REQUIRE(found.rows.size() == 1);
  const Profile profile = parsed(found.rows.front());
  CHECK(profile.title == "Village pumps");
  CHECK(profile.summary == "Pumps for villages");
  CHECK(profile.seeks == "Partners");
  CHECK(profile.valid_until == "2999-01-01");
  CHECK(profile.organisation.type == "70");
  CHECK_FALSE(profile.sectors.empty());
}

TEST_CASE("iati: a file is read in the encoding that it declares or is marked with", "[bulk]") {
  const auto file = [](const std::string& encoding, const std::string& title) {
    return "<?xml version=\"1.0\" encoding=\"" + encoding +
           "\"?>\n<iati-activities><iati-activity><iati-identifier>X</iati-identifier>"
           "<title><narrative>" +
           title +
           "</narrative></title><description><narrative>P</narrative></description>"
           "<recipient-country code='KE'/></iati-activity></iati-activities>";
  };
  const auto title_of = [](const std::string& text) {
    const auto found = iati(text);
    INFO((found.error ? describe(*found.error) : ""));
    REQUIRE(found.rows.size() == 1);
    return parsed(found.rows.front()).title;
  };
  CHECK(title_of(file("windows-1252", "c\xF4t\xE9 \x96 \x93x\x94")) == "côté – “x”");
  CHECK(title_of(file("ISO-8859-1", "c\xF4t\xE9 \x96 x")) == "côté – x");
  CHECK(title_of(file("windows-1251", "\xCD\xE0\xF1\xEE\xF1\xFB")) == "Насосы");
  CHECK(title_of(file("GB18030", "\xD6\xD0\xCE\xC4")) == "中文");
  CHECK(title_of(file("utf-8", "côté")) == "côté");
  CHECK(title_of(utf16(file("utf-16", "côté"), true)) == "côté");
  const auto unknown = iati(file("klingon", "x"));
  REQUIRE(unknown.error);
  CHECK_THAT(describe(*unknown.error), Catch::Contains("`klingon` is not known"));
  const auto wrong = iati(file("utf-8", "c\xF4t\xE9"));
  REQUIRE(wrong.error);
  CHECK_THAT(describe(*wrong.error), Catch::Contains("windows-1252"));
}

TEST_CASE("iati: control characters are taken out and told, and do not end the file", "[bulk]") {
  const auto found = iati(activity(kKenya + "<description type='2'><narrative>a\x0B\x1F"
                                            "b\xC2\x92"
                                            "c</narrative></description>"));
  CHECK_FALSE(found.error);
  REQUIRE(found.rows.size() == 1);
  const auto checked = check_row(found.rows.front(), real_taxonomy());
  REQUIRE(checked.profile);
  CHECK(checked.profile->seeks == "abc");
  REQUIRE(checked.remarks.size() == 1);
  CHECK(checked.remarks[0].place == "seeks");
}

TEST_CASE("iati: one tag or comment beyond all measure ends the file soon, one below it does not", "[bulk]") {
  const auto comment = [](std::size_t size) {
    return "<iati-activities><!--" + std::string(size, 'x') + "-->" +
           activity(kKenya).substr(std::string("<iati-activities version='2.03'>").size());
  };
  CHECK(iati(comment(6U << 20U)).rows.size() == 1);
  const auto found = iati(comment(60U << 20U));
  REQUIRE(found.error);
  CHECK_THAT(describe(*found.error), Catch::Contains("longer than 8 MiB"));
  CHECK(iati("<iati-activities><iati-activity a='" + std::string(60U << 20U, 'x') + "'/></iati-activities>").error);
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
  const auto faults = check_row(found.rows[0], real_taxonomy()).faults;
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].place == "country");
  CHECK(faults[0].message.find("recipient-region") != std::string::npos);
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

namespace {

std::vector<IatiActivity> activities(const std::string& text) {
  std::vector<IatiActivity> found;
  std::istringstream in(text);
  REQUIRE(visit_iati(in, {}, [&](const IatiActivity& one) { found.push_back(one); }));
  return found;
}

}  // namespace

TEST_CASE("iati: an activity is a reference of the organisations that took part in it", "[bulk]") {
  const auto found = activities(
      activity("<reporting-org ref='XM-DAC-5-2'><narrative>A bank</narrative></reporting-org>"
               "<participating-org ref='GB-COH-0123' role='4'><narrative>Pumps &amp; More Ltd</narrative></participating-org>"
               "<activity-date type='2' iso-date='2017-02-01'/><activity-date type='4' iso-date='2019-06-30'/>"
               "<activity-status code='4'/><sector vocabulary='1' code='14030'/><description type='2'><narrative>Water for all"
               "</narrative></description>" +
               kKenya));
  REQUIRE(found.size() == 1);
  const auto reference = iati_reference(found[0], real_taxonomy());
  REQUIRE(reference);
  CHECK(reference->title == "Solar pumps");
  CHECK(reference->text == "Pumps for farms\nWater for all");
  CHECK(reference->country == "KE");
  CHECK(reference->year == 2019);
  CHECK(reference->sector.starts_with("E36"));

  Profile profile;
  profile.title = "Another name";
  CHECK_FALSE(took_part(profile, found[0], real_taxonomy()));
  profile.organisation.identifiers = {{"gb-coh", "0123"}};
  CHECK(took_part(profile, found[0], real_taxonomy()));
  profile.organisation.identifiers = {{"GB-COH", "0124"}};
  profile.title = "Pumps & More";
  CHECK_FALSE(took_part(profile, found[0], real_taxonomy()));  // another number: another firm of that name
  profile.organisation.identifiers.clear();
  CHECK(took_part(profile, found[0], real_taxonomy()));
  profile.title = "A bank";
  CHECK(took_part(profile, found[0], real_taxonomy()));
}

TEST_CASE("iati: what has not begun or was cancelled is no reference", "[bulk]") {
  const std::string code = GENERATE("1", "5");
  const auto found = activities(activity("<activity-status code='" + code + "'/>" + kKenya));
  REQUIRE(found.size() == 1);
  CHECK_FALSE(iati_reference(found[0], real_taxonomy()));
}

TEST_CASE("iati: references are added newest first behind those stated, each once, up to 32", "[bulk]") {
  Profile profile;
  profile.references = {{"Stated", "", "", {}, ""}};
  std::vector<Reference> found;
  for (int year = 1980; year < 2020; ++year) found.push_back({"Work", "", "", year, ""});
  const AddedReferences added = add_to_references(profile, found);
  CHECK(added.added == 31);
  CHECK(added.no_room == 9);
  CHECK(profile.references[0].title == "Stated");
  CHECK(profile.references[1].year == 2019);
  CHECK(profile.references.back().year == 1989);
  const AddedReferences again = add_to_references(profile, found);
  CHECK(again.added == 0);
  CHECK(again.there == 31);
}

TEST_CASE("bulk: the extension tells the format", "[bulk]") {
  CHECK(*format_of("a.JSONL") == BulkFormat::kJsonLines);
  CHECK(*format_of("a.ndjson") == BulkFormat::kJsonLines);
  CHECK(*format_of("a.Csv") == BulkFormat::kCsv);
  CHECK(*format_of("a.xml") == BulkFormat::kIatiXml);
  CHECK(*format_of("a.XLSX") == BulkFormat::kWorkbook);
  CHECK(format_of("a.xls").error().remedy == "save it as .xlsx from the spreadsheet program");
  CHECK(open_bulk("no-such-file.csv", real_taxonomy()).error().code == ErrorCode::kNotFound);
}
