#include "engine/profile/word_diff.h"

#include <random>

#include "engine/profile/organisation.h"
#include "tests/support/catch.h"

namespace counterpart::engine {
namespace {

std::string shown(std::string_view before, std::string_view after) {
  std::string all;
  for (const ChangedPart& part : word_diff(before, after))
    all += part.change == Change::kKept      ? part.text
           : part.change == Change::kRemoved ? "[-" + part.text + "-]"
                                             : "{+" + part.text + "+}";
  return all;
}

// The two texts, put together again.
std::pair<std::string, std::string> both(const std::vector<ChangedPart>& parts) {
  std::string before, after;
  for (const ChangedPart& part : parts) {
    if (part.change != Change::kAdded) before += part.text;
    if (part.change != Change::kRemoved) after += part.text;
  }
  return {before, after};
}

}  // namespace

TEST_CASE("word diff: words that went and came stand in their place", "[profile]") {
  CHECK(shown("We build solar pumps.", "We build wind pumps.") == "We build [-solar-]{+wind+} pumps.");
  CHECK(shown("same", "same") == "same");
  CHECK(shown("", "new text") == "{+new text+}");
  CHECK(shown("old text", "") == "[-old text-]");
  CHECK(shown("", "").empty());
  CHECK(shown("one two three", "one four five three") == "one [-two-]{+four five+} three");
  CHECK(shown("red apples", "green pears") == "[-red apples-]{+green pears+}");
  CHECK(shown("нам нужны насосы", "нам нужны турбины") == "нам нужны [-насосы-]{+турбины+}");
  CHECK(shown("نبيع مضخات", "نبيع توربينات") == "نبيع [-مضخات-]{+توربينات+}");
}

TEST_CASE("word diff: both texts can be put together again, however they differ", "[profile]") {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string texts[2];
    for (std::string& text : texts)
      for (std::uint64_t words = random() % 30; words > 0; --words)
        text += std::string(1, static_cast<char>('a' + random() % 4)) + " ";
    CHECK(both(word_diff(texts[0], texts[1])) == std::pair(texts[0], texts[1]));
  }
  std::string long_before, long_after;
  for (int i = 0; i < 4'000; ++i) {
    long_before += "a" + std::to_string(i) + " ";
    long_after += "b" + std::to_string(i) + " ";
  }
  CHECK(both(word_diff(long_before, long_after)) == std::pair(long_before, long_after));
}

TEST_CASE("entry diff: entries of a list are parts of their own", "[profile]") {
  CHECK(entry_diff({"C27", "C28"}, {"C28", "C29"}) ==
        std::vector<ChangedPart>{{Change::kRemoved, "C27"}, {Change::kKept, "C28"}, {Change::kAdded, "C29"}});
}

TEST_CASE("organisation: is told by any identifier, by name and by legal name", "[profile]") {
  Profile profile;
  profile.kind = Kind::kCompany;
  profile.title = "Ice Company";
  profile.organisation.identifiers = {{"LEI", "529900T8BM49AURSDO55"}, {"XI-GLEIF", "12 34"}};
  profile.organisation.legal_name = "Glace SARL";
  const LegalForms forms(std::vector<std::string>{"sarl", "ltd"});
  for (const char* same : {"lei 529900T8BM49AURSDO55", "529900t8bm49aursdo55", "1234", "ICE company Ltd", "Glace"})
    CHECK(is_of_organisation(same, profile, forms));
  for (const char* other : {"", "LEI", "Ice", "529900T8BM49AURSDO56"}) CHECK_FALSE(is_of_organisation(other, profile, forms));
  profile.kind = Kind::kProject;
  CHECK_FALSE(is_of_organisation("Ice Company", profile, forms));
  CHECK(is_of_organisation("Glace", profile, forms));
}

}  // namespace counterpart::engine
