#include "engine/identity.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <unicode/regex.h>
#include <unicode/unistr.h>

namespace counterpart {
namespace {

constexpr std::int32_t kShortestName = 5;  // characters: shorter ones are parts of other words

struct Pattern {
  std::string_view kind;
  const char* expression;  // ICU's regular expressions
};
constexpr Pattern kPatterns[] = {
    {"email", R"([\p{L}\p{N}._%+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})*\.\p{L}{2,24})"},
    {"url", R"((?:https?://|www\.)[^\s<>"]{3,300})"},
    {"url", R"((?<![\p{L}\p{N}@.-])[a-z0-9][a-z0-9-]{1,62}\.(?:com|org|net|int|info|biz|io|eu|africa|asia)(?![\p{L}\p{N}]))"},
    // With the sign of a country code, or after a word for the telephone; a bare row of digits may be an amount.
    {"phone", R"((?<![\p{N}.,])(?:\+|00)[1-9](?:[\s().\/-]{0,3}\p{Nd}){6,14}(?!\p{N}))"},
    {"phone", R"((?:phone|tel(?:[eé]?(?:phone|fono|léphone))?|fax|mobile|whatsapp|тел(?:ефон)?|هاتف|电话|手机)[\s.:：\p{L}]{0,12}(?:[\s().\/-]{0,3}\p{Nd}){6,15}(?!\p{N}))"},
};

// Compiled once; each matcher is of one call.
const std::vector<std::pair<std::string_view, std::unique_ptr<const icu::RegexPattern>>>& patterns() {
  static const auto made = [] {
    std::vector<std::pair<std::string_view, std::unique_ptr<const icu::RegexPattern>>> all;
    for (const Pattern& pattern : kPatterns) {
      UErrorCode error = U_ZERO_ERROR;
      UParseError place;
      all.emplace_back(pattern.kind, icu::RegexPattern::compile(icu::UnicodeString::fromUTF8(pattern.expression),
                                                               UREGEX_CASE_INSENSITIVE, place, error));
    }
    return all;
  }();
  return made;
}

icu::UnicodeString unicode(std::string_view text) {
  return icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
}

class Reader {
 public:
  Reader(std::string_view member, std::string_view text, std::vector<Revelation>& found)
      : member_(member), text_(unicode(text)), folded_(icu::UnicodeString(text_).foldCase()), found_(found), first_(found.size()) {}

  void look_for_patterns() {
    for (const auto& [kind, pattern] : patterns()) {
      UErrorCode error = U_ZERO_ERROR;
      if (!pattern) continue;
      const std::unique_ptr<icu::RegexMatcher> matcher(pattern->matcher(text_, error));
      while (U_SUCCESS(error) && matcher->find(error)) add(matcher->start(error), matcher->end(error), kind);
    }
  }
  // Case folding may change lengths (ß): then the place is that of the folded text, which is near enough to be found.
  void look_for(const std::string& name, std::string_view kind) {
    const icu::UnicodeString wanted = unicode(name).trim().foldCase();
    if (wanted.countChar32() < kShortestName) return;
    for (std::int32_t at = folded_.indexOf(wanted); at >= 0; at = folded_.indexOf(wanted, at + wanted.length()))
      add(std::min(at, text_.length()), std::min(at + wanted.length(), text_.length()), kind);
  }
  void sort() {
    std::ranges::sort(found_.begin() + static_cast<std::ptrdiff_t>(first_), found_.end(), {}, &Revelation::offset);
  }

 private:
  void add(std::int32_t from, std::int32_t to, std::string_view kind) {
    const auto offset = static_cast<std::size_t>(text_.countChar32(0, from));
    const auto length = static_cast<std::size_t>(text_.countChar32(from, to - from));
    const auto overlaps = [&](const Revelation& one) {
      return offset < one.offset + one.length && one.offset < offset + length;
    };
    if (std::any_of(found_.begin() + static_cast<std::ptrdiff_t>(first_), found_.end(), overlaps)) return;
    found_.push_back({member_, offset, length, kind});
  }

  std::string_view member_;
  icu::UnicodeString text_, folded_;
  std::vector<Revelation>& found_;
  std::size_t first_;  // of this member's
};

}  // namespace

std::vector<Revelation> revelations_in(const Profile& profile) {
  const Contact& contact = profile.contact;
  std::vector<Revelation> found;
  for (const auto& [member, text] : {std::pair<std::string_view, const std::string&>{"title", profile.title},
                                     {"summary", profile.summary},
                                     {"offers", profile.offers},
                                     {"seeks", profile.seeks}}) {
    if (text.empty()) continue;
    Reader reader(member, text, found);
    reader.look_for_patterns();
    if (profile.organisation.legal_name) reader.look_for(*profile.organisation.legal_name, "legal_name");
    for (const std::string* own : {&contact.person, &contact.email, &contact.phone, &contact.website, &contact.address})
      reader.look_for(*own, "contact");
    reader.sort();
  }
  return found;
}

}  // namespace counterpart
