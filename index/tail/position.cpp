#include "index/tail/position.h"

#include "index/base/codec.h"
#include "index/base/crypto.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kHash = 32;

}  // namespace

TailPosition position_after(const TailPosition& before, std::uint64_t epoch, std::string_view batch) {
  const std::uint64_t number = before.number + 1;
  std::string bound = before.hash + big_endian(epoch) + big_endian(number);
  bound.append(digest_of(batch));
  return {epoch, number, digest_of(bound)};
}

std::string encode_position(const TailPosition& position) {
  return big_endian(position.epoch) + big_endian(position.number) + position.hash;
}

std::optional<TailPosition> decode_position(std::string_view bytes) {
  TailPosition position;
  if (bytes.size() != 16 + kHash || !parse_big_endian(bytes.substr(0, 8), position.epoch) ||
      !parse_big_endian(bytes.substr(8, 8), position.number))
    return std::nullopt;
  position.hash = bytes.substr(16);
  return position;
}

}  // namespace counterpart::index
