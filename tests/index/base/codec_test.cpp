#include "index/base/codec.h"

#include "tests/support/catch.h"

using namespace counterpart::index;

TEST_CASE("codec: a varint comes back as it went in", "[codec]") {
  for (const std::uint64_t value : {0ULL, 1ULL, 127ULL, 128ULL, 300ULL, 1ULL << 35U, ~0ULL}) {
    std::string bytes;
    append_varint(bytes, value);
    bytes += "rest";
    std::string_view view = bytes;
    std::uint64_t read = 1;
    REQUIRE(take_varint(view, read));
    CHECK(read == value);
    CHECK(view == "rest");
  }
}

TEST_CASE("codec: a varint that is cut short or too large is refused", "[codec]") {
  std::uint64_t read = 0;
  std::string_view cut = "\x80\x80";
  CHECK_FALSE(take_varint(cut, read));
  const std::string large = std::string(9, '\xff') + "\x02";
  std::string_view view = large;
  CHECK_FALSE(take_varint(view, read));
}

TEST_CASE("codec: big-endian numbers sort as numbers", "[codec]") {
  CHECK(big_endian(255) < big_endian(256));
  std::uint64_t read = 0;
  REQUIRE(parse_big_endian(big_endian(0x0102030405060708), read));
  CHECK(read == 0x0102030405060708);
  CHECK_FALSE(parse_big_endian("short", read));
}
