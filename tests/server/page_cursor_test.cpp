#include "server/page_cursor.h"

#include "tests/support/catch.h"

namespace counterpart {

TEST_CASE("page cursor: what it says is what it was given", "[cursor]") {
  SearchCall call;
  call.q = "cold storage";
  call.cursor = PageCursor{0.123456789, "wb:P1"}.text(call);
  const auto cursor = PageCursor::parse(call);
  REQUIRE(cursor);
  CHECK(cursor->score == 0.123456789);
  CHECK(cursor->id == "wb:P1");
  CHECK(cursor->before(0.1, "a"));
  CHECK(cursor->before(0.123456789, "wb:P2"));
  CHECK_FALSE(cursor->before(0.123456789, "wb:P1"));
  CHECK_FALSE(cursor->before(0.2, "z"));
}

TEST_CASE("page cursor: one of another query, or of nobody, is refused", "[cursor]") {
  SearchCall call;
  call.cursor = PageCursor{{}, "a"}.text(call);
  call.where.push_back({"country", {"KE"}, false, Condition::Owner::kRequest});
  CHECK(PageCursor::parse(call).error().place == "cursor");
  call.where.clear();
  CHECK(PageCursor::parse(call));
  call.cursor = GENERATE("x", "0123456789abcdef0123456789abcdef", "zzzzzzzzzzzzzzzz----------------id");
  CHECK_FALSE(PageCursor::parse(call));
}

}  // namespace counterpart
