#include "server/words/refusals.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "server/words/pattern.h"

namespace counterpart::server {
namespace {

constexpr std::string_view kOfRefusals = "refusal.";
constexpr std::string_view kOfTitles = "problem.";
constexpr int kMostNested = 3;             // sentences within each other
constexpr std::size_t kLongest = 4'000;    // bytes of an English text that is looked at
constexpr std::size_t kMostChoices = 200;  // of one list

// Nothing: too large.
std::optional<std::int64_t> number_of(std::string_view digits) {
  std::string plain(digits);
  std::erase(plain, ',');
  std::int64_t number = 0;
  const char* const end = plain.data() + plain.size();
  const auto [stopped, error] = std::from_chars(plain.data(), end, number);
  return error == std::errc{} && stopped == end ? std::optional(number) : std::nullopt;
}

// Of "a, b or c".
OneOf choices_of(std::string_view list) {
  OneOf choices;
  const std::size_t before_last = list.rfind(" or ");
  std::string_view left = before_last == list.npos ? list : list.substr(0, before_last);
  while (choices.words.size() < kMostChoices) {
    const std::size_t comma = before_last == list.npos ? list.npos : left.find(", ");
    choices.words.emplace_back(left.substr(0, comma));
    if (comma == left.npos) break;
    left.remove_prefix(comma + 2);
  }
  if (before_last != list.npos) choices.words.emplace_back(list.substr(before_last + 4));
  return choices;
}

}  // namespace

struct Refusals::Impl {
  struct Sentence {
    std::string key;
    Pattern pattern;
  };

  const Words& words;
  std::map<std::string, std::string, std::less<>> plain;  // keys of sentences without arguments, by their English
  std::map<char, std::vector<Sentence>> by_beginning;     // by the first byte; '\0': begins with an argument

  std::optional<std::string> say(std::string_view english, std::string_view language, int depth) const;
  std::optional<std::string> say_whole(std::string_view english, std::string_view language, int depth) const;
  std::optional<PhraseArguments> arguments_of(const Pattern::Gaps& gaps, std::string_view language, int depth) const;
};

std::optional<PhraseArguments> Refusals::Impl::arguments_of(const Pattern::Gaps& gaps, std::string_view language,
                                                            int depth) const {
  PhraseArguments arguments;
  for (const auto& [name, text] : gaps) {
    if (name.starts_with("number")) {
      const auto number = number_of(text);
      if (!number) return std::nullopt;
      arguments.emplace_back(name, *number);
    } else if (name.starts_with("choices")) {
      arguments.emplace_back(name, choices_of(text));
    } else if (name.starts_with("sentence")) {
      auto said = say_whole(text, language, depth + 1);
      if (!said) return std::nullopt;
      arguments.emplace_back(name, Spoken{std::move(*said)});
    } else {
      arguments.emplace_back(name, std::string(text));
    }
  }
  return arguments;
}

std::optional<std::string> Refusals::Impl::say(std::string_view english, std::string_view language, int depth) const {
  if (english.empty() || english.size() > kLongest || depth > kMostNested) return std::nullopt;
  if (const auto found = plain.find(english); found != plain.end()) return words.say(std::string_view(found->second), language);
  struct Fit {
    const Sentence* sentence;
    Pattern::Gaps gaps;
  };
  std::vector<Fit> fits;
  for (const char begins : {english.front(), '\0'}) {
    const auto found = by_beginning.find(begins);
    if (found == by_beginning.end()) continue;
    for (const Sentence& sentence : found->second)
      if (auto gaps = sentence.pattern.match(english)) fits.push_back({&sentence, std::move(*gaps)});
  }
  std::ranges::stable_sort(fits, std::greater(), [](const Fit& fit) { return fit.sentence->pattern.own_text(); });
  for (const Fit& fit : fits)
    if (const auto arguments = arguments_of(fit.gaps, language, depth))
      return words.say(fit.sentence->key, language, *arguments);
  return std::nullopt;
}

// A sentence alone, or "place: message; remedy" as describe() joins them.
std::optional<std::string> Refusals::Impl::say_whole(std::string_view english, std::string_view language, int depth) const {
  if (auto said = say(english, language, depth)) return said;
  if (depth > kMostNested) return std::nullopt;
  if (const std::size_t colon = english.find(": "); colon != english.npos)
    if (auto said = say_whole(english.substr(colon + 2), language, depth + 1))
      return std::string(english.substr(0, colon + 2)) + *said;
  if (const std::size_t semicolon = english.find("; "); semicolon != english.npos) {
    const auto message = say(english.substr(0, semicolon), language, depth + 1);
    const auto remedy = message ? say(english.substr(semicolon + 2), language, depth + 1) : std::nullopt;
    if (remedy) return words.say("problem.joined", language, {{"message", Spoken{*message}}, {"remedy", Spoken{*remedy}}});
  }
  return std::nullopt;
}

Refusals::Refusals(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Refusals::~Refusals() = default;

Result<std::unique_ptr<const Refusals>> Refusals::make(const Words& words) {
  auto impl = std::make_unique<Impl>(words);
  for (std::string& key : words.keys()) {
    if (!key.starts_with(kOfRefusals)) continue;
    std::string english = words.pattern(key, "en");
    if (words.takes(key).empty()) {
      impl->plain.emplace(std::move(english), std::move(key));
      continue;
    }
    Result<Pattern> pattern = Pattern::parse(english);
    if (!pattern) return fail(ErrorCode::kInvalid, key, pattern.error().message, "in English: " + english);
    const char begins = pattern->beginning().empty() ? '\0' : pattern->beginning().front();
    impl->by_beginning[begins].push_back({std::move(key), std::move(*pattern)});
  }
  return std::unique_ptr<const Refusals>(new Refusals(std::move(impl)));
}

std::optional<std::string> Refusals::say(std::string_view english, std::string_view language) const {
  return impl_->say(english, language, 0);
}

bool Refusals::say(Error& error, std::string_view language) const {
  if (language == "en") return true;
  auto message = error.message.empty() ? std::optional(std::string()) : say(error.message, language);
  auto remedy = error.remedy.empty() ? std::optional(std::string()) : say(error.remedy, language);
  if (!message || !remedy) return false;
  error.message = std::move(*message);
  error.remedy = std::move(*remedy);
  return true;
}

std::optional<std::string> Refusals::title(std::string_view type, std::string_view language) const {
  const std::string key = std::string(kOfTitles) + std::string(type);
  return impl_->words.has(key) ? std::optional(impl_->words.say(std::string_view(key), language)) : std::nullopt;
}

}  // namespace counterpart::server
