#include "index/store/record.h"

#include "engine/profile/profile_json.h"
#include "index/store/store.h"
#include "tests/support/catch.h"

using namespace counterpart::index;

TEST_CASE("record: a varint comes back as it went in", "[record]") {
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

TEST_CASE("record: a varint that is cut short or too large is refused", "[record]") {
  std::uint64_t read = 0;
  std::string_view cut = "\x80\x80";
  CHECK_FALSE(take_varint(cut, read));
  const std::string large = std::string(9, '\xff') + "\x02";
  std::string_view view = large;
  CHECK_FALSE(take_varint(view, read));
}

TEST_CASE("record: big-endian numbers sort as numbers", "[record]") {
  CHECK(big_endian(255) < big_endian(256));
  std::uint64_t read = 0;
  REQUIRE(parse_big_endian(big_endian(0x0102030405060708), read));
  CHECK(read == 0x0102030405060708);
  CHECK_FALSE(parse_big_endian("short", read));
}

TEST_CASE("record: a profile comes back with its version, sequence and time", "[record]") {
  Profile profile;
  profile.id = "a";
  profile.title = "Solar pumps";
  profile.country = "KE";
  profile.contact.email = "someone@example.org";
  const auto bytes = encode_record({3, 77, 1714564800}, to_json(profile, Visibility::kPublic));

  const auto open = decode_record(bytes, private_json(profile));
  REQUIRE(open);
  CHECK(open->version == 3);
  CHECK(open->sequence == 77);
  CHECK(open->accepted_at == "2024-05-01T12:00:00Z");
  CHECK(open->profile.title == "Solar pumps");
  CHECK(open->profile.contact.email == "someone@example.org");
  CHECK(decode_record(bytes, {})->profile.contact.empty());
}

TEST_CASE("record: a newer format and cut bytes are told apart", "[record]") {
  const auto bytes = encode_record({1, 1, 1}, "{}");
  std::string newer = bytes;
  newer[0] = 3;
  CHECK(read_record(newer).error().code == ErrorCode::kUnsupported);
  CHECK(read_record("").error().code == ErrorCode::kCorrupt);
  CHECK(read_record(bytes.substr(0, 2)).error().code == ErrorCode::kCorrupt);
  CHECK(decode_record(bytes.substr(0, 5), {}).error().code == ErrorCode::kCorrupt);
}

TEST_CASE("record: a time is read as it was written, and nothing else is", "[record]") {
  for (const std::uint64_t seconds : {1ULL, 951'782'400ULL, 1'700'000'000ULL, 4'102'444'799ULL})
    CHECK(seconds_of(iso_time(seconds)) == seconds);
  for (const std::string wrong : {"", "2024-05-01", "2024-05-01T12:00:00+01:00", "2024-13-01T12:00:00Z", "yesterday"})
    CHECK(seconds_of(wrong) == 0);
}
