#include "engine/base/hex.h"

#include <boost/algorithm/hex.hpp>
#include <iterator>

namespace counterpart::engine {

std::string hex(std::string_view bytes) {
  std::string digits;
  digits.reserve(2 * bytes.size());
  boost::algorithm::hex_lower(bytes.begin(), bytes.end(), std::back_inserter(digits));
  return digits;
}

std::string hex(std::uint64_t value) {
  std::string bytes(sizeof value, '\0');
  for (std::size_t i = bytes.size(); i-- > 0; value >>= 8U) bytes[i] = static_cast<char>(value & 0xffU);
  return hex(bytes);
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0 || text.find_first_not_of("0123456789abcdef") != text.npos) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  boost::algorithm::unhex(text.begin(), text.end(), std::back_inserter(bytes));
  return bytes;
}

}  // namespace counterpart::engine
