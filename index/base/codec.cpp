#include "index/base/codec.h"

namespace counterpart::index {

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

void append_text(std::string& bytes, std::string_view text) {
  append_varint(bytes, text.size());
  bytes.append(text);
}

bool take_text(std::string_view& bytes, std::string& text) {
  std::uint64_t size = 0;
  if (!take_varint(bytes, size) || size > bytes.size()) return false;
  text = bytes.substr(0, static_cast<std::size_t>(size));
  bytes.remove_prefix(static_cast<std::size_t>(size));
  return true;
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

}  // namespace counterpart::index
