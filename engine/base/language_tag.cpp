#include "engine/base/language_tag.h"

#include <unicode/locid.h>

namespace counterpart {
namespace {

constexpr std::string_view kUnknownLanguage = "und";

// Root where it is no tag.
icu::Locale locale_of(std::string_view tag) {
  UErrorCode error = U_ZERO_ERROR;
  icu::Locale locale = icu::Locale::forLanguageTag({tag.data(), static_cast<std::int32_t>(tag.size())}, error);
  locale.canonicalize(error);  // ISO 639-2 and withdrawn codes
  return U_SUCCESS(error) ? locale : icu::Locale::getRoot();
}

// Of the codes that languages have; ICU takes any two or three letters for one.
bool is_language(const std::string& code) {
  const char* const* known = icu::Locale::getISOLanguages();
  while (*known && code != *known) ++known;
  return *known != nullptr;
}

}  // namespace

std::string canonical_language(std::string_view tag) {
  if (tag.empty()) return {};
  UErrorCode error = U_ZERO_ERROR;
  std::string canonical = locale_of(tag).toLanguageTag<std::string>(error);
  const bool known = U_SUCCESS(error) && (canonical != kUnknownLanguage || tag == kUnknownLanguage);
  return known ? canonical : std::string(tag);
}

std::string primary_language(std::string_view tag) {
  if (tag.empty()) return {};
  const std::string language = locale_of(tag).getLanguage();
  return language == "nb" ? "no" : language;
}

std::string public_text(const Profile& profile) {
  std::string text = profile.title;
  for (const std::string* part : {&profile.summary, &profile.offers, &profile.seeks})
    if (!part->empty()) text.append(text.empty() ? "" : "\n").append(*part);
  return text;
}

void settle_language(Profile& profile, const Embedder& embedder) {
  profile.lang = canonical_language(profile.lang);
  if (!is_language(primary_language(profile.lang))) profile.lang = embedder.detect(public_text(profile));
  if (profile.lang == kUnknownLanguage) profile.lang.clear();
}

}  // namespace counterpart
