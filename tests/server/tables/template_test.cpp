#include "server/tables/template.h"

#include <sstream>

#include "index/bulk/bulk_reader.h"
#include "index/import/import_row.h"
#include "index/workbook/workbook.h"
#include "index/workbook/workbook_parts.h"
#include "server/tables/headings.h"
#include "tests/index/bulk/made_workbook.h"
#include "tests/server/shipped_words.h"
#include "tests/support/catch.h"

using namespace counterpart::server;
using namespace counterpart::index;

namespace {

const BulkWords& called() {
  static const BulkWords kCalled = bulk_words(shipped_words(), real_taxonomy());
  return kCalled;
}

}  // namespace

TEST_CASE("template: in each language its headings are known, and without a row it says that there are none", "[template]") {
  const std::string_view language = GENERATE("en", "fr", "es", "ar", "zh", "ru");
  const std::string bytes = profile_template(shipped_words(), real_taxonomy(), called(), language).value();
  std::istringstream in(bytes);
  const auto reader = read_workbook(in, real_taxonomy(), {.words = &called()});
  const auto row = reader->next();
  REQUIRE_FALSE(row);
  INFO(describe(row.error()));
  CHECK(row.error().message == "there are no rows below the names of the columns");
  REQUIRE(reader->sent());
  CHECK(reader->sent()->language == (language == "en" ? "" : language));  // the contract's names are English
  CHECK(reader->sent()->members.size() > 50);
}

TEST_CASE("template: whatever is chosen of its lists is taken as the code that is meant", "[template]") {
  const std::string_view language = GENERATE("en", "fr", "es", "ar", "zh", "ru");
  const std::string bytes = profile_template(shipped_words(), real_taxonomy(), called(), language).value();
  const std::string first = part_of(bytes, "xl/worksheets/sheet1.xml");
  CHECK(first.find("<dataValidation ") != std::string::npos);
  CHECK((first.find("rightToLeft") != std::string::npos) == (language == "ar"));
  // The lists are the second sheet; as the first one of a workbook of its own they can be read like any other.
  auto parts = WorkbookParts::open(bytes).value();
  const std::string lists = part_of(bytes, "xl/worksheets/sheet2.xml");
  struct Text : WorkbookParts::Part {
    explicit Text(std::string given) : text(std::move(given)) {}
    Result<std::string_view> next() override {
      piece = std::exchange(text, {});
      return std::string_view(piece);
    }
    std::string text, piece;
  };
  const std::string swapped =
      parts
          ->with({{"xl/worksheets/sheet1.xml",
                   [&]() -> Result<std::unique_ptr<WorkbookParts::Part>> { return std::make_unique<Text>(lists); }}})
          .value();
  std::istringstream in(swapped);
  const auto reader = read_workbook(in, real_taxonomy(), {.words = &called()});
  std::size_t rows = 0;
  for (;;) {
    const auto row = reader->next();
    INFO((row ? std::string() : describe(row.error())));
    REQUIRE(row);
    if (!*row) break;
    ++rows;
    for (const Error& fault : check_row(**row, real_taxonomy()).faults) {
      INFO(describe(fault));
      // Rows of lists are no profiles: members are missing, and some go with another kind.
      CHECK((fault.message.find("required") != std::string::npos || fault.message.find("missing") != std::string::npos ||
             fault.message.find("is of an expert alone") != std::string::npos));
    }
  }
  CHECK(rows > 200);  // as many as there are countries
}
