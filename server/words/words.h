// What the product says, in the six languages of the United Nations: the ICU messages of datasets/words, filled in.
//
// A message takes named arguments: {name} alone, in `plural` or in `select`. Dates, lists, numbers and names are made ready
// before they go in, so that a message needs no other form, and any ICU MessageFormat can read the same files.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/phrase.h"
#include "engine/base/result.h"
#include "engine/taxonomy/taxonomy.h"
#include "server/layer.h"

namespace counterpart::server {

struct WordsSettings {
  std::string arabic_digits = "latn";  // or "arab", a numbering system of CLDR
};

// Immutable after load; safe from any thread.
class Words {
 public:
  // Reads a directory as datasets/words. Errors of read_catalogue(); kInvalid at "FILE:LINE" too for a text that is no ICU
  // message, one that takes other arguments than the other languages' do, and a plural without each category that its
  // language has, or with another one's. `taxonomy` names countries, sectors and the like; it
  // outlives this.
  static Result<std::unique_ptr<const Words>> load(const std::filesystem::path& directory, const Taxonomy& taxonomy,
                                                   const WordsSettings& settings = {});
  ~Words();

  // In `language`, one of kUnLanguages. Somebody's own text stays as it is, isolated (U+2068, U+2069) where it or the
  // sentence runs from right to left. A key that is not there, or arguments that are not the message's own, are faults of
  // ours: the answer is then the key in U+27E8, U+27E9, never a sentence of another language.
  std::string say(std::string_view key, std::string_view language, const PhraseArguments& arguments = {}) const;
  std::string say(const Phrase& phrase, std::string_view language) const { return say(phrase.key, language, phrase.arguments); }
  // A word that stands alone.
  std::string word(const PhraseWord& word, std::string_view language) const;

  // What a programme file says in English, in `language`: the text of the key under `programme` that has this English. A text
  // that no key has is the author's own and stays as it is.
  std::string of_programme(std::string_view english, std::string_view language) const;

  bool has(std::string_view key) const;
  // Sorted.
  std::vector<std::string> keys() const;
  // The names of a key's arguments, sorted. Empty: it takes none, or is not there.
  std::vector<std::string> takes(std::string_view key) const;
  // A key's ICU message in a language, as its file has it; of a key that takes nothing: what say() says. Empty: not there.
  std::string pattern(std::string_view key, std::string_view language) const;

 private:
  struct Impl;  // keeps ICU out of this header
  explicit Words(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

}  // namespace counterpart::server
