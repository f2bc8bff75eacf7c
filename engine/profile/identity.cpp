#include "engine/profile/identity.h"

#include <unicode/regex.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/base/fold.h"
#include "engine/profile/members.h"
#include "engine/profile/telephone.h"

namespace counterpart::engine {
namespace {

constexpr std::size_t kShortestName = 5;    // letters: shorter ones are parts of other words; a Chinese one says as much as two
constexpr std::size_t kShortestNumber = 7;  // digits of a number at whose end two spellings of it are compared

struct Pattern {
  std::string_view kind;
  // False: it finds nothing there. An expression costs far more than a look for what it cannot do without, which most texts
  // lack.
  bool (*may_find)(std::u16string_view text);
  const char* expression;  // ICU's regular expressions
};
template <class... Needs>
bool has(std::u16string_view text, Needs... needs) {
  return ((text.find(needs) != text.npos) || ...);
}
bool has_dot_in_word(std::u16string_view text) {
  for (std::size_t at = text.find(u'.'); at != text.npos && at + 1 < text.size(); at = text.find(u'.', at + 1))
    if (at > 0 && text[at - 1] != u' ' && text[at + 1] != u' ') return true;
  return false;
}

// Of text as fold() leaves it: small letters without accents, digits 0-9, one kind of @.
constexpr Pattern kPatterns[] = {
    {"email", [](std::u16string_view text) { return has(text, u'@'); },
     R"([\p{L}\p{N}._%+-]{1,64} ?@ ?[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})*\.\p{L}{2,24})"},
    {"email", [](std::u16string_view text) { return has(text, u'(', u'[', u'{'); },
     R"([\p{L}\p{N}._%+-]{1,64} ?(?:[(\[{] ?(?:at|arroba|arobase|собака) ?[)\]}]) ?[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})*\.\p{L}{2,24})"},
    {"email", [](std::u16string_view text) { return has(text, u"dot", u"punto", u"ponto"); },
     R"([\p{L}\p{N}._%+-]{1,64} ?[(\[{]? ?(?:@|at|arroba|arobase) ?[)\]}]? ?[\p{L}\p{N}-]{1,63} ?[(\[{]? ?(?:dot|punto|ponto) ?[)\]}]? ?(?:com|org|net|int|info|gov|edu)(?![\p{L}\p{N}]))"},
    {"url", [](std::u16string_view text) { return has(text, u"://", u"www."); }, R"((?:https?://|www\.)[^\s<>"]{3,300})"},
    {"url", has_dot_in_word,
     R"((?<![\p{L}\p{N}@.-])[\p{L}\p{N}][\p{L}\p{N}-]{1,62}(?:\.[a-z0-9-]{1,63})?\.(?:com|org|net|int|info|biz|io|eu|africa|asia|(?:co|ac|go|or)\.[a-z]{2}|рф|рус|бел|укр|қаз|срб|中国|中國|公司|网络|香港|台灣|台湾|مصر|السعوديه|امارات|المغرب|الجزائر|تونس|قطر|الاردن|عمان|موقع|شبكه|xn--[a-z0-9-]{2,60})(?![\p{L}\p{N}]))"},
    {"url", [](std::u16string_view text) { return has(text, u':', u'：'); },
     R"((?<!\p{L})(?:web|website|web ?site|site|site (?:web|internet)|homepage|sitio(?: web)?|pagina(?: web)?|сайт|网站|網站|网址|網址|(?:ال)?موقع) ?[:：] ?[\p{L}\p{N}][\p{L}\p{N}-]{1,62}(?:\.[\p{L}\p{N}-]{1,63})*\.\p{L}{2,24})"},
};

// Compiled once; each matcher is of one call.
const std::vector<std::pair<const Pattern*, std::unique_ptr<const icu::RegexPattern>>>& patterns() {
  static const auto made = [] {
    std::vector<std::pair<const Pattern*, std::unique_ptr<const icu::RegexPattern>>> all;
    for (const Pattern& pattern : kPatterns) {
      UErrorCode error = U_ZERO_ERROR;
      UParseError place;
      all.emplace_back(&pattern, icu::RegexPattern::compile(icu::UnicodeString::fromUTF8(pattern.expression), 0, place, error));
    }
    return all;
  }();
  return made;
}

// Letters and digits with one blank between words, so that neither blanks nor punctuation tell two spellings apart.
Folded words_alone(const Folded& folded) {
  Folded words;
  for (std::size_t i = 0; i < folded.text.size(); ++i) {
    const char16_t c = folded.text[i];
    if (c == '.' || c == '\'' || c == '`') continue;  // S.A.R.L., d'Or
    const bool letter = U16_IS_SURROGATE(c) || u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
    if (!letter && (words.text.empty() || words.text.back() == ' ')) continue;
    words.text += letter ? c : u' ';
    words.places.push_back(folded.places[i]);
  }
  words.places.push_back(folded.places.back());
  return words;
}

class Reader {
 public:
  Reader(std::string member, std::string_view text, std::vector<Revelation>& found)
      : member_(std::move(member)), folded_(fold_with_places(text)), words_(words_alone(folded_)), found_(found),
        first_(found.size()) {}

  void look_for_patterns() {
    const icu::UnicodeString text(folded_.text.data(), static_cast<std::int32_t>(folded_.text.size()));
    for (const auto& [row, pattern] : patterns()) {
      UErrorCode error = U_ZERO_ERROR;
      if (!pattern || !row->may_find(folded_.text)) continue;
      const std::unique_ptr<icu::RegexMatcher> matcher(pattern->matcher(text, error));
      while (U_SUCCESS(error) && matcher->find(error))
        add(folded_, static_cast<std::size_t>(matcher->start(error)), static_cast<std::size_t>(matcher->end(error)), row->kind);
    }
    for (const TelephoneNumber& number : telephone_numbers(folded_.text)) add(folded_, number.from, number.to, "phone");
  }
  void look_for(const std::string& name, std::string_view kind) {
    std::u16string wanted = words_alone(fold_with_places(name)).text;
    if (wanted.ends_with(' ')) wanted.pop_back();
    if (weight(wanted) < kShortestName) return;
    for (std::size_t at = words_.text.find(wanted); at != wanted.npos; at = words_.text.find(wanted, at + wanted.size()))
      add(words_, at, at + wanted.size(), kind);
  }
  // With the country's code or without, however grouped.
  void look_for_number(const std::string& phone) {
    for (const TelephoneNumber& own : digit_runs(fold_with_places(phone).text))
      for (const TelephoneNumber& number : digit_runs(folded_.text)) {
        const std::size_t common = std::min({own.digits.size(), number.digits.size(), kShortestNumber + 1});
        if (common >= kShortestNumber && own.digits.ends_with(number.digits.substr(number.digits.size() - common)))
          add(folded_, number.from, number.to, "contact");
      }
  }
  void sort() {
    std::ranges::sort(found_.begin() + static_cast<std::ptrdiff_t>(first_), found_.end(), {}, &Revelation::offset);
  }

 private:
  static std::size_t weight(std::u16string_view name) {
    std::size_t sum = 0;
    for (const char16_t c : name) sum += c >= 0x2E80 && c < 0xE000 ? 2 : 1;
    return sum;
  }

  void add(const Folded& text, std::size_t from, std::size_t to, std::string_view kind) {
    const std::size_t offset = text.places[from], length = std::max(text.places[to], text.places[to - 1] + 1) - offset;
    const auto overlaps = [&](const Revelation& one) {
      return offset < one.offset + one.length && one.offset < offset + length;
    };
    if (std::any_of(found_.begin() + static_cast<std::ptrdiff_t>(first_), found_.end(), overlaps)) return;
    found_.push_back({member_, offset, length, kind});
  }

  std::string member_;
  Folded folded_, words_;
  std::vector<Revelation>& found_;
  std::size_t first_;  // of this member's
};

// Words of its owner that all may read.
bool is_free_text(const MemberPath& path) {
  const ValueShape& shape = path.shape();
  return (shape.form == Form::kLine || shape.form == Form::kText) && !shape.is_list() && !path.is_private();
}

struct OwnText {
  std::string member;
  const std::string* text;
};

std::vector<OwnText> free_texts(const Profile& profile) {
  std::vector<OwnText> texts;
  const auto add = [&](std::string member, const std::string* text) {
    if (text && !text->empty()) texts.push_back({std::move(member), text});
  };
  for (const MemberPath& path : all_members())
    if (is_free_text(path)) add(path.name, static_cast<const std::string*>(path.value_in(profile)));
  for (std::size_t i = 0; i < profile.references.size(); ++i) {
    const std::string place = "references[" + std::to_string(i) + "].";
    add(place + "title", &profile.references[i].title);
    add(place + "text", &profile.references[i].text);
  }
  return texts;
}

}  // namespace

std::vector<Revelation> revelations_in(const Profile& profile) {
  const Contact& contact = profile.contact;
  std::vector<Revelation> found;
  for (OwnText& own_text : free_texts(profile)) {
    Reader reader(std::move(own_text.member), *own_text.text, found);
    reader.look_for_patterns();
    if (profile.organisation.legal_name) reader.look_for(*profile.organisation.legal_name, "legal_name");
    for (const std::string* own : {&contact.person, &contact.email, &contact.phone, &contact.website, &contact.address})
      reader.look_for(*own, "contact");
    reader.look_for_number(contact.phone);
    reader.sort();
  }
  return found;
}

}  // namespace counterpart::engine
