// The catalogue of words as its files have it: every key with its text in the six languages. What the texts mean is
// server/words/words.h's.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <iterator>
#include <map>
#include <string>

#include "engine/base/result.h"
#include "engine/taxonomy/un_language.h"
#include "server/layer.h"

namespace counterpart::server {

inline constexpr std::size_t kMaxMessage = 4'000;  // bytes of one text
inline constexpr std::size_t kMaxMessages = 5'000;
inline constexpr std::size_t kMaxWordsFile = 1'000'000;  // bytes

struct Message {
  std::array<std::string, std::size(kUnLanguages)> texts;   // in kUnLanguages' order
  std::array<std::string, std::size(kUnLanguages)> places;  // "letters.toml:12"
};

using Catalogue = std::map<std::string, Message, std::less<>>;  // by key: `letter.reminder.subject`

// All *.toml of a directory, each a tree of tables whose leaves hold one text a language. kNotFound: there are none. kInvalid
// at "FILE:LINE": not TOML, a language that is missing or unknown, a text that is empty or too long, a key twice.
Result<Catalogue> read_catalogue(const std::filesystem::path& directory);

}  // namespace counterpart::server
