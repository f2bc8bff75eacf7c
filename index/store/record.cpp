#include "index/store/record.h"

#include "engine/profile/profile_json.h"
#include "index/base/codec.h"
#include "index/base/time.h"
#include "index/store/write.h"

namespace counterpart::index {
namespace {

// 2: with `gender`, and finance without an amount. 3: with `references`. What 1 and 2 hold is read as it is.
constexpr unsigned char kFormat = 3;

tl::unexpected<Error> damaged() {
  return fail(ErrorCode::kCorrupt, "record", "a stored profile's bytes are cut short", "restore the last backup");
}

}  // namespace

std::string encode_record(const RecordHead& head, std::string_view public_json) {
  std::string bytes(1, static_cast<char>(kFormat));
  append_varint(bytes, head.version);
  append_varint(bytes, head.sequence);
  append_varint(bytes, head.accepted_at);
  bytes.append(public_json);
  return bytes;
}

Result<Record> read_record(std::string_view bytes) {
  if (bytes.empty()) return damaged();
  const auto format = static_cast<unsigned char>(bytes.front());
  if (format > kFormat)
    return fail(ErrorCode::kUnsupported, "record",
                "written in record format " + std::to_string(format) + ", this program reads up to " + std::to_string(kFormat),
                "use the newer program");
  if (format < 1) return damaged();
  bytes.remove_prefix(1);
  Record record;
  if (!take_varint(bytes, record.head.version) || !take_varint(bytes, record.head.sequence) ||
      !take_varint(bytes, record.head.accepted_at))
    return damaged();
  record.public_json = bytes;
  return record;
}

Result<StoredProfile> decode_record(std::string_view bytes, std::string_view private_json) {
  const auto record = read_record(bytes);
  if (!record) return tl::unexpected(record.error());
  auto profile = decode_profile(record->public_json, private_json);
  if (!profile) return tl::unexpected(profile.error());
  return StoredProfile{std::move(*profile), record->head.version, record->head.sequence, iso_time(record->head.accepted_at)};
}

}  // namespace counterpart::index
