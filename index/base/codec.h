// Numbers as bytes: short ones for values, ordered ones for keys.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "index/layer.h"

namespace counterpart::index {

// Unsigned LEB128, at most ten bytes.
void append_varint(std::string& bytes, std::uint64_t value);
// Takes one number off the front of `bytes`; false: cut short or over 64 bits.
bool take_varint(std::string_view& bytes, std::uint64_t& value);

// Its length as a varint, then the text.
void append_text(std::string& bytes, std::string_view text);
// False: cut short.
bool take_text(std::string_view& bytes, std::string& text);

// Big-endian, so that byte order is number order.
std::string big_endian(std::uint64_t value);
// False: not 8 bytes.
bool parse_big_endian(std::string_view bytes, std::uint64_t& value);

}  // namespace counterpart::index
