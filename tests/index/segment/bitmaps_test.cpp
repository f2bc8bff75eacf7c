#include "index/segment/bitmaps.h"

#include "tests/support/catch.h"

using namespace counterpart::index;

namespace {

// Rows 0-9: even rows are "a", rows below 5 are "low", all are "any".
KeyBitmaps table() {
  KeyBitmaps::Rows rows;
  for (std::uint32_t row = 0; row < 10; ++row) {
    if (row % 2 == 0) rows[{"letter", "a"}].push_back(row);
    if (row < 5) rows[{"level", "low"}].push_back(row);
    rows[{"level", "any"}].push_back(row);
  }
  return KeyBitmaps::build(rows, 10);
}

using Rows = std::vector<std::uint32_t>;
Rows matching(const Filter& filter) { return table().matching(filter).rows(); }

}  // namespace

TEST_CASE("bitmaps: conditions narrow, negation excludes, groups widen", "[bitmaps]") {
  CHECK(matching({}).size() == 10);
  CHECK(matching({{{"letter", {"a"}, false, {}}, {"level", {"low"}, false, {}}}, {}}) == Rows{0, 2, 4});
  CHECK(matching({{{"letter", {"a"}, true, {}}, {"level", {"low"}, false, {}}}, {}}) == Rows{1, 3});
  CHECK(matching({{}, {{{"letter", {"a"}, false, {}}}, {{"level", {"low"}, false, {}}}}}) == Rows{0, 1, 2, 3, 4, 6, 8});
}

TEST_CASE("bitmaps: a key that all have passes all, negated nobody", "[bitmaps]") {
  CHECK(matching({{{"level", {"low", "any"}, false, {}}}, {}}).size() == 10);
  CHECK(matching({{{"level", {"any"}, true, {}}}, {}}).empty());
}

TEST_CASE("bitmaps: an unknown field or key is nobody's", "[bitmaps]") {
  CHECK(matching({{{"letter", {"z"}, false, {}}}, {}}).empty());
  CHECK(matching({{{"colour", {"a"}, false, {}}}, {}}).empty());
  CHECK(matching({{{"kind", {}, false, {}}}, {}}).empty());
  CHECK(matching({{{"colour", {"a"}, true, {}}}, {}}).size() == 10);
}

TEST_CASE("bitmaps: rows of a range come in order and stop at its end", "[bitmaps]") {
  Rows members;
  for (std::uint32_t row = 0; row < 200'000; row += 3) members.push_back(row);
  const Bitmap bitmap = Bitmap::of(members);
  for (const auto& [first, end] : {std::pair{0U, 1U}, {1U, 3U}, {65'000U, 66'500U}, {199'000U, 500'000U}}) {
    Rows expected, found;
    for (const std::uint32_t row : members)
      if (row >= first && row < end) expected.push_back(row);
    bitmap.rows_between(first, end, found);
    CHECK(found == expected);
  }
}

TEST_CASE("bitmaps: a table decodes to what was encoded, and a cut one is refused", "[bitmaps]") {
  const std::string bytes = table().encode();
  const Result<KeyBitmaps> again = KeyBitmaps::decode(bytes, 10);
  REQUIRE(again);
  REQUIRE(again->entries().size() == 3);
  CHECK(again->find("letter", "a")->rows.rows() == Rows{0, 2, 4, 6, 8});
  CHECK(again->of_field("level").size() == 2);
  CHECK(again->encode() == bytes);
  CHECK_FALSE(KeyBitmaps::decode(std::string_view(bytes).substr(0, bytes.size() - 3), 10));
}
