#include "engine/base/toml.h"

#include "tests/support/catch.h"

namespace counterpart::engine {

TEST_CASE("toml: letters beyond ASCII belong between quotation marks or into comments", "[toml]") {
  const std::string text = GENERATE("a = 'é'\n", "'é' = 1\n", "\"é\" = \"\\\"é\"\n", "# é\na = 1 # é\n",
                                    "\xEF\xBB\xBF"
                                    "a = 'é'\n",
                                    "a = '''\né'é\n'''\n", "a = \"\"\"é\"\" \\\" é\\\\\"\"\"\n", "a = \"\"\"é\"\"\"\"\" # é\n",
                                    "a = ''''é'''' # 'é\nb = 'é'\n", "a = ''\nb = \"\"\nc = 'é'\n", "a = '\\'\nb = 'é'\n");
  INFO(text);
  const auto table = parse_toml(text, "file.toml");
  INFO((table ? "" : describe(table.error())));
  CHECK(table);
}

// toml++ 3.3 is undefined on most of these: tests/fuzz found it.
TEST_CASE("toml: a letter beyond ASCII outside of quotation marks is told with its line", "[toml]") {
  const std::string line = GENERATE("é = 1", "a = é", "bg\uFEFB", "a = \u4000", "a.\u2E60", "a = 'l'été'", "a = “x”",
                                    "a = \"\"\"x\"\"\" é", "a = \\ é", "a = 5EEE\"\u018E");
  INFO(line);
  const auto table = parse_toml("# é\nb = 'é'\n" + line + "\n", "file.toml");
  REQUIRE_FALSE(table);
  CHECK(table.error().code == ErrorCode::kInvalid);
  CHECK(table.error().place == "file.toml:3");
}

TEST_CASE("toml: what is wrong is told with its line, or with its file where the library does not say", "[toml]") {
  CHECK(parse_toml("a = 1\nb = \n", "file.toml").error().place == "file.toml:2");
  CHECK(parse_toml("a = 'é\n", "file.toml").error().place == "file.toml:1");
  CHECK(parse_toml("a = 1\n[é]\n", "file.toml").error().place.starts_with("file.toml"));
  CHECK(parse_toml("[=]", "file.toml").error().place.starts_with("file.toml"));
}

}  // namespace counterpart::engine
