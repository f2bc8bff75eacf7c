#include "server/words/language.h"

#include <charconv>

#include "engine/base/language_tag.h"
#include "engine/base/nearest.h"
#include "engine/taxonomy/un_language.h"

namespace counterpart::server {
namespace {

constexpr std::string_view kBlank = " \t";
constexpr std::size_t kMostLanguages = 50;  // more no browser sends

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlank);
  return first == text.npos ? std::string_view{} : text.substr(first, text.find_last_not_of(kBlank) + 1 - first);
}

// Of what stands behind a language: "q=0.8". Anything else counts as not accepted.
double quality_of(std::string_view weight) {
  if (weight.empty()) return 1;
  if (!weight.starts_with("q=") && !weight.starts_with("Q=")) return 0;
  double value = 0;
  const char* const end = weight.data() + weight.size();
  const auto [stopped, error] = std::from_chars(weight.data() + 2, end, value, std::chars_format::fixed);
  return error == std::errc{} && stopped == end && value <= 1 ? value : 0;
}

// Empty: none of them. ICU's own reading of this header (uloc_acceptLanguageFromHTTP) answers Ukrainian with Russian and does
// not know zh-TW for Chinese.
std::string_view accepted(std::string_view header) {
  std::string_view best;
  double most = 0;
  for (std::size_t count = 0; count < kMostLanguages && !header.empty(); ++count) {
    const std::size_t comma = header.find(',');
    const std::string_view range = header.substr(0, comma);
    header = comma == header.npos ? std::string_view{} : header.substr(comma + 1);
    const std::size_t semicolon = range.find(';');
    const double quality = quality_of(semicolon == range.npos ? std::string_view{} : trimmed(range.substr(semicolon + 1)));
    const auto language = un_language(primary_language(trimmed(range.substr(0, semicolon))));
    if (!language || quality <= most) continue;
    most = quality;
    best = kUnLanguages[*language];
  }
  return best;
}

}  // namespace

Result<std::string> language_asked(const std::optional<std::string>& lang, const std::string& accept_language,
                                   std::string_view otherwise) {
  if (lang) {
    if (un_language(*lang)) return *lang;
    return fail(ErrorCode::kInvalid, "lang", "`" + lang->substr(0, 80) + "` is not a language of the United Nations",
                "give " + joined_with_or(kUnLanguages));
  }
  const std::string_view best = accepted(accept_language);
  return std::string(best.empty() ? otherwise : best);
}

}  // namespace counterpart::server
