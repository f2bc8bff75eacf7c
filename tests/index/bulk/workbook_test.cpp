#include "index/workbook/workbook.h"

#include "tests/index/bulk/made_workbook.h"

using namespace counterpart::index;

namespace {

const std::string kGood = row_of({"a", "company", "Pumps", "KE", "pumps"});

// Of a row that stands under the header, cell by cell as XML.
CheckedRow only_row(const std::string& cells, std::vector<ZipEntry> more = {}) {
  const Rows found = sheet(workbook(kSheetHeader + "<row>" + cells + "</row>", std::move(more)));
  INFO((found.error ? describe(*found.error) : ""));
  REQUIRE(found.rows.size() == 1);
  return check_row(found.rows.front(), real_taxonomy());
}

std::string text_cell(const std::string& text) { return "<c t=\"inlineStr\"><is><t>" + text + "</t></is></c>"; }
const std::string kFirstFive =
    text_cell("a") + text_cell("company") + text_cell("Pumps") + text_cell("KE") + text_cell("pumps");

}  // namespace

TEST_CASE("workbook: rows are profiles, by their own numbers; blank ones are passed over", "[workbook]") {
  const Rows found = sheet(workbook(kSheetHeader + "<row r=\"4\">" + kFirstFive + "</row><row r=\"7\"><c r=\"B7\"/></row>" +
                                    "<row r=\"9\"><c r=\"A9\" t=\"inlineStr\"><is><t>b</t></is></c>" +
                                    "<c r=\"E9\" t=\"inlineStr\"><is><r><t>mi</t></r><r><t>lls</t></r></is></c></row>"));
  REQUIRE_FALSE(found.error);
  REQUIRE(found.rows.size() == 2);
  CHECK(found.rows[0].line == 4);
  CHECK(parsed(found.rows[0]).title == "Pumps");
  CHECK(found.rows[1].line == 9);
  CHECK(found.rows[1].json == R"({"id":"b","offers":"mills"})");
}

TEST_CASE("workbook: texts that cells share, without how they are read aloud", "[workbook]") {
  const CheckedRow row =
      only_row(R"(<c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c><c t="s"><v>4</v></c>)",
               {{"xl/sharedStrings.xml",
                 "<sst><si><t>a</t></si><si><t>company</t></si><si><t>水</t><rPh><t>mizu</t></rPh></si>"
                 "<si><t>KE</t></si><si><t>one_x000A_two _x0041_</t></si></sst>"}});
  REQUIRE(row.profile);
  CHECK(row.profile->title == "水");
  CHECK(row.profile->offers == "one\ntwo A");
}

TEST_CASE("workbook: dates by their format, in both ways of counting days", "[workbook]") {
  const std::string styles =
      R"(<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-409]d\ mmm\ yyyy"/>)"
      R"(<numFmt numFmtId="165" formatCode="0.00&quot;day&quot;"/></numFmts>)"
      R"(<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>)"
      R"(<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>)";
  const auto [style, expected] = GENERATE(table<std::string, std::string>({{"1", "2027-01-31"}, {"2", "2027-01-31"}}));
  const CheckedRow row = only_row(kFirstFive + "<c s=\"" + style + "\"><v>46418</v></c>", {{"xl/styles.xml", styles}});
  REQUIRE(row.profile);
  CHECK(row.profile->valid_until == expected);
  CHECK_FALSE(only_row(kFirstFive + "<c s=\"3\"><v>46418</v></c>", {{"xl/styles.xml", styles}}).profile);
  CHECK_FALSE(only_row(kFirstFive + "<c s=\"1\"><v>46418.5</v></c>", {{"xl/styles.xml", styles}}).profile);
  const CheckedRow mac = only_row(
      kFirstFive + "<c s=\"1\"><v>44956</v></c>",
      {{"xl/styles.xml", styles},
       {"xl/workbook.xml",
        R"(<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="P" r:id="rId1"/></sheets></workbook>)"}});
  REQUIRE(mac.profile);
  CHECK(mac.profile->valid_until == expected);
}

TEST_CASE("workbook: the first sheet that is shown is read", "[workbook]") {
  const Rows found = sheet(workbook(
      "", {{"xl/workbook.xml", R"(<workbook xmlns:r="r"><sheets><sheet name="Lists" state="hidden" r:id="rId1"/>)"
                               R"(<sheet name="Ours" r:id="rId2"/></sheets></workbook>)"},
           {"xl/_rels/workbook.xml.rels", R"(<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>)"
                                          R"(<Relationship Id="rId2" Target="/xl/worksheets/ours.xml"/></Relationships>)"},
           {"xl/worksheets/ours.xml",
            "<x:worksheet xmlns:x=\"x\"><x:sheetData>" + kSheetHeader + kGood + "</x:sheetData></x:worksheet>"}}));
  REQUIRE_FALSE(found.error);
  CHECK(found.rows.size() == 1);
}

TEST_CASE("workbook: a cell without a value of its own is a fault of its row, and names its member", "[workbook]") {
  const auto [cell, part] = GENERATE(table<std::string, std::string>({
      {R"(<c r="C2"><f>A1&amp;B1</f><v>7</v></c>)", "formula"},
      {R"(<c r="C2" t="str"><f>[1]Sheet1!A1</f><v>x</v></c>)", "formula"},
      {R"(<c r="C2" t="s"><v>17</v></c>)", "not there"},
      {R"(<c r="C2"><v>twelve</v></c>)", "no number"},
      {R"(<c r="C2" t="e"><v>#REF!</v></c>)", "spreadsheet's error"},
  }));
  const CheckedRow row = only_row(text_cell("a") + text_cell("company") + cell + text_cell("KE"));
  REQUIRE_FALSE(row.profile);
  CHECK(row.faults.front().place == "title");
  CHECK(row.faults.front().message.find(part) != std::string::npos);
}

TEST_CASE("workbook: what looks like a formula in a text is a text", "[workbook]") {
  CHECK(only_row(text_cell("a") + text_cell("company") + text_cell("=1+1") + text_cell("KE") + text_cell("pumps"))
            .profile->title == "=1+1");
}

TEST_CASE("workbook: a hostile one is refused in words", "[workbook]") {
  const std::string columns = [] {
    std::string row = "<row>";
    for (int i = 0; i < 100'000; ++i) row += "<c><v>1</v></c>";
    return row + "</row>";
  }();
  std::string letters;  // that no ZIP makes much smaller
  for (std::uint32_t i = 0, x = 1; i < 3U << 20U; ++i, x = x * 1664525 + 1013904223)
    letters += static_cast<char>('a' + (x >> 24) % 26);
  const auto [bytes, part] = GENERATE_COPY(table<std::string, std::string>({
      {"no archive", "cannot be unpacked"},
      {"\xD0\xCF\x11\xE0 old", "password"},
      {zipped({{"a.txt", "no workbook"}}), "missing"},
      {workbook(kGood, {{"xl/externalLinks/externalLink1.xml", "<x/>"}}), "linked with other files"},
      {workbook(kSheetHeader + columns), "columns"},
      {workbook(kSheetHeader + "<row><c r=\"ZZZZZZZZZZ1\"><v>1</v></c></row>"), "columns"},
      {workbook(kSheetHeader + "<row r=\"9\">" + kFirstFive + "</row><row r=\"3\">" + kFirstFive + "</row>"), "out of order"},
      {workbook(kSheetHeader + std::string(300 << 20, ' ')), "unpacks to far more"},
      {workbook("", {{"xl/worksheets/sheet1.xml", "<!DOCTYPE x [<!ENTITY a \"b\">]><worksheet>&a;</worksheet>"}}),
       "document type"},
      {workbook("<row><c>"), "not well-formed"},
      {workbook("", {{"xl/worksheets/sheet1.xml", "<worksheet a=\"" + letters + "\"/>"}}), "too long"},
      {workbook(kSheetHeader).substr(0, 300), "cannot be unpacked"},
  }));
  const Rows found = sheet(bytes);
  REQUIRE(found.error);
  INFO(describe(*found.error));
  CHECK(found.error->message.find(part) != std::string::npos);
  CHECK_FALSE(found.error->remedy.empty());
}

TEST_CASE("workbook: a text that many cells share does not grow beyond a row's limit", "[workbook]") {
  std::string cells;
  for (int i = 0; i < 1000; ++i) cells += "<c t=\"s\"><v>0</v></c>";
  const Rows found = sheet(workbook(kSheetHeader + "<row>" + cells + "</row>" + kGood,
                                    {{"xl/sharedStrings.xml", "<sst><si><t>" + std::string(32'000, 'x') + "</t></si></sst>"}}));
  REQUIRE_FALSE(found.error);
  REQUIRE(found.rows.size() == 2);
  CHECK(found.rows[0].refused->message == "is longer than 1 MiB");
  CHECK(parsed(found.rows[1]).id == "a");
}
