#include "server/words/inspector.h"

#include <unicode/plurrule.h>
#include <unicode/strenum.h>

#include <memory>
#include <string_view>

#include "server/words/unicode.h"
namespace counterpart::server {
std::string in_words(Use use) { return use == Use::kNumber ? "a number" : use == Use::kChoice ? "a choice" : "a text"; }

Inspector::Inspector(const icu::Locale& locale) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<icu::PluralRules> rules(icu::PluralRules::forLocale(locale, error));
  if (U_FAILURE(error)) return;
  const std::unique_ptr<icu::StringEnumeration> keywords(rules->getKeywords(error));
  while (U_SUCCESS(error)) {
    const char* keyword = keywords->next(nullptr, error);
    if (!keyword) break;
    categories_.insert(keyword);
  }
}

std::optional<std::string> Inspector::inspect(const std::string& text, Uses& uses) const {
  UErrorCode error = U_ZERO_ERROR;
  UParseError where{};
  const icu::MessagePattern pattern(wide(text), &where, error);
  if (U_FAILURE(error))
    return "no ICU message (" + std::string(u_errorName(error)) + " at character " + std::to_string(where.offset + 1) + ")";
  for (std::int32_t i = 0; i < pattern.countParts(); ++i) {
    const icu::MessagePattern::Part& part = pattern.getPart(i);
    if (part.getType() != UMSGPAT_PART_TYPE_ARG_START) continue;
    if (auto wrong = inspect_argument(pattern, i, part.getArgType(), uses)) return wrong;
  }
  return std::nullopt;
}

std::optional<std::string> Inspector::inspect_argument(const icu::MessagePattern& pattern, std::int32_t start,
                                                       UMessagePatternArgType type, Uses& uses) const {
  const icu::MessagePattern::Part& named = pattern.getPart(start + 1);
  const std::string name = narrow(pattern.getSubstring(named));
  if (named.getType() != UMSGPAT_PART_TYPE_ARG_NAME) return "{" + name + "} has a number for a name";
  Use use = Use::kText;
  switch (type) {
    case UMSGPAT_ARG_TYPE_NONE: break;
    case UMSGPAT_ARG_TYPE_PLURAL: use = Use::kNumber; break;
    case UMSGPAT_ARG_TYPE_SELECT: use = Use::kChoice; break;
    default: return "{" + name + "} is neither plain nor plural nor select";
  }
  const auto [at, added] = uses.emplace(name, use);
  if (at->second == Use::kText) at->second = use;
  if (use != Use::kText && at->second != use) return "{" + name + "} is both a number and a choice";
  return use == Use::kNumber ? inspect_plural(pattern, start, name) : std::nullopt;
}

std::optional<std::string> Inspector::inspect_plural(const icu::MessagePattern& pattern, std::int32_t start,
                                                     const std::string& name) const {
  std::set<std::string> given;
  const std::int32_t limit = pattern.getLimitPartIndex(start);
  for (std::int32_t i = start + 2; i < limit; ++i) {
    const icu::MessagePattern::Part& part = pattern.getPart(i);
    if (part.getType() == UMSGPAT_PART_TYPE_MSG_START) i = pattern.getLimitPartIndex(i);
    if (part.getType() != UMSGPAT_PART_TYPE_ARG_SELECTOR) continue;
    const std::string selector = narrow(pattern.getSubstring(part));
    if (selector.starts_with('=')) continue;
    if (!categories_.contains(selector)) return "{" + name + "} has `" + selector + "`, which this language has not";
    given.insert(selector);
  }
  for (const std::string& category : categories_)
    if (!given.contains(category)) return "{" + name + "} lacks `" + category + "`, which this language has";
  return std::nullopt;
}

}  // namespace counterpart::server
