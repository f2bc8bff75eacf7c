// Hexadecimal digits, in lower case.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace counterpart::engine {

// Two digits a byte.
std::string hex(std::string_view bytes);
// Sixteen digits.
std::string hex(std::uint64_t value);
// The bytes that hex() made `text` of. nullopt: `text` is not lower-case hexadecimal of an even length.
std::optional<std::string> from_hex(std::string_view text);

}  // namespace counterpart::engine
