#include "server/tables/headings.h"

#include <set>

#include "engine/profile/members.h"
#include "engine/taxonomy/vocabulary.h"
#include "index/bulk/bulk_csv_cells.h"
#include "tests/server/shipped_words.h"
#include "tests/support/catch.h"

using namespace counterpart::server;

namespace {

const BulkWords& called() {
  static const BulkWords kCalled = bulk_words(shipped_words(), real_taxonomy());
  return kCalled;
}

}  // namespace

TEST_CASE("headings: every column of a profile has one in each language, by which it is found again", "[headings]") {
  for (const std::string_view language : kUnLanguages)
    for (const MemberPath& path : all_members()) {
      if (path.shape().form == Form::kObject && !path.shape().is_list()) continue;
      const std::string heading = heading_of(path.name, shipped_words(), language);
      INFO(language << " " << path.name << " " << heading);
      CHECK(shipped_words().has("column." + std::string(path.row().name)));
      const auto found = called().columns_called(heading);
      REQUIRE(found.size() == 1);
      CHECK(found[0].column == path.name);
      CHECK((counterpart::index::csv_column(heading) == nullptr || counterpart::index::csv_column(heading)->name == path.name));
    }
}

TEST_CASE("headings: the entries of a list are counted from 1", "[headings]") {
  CHECK(heading_of("references[0].title", shipped_words(), "fr") == "Référence 1 – Intitulé");
  CHECK(heading_of("sectors[1]", shipped_words(), "en") == "Sector 2");
  CHECK(heading_of("nobody.size", shipped_words(), "en") == "nobody – Size");
  const auto found = called().columns_called("référence 2 - pays");
  REQUIRE(found.size() == 1);
  CHECK(counterpart::index::csv_column(found[0].column)->name == "references[1].country");
}

TEST_CASE("headings: every word of the closed lists is read again in each language", "[headings]") {
  const auto check = [&](std::span<const std::string_view> words, const char* list) {
    for (const std::string_view language : kUnLanguages)
      for (const std::string_view word : words) {
        const std::string said = shipped_words().pattern(list + std::string(word), language);
        INFO(language << " " << word << " " << said);
        CHECK(called().code_called(said, [&](std::string_view code) {
          return std::ranges::find(words, code) != words.end();
        }) == std::string(word));
      }
  };
  check(Vocabulary<Kind>::kNames, "kind.");
  check(Vocabulary<Role>::kNames, "role.");
  check(Vocabulary<Gender>::kNames, "gender.");
  check(Vocabulary<Size>::kNames, "size.");
  check(Vocabulary<Cooperation>::kNames, "cooperation.");
  check(Vocabulary<Stage>::kNames, "stage.");
  check(Vocabulary<Ipr>::kNames, "ipr.");
}
