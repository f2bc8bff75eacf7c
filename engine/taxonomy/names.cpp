#include "engine/taxonomy/names.h"

#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "engine/base/fold.h"
#include "engine/base/nearest.h"

namespace counterpart::engine {
namespace {

constexpr std::size_t kMaxFuzzy = 8;      // unequal words a side that are compared letter by letter; more is no misspelling
constexpr double kAlike = 0.75;           // of two words, by edit distance
constexpr std::size_t kMinFuzzyWord = 4;  // shorter words differ on purpose
constexpr double kAcrossScripts = 0.95;
constexpr double kSpeltOut = 0.98;
constexpr double kNumbersDiffer = 0.5;

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Immutable once made, and ICU's transliterate() is const and locks its shared rules: safe from any thread.
const icu::Transliterator* latin() {
  static const std::unique_ptr<const icu::Transliterator> made = [] {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<const icu::Transliterator> rules(
        icu::Transliterator::createInstance("NFKC; Russian-Latin/BGN; Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, error));
    return U_SUCCESS(error) ? std::move(rules) : nullptr;
  }();
  return made.get();
}

std::string to_latin(std::string_view text) {
  if (is_ascii(text) || !latin()) return lower_case(text);
  icu::UnicodeString unicode = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  unicode.findAndReplace(icu::UnicodeString(u'\u0629'), icu::UnicodeString(u'\u0647'));  // ICU's t at a word's end is mute
  latin()->transliterate(unicode);
  unicode.findAndReplace(icu::UnicodeString(u'\u00B7'),
                         icu::UnicodeString());  // BGN's between two letters that are not one sound
  std::string out;
  unicode.toUTF8String(out);
  return lower_case(out);
}

// Has it a letter of a script that is not Latin; of one that is written without spaces?
struct Scripts {
  bool foreign = false, unspaced = false;
};
Scripts scripts_of(std::string_view text) {
  Scripts found;
  if (is_ascii(text)) return found;
  const auto unicode = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  for (std::int32_t i = 0; i < unicode.length(); i = unicode.moveIndex32(i, 1)) {
    const UChar32 c = unicode.char32At(i);
    if (!u_isalpha(c)) continue;
    UErrorCode error = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(c, &error);
    found.foreign |= script != USCRIPT_LATIN && script != USCRIPT_COMMON;
    found.unspaced |= script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
                      script == USCRIPT_HANGUL || script == USCRIPT_THAI;
  }
  return found;
}

// What is left of letters that no rule made Latin stays a letter.
bool is_word_byte(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80; }

bool is_letter(std::string_view word) { return word.size() == 1 && word[0] >= 'a' && word[0] <= 'z'; }
bool is_number(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> words_of(std::string_view latin_text) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  };
  for (const char c : latin_text) {
    if (is_word_byte(c)) {
      word += c;
    } else if (c != '.' && c != '\'' && c != '`' && c != '"') {  // S.A. and d'Or are one word
      end_word();
    }
  }
  end_word();
  std::vector<std::string> joined;
  bool open = false;  // the last of `joined` is made of single letters
  for (std::string& next : words) {
    const bool letter = is_letter(next);
    if (letter && open) {
      joined.back() += next;
    } else {
      joined.push_back(std::move(next));
    }
    open = letter;
  }
  return joined;
}

// "Phase II" is "Phase 2"; the first word is no numeral ("X Development", "VI Systems").
void numerals_to_digits(std::vector<std::string>& words) {
  static constexpr std::array<std::string_view, 12> kRoman{"i",   "ii",   "iii", "iv", "v",  "vi",
                                                           "vii", "viii", "ix",  "x",  "xi", "xii"};
  for (std::size_t i = 1; i < words.size(); ++i)
    if (const auto found = std::ranges::find(kRoman, words[i]); found != kRoman.end())
      words[i] = std::to_string(found - kRoman.begin() + 1);
}

// What of a consonant survives the ways from one script to another: Arabic has no p, v or g, Russian no h, and vowels are
// anybody's guess. 0: nothing.
char class_of(char c, char next) {
  switch (c) {
    case 'a':
    case 'e':
    case 'i':
    case 'o':
    case 'u':
    case 'y':
    case 'h':
    case 'w': return 0;
    case 'c': return next == 'e' || next == 'i' ? 's' : 'k';
    case 'q': return 'k';
    case 'j': return 'g';
    case 'p': return next == 'h' ? 'f' : 'b';
    case 'v': return 'f';
    case 'z': return 's';
    default: return c;
  }
}

std::string skeleton_of(std::string_view text) {
  std::string bones;
  const auto add = [&](char c) {
    const bool digit = c >= '0' && c <= '9';
    if (c != 0 && (digit || bones.empty() || bones.back() != c)) bones += c;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == 'x') add('k');
    add(text[i] == 'x' ? 's' : class_of(text[i], i + 1 < text.size() ? text[i + 1] : ' '));
  }
  return bones;
}

std::string joined(std::span<const std::string> words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : between).append(word);
  return text;
}

double ratio(std::string_view a, std::string_view b) {
  const std::size_t longer = std::max(a.size(), b.size());
  if (longer == 0 || longer > kMaxMisspelt) return a == b ? 1 : 0;
  return 1 - static_cast<double>(edit_distance(a, b)) / static_cast<double>(longer);
}

// Müller is written Muller and Mueller, Ørsted Orsted and Oersted, Århus Aarhus.
std::string without_digraphs(std::string_view word) {
  std::string plain;
  for (const char c : word) {
    const char last = plain.empty() ? ' ' : plain.back();
    if (!((c == 'e' && (last == 'a' || last == 'o' || last == 'u')) || (c == 'a' && last == 'a'))) plain += c;
  }
  return plain;
}

double alike(std::string_view a, std::string_view b) {
  if (std::min(a.size(), b.size()) < kMinFuzzyWord || is_number(a) || is_number(b)) return 0;
  const double score = without_digraphs(a) == without_digraphs(b) ? kSpeltOut : ratio(a, b);
  return score < kAlike ? 0 : score;
}

std::size_t letters(std::span<const std::string> words) {
  std::size_t sum = 0;
  for (const std::string& word : words) sum += word.size();
  return sum;
}

std::vector<std::string> without(std::vector<std::string> words, std::vector<std::string> others) {
  std::erase_if(words, [&](const std::string& word) {
    const auto found = std::ranges::find(others, word);
    if (found == others.end()) return false;
    others.erase(found);  // a word that stands twice needs two equals
    return true;
  });
  return words;
}

// Words of each name that have no equal in the other, in order; then, of those, the ones that are like none either.
struct Unpaired {
  std::vector<std::string> a, b;
  double like = 0;  // letters of words that are like another, by how much
};
Unpaired unpaired(const EntityName& a, const EntityName& b) {
  Unpaired rest{without(a.words, b.words), without(b.words, a.words)};
  if (rest.a.size() > kMaxFuzzy || rest.b.size() > kMaxFuzzy) return rest;
  using Link = std::tuple<double, std::string, std::string>;  // by words, not places: the same for (b, a)
  std::vector<Link> links;
  for (const std::string& one : rest.a)
    for (const std::string& other : rest.b)
      if (const double score = alike(one, other); score > 0) links.emplace_back(-score, one, other);
  std::ranges::sort(links, {}, [](const Link& link) {
    const auto& [score, one, other] = link;
    return std::tuple(score, std::min(one, other), std::max(one, other));
  });
  for (const auto& [score, one, other] : links) {
    const auto left = std::ranges::find(rest.a, one), right = std::ranges::find(rest.b, other);
    if (left == rest.a.end() || right == rest.b.end()) continue;
    rest.like -= score * static_cast<double>(one.size() + other.size());
    rest.a.erase(left);
    rest.b.erase(right);
  }
  return rest;
}

std::vector<std::string> numbers_of(const EntityName& name) {
  std::vector<std::string> numbers;
  for (const std::string& word : name.words) {
    std::string digits;
    for (const char c : word)
      if (c >= '0' && c <= '9') digits += c;
    if (!digits.empty()) numbers.push_back(std::move(digits));
  }
  std::ranges::sort(numbers);
  return numbers;
}

double across_scripts(const EntityName& a, const EntityName& b) {
  if (std::min(a.skeleton.size(), b.skeleton.size()) < 3) return 0;
  const auto sorted = [](const EntityName& name) {
    std::vector<std::string> bones;
    for (const std::string& word : name.words) bones.push_back(skeleton_of(word));
    std::ranges::sort(bones);
    return joined(bones, "");
  };
  return kAcrossScripts * std::max(ratio(a.skeleton, b.skeleton), ratio(sorted(a), sorted(b)));
}

}  // namespace

// Takes the forms off a name; a friend, so that nobody else meets how they are kept.
class NameFolder {
 public:
  explicit NameFolder(const LegalForms& forms) : forms_(forms) {}

  void add_to(LegalForms& forms, std::string_view given) const {
    const std::string form = normalise(given);
    if (scripts_of(form).unspaced) forms.unspaced_.emplace_back(form);
    const std::vector<std::string> words = words_of(to_latin(form));
    forms.longest_ = std::max(forms.longest_, words.size());
    if (!words.empty()) forms.words_.insert(words);
  }
  void finish(LegalForms& forms) const {
    std::ranges::sort(forms.unspaced_, [](const std::string& a, const std::string& b) {
      return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
  }

  EntityName fold(std::string_view given) const {
    const std::string typed = normalise(given);  // ㈱ is (株), and letters are composed
    std::string_view name = typed;
    const Scripts scripts = scripts_of(name);
    if (scripts.unspaced) name = without_unspaced(name);
    EntityName folded{words_of(to_latin(name)), {}, !scripts.foreign};
    const auto is_filler = [](const std::string& word) { return word == "the" || word == "and" || word == "et"; };
    if (!std::ranges::all_of(folded.words, is_filler)) std::erase_if(folded.words, is_filler);
    while (strip(folded.words)) {}
    numerals_to_digits(folded.words);
    folded.skeleton = skeleton_of(joined(folded.words, ""));
    return folded;
  }

 private:
  std::string_view without_unspaced(std::string_view name) const {
    for (bool again = true; again;) {
      again = false;
      for (const std::string& form : forms_.unspaced_) {
        if (name.size() <= form.size()) continue;
        if (name.ends_with(form)) {
          name.remove_suffix(form.size());
        } else if (name.starts_with(form)) {
          name.remove_prefix(form.size());
        } else {
          continue;
        }
        again = true;
        break;
      }
    }
    return name;
  }

  // The longest form at either end.
  bool strip(std::vector<std::string>& words) const {
    for (std::size_t count = std::min(forms_.longest_, words.size() - std::min<std::size_t>(1, words.size())); count > 0;
         --count) {
      const auto span = static_cast<std::ptrdiff_t>(count);
      if (forms_.words_.contains({words.end() - span, words.end()})) {
        words.erase(words.end() - span, words.end());
        return true;
      }
      if (forms_.words_.contains({words.begin(), words.begin() + span})) {
        words.erase(words.begin(), words.begin() + span);
        return true;
      }
    }
    return false;
  }

  const LegalForms& forms_;
};

LegalForms::LegalForms(std::span<const std::string> forms) {
  const NameFolder folder(*this);
  for (const std::string& form : forms) folder.add_to(*this, form);
  folder.finish(*this);
}

EntityName entity_name(std::string_view name, const LegalForms& forms) { return NameFolder(forms).fold(name); }

std::string name_key(std::string_view name, const LegalForms& forms) { return joined(entity_name(name, forms).words, " "); }

NameComparison compare_names(const EntityName& a, const EntityName& b) {
  NameComparison found;
  const std::size_t all = letters(a.words) + letters(b.words);
  if (a.words.empty() || b.words.empty()) return found;
  const Unpaired rest = unpaired(a, b);
  // Every letter is of an equal word, of one that is like another, or of an unpaired one.
  const double equal = static_cast<double>(letters(a.words) - letters(without(a.words, b.words))) * 2;
  found.similarity = std::max((equal + rest.like) / static_cast<double>(all), ratio(joined(a.words, ""), joined(b.words, "")));
  if (a.latin != b.latin) found.similarity = std::max(found.similarity, across_scripts(a, b));
  found.other_numbers = numbers_of(a) != numbers_of(b);
  if (found.other_numbers) found.similarity *= kNumbersDiffer;
  found.other_words = a.latin == b.latin && equal > 0 && !rest.a.empty() && !rest.b.empty() &&
                      ratio(joined(rest.a, ""), joined(rest.b, "")) < kAlike;
  return found;
}

double name_similarity(std::string_view a, std::string_view b, const LegalForms& forms) {
  return compare_names(entity_name(a, forms), entity_name(b, forms)).similarity;
}

}  // namespace counterpart::engine
