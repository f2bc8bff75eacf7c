// What an office publishes to the others, step by step: operations in one order of its owner, each bound to all before it by a
// running hash, and where an office stands in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

// The numbers travel; one that a reader does not know is set aside until it does.
enum class OperationKind : std::uint8_t {
  kPut = 1,       // a profile's public members, as its office has published them
  kWithdraw = 2,  // a profile is no longer published
  kErase = 3,     // nothing of it may be left in any file
  kCase = 4,      // of a case that two offices share: its payload is for one reader, and is what there is to say by then
  kOffice = 5,    // when the office works; in front of every bundle
};
// What a reader must know to read a payload: the profile's members as of that release.
inline constexpr std::uint64_t kPayloadSchema = 1;

inline constexpr std::size_t kOperationId = 16;

struct Operation {
  std::uint64_t sequence = 0;  // of its owner and its epoch, from 1 without a gap
  std::string id;              // kOperationId random bytes
  std::uint8_t kind = 0;       // an OperationKind, or one that a newer program has
  std::uint64_t schema = kPayloadSchema;
  std::string profile;   // id; of a case and an office: a name without a meaning
  std::uint64_t at = 0;  // by the owner's clock, seconds since 1970
  std::string digest;    // of the payload, 32 bytes; empty: it has none
  std::string payload;   // empty though it has a digest: a later operation says more of this profile

  bool is(OperationKind other) const { return kind == static_cast<std::uint8_t>(other); }
};

// A place in the operations of one owner. An owner that has lost some, for it was restored from an older copy, begins a new
// epoch.
struct Position {
  std::uint64_t epoch = 0;     // 0: none of its operations is known
  std::uint64_t sequence = 0;  // of the last one
  std::string hash;            // of that one and of all before it in the epoch
  bool operator==(const Position&) const = default;
};
Position first_of(std::uint64_t epoch);
// After `operation`, whose payload does not count but by its digest: who has it and who has not come to the same hash.
Position after(const Position& before, const Operation& operation);

// Without the payload, which is not stored: it is the profile's own record.
std::string encode_head(const Operation& operation);
void append_operation(std::string& bytes, const Operation& operation);  // with it
void append_position(std::string& bytes, const Position& position);
// False: cut short, or a size that cannot be.
bool take_head(std::string_view& bytes, Operation& operation);
bool take_operation(std::string_view& bytes, Operation& operation);
bool take_position(std::string_view& bytes, Position& position);

}  // namespace counterpart::index
