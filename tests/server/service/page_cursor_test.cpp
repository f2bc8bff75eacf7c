#include "server/service/page_cursor.h"

#include "tests/support/catch.h"

namespace counterpart::server {

TEST_CASE("page cursor: what it says is what it was given", "[cursor]") {
  SearchCall call;
  call.q = "cold storage";
  const HitPosition position{3, 0.123456789};
  call.cursor = PageCursor{position, "wb:P1", {1, 0x80000000}}.text(call);
  const auto cursor = PageCursor::parse(call);
  REQUIRE(cursor);
  CHECK(cursor->position == position);
  CHECK(cursor->id == "wb:P1");
  CHECK(cursor->plan == SearchPlan{1, 0x80000000});
  CHECK(cursor->before({3, 0.1}, "a"));
  CHECK(cursor->before(position, "wb:P2"));
  CHECK(cursor->before({4, 0.9}, "a"));
  CHECK_FALSE(cursor->before(position, "wb:P1"));
  CHECK_FALSE(cursor->before({3, 0.2}, "z"));
  CHECK_FALSE(cursor->before({2, 0.1}, "z"));
}

TEST_CASE("page cursor: one of another query, or of nobody, is refused", "[cursor]") {
  SearchCall call;
  call.cursor = PageCursor{{}, "a", {}}.text(call);
  call.where.push_back({"country", {"KE"}, false, Condition::Owner::kRequest});
  CHECK(PageCursor::parse(call).error().place == "cursor");
  call.where.clear();
  CHECK(PageCursor::parse(call));
  call.cursor = GENERATE("x", "0123456789abcdef0123456789abcdef", "zzzzzzzzzzzzzzzz" + std::string(48, '-') + "id");
  CHECK_FALSE(PageCursor::parse(call));
}

}  // namespace counterpart::server
