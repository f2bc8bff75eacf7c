#include "engine/taxonomy/country_names.h"

#include <unicode/locdspnm.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <iterator>
#include <memory>

#include "engine/base/fold.h"
#include "engine/base/nearest.h"

namespace counterpart::engine {
namespace {

constexpr const char* kUnNames[] = {"en", "fr", "es", "ru", "ar", "zh", "zh_Hant"};
constexpr const char* kOtherNames[] = {"af", "am",    "az", "bg", "bn", "bs", "cs", "da", "de", "el",      "et", "fa", "fi",
                                       "ha", "he",    "hi", "hr", "hu", "hy", "id", "it", "ja", "ka",      "kk", "km", "ko",
                                       "ky", "lo",    "lt", "lv", "mk", "mn", "ms", "my", "nb", "ne",      "nl", "pl", "ps",
                                       "pt", "pt_PT", "ro", "si", "sk", "sl", "so", "sq", "sr", "sr_Latn", "sv", "sw", "ta",
                                       "tg", "th",    "tk", "tr", "uk", "ur", "uz", "vi", "yo", "zu"};

// Letters and digits alone, so that blanks, points, hyphens and apostrophes make no difference.
std::string key_of(std::string_view name) {
  const icu::UnicodeString folded = icu::UnicodeString::fromUTF8(fold(name));
  icu::UnicodeString kept;
  for (std::int32_t at = 0; at < folded.length(); at = folded.moveIndex32(at, 1)) {
    const UChar32 c = folded.char32At(at);
    if (u_hasBinaryProperty(c, UCHAR_ALPHABETIC) || u_isdigit(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK)) kept.append(c);
  }
  std::string key;
  kept.toUTF8String(key);
  return key;
}

void add(std::map<std::string, std::vector<std::string>, std::less<>>& table, const std::string& key, const std::string& code) {
  if (key.empty()) return;
  auto& codes = table[key];
  if (std::ranges::find(codes, code) == codes.end()) codes.push_back(code);
}

}  // namespace

void CountryNames::make() const {
  // An abbreviation of one language is another thing in the next (EU are the États-Unis): in English alone, and in our list.
  const auto is_short = [](const std::string& key) {
    return key.size() < 4 && std::ranges::all_of(key, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  };
  const auto add_language = [&](const char* language, Table& table) {
    for (const UDisplayContext length : {UDISPCTX_LENGTH_FULL, UDISPCTX_LENGTH_SHORT}) {
      UDisplayContext contexts[] = {length};
      const std::unique_ptr<icu::LocaleDisplayNames> names(
          icu::LocaleDisplayNames::createInstance(icu::Locale(language), contexts, 1));
      if (!names) continue;
      for (const std::string& code : codes_) {
        icu::UnicodeString name;
        names->regionDisplayName(code.c_str(), name);
        std::string text;
        name.toUTF8String(text);
        const std::string key = key_of(text);
        if (is_short(key) && std::string_view(language) != "en") continue;
        add(table, key, code);
        // "Myanmar (Burma)" is written without what is in brackets, too.
        if (const auto bracket = text.find(" ("); bracket != text.npos) add(table, key_of(text.substr(0, bracket)), code);
      }
    }
  };
  for (const char* language : kUnNames) add_language(language, first_);
  for (const std::string& code : codes_)
    if (const char* three = icu::Locale("und", code.c_str()).getISO3Country(); three) add(first_, key_of(three), code);
  // What stands in our own lists is so, whatever CLDR says besides.
  Table own;
  for (const Name& row : names_)
    for (const std::string& code : row.codes) add(own, key_of(row.name), code);
  for (auto& [key, codes] : own) first_[key] = codes;
  for (const char* language : kOtherNames) add_language(language, others_);
}

std::vector<std::string> CountryNames::find(std::string_view name) const {
  if (name.empty() || name.size() > 200) return {};
  const std::string upper = upper_case(name);
  if (std::ranges::find(codes_, upper) != codes_.end()) return {upper};
  std::call_once(made_, [this] { make(); });
  const std::string key = key_of(name);
  std::vector<std::string> keys{key};
  if (key.starts_with("the")) keys.push_back(key.substr(3));
  for (const std::string& wanted : keys)
    if (const auto found = first_.find(wanted); found != first_.end()) return found->second;
  for (const std::string& wanted : keys)
    if (const auto found = others_.find(wanted); found != others_.end()) return with_near(wanted, found->second);
  return {};
}

// The name of one country in some language may be another one's in a better known language, misspelt by a letter.
std::vector<std::string> CountryNames::with_near(std::string_view key, std::vector<std::string> codes) const {
  for (const auto& [known, meant] : first_) {
    if (known.size() < 5 || edit_distance(known, key) > 1) continue;
    for (const std::string& code : meant)
      if (std::ranges::find(codes, code) == codes.end()) codes.push_back(code);
  }
  std::ranges::sort(codes);
  return codes;
}

std::string CountryNames::nearest(std::string_view name) const {
  if (name.size() < 5 || name.size() > kMaxMisspelt) return {};
  std::call_once(made_, [this] { make(); });
  const std::string key = key_of(name);
  std::string best;
  std::size_t least = kMaxMisspelt;
  bool several = false;
  for (const auto& [known, codes] : first_) {
    const std::size_t longer = std::max(known.size(), key.size());
    if (longer - std::min(known.size(), key.size()) > longer / 4) continue;
    const std::size_t distance = edit_distance(known, key);
    if (distance * 4 > longer || distance > least) continue;
    several = distance == least ? several || codes.front() != best || codes.size() > 1 : codes.size() > 1;
    least = distance;
    best = codes.front();
  }
  return several ? std::string() : best;
}

}  // namespace counterpart::engine
