// What an answer is written with: the words, in the language that was asked for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/phrase.h"
#include "server/layer.h"
#include "server/words/words.h"

namespace counterpart::server {

// Holds a reference; safe from any thread.
struct Speech {
  const Words& words;
  std::string language = "en";  // one of kUnLanguages

  std::string say(const Phrase& phrase) const { return words.say(phrase, language); }
  std::string word(const PhraseWord& word) const { return words.word(word, language); }
  std::string term(std::string key) const { return word(Term{std::move(key)}); }
  std::string authored(std::string english) const { return word(Authored{std::move(english)}); }
  std::vector<std::string> say_all(const std::vector<Phrase>& phrases) const {
    std::vector<std::string> said;
    for (const Phrase& phrase : phrases) said.push_back(say(phrase));
    return said;
  }
};

}  // namespace counterpart::server
