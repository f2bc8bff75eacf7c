// Programme files that stand on one another: bases, several programmes in a file, slugs over all files.
#include <fstream>

#include "engine/corpus/field.h"
#include "engine/profile/profile_check.h"
#include "engine/programme/programme.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

namespace counterpart::engine {
namespace {

class Files {
 public:
  Files() { write("open", "name = 'Open'\n"); }
  void write(const std::string& slug, const std::string& text) const { std::ofstream(path(slug)) << text; }
  std::filesystem::path path(const std::string& slug) const { return folder_.path() / (slug + ".toml"); }
  Result<Programmes> load() const { return load_programmes(folder_.path(), real_taxonomy()); }
  ProgrammeCheck check(const std::string& slug) const { return check_programme_file(path(slug), real_taxonomy()); }

 private:
  TempFolder folder_;
};

constexpr const char* kBase =
    "name = 'Base'\n"
    "description = 'of the base'\n"
    "pairs = [['a', 'b']]\n"
    "[sides.a]\n"
    "label = 'first'\n"
    "country = ['developed']\n"
    "[sides.b]\n"
    "country = ['developing']\n"
    "[weights]\n"
    "forward = 2\n"
    "backward = 1\n";

const Condition& only(const ProgrammeSide& side, std::string_view field) {
  const auto found = std::ranges::find(side.eligible, field, &Condition::field);
  REQUIRE(found != side.eligible.end());
  return *found;
}

}  // namespace

TEST_CASE("programme: a file's own keys override its base's, and sides merge by name", "[programme]") {
  const Files files;
  files.write("base", kBase);
  files.write("own", "base = 'base'\nname = 'Own'\n[sides.a]\ncountry = ['KE']\nkind = ['company']\n[weights]\nforward = 3\n");
  const auto programmes = files.load();
  REQUIRE(programmes);
  const Programme& own = programmes->at("own");
  CHECK(own.name == "Own");
  CHECK(own.description == "of the base");
  CHECK(own.pairs.size() == 1);
  REQUIRE(own.sides.size() == 2);
  CHECK(own.sides[0].label == "first");
  CHECK(only(own.sides[0], "country").any_of == std::vector<std::string>{"KE"});
  CHECK(only(own.sides[0], "kind").any_of == std::vector<std::string>{"company"});
  CHECK(own.weights.at("forward") == 3);
  CHECK(own.weights.at("backward") == 1);
  CHECK(only(programmes->at("base").sides[0], "country").any_of == std::vector<std::string>{"developed"});
}

TEST_CASE("programme: a base's name is not inherited, so that no two programmes bear one name unnoticed", "[programme]") {
  const Files files;
  files.write("base", kBase);
  files.write("own", "base = 'base'\n");
  const ProgrammeCheck check = files.check("own");
  REQUIRE(check.errors.size() == 1);
  CHECK_THAT(check.errors[0].message, Catch::Contains("`name` is missing"));
}

TEST_CASE("programme: one file declares several programmes that share what stands above them", "[programme]") {
  const Files files;
  files.write("base", kBase);
  files.write("many",
              "base = 'base'\n[sides.b]\nlabel = 'shared'\n"
              "[programmes.one]\nname = 'One'\neveryone = { themes = ['hydrogen'] }\n"
              "[programmes.two]\nname = 'Two'\n[programmes.two.sides.b]\nlabel = 'its own'\n");
  const auto programmes = files.load();
  REQUIRE(programmes);
  CHECK_FALSE(programmes->contains("many"));
  CHECK(programmes->at("one").sides[1].label == "shared");
  CHECK(only(programmes->at("one").sides[0], "themes").any_of == std::vector<std::string>{"hydrogen"});
  CHECK(programmes->at("two").sides[1].label == "its own");
  CHECK(programmes->at("two").sides[0].eligible.size() == 1);
  CHECK(programmes->at("two").place == "many.toml:7");
}

TEST_CASE("programme: an error in a base is told at the base's line, once for all that stand on it", "[programme]") {
  const Files files;
  files.write("base", "name = 'Base'\ncapacity = 0\n");
  files.write("many", "base = 'base'\n[programmes.one]\nname = 'One'\n[programmes.two]\nname = 'Two'\noutput = 'x'\n");
  const ProgrammeCheck check = files.check("many");
  CHECK(check.programmes.empty());
  REQUIRE(check.errors.size() == 2);
  CHECK(check.errors[0].place == "base.toml:2");
  CHECK(check.errors[1].place == "many.toml:6");
}

TEST_CASE("programme: a base that runs in a circle, is missing or is no file's name is refused", "[programme]") {
  const Files files;
  files.write("a", "name = 'A'\nbase = 'b'\n");
  files.write("b", "name = 'B'\n\nbase = 'a'\n");
  const ProgrammeCheck circle = files.check("a");
  REQUIRE(circle.errors.size() == 1);
  CHECK(circle.errors[0].place == "b.toml:3");
  CHECK_THAT(circle.errors[0].message, Catch::Contains("a -> b -> a"));

  files.write("c", "name = 'C'\nbase = 'nobody'\n");
  CHECK(files.check("c").errors.at(0).place == "c.toml:2");
  CHECK_THAT(files.check("c").errors.at(0).message, Catch::Contains("nobody"));
  files.write("c", "name = 'C'\nbase = '../open'\n");
  CHECK_THAT(files.check("c").errors.at(0).message, Catch::Contains("must name a file beside"));
}

TEST_CASE("programme: a slug that two files declare is refused with both places", "[programme]") {
  const Files files;
  files.write("many", "[programmes.one]\nname = 'One'\n");
  files.write("one", "name = 'One again'\n");
  const auto programmes = files.load();
  REQUIRE_FALSE(programmes);
  CHECK(programmes.error().place == "one.toml:1");
  CHECK_THAT(programmes.error().message, Catch::Contains("many.toml:1"));
  const ProgrammeCheck check = files.check("many");
  REQUIRE(check.errors.size() == 1);
  CHECK_THAT(check.errors[0].message, Catch::Contains("one.toml:1"));
}

TEST_CASE("programme: an author is told every error of a file, in its order, and what is right beside them", "[programme]") {
  const Files files;
  files.write("many",
              "name = 'above'\n[programmes.One]\nname = 'One'\n[programmes.two]\noutput = 'lists'\ncapacity = 0\n"
              "[programmes.zero]\nname = 'Right'\n");
  const ProgrammeCheck check = files.check("many");
  std::vector<std::string> places;
  for (const Error& error : check.errors) places.push_back(error.place);
  CHECK(places == std::vector<std::string>{"many.toml:1", "many.toml:2", "many.toml:5", "many.toml:6", "many.toml:4"});
  REQUIRE(check.programmes.size() == 1);
  CHECK(check.programmes[0].slug == "zero");

  files.write("broken", "name = 'x\n");
  CHECK(files.check("broken").errors.at(0).place == "broken.toml:1");
  CHECK(files.check("nobody").errors.at(0).code == ErrorCode::kNotFound);
}

TEST_CASE("programme: a mark after the programme's name takes part in it and is a key of its own", "[programme]") {
  CHECK(takes_part({}, "ctcn"));
  CHECK(takes_part({"ctcn:endorsed"}, "ctcn"));
  CHECK_FALSE(takes_part({"pfan"}, "ctcn"));
  CHECK_FALSE(takes_part({"ctcn-asia:endorsed"}, "ctcn"));
  Profile profile;
  profile.programmes = {"ctcn", "ctcn:endorsed"};
  CHECK(find_field("programmes")->keys(profile, real_taxonomy()) == Keys{"ctcn", "ctcn:endorsed"});
  CHECK(check_participation("ctcn:endorsed"));
  for (const char* wrong : {":endorsed", "ctcn:", "ctcn:a:b", "CTCN:endorsed", "ctcn: x"}) {
    CAPTURE(wrong);
    CHECK_FALSE(check_participation(wrong));
  }
}

}  // namespace counterpart::engine
