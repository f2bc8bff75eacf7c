// A phrase as a test reads it: key(argument=value, ...), a term as its key, a title as its code.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "engine/base/phrase.h"

namespace counterpart::engine {

std::string told(const Phrase& phrase);

namespace test {

inline std::string told_one(const std::string& text) { return text; }
inline std::string told_one(const Term& term) { return term.key; }
inline std::string told_one(const Title& title) { return title.code; }
inline std::string told_one(const Authored& text) { return text.english; }
inline std::string told_one(const OnDay& day) { return "day " + std::to_string(day.days); }
inline std::string told_one(std::int64_t number) { return std::to_string(number); }
inline std::string told_one(double number) { return std::to_string(number); }
inline std::string told_one(const Decimal& number) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", number.digits, number.value);
  return text;
}
inline std::string told_one(const std::vector<Phrase>& phrases) {
  std::string text;
  for (const Phrase& phrase : phrases) text += (text.empty() ? "" : " & ") + told(phrase);
  return text;
}
inline std::string told_one(const std::vector<PhraseWord>& words) {
  std::string text;
  for (const PhraseWord& word : words)
    text += (text.empty() ? "" : ", ") + std::visit([](const auto& one) { return told_one(one); }, word);
  return text;
}
inline std::string told_one(const OneOf& choices) {
  std::string text;
  for (const std::string& one : choices.words) text += (text.empty() ? "" : " or ") + one;
  return text;
}
inline std::string told_one(const Spoken& said) { return said.text; }
inline std::string told_one(const Values& values) { return told_one(values.words); }

}  // namespace test

inline std::string told(const Phrase& phrase) {
  std::string text;
  for (const auto& [name, value] : phrase.arguments)
    text += (text.empty() ? "" : ", ") + name + "=" + std::visit([](const auto& one) { return test::told_one(one); }, value);
  return text.empty() ? phrase.key : phrase.key + "(" + text + ")";
}

// Whose a condition is: an id, "programme net, side member", "gate shown of programme net", "request".
inline std::string owner_of(const Phrase& owner) {
  const auto argument = [&](const char* name) {
    for (const auto& [key, value] : owner.arguments)
      if (key == name) return std::get<std::string>(value);
    return std::string();
  };
  const std::string programme = "programme " + argument("programme");
  if (owner.key == "owner.profile") return argument("id");
  if (owner.key == "owner.programme") return programme;
  if (owner.key == "owner.side") return programme + ", side " + argument("side");
  if (owner.key == "owner.gate") return "gate " + argument("gate") + " of " + programme;
  return owner.key;
}

}  // namespace counterpart::engine
