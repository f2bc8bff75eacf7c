// Refusals in the language of whoever reads them. Engine, index and server compose what is wrong, and what would be right, in
// English, as sentences with names and numbers in them; that English is their key. The catalogue has the sentence of each
// under `refusal`, with named arguments: an English text is compared with these patterns, its arguments are taken out and put
// into the other language's sentence.
//
// What an argument holds, its name says:
//   number…    digits, put into the plural of the language
//   choices…  "a, b or c": codes, joined as the language joins them; list…: the same, left as they are; code…: one word
//   sentence…  another refusal, or a whole one as describe() makes it; said in the language, too
//   all others are somebody's own text, a code or a quotation: they stay as they are
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "server/layer.h"
#include "server/words/words.h"

namespace counterpart::server {

// Immutable; safe from any thread.
class Refusals {
 public:
  // `words` outlives this. kInvalid at the key: an English text under `refusal` with plurals or choices in it (they cannot be
  // compared with), with nothing between two arguments, or with nothing but arguments.
  static Result<std::unique_ptr<const Refusals>> make(const Words& words);
  ~Refusals();

  // Nothing: no pattern has this English. Of several that have it, that with most text of its own. The work is bounded by the
  // length of `english` times the number of patterns that begin like it.
  std::optional<std::string> say(std::string_view english, std::string_view language) const;

  // Puts message and remedy into `language`. False: one of them has no pattern, and both stay English.
  bool say(Error& error, std::string_view language) const;

  // Of a kind of problem, "invalid" in ".../problems/invalid". Nothing: the catalogue has no title of it.
  std::optional<std::string> title(std::string_view type, std::string_view language) const;

 private:
  struct Impl;
  explicit Refusals(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

// What is told to one reader.
struct RefusalsIn {
  const Refusals& refusals;
  std::string language;
  bool say(Error& error) const { return refusals.say(error, language); }
};

}  // namespace counterpart::server
