#include "engine/base/language_tag.h"

#include <unicode/locid.h>

namespace counterpart::engine {
namespace {

// Root where it is no tag.
icu::Locale locale_of(std::string_view tag) {
  UErrorCode error = U_ZERO_ERROR;
  icu::Locale locale = icu::Locale::forLanguageTag({tag.data(), static_cast<std::int32_t>(tag.size())}, error);
  locale.canonicalize(error);  // ISO 639-2 and withdrawn codes
  return U_SUCCESS(error) ? locale : icu::Locale::getRoot();
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

bool is_language(const std::string& code) {
  const char* const* known = icu::Locale::getISOLanguages();
  while (*known && code != *known) ++known;
  return *known != nullptr;
}

}  // namespace counterpart::engine
