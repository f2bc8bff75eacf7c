#include "index/text/words.h"

#include <unicode/brkiter.h>
#include <unicode/unistr.h>
#include <xapian.h>

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <set>
#include <utility>

#include "engine/base/fold.h"
#include "engine/base/hash.h"
#include "engine/base/language_tag.h"
#include "engine/profile/traits.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kLongestWord = 64;    // letters; what is longer is no word
constexpr std::size_t kMostKnown = 16'384;  // stems that are kept, a language and thread: some 2 MB

// Articles and endings that an apostrophe joins to a word: l'eau, dell'acqua; Türkiye'nin.
enum class Joined : std::uint8_t { kBefore, kBehind };
constexpr std::pair<std::string_view, Joined> kJoined[] = {
    {"ca", Joined::kBefore}, {"fr", Joined::kBefore}, {"it", Joined::kBefore}, {"tr", Joined::kBehind}};

std::string_view without_joined(std::string_view word, std::optional<Joined> joined) {
  const std::size_t apostrophe = joined == Joined::kBefore ? word.rfind('\'') : word.find('\'');
  if (!joined || apostrophe == word.npos) return word;
  return joined == Joined::kBefore ? word.substr(apostrophe + 1) : word.substr(0, apostrophe);
}

// Folding took the accents off, and some endings are known to the stemmer by their accents.
struct Ending {
  std::string_view language, folded, accented;
};
constexpr Ending kEndings[] = {
    {"es", "cion", "ción"},     {"es", "logia", "logía"},   {"es", "logias", "logías"}, {"es", "sion", "sión"},
    {"fr", "ee", "ée"},         {"fr", "ees", "ées"},       {"fr", "iere", "ière"},     {"fr", "ieres", "ières"},
    {"fr", "ite", "ité"},       {"fr", "ites", "ités"},     {"it", "ita", "ità"},       {"pt", "ancia", "ância"},
    {"pt", "ancias", "âncias"}, {"pt", "avel", "ável"},     {"pt", "cao", "ção"},       {"pt", "coes", "ção"},
    {"pt", "encia", "ência"},   {"pt", "encias", "ências"}, {"pt", "ivel", "ível"},
};

// Stemmers and break iterators hold state, so each thread keeps its own.
class Cutter {
 public:
  explicit Cutter(const std::string& language) {
    for (const auto& [one, joined] : kJoined)
      if (one == language) joined_ = joined;
    for (const Ending& ending : kEndings)
      if (ending.language == language) endings_.push_back(&ending);
    UErrorCode status = U_ZERO_ERROR;
    words_.reset(icu::BreakIterator::createWordInstance(icu::Locale(language.c_str()), status));
    if (U_FAILURE(status) || !words_) throw std::bad_alloc();  // its rules are in the library: all that it can want is memory
    try {
      stemmer_ = Xapian::Stem(language);
    } catch (const Xapian::InvalidArgumentError&) {
      stemmer_ = Xapian::Stem();  // there is none for this language
    }
  }

  void cut(const icu::UnicodeString& text, std::vector<std::string>& out) {
    words_->setText(text);
    std::int32_t start = words_->first();
    for (std::int32_t end = words_->next(); end != icu::BreakIterator::DONE; start = end, end = words_->next()) {
      const std::int32_t kind = words_->getRuleStatus();
      if (kind < UBRK_WORD_NUMBER) continue;  // blanks and punctuation
      if (end - start > static_cast<std::int32_t>(kLongestWord)) continue;
      if (end - start < 2 && kind < UBRK_WORD_KANA) continue;
      std::string word;
      text.tempSubStringBetween(start, end).toUTF8String(word);
      word = without_joined(word, joined_);
      if (word.size() > 1) out.push_back(stem_of(std::move(word)));
    }
  }

 private:
  // Texts say the same words again and again, and a stemmer takes longer than a look.
  const std::string& stem_of(std::string word) {
    const auto known = stems_.find(word);
    if (known != stems_.end()) return known->second;
    if (stems_.size() >= kMostKnown) stems_.clear();
    std::string stem = stemmer_(accented(word));
    return stems_.emplace(std::move(word), std::move(stem)).first->second;
  }
  std::string accented(std::string word) const {
    for (const Ending* ending : endings_) {
      if (!word.ends_with(ending->folded)) continue;
      word.resize(word.size() - ending->folded.size());
      return word.append(ending->accented);
    }
    return word;
  }

  std::optional<Joined> joined_;
  std::vector<const Ending*> endings_;
  std::unique_ptr<icu::BreakIterator> words_;
  Xapian::Stem stemmer_;
  ByText<std::string> stems_;  // of words met lately
};

Cutter& cutter_of(std::string_view tag) {
  thread_local std::map<std::string, Cutter, std::less<>> cutters;
  std::string language = primary_language(tag);
  if (language.empty()) language = "und";
  auto found = cutters.find(language);
  if (found == cutters.end()) found = cutters.try_emplace(language, language).first;
  return found->second;
}

using Counts = std::vector<WordCount>;  // one for each time that a word stands somewhere

void count(const std::vector<std::string>& stems, std::uint8_t WordCount::*face, Counts& counts) {
  for (const std::string& stem : stems) {
    WordCount& once = counts.emplace_back(WordCount{fnv1a_32(stem), 0, 0});
    once.*face = 1;
  }
}

// As many as there is room for.
template <class Count>
void raise_by(Count& count, unsigned more) {
  count = static_cast<Count>(std::min<unsigned>(count + more, std::numeric_limits<Count>::max()));
}

Words finished(Counts counts, std::uint8_t language) {
  Words words{.counts = {}, .different_offers = 0, .different_seeks = 0, .language = language};
  std::ranges::sort(counts, {}, &WordCount::word);
  for (const WordCount& once : counts) {
    if (words.counts.empty() || words.counts.back().word != once.word) words.counts.push_back({once.word, 0, 0});
    raise_by(words.counts.back().offers, once.offers);
    raise_by(words.counts.back().seeks, once.seeks);
  }
  for (const WordCount& entry : words.counts) {
    raise_by(words.different_offers, entry.offers != 0);
    raise_by(words.different_seeks, entry.seeks != 0);
  }
  return words;
}

}  // namespace

std::vector<std::string> stems_of(std::string_view text, std::string_view language) {
  std::vector<std::string> stems;
  cutter_of(language).cut(icu::UnicodeString::fromUTF8(fold(text, language)), stems);
  return stems;
}

Words words_of(const Profile& profile) {
  const auto stems = [&](const std::string& text) {
    return text.empty() ? std::vector<std::string>{} : stems_of(text, profile.lang);
  };
  std::vector<std::string> offers = stems(profile.offers), seeks = stems(profile.seeks);
  if (offers.empty() || seeks.empty()) {
    // A face without a text of its own speaks with the summary, or else with the other face, as embed_faces() has it.
    std::vector<std::string> other = stems(profile.summary);
    if (other.empty()) other = offers.empty() ? seeks : offers;
    if (offers.empty()) offers = other;
    if (seeks.empty()) seeks = std::move(other);
  }
  const std::vector<std::string> title = stems(profile.title);
  Counts counts;
  count(title, &WordCount::offers, counts);
  count(title, &WordCount::seeks, counts);
  count(offers, &WordCount::offers, counts);
  count(seeks, &WordCount::seeks, counts);
  return finished(std::move(counts), text_language(profile.lang));
}

std::vector<Words> words_of_references(const Profile& profile) {
  std::vector<Words> words;
  for (const Reference& reference : profile.references) {
    Counts counts;
    for (const std::string* text : {&reference.title, &reference.text})
      count(stems_of(*text, profile.lang), &WordCount::offers, counts);
    words.push_back(finished(std::move(counts), text_language(profile.lang)));
  }
  return words;
}

void add_words(Faces& faces, const Profile& profile) {
  faces.words = words_of(profile);
  faces.reference_words = words_of_references(profile);
}

Words words_of_text(std::string_view text, std::string_view language) {
  const std::vector<std::string> stems = stems_of(text, language);
  Counts counts;
  count(stems, &WordCount::offers, counts);
  count(stems, &WordCount::seeks, counts);
  return finished(std::move(counts), text_language(language));
}

std::vector<AlternativeWords> alternative_words(std::string_view text, std::size_t most) {
  std::vector<AlternativeWords> words;
  std::set<std::string> seen;
  for (const std::string& word : stems_of(text, {})) {
    if (words.size() == most) break;
    if (!seen.insert(word).second) continue;
    std::set<std::uint32_t> hashes{fnv1a_32(word)};
    for (const std::string_view language : kUnLanguages)
      for (const std::string& stem : stems_of(word, language)) hashes.insert(fnv1a_32(stem));
    words.emplace_back(hashes.begin(), hashes.end());
  }
  return words;
}

}  // namespace counterpart::index
