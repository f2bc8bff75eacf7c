#include "engine/base/hash.h"

#include "engine/base/hex.h"
#include "tests/support/catch.h"

using namespace counterpart::engine;

// Landon Curt Noll's vectors.
TEST_CASE("hash: FNV-1a and SplitMix64 give the published numbers", "[hash]") {
  CHECK(fnv1a("") == 0xcbf29ce484222325U);
  CHECK(fnv1a("foobar") == 0x85944171f73967e8U);
  CHECK(fnv1a("bar", fnv1a("foo")) == fnv1a("foobar"));
  CHECK(fnv1a_32("foobar") == 0xbf9cf968U);
  CHECK(split_mix(0) == 0xe220a8397b1dcdafU);
}

TEST_CASE("hex: bytes and numbers become digits, and bytes come back", "[hex]") {
  CHECK(hex(std::string_view("\x00\x7f\xff", 3)) == "007fff");
  CHECK(hex(std::uint64_t{0xcafe}) == "000000000000cafe");
  CHECK(from_hex("007fff") == std::string("\x00\x7f\xff", 3));
  CHECK(from_hex("") == "");
}

TEST_CASE("hex: other digits, capitals and half a byte are none", "[hex]") {
  for (const char* wrong : {"0", "0g", "CAFE", "0x12", " 12"}) CHECK_FALSE(from_hex(wrong));
}
