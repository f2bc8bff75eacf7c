#include "index/bulk/bulk_code_page.h"

#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ulocdata.h>
#include <unicode/uniset.h>
#include <unicode/unistr.h>
#include <unicode/uset.h>

#include <algorithm>
#include <boost/locale/utf.hpp>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <vector>

namespace counterpart::index {
namespace {

constexpr const char* kLanguages[] = {"fr", "es", "de", "pt", "it", "en", "nl", "sv", "da", "nb", "fi",      "is", "ca", "pl",
                                      "cs", "sk", "hu", "sl", "hr", "ro", "sq", "ru", "uk", "bg", "be",      "sr", "mk", "el",
                                      "tr", "he", "ar", "fa", "ur", "et", "lv", "lt", "th", "zh", "zh_Hant", "ja", "ko"};
constexpr std::size_t kLanguageCount = std::size(kLanguages);
static_assert(kLanguageCount <= 64);

struct Page {
  const char* name;
  std::size_t first, last;  // its languages in kLanguages
};
constexpr Page kPages[] = {
    {"windows-1252", 0, 13},  {"windows-1250", 13, 21}, {"windows-1251", 21, 27}, {"windows-1253", 27, 28},
    {"windows-1254", 28, 29}, {"windows-1255", 29, 30}, {"windows-1256", 30, 33}, {"windows-1257", 33, 36},
    {"windows-874", 36, 37},  {"macintosh", 0, 13},     {"ibm-850", 0, 13},       {"ibm-866", 21, 27},
    {"KOI8-R", 21, 22},       {"gb18030", 37, 38},      {"Big5", 38, 39},         {"Shift_JIS", 39, 40},
    {"windows-949", 40, 41},
};

constexpr std::size_t kMisfit = 3;  // a word of no language weighs as much as so many languages more

// The letters that a language is written with, in both cases.
const icu::UnicodeSet& letters_of(std::size_t language) {
  static const std::vector<std::unique_ptr<icu::UnicodeSet>> sets = [] {
    std::vector<std::unique_ptr<icu::UnicodeSet>> made;
    for (const char* name : kLanguages) {
      auto letters = std::make_unique<icu::UnicodeSet>();
      UErrorCode error = U_ZERO_ERROR;
      if (ULocaleData* data = ulocdata_open(name, &error)) {
        ulocdata_getExemplarSet(data, letters->toUSet(), USET_ADD_CASE_MAPPINGS, ULOCDATA_ES_STANDARD, &error);
        ulocdata_close(data);
      }
      made.push_back(std::move(letters));
    }
    return made;
  }();
  return *sets[language];
}

std::optional<icu::UnicodeString> text_in(const char* encoding, std::string_view bytes) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(encoding, &error), ucnv_close);
  if (U_FAILURE(error)) return std::nullopt;
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
  icu::UnicodeString text(bytes.data(), static_cast<std::int32_t>(bytes.size()), converter.get(), error);
  if (U_FAILURE(error)) return std::nullopt;
  return text;
}

// What may stand within a word, and is no letter.
bool joins(UChar32 c) {
  return c < 0x80 || c == 0x00A0 || c == 0x00AD || c == 0x00B7 || (c >= 0x2010 && c <= 0x2015) || c == 0x2018 || c == 0x2019 ||
         u_charType(c) == U_OTHER_PUNCTUATION;
}

bool is_no_text(UChar32 c) { return !u_isdefined(c) || (U_GET_GC_MASK(c) & (U_GC_CC_MASK | U_GC_CO_MASK)) != 0; }

// How well the words of a text are those of a page's languages.
class Reading {
 public:
  Reading(const icu::UnicodeString& text, const Page& page) : page_(page) {
    UChar32 before = 0;
    for (std::int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
      const UChar32 c = text.char32At(at);
      if (u_isalpha(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK)) {
        add_letter(c, before);
      } else {
        const bool in_the_middle = in_word_ && u_isalpha(text.char32At(text.moveIndex32(at, 1)));
        if (c >= 0x7f && (is_no_text(c) || (in_the_middle && !joins(c)))) ++misfits_;
        end_word();
      }
      before = c;
    }
    end_word();
  }

  bool fits() const { return words_ > 0 && misfits_ * 20 <= words_; }
  std::size_t cost() const { return misfits_ * kMisfit + languages_needed(); }

 private:
  void add_letter(UChar32 c, UChar32 before) {
    if (!in_word_) {
      in_word_ = true;
      mask_ = ((page_.last < 64 ? std::uint64_t{1} << page_.last : 0) - 1) & ~((std::uint64_t{1} << page_.first) - 1);
      foreign_ = false;
    }
    if (c < 0x80 && page_.first < 21) return;  // all Latin languages write these
    foreign_ = foreign_ || c >= 0x80;
    if (c >= 0x80 && u_isupper(c) && u_islower(before)) mask_ = 0;
    for (std::size_t language = page_.first; language < page_.last; ++language)
      if (!letters_of(language).contains(c)) mask_ &= ~(std::uint64_t{1} << language);
  }

  void end_word() {
    if (in_word_ && foreign_) {
      ++words_;
      if (mask_ == 0)
        ++misfits_;
      else
        masks_.push_back(mask_);
    }
    in_word_ = false;
  }

  // Each time the language that most of the words left are of: near enough to the least.
  std::size_t languages_needed() const {
    std::vector<std::uint64_t> left = masks_;
    std::size_t needed = 0;
    while (!left.empty()) {
      std::size_t best = 0, most = 0;
      for (std::size_t language = page_.first; language < page_.last; ++language) {
        const auto with = static_cast<std::size_t>(
            std::count_if(left.begin(), left.end(), [&](std::uint64_t mask) { return mask >> language & 1; }));
        if (with > most) most = with, best = language;
      }
      std::erase_if(left, [&](std::uint64_t mask) { return mask >> best & 1; });
      ++needed;
    }
    return needed;
  }

  const Page& page_;
  bool in_word_ = false, foreign_ = false;
  std::uint64_t mask_ = 0;
  std::size_t words_ = 0, misfits_ = 0;
  std::vector<std::uint64_t> masks_;
};

}  // namespace

bool is_utf8(std::string_view bytes) {
  using Utf8 = boost::locale::utf::utf_traits<char>;
  for (auto at = bytes.begin(); at != bytes.end();)
    if (const auto c = Utf8::decode(at, bytes.end()); c == boost::locale::utf::illegal || c == boost::locale::utf::incomplete)
      return false;
  return true;
}

std::string guess_encoding(std::string_view sample) {
  if (sample.size() >= 4 && sample[0] != 0 && sample[1] == 0 && sample[3] == 0) return "UTF-16LE";
  if (sample.size() >= 4 && sample[0] == 0 && sample[1] != 0 && sample[2] == 0) return "UTF-16BE";
  const std::size_t end = sample.find_last_of("\r\n");  // whole lines, whole characters
  if (end != sample.npos && end > 0) sample = sample.substr(0, end);
  if (is_utf8(sample)) return {};
  struct Candidate {
    const char* name;
    icu::UnicodeString text;
    std::size_t cost;
    bool fits;
  };
  std::vector<Candidate> candidates;
  for (const Page& page : kPages)
    if (auto text = text_in(page.name, sample)) {
      const Reading reading(*text, page);
      candidates.push_back({page.name, std::move(*text), reading.cost(), reading.fits()});
    }
  const auto best = std::min_element(candidates.begin(), candidates.end(),
                                     [](const Candidate& a, const Candidate& b) { return a.cost < b.cost; });
  if (best == candidates.end() || !best->fits) return {};
  for (const Candidate& other : candidates)
    if (other.cost <= best->cost && other.text != best->text) return {};
  return best->name;
}

}  // namespace counterpart::index
