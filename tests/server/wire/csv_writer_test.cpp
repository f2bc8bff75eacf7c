// CSV as programs and as Excel read it, and that no cell is a formula.
#include "server/wire/csv_writer.h"

#include "tests/support/catch.h"

namespace counterpart::server {

TEST_CASE("csv: plain rows are those of RFC 4180", "[csv]") {
  CsvWriter csv(csv_style("csv", "").value());
  csv.row({"id", "title"});
  csv.row({"a", "Löwe, Sohn & \"Co\""});
  csv.row({"", "two\nlines"});
  CHECK(csv.take() == "id,title\r\na,\"Löwe, Sohn & \"\"Co\"\"\"\r\n,\"two\nlines\"\r\n");
}

TEST_CASE("csv: Excel's form begins with the mark of UTF-8 and is separated by semicolons, if nothing else is asked for",
          "[csv]") {
  CsvWriter csv(csv_style("excel", "").value());
  csv.row({"a;b", "c,d"});
  CHECK(csv.take() == "\xef\xbb\xbf\"a;b\";c,d\r\n");
  CsvWriter tabs(csv_style("excel", "tab").value());
  tabs.row({"a;b", "c\td"});
  CHECK(tabs.take() ==
        "\xef\xbb\xbf"
        "a;b\t\"c\td\"\r\n");
  CHECK(csv_style("csv", ";").value().separator == ';');
}

TEST_CASE("csv: a cell that a spreadsheet would run is only shown", "[csv]") {
  for (const std::string_view cell : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1"}) {
    CsvWriter csv({});
    csv.row({cell});
    const std::string text = csv.take();
    INFO(text);
    CHECK(text.substr(text[0] == '"' ? 1 : 0, 1) == "'");
  }
  CsvWriter csv({});
  csv.row({"a=1", "0.5", "it's"});
  CHECK(csv.take() == "a=1,0.5,it's\r\n");
}

TEST_CASE("csv: a form or separator that is none is refused with what there is", "[csv]") {
  CHECK(csv_style("xls", "").error().place == "format");
  CHECK(csv_style("csv", "|").error().remedy == "comma, semicolon or tab");
}

}  // namespace counterpart::server
