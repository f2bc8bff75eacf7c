#include "engine/base/nearest.h"

#include "tests/support/catch.h"

namespace counterpart::engine {

TEST_CASE("nearest: the word meant, by misspelling or by a part of it", "[nearest]") {
  const std::string_view words[] = {"offers", "seeks", "ready_project"};
  CHECK(nearest("ofers", words) == "offers");
  CHECK(nearest("SEEKS", words) == "seeks");
  CHECK(nearest("ready", words) == "ready_project");
  CHECK(nearest("quite another", words).empty());
}

TEST_CASE("nearest: the words that are right stand in a sentence", "[nearest]") {
  const std::string_view words[] = {"offers", "seeks", "summary"};
  CHECK(joined_with_or(words) == "offers, seeks or summary");
  CHECK(joined_with_or(std::span(words).first(1)) == "offers");
}

// tests/fuzz found a programme whose side had such a name: its letters were written past the end of a line of 65.
TEST_CASE("nearest: a long word is nobody's misspelling", "[nearest]") {
  const std::string most(kMaxMisspelt, 'a'), more(kMaxMisspelt + 2, 'a');
  CHECK(edit_distance(most, most) == 0);
  CHECK(edit_distance(more, more) == more.size());
  CHECK(edit_distance(most, more) == more.size());
  CHECK(edit_distance(more, most) == more.size());
  const std::string_view words[] = {more, "offers"};
  CHECK(nearest(std::string(60, 'b'), words).empty());
  CHECK(nearest("ofers", words) == "offers");
}

}  // namespace counterpart::engine
