// Hashes; but for TextHash they come out the same on every machine and in every release. None of them keeps a secret.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace counterpart::engine {

inline constexpr std::uint64_t kFnv1aStart = 0xcbf29ce484222325U;

// FNV-1a of 64 bits (Fowler, Noll and Vo). `hash` is that of the bytes before these.
constexpr std::uint64_t fnv1a(std::string_view bytes, std::uint64_t hash = kFnv1aStart) {
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  return hash;
}

// FNV-1a of 32 bits.
constexpr std::uint32_t fnv1a_32(std::string_view bytes) {
  std::uint32_t hash = 2166136261U;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619U;
  return hash;
}

// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): neighbours end far apart.
constexpr std::uint64_t spread_bits(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

// The generator's next number after the state `value`.
constexpr std::uint64_t split_mix(std::uint64_t value) { return spread_bits(value + 0x9e3779b97f4a7c15U); }

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
// In no order; asked by views too.
template <class Value>
using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

}  // namespace counterpart::engine
