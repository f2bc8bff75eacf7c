#include "index/store/record.h"

#include <algorithm>
#include <ctime>

#include "engine/profile/profile_json.h"
#include "index/store/store.h"

namespace counterpart::index {
namespace {

// 2: with `gender`, and finance without an amount. What 1 holds is read as it is.
constexpr unsigned char kFormat = 2;
constexpr const char* kIsoTime = "%Y-%m-%dT%H:%M:%SZ";

tl::unexpected<Error> damaged() {
  return fail(ErrorCode::kCorrupt, "record", "a stored profile's bytes are cut short", "restore the last backup");
}

}  // namespace

void append_varint(std::string& bytes, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>(static_cast<unsigned char>(value | 0x80)));
  bytes.push_back(static_cast<char>(static_cast<unsigned char>(value)));
}

bool take_varint(std::string_view& bytes, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    if (shift == 63 && byte > 1) return false;
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

std::string big_endian(std::uint64_t value) {
  std::string bytes(8, '\0');
  for (std::size_t i = 8; i-- > 0; value >>= 8) bytes[i] = static_cast<char>(static_cast<unsigned char>(value & 0xff));
  return bytes;
}

bool parse_big_endian(std::string_view bytes, std::uint64_t& value) {
  if (bytes.size() != 8) return false;
  value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return true;
}

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

std::string iso_time(std::uint64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  if (gmtime_r(&time, &parts) == nullptr) return {};
  char text[32];
  return {text, std::strftime(text, sizeof text, kIsoTime, &parts)};
}

std::uint64_t seconds_of(const std::string& iso_time) {
  std::tm parts{};
  const char* const end = strptime(iso_time.c_str(), kIsoTime, &parts);
  if (!end || *end != '\0') return 0;
  return static_cast<std::uint64_t>(std::max<std::time_t>(timegm(&parts), 0));
}

}  // namespace counterpart::index
