// Profile <-> the bytes of the profiles column family, versioned: head, then the public JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

struct StoredProfile;

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

}  // namespace counterpart::index
