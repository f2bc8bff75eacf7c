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
  enum class List : std::uint8_t { kCountries, kCountryGroups, kSectors, kSdgs, kTechnologies, kThemes, kCurrencies };
  List list = List::kCountries;
  std::string code;
  bool operator==(const Title&) const = default;
};

struct OnDay {
  std::int32_t days = 0;   // since 1970-01-01
  bool with_year = false;  // "Thursday 3 December 2026"
  bool operator==(const OnDay&) const = default;
};

// Somebody's own texts, of which one is meant: "a, b or c".
struct OneOf {
  std::vector<std::string> words;
  bool operator==(const OneOf&) const = default;
};

// A sentence that is said in the reader's language already.
struct Spoken {
  std::string text;
  bool operator==(const Spoken&) const = default;
};

// What a programme's file says in English: said in the reader's language where the catalogue has it.
struct Authored {
  std::string english;
  bool operator==(const Authored&) const = default;
};

// A number with so many digits behind the point.
struct Decimal {
  double value = 0;
  int digits = 0;
  bool operator==(const Decimal&) const = default;
};

struct Phrase;

// A string is somebody's own text: a name, a code, a quotation. It stays as it is. Several phrases are joined as a list is: "A
// and B"; so are words.
using PhraseWord = std::variant<std::string, Term, Title, Authored, std::vector<Phrase>>;

// Words one after the other, as the values of a field are told: "LDC, KE".
struct Values {
  std::vector<PhraseWord> words;
  bool operator==(const Values&) const;
};

using PhraseArgument = std::variant<std::string, Term, Title, Authored, std::vector<Phrase>, OnDay, Decimal, Values,
                                    std::int64_t, double, std::vector<PhraseWord>, OneOf, Spoken>;
using PhraseArguments = std::vector<std::pair<std::string, PhraseArgument>>;

struct Phrase {
  std::string key = {};
  PhraseArguments arguments = {};
  bool empty() const { return key.empty(); }  // nothing is to be said
  bool operator==(const Phrase&) const = default;
};
inline bool Values::operator==(const Values&) const = default;

// A phrase as an argument of another one.
inline std::vector<Phrase> nested(Phrase phrase) {
  std::vector<Phrase> one;
  one.push_back(std::move(phrase));
  return one;
}

}  // namespace counterpart::engine
