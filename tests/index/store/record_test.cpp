#include "index/store/record.h"

#include "engine/profile/profile_json.h"
#include "index/store/write.h"
#include "tests/support/catch.h"

using namespace counterpart::index;

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
  newer[0] = 4;
  CHECK(read_record(newer).error().code == ErrorCode::kUnsupported);
  CHECK(read_record("").error().code == ErrorCode::kCorrupt);
  CHECK(read_record(bytes.substr(0, 2)).error().code == ErrorCode::kCorrupt);
  CHECK(decode_record(bytes.substr(0, 5), {}).error().code == ErrorCode::kCorrupt);
}
