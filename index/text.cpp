#include "index/text.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

namespace counterpart {
namespace {

// Tatweel stretches a word for looks; the harakat are vowel signs that most writers leave out.
bool is_ornament(char16_t c) { return c == 0x0640 || (c >= 0x064B && c <= 0x0652) || c == 0x0670; }

}  // namespace

std::string normalise(std::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  icu::UnicodeString unicode = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  if (U_SUCCESS(error)) unicode = nfc->normalize(unicode, error);
  if (U_FAILURE(error)) return std::string(text);
  icu::UnicodeString kept;
  for (std::int32_t i = 0; i < unicode.length(); ++i)
    if (!is_ornament(unicode[i])) kept.append(unicode[i]);
  std::string out;
  kept.toUTF8String(out);
  return out;
}

}  // namespace counterpart
