#include "index/text/language.h"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <cstdint>

#include "engine/base/fold.h"
#include "engine/base/language_tag.h"
#include "engine/base/utf8.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kEnough = 4'000;  // bytes; more text tells nothing more

// The start of `text`, cut between characters.
std::string_view beginning(std::string_view text) {
  if (text.size() <= kEnough) return text;
  std::size_t end = kEnough;
  while (end > 0 && !begins_character(text[end])) --end;
  return text.substr(0, end);
}

struct Scripts {
  std::size_t arabic = 0, cyrillic = 0, han = 0, latin = 0;
};

// Counts letters by the lead bytes of their UTF-8 form, which tell these scripts apart.
Scripts scripts_of(std::string_view text) {
  Scripts scripts;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == 0xC3) ++scripts.latin;
    if (byte >= 0xD8 && byte <= 0xDB) ++scripts.arabic;
    if (byte >= 0xD0 && byte <= 0xD3) ++scripts.cyrillic;
    if (byte >= 0xE4 && byte <= 0xE9) ++scripts.han;
  }
  return scripts;
}

// What CLD2 makes of `text`, "und" where it will not say. It takes one Spanish sentence in twenty for Galician, which it
// is hardly ever.
std::string ask_cld2(std::string_view text, bool best_effort) {
  CLD2::CLDHints hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  CLD2::Language languages[3];
  int percents[3], bytes = 0;
  double scores[3];
  bool reliable = false;
  const CLD2::Language found = CLD2::ExtDetectLanguageSummary(text.data(), static_cast<int>(text.size()), true, &hints,
                                                              best_effort ? CLD2::kCLDFlagBestEffort : 0, languages, percents,
                                                              scores, nullptr, &bytes, &reliable);
  if (found == CLD2::UNKNOWN_LANGUAGE || !(reliable || best_effort)) return "und";
  const std::string language = primary_language(CLD2::LanguageCode(found));
  if (language == "gl") return "es";
  return language.empty() || language == "un" ? "und" : language;
}

}  // namespace

std::string language_of_script(std::string_view text) {
  const Scripts scripts = scripts_of(text);
  if (scripts.han > 0 && scripts.han * 3 > scripts.latin) return "zh";  // a Han letter says more than a Latin one
  if (scripts.arabic > scripts.latin) return "ar";
  if (scripts.cyrillic > scripts.latin) return "ru";
  return {};
}

std::string detect_language(std::string_view text, std::string_view hint) {
  const std::string start = lower_shouting(normalise(beginning(text)));
  if (std::string sure = ask_cld2(start, false); sure != "und") return sure;
  if (std::string script = language_of_script(start); !script.empty()) return script;
  if (std::string known = primary_language(hint); !known.empty()) return known;
  // Of few words its guess is worth little, but a UN language is likely from the start.
  const std::string guess = ask_cld2(start, true);
  return guess == "en" || guess == "es" || guess == "fr" ? guess : "und";
}

}  // namespace counterpart::index
