// Who is meant by a name: keys under which one organisation is found again, however its name was written.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace counterpart::engine {

// Ltd, GmbH, S.A., ООО, 有限公司, شركة, ...: what a name may carry at either end without naming anybody else. Immutable;
// safe from any thread.
class LegalForms {
 public:
  LegalForms() = default;
  // In any script and spelling; each is folded as names are.
  explicit LegalForms(std::span<const std::string> forms);

 private:
  friend class NameFolder;
  std::set<std::vector<std::string>> words_;
  std::size_t longest_ = 0;            // words of the longest of words_
  std::vector<std::string> unspaced_;  // of scripts that put no space before it; longest first
};

// A name, folded for comparison.
struct EntityName {
  std::vector<std::string> words;  // lower-case Latin letters and digits; Roman numerals as digits; no legal forms
  std::string skeleton;            // the consonants of `words` in classes that survive transliteration, in order
  bool latin = true;               // no letter of another script in it
};

// Read as normalise() does. Scripts become Latin by ICU (BGN for Cyrillic, else CLDR), accents and punctuation go, letters of
// an abbreviation are joined (S. A. -> sa), legal forms go from both ends unless nothing else is left. `name` is valid UTF-8.
EntityName entity_name(std::string_view name, const LegalForms& forms);

// The words joined by blanks; equal keys, equal names. Empty: no letter or digit in it.
std::string name_key(std::string_view name, const LegalForms& forms);

struct NameComparison {
  double similarity = 0;       // 0..1, 1 for equal words
  bool other_numbers = false;  // Phase I, Phase II; Fund 3, Fund 4: two things on purpose; similarity is halved
  bool other_words = false;    // with words in common, each has one of its own: Lake East, Lake West
};

// Symmetric. Words are paired one to one, equal ones first, then by edit distance, and count by their length; or the names
// as a whole are, where that is more; across scripts the skeletons are, at 0.95 at most (and no words are told to differ).
NameComparison compare_names(const EntityName& a, const EntityName& b);
double name_similarity(std::string_view a, std::string_view b, const LegalForms& forms);

}  // namespace counterpart::engine
