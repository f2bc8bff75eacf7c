#include "index/snapshot/evidence.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/base/utf8.h"
#include "index/text/passages.h"
#include "index/text/words.h"
#include "index/vector/embedding.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kMostRead = 4'000;  // bytes of a text without a known passage
constexpr std::size_t kShortestWord = 4;  // bytes; most shorter ones are articles and the like

std::set<std::string> telling_words(std::string_view text, std::string_view language) {
  std::set<std::string> words;
  for (std::string& stem : stems_of(text, language))
    if (stem.size() >= kShortestWord) words.insert(std::move(stem));
  return words;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Its first kQuoted characters, cut between words; the bytes that they take differ by script.
std::string cut(std::string_view sentence) {
  std::size_t bytes = 0, characters = 0;
  for (; bytes < sentence.size(); ++bytes)
    if (begins_character(sentence[bytes]) && characters++ == kQuoted) break;
  std::string text(trimmed(shortened(sentence, bytes)));
  std::ranges::replace_if(
      text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return text;
}

std::string_view searched(const std::string& text, std::uint16_t passage, std::string_view language) {
  if (passage != kNoPassage)
    if (const auto passages = passages_of(text, language); passage < passages.size()) return passages[passage];
  return shortened(text, kMostRead);
}

struct Sentence {
  std::string_view text;
  std::size_t shared = 0;  // words of those wanted
};

// The one with most of `words`, the first of equals; empty: the text is blank.
Sentence best_sentence(std::string_view text, std::string_view language, const std::set<std::string>& words) {
  Sentence best;
  for (const std::string_view sentence : sentences_of(text, language)) {
    if (trimmed(sentence).empty()) continue;
    std::size_t shared = 0;
    if (!words.empty())
      for (const std::string& word : telling_words(sentence, language)) shared += words.count(word);
    if (best.text.empty() || shared > best.shared) best = {sentence, shared};
  }
  best.text = trimmed(best.text);
  return best;
}

// The reference that has a sentence with more than `least` of `words`, the most of all; nullptr: there is none.
const Reference* reference_by_words(const Profile& profile, const std::set<std::string>& words, std::size_t least) {
  const Reference* best = nullptr;
  for (const Reference& reference : profile.references) {
    const std::string text = text_of(reference);
    const std::size_t shared = best_sentence(shortened(text, kMostRead), profile.lang, words).shared;
    if (shared > least) least = shared, best = &reference;
  }
  return best;
}

Evidence quote_reference(const Reference& reference, const Profile& counterpart, const std::set<std::string>& words) {
  const std::string_view sentence = best_sentence(shortened(reference.text, kMostRead), counterpart.lang, words).text;
  Evidence evidence{cut(sentence.empty() ? std::string_view(reference.title) : sentence), counterpart.lang, "offers",
                    "references", reference};
  evidence.reference->text.clear();
  return evidence;
}

}  // namespace

std::optional<Evidence> quote(const Profile& counterpart, const BestPart& best, const Wanted& wanted) {
  if (best.reference < counterpart.references.size())
    return quote_reference(counterpart.references[best.reference], counterpart, wanted.need);
  // What it seeks is no evidence of what it offers, though its vectors fall back on that: it is then given as what it is.
  const std::string_view member = !counterpart.offers.empty() ? "offers" : !counterpart.summary.empty() ? "summary" : "seeks";
  const bool need = member == "seeks";
  const std::string& text = need ? counterpart.seeks : member == "offers" ? counterpart.offers : counterpart.summary;
  const Sentence said = best_sentence(searched(text, need ? kNoPassage : best.passage, counterpart.lang), counterpart.lang,
                                      need ? wanted.offer : wanted.need);
  const Reference* const reference = best.compared ? nullptr : reference_by_words(counterpart, wanted.need, said.shared);
  if (reference) return quote_reference(*reference, counterpart, wanted.need);
  if (said.text.empty()) return std::nullopt;
  return Evidence{cut(said.text), counterpart.lang, need ? "seeks" : "offers", std::string(member)};
}

EvidenceFinder::EvidenceFinder(const Corpus& corpus, const Seeker& seeker) : corpus_(corpus), vectors_(seeker.faces) {
  vectors_.words = {};
  vectors_.reference_words.clear();
  const FaceTexts texts = face_texts(seeker.profile);
  wanted_ = {telling_words(texts.seeks.text, seeker.profile.lang), telling_words(texts.offers.text, seeker.profile.lang)};
}

std::optional<Evidence> EvidenceFinder::of(const Profile& counterpart) const {
  const std::optional<Row> row = corpus_.find(counterpart.id);
  if (!row) return quote(counterpart, {}, wanted_);
  const Candidate compared = corpus_.compare(vectors_, *row);
  return quote(counterpart, {!std::isnan(compared.fine_forward), compared.passage, compared.reference}, wanted_);
}

}  // namespace counterpart::index
