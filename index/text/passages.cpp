#include "index/text/passages.h"

#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include <memory>
#include <string>

#include "engine/base/language_tag.h"
#include "engine/base/utf8.h"

namespace counterpart::index {
namespace {

bool wide(unsigned char c) { return c >= 0xE3 && c <= 0xEF; }  // first byte of a CJK character in UTF-8

std::size_t words_in(std::string_view text) {
  std::size_t words = 0, characters = 0;
  bool inside = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (wide(byte)) ++characters;
    const bool blank = byte <= ' ';
    if (!blank && !inside) ++words;
    inside = !blank;
  }
  return characters > words ? characters / 2 : words;
}

// Ends of the sentences, in bytes; the whole text where ICU cannot tell.
std::vector<std::size_t> sentence_ends(std::string_view text, std::string_view language) {
  std::vector<std::size_t> ends;
  UErrorCode status = U_ZERO_ERROR;
  const std::string locale = primary_language(language);
  const std::unique_ptr<icu::BreakIterator> sentences(
      icu::BreakIterator::createSentenceInstance(icu::Locale(locale.c_str()), status));
  UText* view = utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status);
  if (U_SUCCESS(status)) {
    sentences->setText(view, status);
    for (std::int32_t end = sentences->next(); U_SUCCESS(status) && end != icu::BreakIterator::DONE; end = sentences->next())
      ends.push_back(static_cast<std::size_t>(end));
  }
  utext_close(view);
  if (ends.empty()) ends.push_back(text.size());
  return ends;
}

}  // namespace

std::vector<std::string_view> passages_of(std::string_view text, std::string_view language) {
  if (words_in(text) < 2 * kPassageWords) return {};
  std::vector<std::string_view> passages;
  std::size_t start = 0;
  for (const std::size_t end : sentence_ends(text, language)) {
    if (passages.size() == kMaxPassages) break;
    const std::string_view passage = text.substr(start, end - start);
    if (words_in(passage) < kPassageWords && end < text.size()) continue;
    passages.push_back(passage);
    start = end;
  }
  return passages.size() > 1 ? passages : std::vector<std::string_view>{};
}

std::vector<std::string_view> sentences_of(std::string_view text, std::string_view language) {
  std::vector<std::string_view> sentences;
  std::size_t start = 0;
  for (const std::size_t end : sentence_ends(text, language)) {
    sentences.push_back(text.substr(start, end - start));
    start = end;
  }
  return sentences;
}

std::string_view shortened(std::string_view passage, std::size_t longest) {
  if (passage.size() <= longest) return passage;
  std::size_t end = longest;
  const std::size_t blank = passage.rfind(' ', longest);
  if (blank != std::string_view::npos && blank > longest / 2) end = blank;
  while (end > 0 && !begins_character(passage[end])) --end;  // not inside a character
  return passage.substr(0, end);
}

}  // namespace counterpart::index
