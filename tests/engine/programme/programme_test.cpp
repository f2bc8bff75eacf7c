#include "engine/programme/programme.h"

#include "engine/score/score.h"
#include "tests/support/catch.h"

namespace counterpart::engine {
namespace {

const Taxonomy& taxonomy() {
  static const auto loaded = Taxonomy::load(COUNTERPART_SOURCE_DIR "/datasets/taxonomy").value();
  return *loaded;
}

struct Wrong {
  const char* toml;
  const char* line;
  const char* says;
  const char* remedy = "";
};

// Refused at `wrong.line`, in the words that it names.
void check_refused(const std::string& text, const Wrong& wrong) {
  const auto programme = parse_programme(text, "p", taxonomy());
  REQUIRE_FALSE(programme);
  CHECK(programme.error().code == ErrorCode::kInvalid);
  CHECK_THAT(programme.error().place, Catch::StartsWith(wrong.line));
  CHECK_THAT(programme.error().message, Catch::Contains(wrong.says));
  CHECK_THAT(programme.error().remedy, Catch::Contains(wrong.remedy));
}

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
  check_refused(wrong.toml, wrong);
}

TEST_CASE("programme: every key beyond the sides is refused with its line and what would be right", "[programme]") {
  // Line 1 to 3 are a programme without fault; what is wrong starts at line 4.
  static const std::string kHead = "name = 'x'\npairs = [['a', 'a']]\nsides.a.kind = ['company']\n";
  const Wrong wrong = GENERATE(
      Wrong{"output = 'pannel'\n", "p.toml:4", "pannel", "did you mean `panel`"},
      Wrong{"output = 3\n", "p.toml:4", "must be a text", "one of matches"},
      Wrong{"capacity = 0\n", "p.toml:4", "whole number from 1 to 1000", ""},
      Wrong{"hubs = 'corrected'\n", "p.toml:4", "one at a time", "capacity = 1"},
      Wrong{"capacity = 2\nhubs = 'corrected'\n", "p.toml:5", "one at a time", "capacity = 1"},
      Wrong{"hubs = 'correct'\n", "p.toml:4", "correct", "`corrected`"},
      Wrong{"capacity = 2.5\n", "p.toml:4", "whole number", ""},
      Wrong{"descripton = 'y'\n", "p.toml:4", "descripton", "did you mean `description`"},
      Wrong{"name_ = \"\"\n", "p.toml:4", "name_", "did you mean `name`"},
      Wrong{"everyone = ['KE']\n", "p.toml:4", "table of fields", ""},
      Wrong{"everyone = { themes = ['hydrogene'] }\n", "p.toml:4", "hydrogene", "`hydrogen`"},
      Wrong{"[sides.b]\nlike = 'c'\n", "p.toml:5", "`c` is no side", "a"},
      Wrong{"[sides.b]\nlike = 'b'\n", "p.toml:5", "itself like another", ""},
      Wrong{"[sides.b]\nkind = ['expert']\n", "p.toml:2", "`b` is in no pair", ""},
      Wrong{"[sides.a]\nnot = ['KE']\n", "p.toml:4", "", ""},
      Wrong{"[weights]\nforward = 1\ncapacity = 3\n", "p.toml:6", "no signal", "above the first line in [brackets]"},
      Wrong{"gates = 1\n", "p.toml:4", "`gates` must be a table", ""},
      Wrong{"[gates.g]\nside = 'a'\n", "p.toml:4", "`g` requires nothing", "requires = "},
      Wrong{"[gates.g]\nrequires = { stage = ['idea'] }\n", "p.toml:4", "`side` is missing", "sides are a"},
      Wrong{"[gates.g]\nside = 'b'\nrequires = { stage = ['idea'] }\n", "p.toml:5", "`b` is no side", "a"},
      Wrong{"[gates.g]\nside = 'a'\nrequires = { stage = ['ideas'] }\n", "p.toml:6", "ideas", "`idea`"},
      Wrong{"[gates.g]\nside = 'a'\nrequires = { stages = ['idea'] }\n", "p.toml:6", "stages", "`stage`"},
      Wrong{"[gates.g]\nside = 'a'\nremdy = 'z'\nrequires = { stage = ['idea'] }\n", "p.toml:6", "remdy", "`remedy`"},
      Wrong{"[exposure]\nfloor = 0.2\n", "p.toml:5", "must be a list", "group = "},
      Wrong{"[exposure]\nfloor = [{ group = 'LDCs', share = 0.2 }]\n", "p.toml:5", "LDCs", "`LDC`"},
      Wrong{"[exposure]\nfloor = [{ group = 'LDC', share = 20 }]\n", "p.toml:5", "from 0 to 1", ""},
      Wrong{"[exposure]\nfloor = [{ group = 'LDC' }]\n", "p.toml:5", "`share` is missing", ""},
      Wrong{"[exposure]\nfloor = [{ group = 'LDC', share = 0 },\n{ group = 'LDC', share = 1 }]\n", "p.toml:6", "already", ""},
      Wrong{"[diversity]\nlambda = 1.5\n", "p.toml:5", "from 0 to 1", ""},
      Wrong{"[diversity]\nper_country_at_most = 0\n", "p.toml:5", "from 1 to 1000", ""},
      Wrong{"[diversity]\nlamda = 0.5\n", "p.toml:5", "lamda", "`lambda`"},
      Wrong{"[panel]\nseats = 9\n", "p.toml:", "are for programmes that compose a panel", "output"},
      Wrong{"output = 'panel'\n", "p.toml:", "no seats", "`seats`"});
  CAPTURE(wrong.toml);
  check_refused(kHead + wrong.toml, wrong);
}

TEST_CASE("programme: a panel's keys are refused with their line and what would be right", "[programme]") {
  static const std::string kHead =
      "name = 'x'\noutput = 'panel'\npairs = [['a', 'a']]\nsides.a.kind = ['expert']\npanel.seats = 10\n";
  const Wrong wrong = GENERATE(
      Wrong{"panel.seat = 3\n", "p.toml:6", "`seat`", "`seats`"},
      Wrong{"panel.alternates_per_seat = 11\n", "p.toml:6", "from 0 to 10", ""},
      Wrong{"panel.per_country_at_most = 0\n", "p.toml:6", "from 1 to 1000", ""},
      Wrong{"panel.per_organisation_at_most = 'one'\n", "p.toml:6", "whole number", ""},
      Wrong{"panel.experts_per_topic_at_least = -1\n", "p.toml:6", "from 0 to 1000", ""},
      Wrong{"panel.topics = 'energy'\n", "p.toml:6", "list of texts", ""},
      Wrong{"panel.topics = ['energy', 'energy']\n", "p.toml:6", "stands twice", ""},
      Wrong{"panel.level = 'national'\n", "p.toml:6", "national", ""}, Wrong{"quotas = 3\n", "p.toml:6", "list of quotas", ""},
      Wrong{"[[quotas]]\nat_least = 3\n", "p.toml:6", "`group` is missing", "constituency:"},
      Wrong{"[[quotas]]\ngroup = 'group:LDC'\n", "p.toml:6", "no bound", "at_least"},
      Wrong{"[[quotas]]\ngroup = 'LDC'\nat_least = 3\n", "p.toml:7", "`LDC` is no group", "constituency"},
      Wrong{"[[quotas]]\ngroup = 'constituancy:labour'\nat_least = 3\n", "p.toml:7", "constituancy", "`constituency`"},
      Wrong{"[[quotas]]\ngroup = 'constituency:labor'\nat_least = 3\n", "p.toml:7", "labor", "`labour`"},
      Wrong{"[[quotas]]\ngroup = 'region:LDC'\nat_least = 3\n", "p.toml:7", "M49", "`002`"},
      Wrong{"[[quotas]]\ngroup = 'group:LDCs'\nat_least = 3\n", "p.toml:7", "LDCs", "`LDC`"},
      Wrong{"[[quotas]]\ngroup = 'gender:woman'\nat_least = 3\n", "p.toml:7", "woman", ""},
      Wrong{"[[quotas]]\ngroup = 'group:LDC'\nshare_at_least = 30\n", "p.toml:8", "from 0 to 1", ""},
      Wrong{"[[quotas]]\ngroup = 'group:LDC'\natleast = 30\n", "p.toml:8", "atleast", "`at_least`"},
      Wrong{"[[quotas]]\ngroup = 'group:LDC'\nat_least = 5\nat_most = 4\n", "p.toml:6", "more than `at_most`", ""},
      Wrong{"[[quotas]]\ngroup = 'group:LDC'\nat_least = 11\n", "p.toml:6", "11 of 10 seats", "fewer"},
      Wrong{"[[quotas]]\ngroup = 'gender:female'\nat_least = 6\n[[quotas]]\ngroup = 'gender:male'\nshare_at_least = 0.45\n",
            "p.toml:9", "11 of 10 seats together", "fewer"},
      Wrong{"[[quotas]]\ngroup = 'group:LDC'\nat_least = 1\n[[quotas]]\ngroup = 'group:LDC'\nat_most = 4\n", "p.toml:9",
            "already", "one"});
  CAPTURE(wrong.toml);
  check_refused(kHead + wrong.toml, wrong);
}

TEST_CASE("programme: hubs are corrected where the file says so and everybody is introduced to one at a time", "[programme]") {
  const auto corrects = [](const std::string& lines) {
    return parse_programme("name = 'x'\n" + lines, "p", taxonomy()).value().corrects_hubs;
  };
  CHECK(corrects("capacity = 1\nhubs = 'corrected'\n"));
  CHECK_FALSE(corrects("capacity = 1\nhubs = 'kept'\n"));
  CHECK_FALSE(corrects("capacity = 1\n"));
}

TEST_CASE("programme: what a file says beyond its sides is all there once it is read", "[programme]") {
  const auto programme = parse_programme(R"(
name = "x"
output = "panel"
capacity = 4
pairs = [["a", "b"]]
everyone = { themes = ["skills"] }
[sides.a]
country = ["KE"]
[sides.b]
like = "a"
not = { size = ["large"] }
[gates.g]
label = "ready"
side = "b"
requires = { stage = ["feasibility"], not = { kind = ["expert"] } }
remedy = "wait"
[panel]
seats = 20
level = "regional"
topics = ["energy"]
[[quotas]]
group = "constituency:labour"
at_least = 3
share_at_most = 0.5
[exposure]
floor = [{ group = "women_led", share = 0.25 }]
[diversity]
lambda = 0.5
per_country_at_most = 2
)",
                                         "p", taxonomy());
  REQUIRE(programme);
  CHECK(programme->output == ProgrammeOutput::kPanel);
  CHECK(programme->capacity == 4);
  REQUIRE(programme->sides.size() == 2);
  CHECK(programme->sides[0].eligible.size() == 2);  // country and everyone's themes
  CHECK(programme->sides[1].eligible.size() == 3);
  REQUIRE(programme->gates.size() == 1);
  CHECK(programme->gates[0].side == 1);
  CHECK(programme->gates[0].conditions.size() == 2);
  CHECK(programme->gates[0].remedy == "wait");
  REQUIRE(programme->panel);
  CHECK(programme->panel->seats == 20);
  CHECK(programme->panel->level == "regional");
  REQUIRE(programme->quotas.size() == 1);
  CHECK(programme->quotas[0].at_least == 3);
  CHECK(programme->quotas[0].share_at_most == 0.5);
  CHECK(programme->quotas[0].place == "p.toml:21");
  CHECK(programme->exposure.at(0).group == kWomenLed);
  REQUIRE(programme->diversity);
  CHECK(programme->diversity->per_country_at_most == 2);
}

TEST_CASE("programme: its weights replace the defaults", "[programme]") {
  const auto programme = parse_programme("name = 'x'\n[weights]\nforward = 0\n", "p", taxonomy());
  REQUIRE(programme);
  const Weights weights = weights_of(programme->weights);
  CHECK(weights.by_signal[0] == 0);
  CHECK(weights.by_signal[1] == signals()[1].default_weight);
}

// toml++ asserts these; tests/fuzz found them.
TEST_CASE("programme: a bracket or quotation mark out of place is an error, not the end of the program", "[programme]") {
  const std::string text = GENERATE("[=]", "[[=]]", "name = 'x'\n[.a]\n", "[a.=]\n");
  const auto programme = parse_programme(text, "p", taxonomy());
  REQUIRE_FALSE(programme);
  CHECK(programme.error().place.starts_with("p.toml"));
}

}  // namespace counterpart::engine
