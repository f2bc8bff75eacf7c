#include "server/service/service_quality.h"

#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::server {
namespace {

TEST_CASE("advice: who states no sector is told which ones its texts speak of, in its language", "[advice]") {
  const AdviceTexts texts = AdviceTexts::load(COUNTERPART_SOURCE_DIR "/datasets/taxonomy/advice.tsv").value();
  Profile profile;
  profile.id = "a";
  profile.title = "Pumps";
  profile.offers = "solar pumps";
  profile.country = "KE";
  profile.lang = "es";
  SectorGuess guess;
  guess.likeliest[0] = {{'C', '2', '8'}, 204};
  guess.likeliest[1] = {{'E'}, 51};
  const AdviceAnswer told = advice_on(profile, texts, "", guess, real_taxonomy());
  REQUIRE(told.inferred.size() == 2);
  CHECK(told.inferred[0].code == "C28");
  CHECK(told.inferred[0].title == real_taxonomy().sectors.title("C28", "es"));
  CHECK(told.inferred[0].probability == Approx(0.8));
  CHECK(told.inferred[1].code == "E");
  CHECK(told.advice.front().member == "sectors");  // they are not stated by being told

  profile.sectors = {"E36"};
  CHECK(advice_on(profile, texts, "", guess, real_taxonomy()).inferred.empty());
}

}  // namespace
}  // namespace counterpart::server
