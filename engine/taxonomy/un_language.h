// The six official languages of the United Nations, by their BCP 47 codes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

namespace counterpart::engine {

inline constexpr std::string_view kUnLanguages[] = {"ar", "zh", "en", "fr", "ru", "es"};

// Position in kUnLanguages; nothing for any other language. `code`: a primary code, as primary_language() gives it.
inline std::optional<std::size_t> un_language(std::string_view code) {
  const auto* found = std::ranges::find(kUnLanguages, code);
  if (found == std::end(kUnLanguages)) return std::nullopt;
  return static_cast<std::size_t>(found - std::begin(kUnLanguages));
}

}  // namespace counterpart::engine
