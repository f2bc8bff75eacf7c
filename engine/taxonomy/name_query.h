// Does somebody who types this mean that profile by its name or id?
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/taxonomy/names.h"

namespace counterpart::engine {

// Best first.
enum class Named : std::uint8_t {
  kExactly,    // the id or the title, letter for letter
  kFolded,     // the id or the name but for case, accents, script, punctuation and legal form
  kBeginning,  // the first words of the name, or the beginning of the id
  kPrefix,     // the name begins so, within a word; or the id behind its register is it
  kWords,      // all words stand in the name, in any order; the last may be begun only
  kMisspelt,   // the same but for slips of the pen, in words that nobody's name has
  kNot,
};

// Immutable; safe from any thread.
class NameQuery {
 public:
  NameQuery(std::string_view typed, const LegalForms& forms);

  // Up to 32; bit i of a mask is word i.
  const std::vector<std::string>& words() const { return words_; }
  // Those of words() that stand in `name`.
  std::uint32_t words_in(std::string_view name) const;
  // `name`: name_key() of the title. `unknown`: those of words() that stand in nobody's name and may be misspelt.
  Named of(std::string_view id, std::string_view title, std::string_view name, std::uint32_t unknown) const;

 private:
  bool in_any_order(std::string_view name) const;
  bool misspelt(std::string_view name, std::uint32_t unknown) const;

  std::string typed_, folded_id_, key_, joined_;  // joined_: key_ without blanks
  std::vector<std::string> words_;
  std::vector<std::uint64_t> letters_;  // of each word
  std::uint64_t all_letters_ = 0;       // of joined_
};

}  // namespace counterpart::engine
