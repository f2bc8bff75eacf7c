// "Did you mean": the nearest of some words to one that is wrong, and the words that are right.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace counterpart::engine {

// Longer texts are never a misspelt word, and are not compared.
inline constexpr std::size_t kMaxMisspelt = 64;

bool equal_but_case(std::string_view a, std::string_view b);  // ASCII letters only
std::string lower_case(std::string_view text);                // the same
std::string upper_case(std::string_view text);

// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment), ASCII case ignored. Where one
// has more than kMaxMisspelt bytes: as many as the longer has, as if they shared nothing.
std::size_t edit_distance(std::string_view a, std::string_view b);

// Is `distance` small enough between words so long that one may be meant by the other?
bool is_near(std::size_t distance, std::size_t longer);

// The nearest word, the first of equals; else the first that contains `wrong`; else empty.
std::string_view nearest(std::string_view wrong, std::span<const std::string_view> words);

// "a, b or c".
std::string joined_with_or(std::span<const std::string_view> words);

}  // namespace counterpart::engine
