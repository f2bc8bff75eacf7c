#include "server/words/words.h"

#include <unicode/dtptngen.h>
#include <unicode/listformatter.h>
#include <unicode/msgfmt.h>
#include <unicode/numberformatter.h>
#include <unicode/smpdtfmt.h>
#include <unicode/uchar.h>
#include <unicode/ucurr.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "server/words/catalogue.h"
#include "server/words/inspector.h"
#include "server/words/unicode.h"

namespace counterpart::server {
namespace {

constexpr std::size_t kLanguages = std::size(kUnLanguages);
constexpr char kBritish[] = "en-GB";  // as the United Nations writes English
constexpr std::string_view kOfProgrammes = "programme.";

icu::Locale locale_of(std::string_view language, const WordsSettings& settings) {
  UErrorCode error = U_ZERO_ERROR;
  std::string tag(language == "en" ? kBritish : language);
  if (language == "ar") tag += "-u-nu-" + settings.arabic_digits;
  return icu::Locale::forLanguageTag(tag, error);
}

bool runs_left(UChar32 c) {
  const UCharDirection direction = u_charDirection(c);
  return direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC;
}

// Could change the direction of what stands around it.
bool steers(UChar32 c) { return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069); }

// Somebody's text beside ours: neither may reorder the other. Where all runs from left to right nothing needs to be said.
icu::UnicodeString isolated(std::string_view text, bool right_to_left) {
  const icu::UnicodeString given = wide(text);
  icu::UnicodeString own;
  bool needed = right_to_left;
  for (std::int32_t i = 0; i < given.length(); i = given.moveIndex32(i, 1)) {
    const UChar32 c = given.char32At(i);
    if (steers(c)) continue;
    needed |= runs_left(c);
    own.append(c);
  }
  return needed ? icu::UnicodeString(u'\u2068') + own + icu::UnicodeString(u'\u2069') : own;
}

}  // namespace

struct Words::Impl {
  struct Tongue {
    icu::Locale locale;
    bool right_to_left = false;
    std::unique_ptr<const icu::ListFormatter> list, choice;
    std::unique_ptr<const icu::SimpleDateFormat> day, day_with_year;
    icu::UnicodeString comma;  // between values
  };
  struct Entry {
    std::array<std::unique_ptr<const icu::MessageFormat>, kLanguages> forms;
    std::array<std::string, kLanguages> plain;  // of a message that takes nothing
    Uses uses;
  };

  explicit Impl(const Taxonomy& names) : taxonomy(names) {}

  const Taxonomy& taxonomy;
  std::array<Tongue, kLanguages> tongues;
  std::map<std::string, Entry, std::less<>> entries;
  std::map<std::string, const Entry*, std::less<>> by_english;  // of programmes; they point into `entries`

  Status set_tongues(const WordsSettings& settings);
  Result<Entry> compile(const std::string& key, const Message& message,
                        const std::array<Inspector, kLanguages>& inspectors) const;
  std::optional<icu::UnicodeString> word(const PhraseWord& word, std::size_t language) const;
  std::optional<std::vector<icu::UnicodeString>> words(const std::vector<PhraseWord>& list, std::size_t language) const;
  icu::UnicodeString title(const Title& title, std::size_t language) const;
  icu::UnicodeString listed(const std::vector<icu::UnicodeString>& words, std::size_t language) const;
  std::optional<icu::Formattable> value(const PhraseArgument& argument, Use use, std::size_t language) const;
  std::optional<std::string> say(const Entry& entry, std::size_t language, const PhraseArguments& arguments) const;
};

Status Words::Impl::set_tongues(const WordsSettings& settings) {
  UErrorCode error = U_ZERO_ERROR;
  for (std::size_t i = 0; i < kLanguages; ++i) {
    Tongue& tongue = tongues[i];
    tongue.locale = locale_of(kUnLanguages[i], settings);
    tongue.right_to_left = tongue.locale.isRightToLeft();
    tongue.list.reset(icu::ListFormatter::createInstance(tongue.locale, error));
    tongue.choice.reset(icu::ListFormatter::createInstance(tongue.locale, ULISTFMT_TYPE_OR, ULISTFMT_WIDTH_WIDE, error));
    const std::unique_ptr<icu::DateTimePatternGenerator> patterns(
        icu::DateTimePatternGenerator::createInstance(tongue.locale, error));
    if (U_FAILURE(error)) break;
    const auto formatter = [&](const char16_t* skeleton) {
      icu::UnicodeString pattern = patterns->getBestPattern(skeleton, error);
      if (kUnLanguages[i] == "en") pattern.findAndReplace(u",", u"");  // Thursday 3 December, within a sentence
      auto made = std::make_unique<icu::SimpleDateFormat>(pattern, tongue.locale, error);
      if (U_SUCCESS(error)) made->setTimeZone(*icu::TimeZone::getGMT());  // a day is one everywhere
      return made;
    };
    tongue.comma = kUnLanguages[i] == "zh" ? u"、" : tongue.right_to_left ? u"، " : u", ";
    tongue.day = formatter(u"EEEEdMMMM");
    tongue.day_with_year = formatter(u"EEEEdMMMMy");
  }
  if (U_SUCCESS(error)) return {};
  return fail(ErrorCode::kInternal, "words", "ICU cannot make its formats: " + std::string(u_errorName(error)),
              "the library's data must be installed");
}

Result<Words::Impl::Entry> Words::Impl::compile(const std::string& key, const Message& message,
                                                const std::array<Inspector, kLanguages>& inspectors) const {
  Entry entry;
  std::array<Uses, kLanguages> uses;
  for (std::size_t i = 0; i < kLanguages; ++i) {
    const auto wrong = [&](const std::string& what, std::string remedy = {}) {
      return fail(ErrorCode::kInvalid, message.places[i], "`" + key + "`: " + what, std::move(remedy));
    };
    if (const auto what = inspectors[i].inspect(message.texts[i], uses[i])) return wrong(*what);
    for (const auto& [name, use] : uses[i]) {
      if (i > 0 && !uses[0].contains(name)) return wrong("takes {" + name + "}, and the text in ar does not");
      Use& common = entry.uses.emplace(name, use).first->second;
      if (common == Use::kText) common = use;
      if (use != Use::kText && use != common) return wrong("{" + name + "} is " + in_words(use) + " here alone");
    }
    for (const auto& [name, use] : uses[0])
      if (!uses[i].contains(name)) return wrong("does not take {" + name + "}, and the text in ar does");
    UErrorCode error = U_ZERO_ERROR;
    auto form = std::make_unique<icu::MessageFormat>(wide(message.texts[i]), tongues[i].locale, error);
    if (U_FAILURE(error)) return wrong("no ICU message (" + std::string(u_errorName(error)) + ")");
    if (!uses[i].empty()) {
      entry.forms[i] = std::move(form);
      continue;
    }
    icu::UnicodeString text;
    form->format(nullptr, nullptr, 0, text, error);
    if (U_FAILURE(error)) return wrong("no ICU message (" + std::string(u_errorName(error)) + ")");
    entry.plain[i] = narrow(text);
  }
  return entry;
}

// The standard names of currencies are in English alone; the others are CLDR's.
icu::UnicodeString Words::Impl::title(const Title& title, std::size_t language) const {
  static constexpr const CodeList Taxonomy::*kLists[] = {&Taxonomy::countries, &Taxonomy::country_groups, &Taxonomy::sectors,
                                                         &Taxonomy::sdgs,      &Taxonomy::technologies,   &Taxonomy::themes,
                                                         &Taxonomy::currencies};
  const CodeList& list = taxonomy.*kLists[static_cast<std::size_t>(title.list)];
  if (title.list == Title::List::kCurrencies && kUnLanguages[language] != "en") {
    UErrorCode error = U_ZERO_ERROR;
    std::int32_t length = 0;
    const char16_t* name = ucurr_getName(wide(title.code).getTerminatedBuffer(), tongues[language].locale.getName(),
                                         UCURR_LONG_NAME, nullptr, &length, &error);
    if (U_SUCCESS(error)) return {name, length};
  }
  // What is not translated is told by what it is part of: a class of industry by its division.
  for (const CodeList::Entry* entry = list.find(title.code); entry; entry = list.find(entry->parent))
    if (language < entry->titles.size() && !entry->titles[language].empty()) return wide(entry->titles[language]);
  return wide(list.title(title.code, "en"));
}

icu::UnicodeString Words::Impl::listed(const std::vector<icu::UnicodeString>& words, std::size_t language) const {
  UErrorCode error = U_ZERO_ERROR;
  icu::UnicodeString text;
  return tongues[language].list->format(words.data(), static_cast<std::int32_t>(words.size()), text, error);
}

// Nothing: no such term, or a phrase that cannot be said.
std::optional<icu::UnicodeString> Words::Impl::word(const PhraseWord& word, std::size_t language) const {
  const bool right_to_left = tongues[language].right_to_left;
  if (const auto* text = std::get_if<std::string>(&word)) return isolated(*text, right_to_left);
  if (const auto* one = std::get_if<Title>(&word)) return isolated(narrow(title(*one, language)), right_to_left);
  if (const auto* text = std::get_if<Authored>(&word)) {
    const auto found = by_english.find(text->english);
    return found == by_english.end() ? isolated(text->english, right_to_left) : wide(found->second->plain[language]);
  }
  if (const auto* phrases = std::get_if<std::vector<Phrase>>(&word)) {
    std::vector<icu::UnicodeString> all;
    for (const Phrase& phrase : *phrases) {
      const auto entry = entries.find(phrase.key);
      const auto said = entry == entries.end() ? std::nullopt : say(entry->second, language, phrase.arguments);
      if (!said) return std::nullopt;
      all.push_back(wide(*said));
    }
    return listed(all, language);
  }
  const auto found = entries.find(std::get<Term>(word).key);
  if (found == entries.end() || !found->second.uses.empty()) return std::nullopt;
  return wide(found->second.plain[language]);
}

std::optional<std::vector<icu::UnicodeString>> Words::Impl::words(const std::vector<PhraseWord>& list,
                                                                  std::size_t language) const {
  std::vector<icu::UnicodeString> all;
  for (const PhraseWord& one : list) {
    std::optional<icu::UnicodeString> said = word(one, language);
    if (!said) return std::nullopt;
    all.push_back(std::move(*said));
  }
  return all;
}

std::optional<icu::Formattable> Words::Impl::value(const PhraseArgument& argument, Use use, std::size_t language) const {
  const Tongue& tongue = tongues[language];
  if (const auto* whole = std::get_if<std::int64_t>(&argument)) return icu::Formattable(*whole);
  if (const auto* number = std::get_if<double>(&argument)) return icu::Formattable(*number);
  if (use == Use::kNumber) return std::nullopt;
  if (use == Use::kChoice) {
    const auto* text = std::get_if<std::string>(&argument);
    return text ? std::optional(icu::Formattable(wide(*text))) : std::nullopt;
  }
  UErrorCode error = U_ZERO_ERROR;
  if (const auto* number = std::get_if<Decimal>(&argument)) {
    const icu::UnicodeString text = icu::number::NumberFormatter::withLocale(tongue.locale)
                                        .precision(icu::number::Precision::fixedFraction(number->digits))
                                        .formatDouble(number->value, error)
                                        .toString(error);
    return U_SUCCESS(error) ? std::optional(icu::Formattable(text)) : std::nullopt;
  }
  if (const auto* day = std::get_if<OnDay>(&argument)) {
    constexpr double kMilliseconds = 86'400'000.0;
    // A format may be used by one thread at a time.
    const std::unique_ptr<icu::SimpleDateFormat> format((day->with_year ? tongue.day_with_year : tongue.day)->clone());
    icu::UnicodeString text;
    return icu::Formattable(format->format(day->days * kMilliseconds, text));
  }
  if (const auto* said = std::get_if<Spoken>(&argument)) return icu::Formattable(wide(said->text));
  if (const auto* choices = std::get_if<OneOf>(&argument)) {
    std::vector<icu::UnicodeString> words;
    for (const std::string& one : choices->words) words.push_back(isolated(one, tongue.right_to_left));
    icu::UnicodeString text;
    tongue.choice->format(words.data(), static_cast<std::int32_t>(words.size()), text, error);
    return U_SUCCESS(error) ? std::optional(icu::Formattable(text)) : std::nullopt;
  }
  if (const auto* values = std::get_if<Values>(&argument)) {
    const auto all = words(values->words, language);
    if (!all) return std::nullopt;
    icu::UnicodeString text;
    for (std::size_t i = 0; i < all->size(); ++i) text += (i == 0 ? icu::UnicodeString() : tongue.comma) + (*all)[i];
    return icu::Formattable(text);
  }
  if (const auto* list = std::get_if<std::vector<PhraseWord>>(&argument)) {
    const auto all = words(*list, language);
    return all ? std::optional(icu::Formattable(listed(*all, language))) : std::nullopt;
  }
  const auto single = std::visit(
      [&]<class One>(const One& one) -> std::optional<icu::UnicodeString> {
        if constexpr (std::is_constructible_v<PhraseWord, const One&> && !std::is_arithmetic_v<One>)
          return word(PhraseWord(one), language);
        else
          return std::nullopt;
      },
      argument);
  return single ? std::optional(icu::Formattable(*single)) : std::nullopt;
}

// Nothing: these are not the message's arguments.
std::optional<std::string> Words::Impl::say(const Entry& entry, std::size_t language, const PhraseArguments& arguments) const {
  if (arguments.size() != entry.uses.size()) return std::nullopt;
  if (arguments.empty()) return entry.plain[language];
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  std::set<std::string_view> seen;
  for (const auto& [name, argument] : arguments) {
    const auto use = entry.uses.find(name);
    if (use == entry.uses.end() || !seen.insert(name).second) return std::nullopt;
    const std::optional<icu::Formattable> made = value(argument, use->second, language);
    if (!made) return std::nullopt;
    names.push_back(wide(name));
    values.push_back(*made);
  }
  // A MessageFormat makes what it needs when it is first used: each call has its own.
  const icu::MessageFormat form(*entry.forms[language]);
  UErrorCode error = U_ZERO_ERROR;
  icu::UnicodeString text;
  form.format(names.data(), values.data(), static_cast<std::int32_t>(values.size()), text, error);
  return U_SUCCESS(error) ? std::optional(narrow(text)) : std::nullopt;
}

Words::Words(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Words::~Words() = default;

Result<std::unique_ptr<const Words>> Words::load(const std::filesystem::path& directory, const Taxonomy& taxonomy,
                                                 const WordsSettings& settings) {
  const Result<Catalogue> catalogue = read_catalogue(directory);
  if (!catalogue) return tl::unexpected(catalogue.error());
  auto impl = std::make_unique<Impl>(taxonomy);
  if (Status set = impl->set_tongues(settings); !set) return tl::unexpected(set.error());
  const auto inspectors = [&]<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<Inspector, kLanguages>{Inspector(impl->tongues[I].locale)...};
  }
  (std::make_index_sequence<kLanguages>());
  for (const auto& [key, message] : *catalogue) {
    Result<Impl::Entry> entry = impl->compile(key, message, inspectors);
    if (!entry) return tl::unexpected(entry.error());
    const Impl::Entry& kept = impl->entries.emplace(key, std::move(*entry)).first->second;
    if (key.starts_with(kOfProgrammes)) impl->by_english.emplace(kept.plain[*un_language("en")], &kept);
  }
  return std::unique_ptr<const Words>(new Words(std::move(impl)));
}

std::string Words::say(std::string_view key, std::string_view language, const PhraseArguments& arguments) const {
  const auto found = impl_->entries.find(key);
  const auto place = un_language(language);
  std::optional<std::string> said;
  if (place && found != impl_->entries.end()) said = impl_->say(found->second, *place, arguments);
  return said ? *said : "\u27E8" + std::string(key) + "\u27E9";
}

std::string Words::word(const PhraseWord& word, std::string_view language) const {
  const auto place = un_language(language);
  if (const auto* text = std::get_if<std::string>(&word)) return *text;
  if (const auto* title = std::get_if<Title>(&word); title && place) return narrow(impl_->title(*title, *place));
  const std::optional<icu::UnicodeString> said = place ? impl_->word(word, *place) : std::nullopt;
  if (said) return narrow(*said);
  const auto* term = std::get_if<Term>(&word);
  return "\u27E8" + (term ? term->key : std::string("?")) + "\u27E9";
}

std::string Words::of_programme(std::string_view english, std::string_view language) const {
  const auto found = impl_->by_english.find(english);
  const auto place = un_language(language);
  return found != impl_->by_english.end() && place ? found->second->plain[*place] : std::string(english);
}

bool Words::has(std::string_view key) const { return impl_->entries.contains(key); }

std::vector<std::string> Words::keys() const {
  std::vector<std::string> all;
  for (const auto& [key, entry] : impl_->entries) all.push_back(key);
  return all;
}

std::vector<std::string> Words::takes(std::string_view key) const {
  std::vector<std::string> names;
  if (const auto found = impl_->entries.find(key); found != impl_->entries.end())
    for (const auto& [name, use] : found->second.uses) names.push_back(name);
  return names;
}

std::string Words::pattern(std::string_view key, std::string_view language) const {
  const auto found = impl_->entries.find(key);
  const auto place = un_language(language);
  if (!place || found == impl_->entries.end()) return {};
  icu::UnicodeString text;
  return found->second.uses.empty() ? found->second.plain[*place] : narrow(found->second.forms[*place]->toPattern(text));
}

}  // namespace counterpart::server
