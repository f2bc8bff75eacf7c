// Characters of UTF-8 texts, whose bytes differ in number by script.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace counterpart::engine {

// Of a byte of valid UTF-8: is it the first one of a character?
inline bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

inline std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

}  // namespace counterpart::engine
