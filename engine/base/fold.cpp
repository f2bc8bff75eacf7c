#include "engine/base/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

#include "engine/base/language_tag.h"

namespace counterpart::engine {
namespace {

// What a character is written as before anything else; 0: left out.
struct Spelling {
  char16_t from, to;
  char16_t as;
};
// Ascending.
constexpr Spelling kSpellings[] = {
    {0x00AD, 0x00AD, 0},     // soft hyphen
    {0x00B4, 0x00B4, '\''},  // NFKC would make an accent of it
    {0x02B9, 0x02B9, '\''},
    {0x02BB, 0x02BE, '\''},
    {0x055A, 0x055A, '\''},
    {0x0640, 0x0640, 0},  // tatweel
    {0x2010, 0x2015, '-'},
    {0x2018, 0x201B, '\''},
    {0x201C, 0x201F, '"'},
    {0x2028, 0x2029, '\n'},
    {0x2032, 0x2032, '\''},
    {0x2033, 0x2033, '"'},
    {0x2044, 0x2044, '/'},
    {0x2120, 0x2120, 0},
    {0x2122, 0x2122, 0},  // marks of trade, which NFKC
                          // would join to the name
    {0x2212, 0x2212, '-'},
    {0xFE58, 0xFE58, '-'},
    {0xFE63, 0xFE63, '-'},
};

// Vowel signs that most writers leave out.
bool is_haraka(UChar32 c) { return (c >= 0x064B && c <= 0x0652) || c == 0x0670; }

bool is_dropped(UChar32 c) {
  if (c < 0x20) return c != '\t' && c != '\n' && c != '\r';
  return (c >= 0x7F && c < 0xA0) || (c > 0xA0 && u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT));
}

UChar32 respelt(UChar32 c) {
  if (c < 0x80 || c > 0xFFFF) return c;
  const auto* found = std::ranges::lower_bound(kSpellings, static_cast<char16_t>(c), {}, &Spelling::to);
  return found != std::end(kSpellings) && found->from <= c ? static_cast<UChar32>(found->as) : c;
}

bool is_ascii_digit(UChar32 c) { return c >= '0' && c <= '9'; }

// A letter that is not composed of another and an accent, and what stands for it.
struct Letter {
  char16_t from;
  std::u16string_view as;
};
constexpr Letter kPlainLetters[] = {{u'æ', u"ae"}, {u'ð', u"d"}, {u'ø', u"o"}, {u'þ', u"th"}, {u'đ', u"d"},
                                    {u'ħ', u"h"},  {u'ı', u"i"}, {u'ł', u"l"}, {u'œ', u"oe"}, {u'ŧ', u"t"}};
constexpr Letter kArabicForms[] = {{u'آ', u"ا"}, {u'أ', u"ا"}, {u'إ', u"ا"}, {u'ة', u"ه"},
                                   {u'ى', u"ي"}, {u'ٱ', u"ا"}, {u'ک', u"ك"}, {u'ی', u"ي"}};

template <std::size_t N>
const Letter* letter_in(const Letter (&table)[N], UChar32 c) {
  const auto* found = std::ranges::find_if(table, [c](const Letter& letter) { return letter.from == c; });
  return found == std::end(table) ? nullptr : found;
}

// Languages whose writers leave accents out, in capitals or for want of a keyboard, and are understood.
constexpr std::string_view kAccentsOptional[] = {"ca", "en", "es", "fr", "gl", "it", "nl", "pt"};

struct How {
  bool folds = false, turkish = false, plain = false, chinese = false;
};
How how_to_fold(std::string_view language) {
  const std::string primary = primary_language(language);
  return {true, primary == "tr" || primary == "az",
          primary.empty() || std::ranges::find(kAccentsOptional, primary) != std::end(kAccentsOptional), primary == "zh"};
}

icu::UnicodeString unicode(std::string_view text) {
  return icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
}

std::string utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

class Folder {
 public:
  Folder(How how, bool with_places) : how_(how), with_places_(with_places) {
    UErrorCode error = U_ZERO_ERROR;
    nfkc_ = icu::Normalizer2::getNFKCInstance(error);
    nfd_ = icu::Normalizer2::getNFDInstance(error);
    if (U_FAILURE(error)) throw std::bad_alloc();  // its data are in the library: all that it can want is memory
  }

  void read(std::string_view text) {
    const icu::UnicodeString given = unicode(text);
    std::uint32_t place = 0;
    for (std::int32_t at = 0; at < given.length(); at = given.moveIndex32(at, 1), ++place) take(given.char32At(at), place);
    end_segment();
    if (with_places_) places_.push_back(place);
  }

  icu::UnicodeString&& text() { return std::move(out_); }
  std::vector<std::uint32_t>&& places() { return std::move(places_); }

 private:
  // Gathers characters that NFKC may join into one.
  void take(UChar32 given, std::uint32_t place) {
    const UChar32 c = respelt(given);
    if (c == 0 || is_dropped(c)) return;
    if (c < 0x80 || nfkc_->hasBoundaryBefore(c)) {
      end_segment();
      segment_place_ = place;
    }
    // 10⁶ is no 106, and 5½ no 51/2.
    const bool digit = c >= 0x80 && !is_ascii_digit(c) && u_getIntPropertyValue(c, UCHAR_NUMERIC_TYPE) > U_NT_DECIMAL;
    if (digit && is_ascii_digit(last_given_)) put(' ', place);
    last_given_ = c;
    segment_.append(c);
  }

  void end_segment() {
    if (segment_.isEmpty()) return;
    if (segment_.length() > 1 || segment_[0] >= 0x80) {
      UErrorCode error = U_ZERO_ERROR;
      icu::UnicodeString composed = nfkc_->normalize(segment_, error);
      if (U_SUCCESS(error)) segment_ = std::move(composed);
    }
    for (std::int32_t i = 0; i < segment_.length(); i = segment_.moveIndex32(i, 1)) {
      const UChar32 c = respelt(segment_.char32At(i));
      if (c == 0 || is_haraka(c)) continue;
      how_.folds ? put_folded(c) : put(c, segment_place_);
    }
    segment_.remove();
  }

  void put_folded(UChar32 c) {
    if (c < 0x80) return put(how_.turkish && c == 'I' ? u'ı' : u_foldCase(c, U_FOLD_CASE_DEFAULT), segment_place_);
    if (const std::int32_t digit = u_charDigitValue(c); digit >= 0) return put('0' + digit, segment_place_);
    if (c == u'İ') return put('i', segment_place_);
    if (const Letter* form = letter_in(kArabicForms, c)) return put_all(form->as);
    icu::UnicodeString folded(c);
    folded.foldCase();
    if (folded == icu::UnicodeString(u'ё')) return put(u'е', segment_place_);
    for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) put_plain(folded.char32At(i));
  }

  void put_plain(UChar32 c) {
    if (const Letter* letter = letter_in(kPlainLetters, c); letter && (how_.plain || (c == u'ı' && !how_.turkish)))
      return put_all(letter->as);
    icu::UnicodeString parts;
    if (how_.plain && nfd_->getDecomposition(c, parts) && parts[0] < 0x250) {  // a Latin letter with an accent
      c = parts.char32At(0);
    } else if (how_.plain && c >= 0x0300 && c <= 0x036F) {
      return;  // one that no letter is composed with
    }
    put(c, segment_place_);
  }

  void put_all(std::u16string_view text) {
    for (const char16_t c : text) put(c, segment_place_);
  }
  void put(UChar32 c, std::uint32_t place) {
    out_.append(c);
    while (with_places_ && places_.size() < static_cast<std::size_t>(out_.length())) places_.push_back(place);
  }

  How how_;
  bool with_places_;
  const icu::Normalizer2 *nfkc_ = nullptr, *nfd_ = nullptr;
  icu::UnicodeString segment_, out_;
  std::uint32_t segment_place_ = 0;
  UChar32 last_given_ = 0;
  std::vector<std::uint32_t> places_;
};

// Traditional characters as simplified ones. Safe from any thread, as ICU's transliterators are once made.
const icu::Transliterator& simplified() {
  static const std::unique_ptr<const icu::Transliterator> made = [] {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<const icu::Transliterator> rules(icu::Transliterator::createInstance("Hant-Hans", UTRANS_FORWARD, error));
    if (U_FAILURE(error)) throw std::bad_alloc();
    return rules;
  }();
  return *made;
}

// Most text is ASCII, where all this comes to little.
std::string as_ascii(How how, std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text)
    if (!is_dropped(c)) out += how.folds && c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::string as(How how, std::string_view text) {
  if (!how.turkish && std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return as_ascii(how, text);
  Folder folder(how, false);
  folder.read(text);
  icu::UnicodeString out = folder.text();
  if (how.chinese) simplified().transliterate(out);
  return utf8(out);
}

// Capitals that are an abbreviation: one word of few letters, or a few of them.
constexpr std::int32_t kLongAlone = 7;   // letters of a word that is none, wherever it stands
constexpr std::int32_t kLongBeside = 5;  // beside another word in capitals
constexpr std::size_t kManyWords = 4;    // in capitals, one after another

// A stretch of words without a small letter.
struct Stretch {
  std::int32_t from = 0, to = 0, longest = 0;
  std::size_t words = 0;
  bool shouts() const { return longest >= kLongAlone || words >= kManyWords || (words > 1 && longest >= kLongBeside); }
};

// Nothing but the end of another sentence, or of a line, stands before it.
bool begins_sentence(const icu::UnicodeString& text, std::int32_t at) {
  while (at > 0) {
    at = text.moveIndex32(at, -1);
    const UChar32 c = text.char32At(at);
    if (c == '.' || c == '!' || c == '?' || c == '\n' || c == u'。') return true;
    if (u_isalnum(c)) return false;
  }
  return true;
}

void lower(const icu::UnicodeString& text, const Stretch& stretch, icu::UnicodeString& out, std::int32_t& done) {
  if (!stretch.shouts()) return;
  out.append(text, done, stretch.from - done);
  for (std::int32_t at = stretch.from; at < stretch.to; at = text.moveIndex32(at, 1)) {
    const UChar32 c = text.char32At(at);
    out.append(begins_sentence(text, at) ? c : u_tolower(c));
  }
  done = stretch.to;
}

}  // namespace

std::string normalise(std::string_view text) { return as({}, text); }
std::string fold(std::string_view text, std::string_view language) { return as(how_to_fold(language), text); }

Folded fold_with_places(std::string_view text) {
  Folder folder(how_to_fold({}), true);
  folder.read(text);
  const icu::UnicodeString out = folder.text();
  return {std::u16string(out.getBuffer(), static_cast<std::size_t>(out.length())), folder.places()};
}

std::string lower_shouting(std::string_view text) {
  const icu::UnicodeString all = unicode(text);
  icu::UnicodeString out;
  std::int32_t done = 0;
  Stretch stretch;
  for (std::int32_t at = 0; at < all.length();) {
    const std::int32_t from = at;
    std::int32_t letters = 0;
    bool small = false, capital = false;
    for (; at < all.length() && (u_isalpha(all.char32At(at)) || (at > from && u_isalnum(all.char32At(at))));
         at = all.moveIndex32(at, 1), ++letters) {
      small |= u_isULowercase(all.char32At(at)) != 0;
      capital |= u_isUUppercase(all.char32At(at)) != 0;
    }
    if (at == from) {  // what stands between words
      at = all.moveIndex32(at, 1);
    } else if (small) {
      lower(all, std::exchange(stretch, {}), out, done);
    } else if (capital) {
      if (stretch.words++ == 0) stretch.from = from;
      stretch.to = at;
      stretch.longest = std::max(stretch.longest, letters);
    }
  }
  lower(all, stretch, out, done);
  if (done == 0) return std::string(text);
  out.append(all, done, all.length() - done);
  return utf8(out);
}

}  // namespace counterpart::engine
