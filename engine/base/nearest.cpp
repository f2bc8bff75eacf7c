#include "engine/base/nearest.h"

#include <algorithm>
#include <array>

namespace counterpart::engine {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

bool equal_but_case(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

std::string upper_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), upper);
  return result;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  if (const std::size_t longer = std::max(a.size(), b.size()); longer > kMaxMisspelt) return longer;
  using Line = std::array<std::size_t, kMaxMisspelt + 1>;
  Line lines[3];  // of the table of distances: line i is lines[i % 3]
  for (std::size_t j = 0; j <= b.size(); ++j) lines[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    const Line& two_before = lines[(i + 1) % 3];
    const Line& before = lines[(i + 2) % 3];
    Line& line = lines[i % 3];
    line[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      line[j] = std::min({before[j] + 1, line[j - 1] + 1, before[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
        line[j] = std::min(line[j], two_before[j - 2] + 1);
    }
  }
  return lines[a.size() % 3][b.size()];
}

bool is_near(std::size_t distance, std::size_t longer) { return distance * 3 <= longer; }

std::string_view nearest(std::string_view wrong, std::span<const std::string_view> words) {
  if (wrong.empty() || wrong.size() > kMaxMisspelt) return {};
  std::string_view best;
  std::size_t least = kMaxMisspelt + 1;
  for (const std::string_view word : words) {
    const std::size_t distance = edit_distance(wrong, word);
    if (distance < least && is_near(distance, std::max(wrong.size(), word.size()))) {
      least = distance;
      best = word;
    }
  }
  if (!best.empty() || wrong.size() < 4) return best;
  const std::string part = lower_case(wrong);
  const auto holder = std::ranges::find_if(words, [&](std::string_view word) { return word.find(part) != word.npos; });
  return holder == words.end() ? std::string_view{} : *holder;
}

std::string joined_with_or(std::span<const std::string_view> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace counterpart::engine
