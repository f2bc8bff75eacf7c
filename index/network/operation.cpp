#include "index/network/operation.h"

#include "index/base/codec.h"
#include "index/base/crypto.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kDigest = 32, kMaxProfileId = 128;

}  // namespace

Position first_of(std::uint64_t epoch) {
  std::string bytes = "operations of epoch ";
  append_varint(bytes, epoch);
  return {epoch, 0, digest_of(bytes)};
}

Position after(const Position& before, const Operation& operation) {
  return {before.epoch, operation.sequence, digest_of(before.hash + encode_head(operation))};
}

std::string encode_head(const Operation& operation) {
  std::string bytes;
  append_varint(bytes, operation.sequence);
  append_text(bytes, operation.id);
  bytes.push_back(static_cast<char>(operation.kind));
  append_varint(bytes, operation.schema);
  append_text(bytes, operation.profile);
  append_varint(bytes, operation.at);
  append_text(bytes, operation.digest);
  return bytes;
}

void append_operation(std::string& bytes, const Operation& operation) {
  bytes += encode_head(operation);
  append_text(bytes, operation.payload);
}

void append_position(std::string& bytes, const Position& position) {
  append_varint(bytes, position.epoch);
  append_varint(bytes, position.sequence);
  append_text(bytes, position.hash);
}

bool take_head(std::string_view& bytes, Operation& operation) {
  if (!take_varint(bytes, operation.sequence) || !take_text(bytes, operation.id) || bytes.empty()) return false;
  operation.kind = static_cast<std::uint8_t>(bytes.front());
  bytes.remove_prefix(1);
  return take_varint(bytes, operation.schema) && take_text(bytes, operation.profile) && take_varint(bytes, operation.at) &&
         take_text(bytes, operation.digest) && operation.id.size() == kOperationId && !operation.profile.empty() &&
         operation.profile.size() <= kMaxProfileId && (operation.digest.empty() || operation.digest.size() == kDigest);
}

bool take_operation(std::string_view& bytes, Operation& operation) {
  return take_head(bytes, operation) && take_text(bytes, operation.payload);
}

bool take_position(std::string_view& bytes, Position& position) {
  return take_varint(bytes, position.epoch) && take_varint(bytes, position.sequence) && take_text(bytes, position.hash) &&
         (position.epoch == 0 ? position.hash.empty() : position.hash.size() == kDigest);
}

}  // namespace counterpart::index
