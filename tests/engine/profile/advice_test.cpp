// What an owner is advised to add, by kind of profile and in six languages.
#include "engine/profile/advice.h"

#include <numeric>

#include "engine/taxonomy/taxonomy.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace counterpart::engine {
namespace {

const AdviceTexts& texts() {
  static const AdviceTexts loaded = AdviceTexts::load(COUNTERPART_SOURCE_DIR "/datasets/taxonomy/advice.tsv").value();
  return loaded;
}

Profile bare(Kind kind) {
  Profile profile;
  profile.kind = kind;
  profile.title = "Pumps";
  profile.summary = "Solar pumps";
  profile.country = "KE";
  profile.lang = "fr";
  return profile;
}

bool asks(const std::vector<Advice>& advice, std::string_view member) {
  return std::ranges::any_of(advice, [&](const Advice& one) { return one.member == member; });
}

}  // namespace

TEST_CASE("advice: the first thing asked for is the text that decides", "[advice]") {
  CHECK(advise(bare(Kind::kCompany), texts()).front().member == "offers");
  CHECK(advise(bare(Kind::kExpert), texts()).front().member == "offers");
  CHECK(advise(bare(Kind::kProject), texts()).front().member == "seeks");
}

TEST_CASE("advice: a project is asked for the finance it seeks, a company or an expert is not", "[advice]") {
  CHECK(asks(advise(bare(Kind::kProject), texts()), "finance.sought"));
  CHECK_FALSE(asks(advise(bare(Kind::kCompany), texts()), "finance.sought"));
  CHECK_FALSE(asks(advise(bare(Kind::kExpert), texts()), "finance.sought"));
  CHECK_FALSE(asks(advise(bare(Kind::kExpert), texts()), "organisation.size"));
}

TEST_CASE("advice: investors are asked what they offer, suppliers how ready it is", "[advice]") {
  Profile investor = bare(Kind::kCompany), supplier = investor;
  investor.roles = {Role::kInvestor};
  supplier.roles = {Role::kTechnologySupplier};
  CHECK(asks(advise(investor, texts()), "finance.offered"));
  CHECK_FALSE(asks(advise(supplier, texts()), "finance.offered"));
  CHECK(asks(advise(supplier, texts()), "trl"));
  CHECK_FALSE(asks(advise(investor, texts()), "trl"));
}

TEST_CASE("advice: what is stated raises completeness by what was promised, and is asked no more", "[advice]") {
  Profile profile = bare(Kind::kCompany);
  const std::vector<Advice> before = advise(profile, texts());
  const auto sectors = std::ranges::find(before, std::string("sectors"), &Advice::member);
  REQUIRE(sectors != before.end());
  const double complete = completeness(profile);
  profile.sectors = {"C28"};
  CHECK(completeness(profile) == Approx(complete + sectors->help));
  CHECK_FALSE(asks(advise(profile, texts()), "sectors"));
}

TEST_CASE("advice: once the text that its kind lives by is there, the sector comes first", "[advice]") {
  for (const Kind kind : {Kind::kCompany, Kind::kProject, Kind::kExpert}) {
    Profile profile = bare(kind);
    (kind == Kind::kProject ? profile.seeks : profile.offers) = "water pumps";
    CHECK(advise(profile, texts()).front().member == "sectors");
  }
}

TEST_CASE("advice: help and completeness add up to one, most helpful first", "[advice]") {
  for (const Kind kind : {Kind::kCompany, Kind::kProject, Kind::kExpert}) {
    const std::vector<Advice> advice = advise(bare(kind), texts());
    const double help =
        std::accumulate(advice.begin(), advice.end(), 0.0, [](double sum, const Advice& one) { return sum + one.help; });
    CHECK(help + completeness(bare(kind)) == Approx(1));
    CHECK(std::ranges::is_sorted(advice, std::greater<>{}, &Advice::help));
  }
}

TEST_CASE("advice: a long text is asked for, counting a Chinese character as several letters", "[advice]") {
  Profile profile = bare(Kind::kCompany);
  CHECK(asks(advise(profile, texts()), "summary"));
  profile.summary = std::string(199, 'a');
  CHECK(asks(advise(profile, texts()), "summary"));
  profile.summary += "a";
  CHECK_FALSE(asks(advise(profile, texts()), "summary"));
  profile.summary.clear();
  for (int i = 0; i < 70; ++i) profile.summary += "水";
  CHECK_FALSE(asks(advise(profile, texts()), "summary"));
}

TEST_CASE("advice: it is given in the language asked for, else the owner's, else English", "[advice]") {
  Profile profile = bare(Kind::kCompany);
  CHECK(advise(profile, texts()).front().add.starts_with("Dites avec"));
  CHECK(advise(profile, texts(), "ru").front().add.starts_with("Опишите"));
  CHECK(advise(profile, texts(), "zh-Hant").front().add.starts_with("用自己"));
  profile.lang = "sw";
  CHECK(advise(profile, texts()).front().add.starts_with("Say in"));
}

TEST_CASE("advice: a file with a language or a row missing is refused by line", "[advice]") {
  const TempFolder folder;
  const std::string header = "key\tar\tzh\ten\tfr\tru\tes\n";
  const auto wrong = AdviceTexts::load(folder.file("a.tsv", header + "offers\ta\tb\tc\td\te\n"));
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == ErrorCode::kCorrupt);
  CHECK(wrong.error().place.ends_with("a.tsv:2"));
  const auto few = AdviceTexts::load(folder.file("b.tsv", header + "offers\ta\tb\tc\td\te\tf\n"));
  REQUIRE_FALSE(few);
  CHECK(few.error().message == "has no row `gender`");
  CHECK(AdviceTexts::load(folder.path() / "none.tsv").error().code == ErrorCode::kNotFound);
}

}  // namespace counterpart::engine
