#include "engine/programme.h"

#include "engine/score.h"
#include "tests/support/catch.h"

namespace counterpart {
namespace {

const Taxonomy& taxonomy() {
  static const auto loaded = Taxonomy::load(COUNTERPART_SOURCE_DIR "/datasets/taxonomy").value();
  return *loaded;
}

struct Wrong {
  const char* toml;
  const char* line;
  const char* says;
};

}  // namespace

TEST_CASE("programme: every file that ships is read", "[programme]") {
  const auto programmes = load_programmes(COUNTERPART_SOURCE_DIR "/datasets/programmes", taxonomy());
  REQUIRE(programmes);
  CHECK(programmes->contains("open"));
  CHECK(programmes->at("itpo").pairs.size() == 1);
}

TEST_CASE("programme: a wrong file is refused with its line and what would be right", "[programme]") {
  const Wrong wrong = GENERATE(
      Wrong{"name = 'x'\nsides = 3\n", "p.toml:2", "table"}, Wrong{"name = 'x'\ncolour = 'red'\n", "p.toml:2", "colour"},
      Wrong{"name = 'x'\n[sides.a]\ncountries = ['KE']\n", "p.toml:3", "countries"},
      Wrong{"name = 'x'\n[sides.a]\ncountry = ['XX']\n", "p.toml:3", "XX"},
      Wrong{"name = 'x'\npairs = [['a', 'b']]\n[sides.a]\nkind = ['company']\n", "p.toml:2", "`b` is no side"},
      Wrong{"name = 'x'\n[weights]\nforwards = 1\n", "p.toml:3", "forwards"},
      Wrong{"name = 'x'\n[weights]\nforward = -1\n", "p.toml:3", "0 to 100"},
      Wrong{"description = 'x'\n", "p.toml:", "`name` is missing"}, Wrong{"name = 'x\n", "p.toml:1", ""},
      Wrong{"name = 'x'\n[sides.a]\nkind = ['company']\n", "p.toml:", "no `pairs`"});
  const auto programme = parse_programme(wrong.toml, "p", taxonomy());
  REQUIRE_FALSE(programme);
  CHECK(programme.error().code == ErrorCode::kInvalid);
  CHECK_THAT(programme.error().place, Catch::StartsWith(wrong.line));
  CHECK_THAT(programme.error().message, Catch::Contains(wrong.says));
}

TEST_CASE("programme: its weights replace the defaults", "[programme]") {
  const auto programme = parse_programme("name = 'x'\n[weights]\nforward = 0\n", "p", taxonomy());
  REQUIRE(programme);
  const Weights weights = weights_of(programme->weights);
  CHECK(weights.of[0] == 0);
  CHECK(weights.of[1] == signals()[1].default_weight);
}

}  // namespace counterpart
