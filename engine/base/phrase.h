// A sentence that is to be said in the language of whoever reads it: a key of the catalogue of words (datasets/words) and what
// goes into the sentence. The engine makes phrases, the server says them (server/words/words.h).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace counterpart::engine {

// A word of ours: another key of the catalogue.
struct Term {
  std::string key;
  bool operator==(const Term&) const = default;
};

// What the taxonomy calls one of its codes.
struct Title {
  enum class List : std::uint8_t { kCountries, kCountryGroups, kSectors, kSdgs, kTechnologies, kThemes };
  List list = List::kCountries;
  std::string code;
  bool operator==(const Title&) const = default;
};

struct OnDay {
  std::int32_t days = 0;   // since 1970-01-01
  bool with_year = false;  // "Thursday 3 December 2026"
  bool operator==(const OnDay&) const = default;
};

// A string is somebody's own text: a name, a code, a quotation. It stays as it is.
using PhraseWord = std::variant<std::string, Term, Title>;
using PhraseArgument = std::variant<std::string, Term, Title, OnDay, std::int64_t, double, std::vector<PhraseWord>>;
using PhraseArguments = std::vector<std::pair<std::string, PhraseArgument>>;

struct Phrase {
  std::string key;
  PhraseArguments arguments = {};
  bool operator==(const Phrase&) const = default;
};

}  // namespace counterpart::engine
