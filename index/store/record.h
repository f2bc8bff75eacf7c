// Profile <-> the bytes of the profiles column family, versioned: head, then the public JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

struct StoredProfile;

// Unsigned LEB128, at most ten bytes.
void append_varint(std::string& bytes, std::uint64_t value);
// Takes one number off the front of `bytes`; false: cut short or over 64 bits.
bool take_varint(std::string_view& bytes, std::uint64_t& value);

// Big-endian, so that byte order is number order.
std::string big_endian(std::uint64_t value);
// False: not 8 bytes.
bool parse_big_endian(std::string_view bytes, std::uint64_t& value);

struct RecordHead {
  std::uint64_t version = 0;
  std::uint64_t sequence = 0;
  std::uint64_t accepted_at = 0;  // seconds since 1970, UTC
};

struct Record {
  RecordHead head;
  std::string_view public_json;  // borrowed from the bytes it was read from
};

// `public_json` is to_json(profile, Visibility::kPublic); private members never come here.
std::string encode_record(const RecordHead& head, std::string_view public_json);
// kUnsupported: written by a newer program. kCorrupt: cut short.
Result<Record> read_record(std::string_view bytes);
// kCorrupt also when the profile itself does not decode. `private_json` may be empty.
Result<StoredProfile> decode_record(std::string_view bytes, std::string_view private_json);

// "2024-05-01T12:00:00Z"
std::string iso_time(std::uint64_t seconds);
// And back; 0: not of this form.
std::uint64_t seconds_of(const std::string& iso_time);

}  // namespace counterpart::index
