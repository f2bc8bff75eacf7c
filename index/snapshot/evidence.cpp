#include "index/snapshot/evidence.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "engine/base/utf8.h"
#include "index/text/passages.h"
#include "index/text/words.h"
#include "index/vector/embedding.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kMostRead = 4'000;  // bytes of a text without a known passage
constexpr std::size_t kShortestWord = 4;  // bytes; most shorter ones are articles and the like
// Of the seeker: sentences that are read; and of those and of quotations, how many vectors are made, each of a millisecond.
constexpr std::size_t kMostSentences = 200, kMostVectors = 24;

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

struct Cut {
  std::string text;
  std::size_t offset = 0, length = 0;  // in characters of the whole
};

// The first kQuoted characters of a sentence of `whole`, cut between words; the bytes that they take differ by script.
Cut cut(std::string_view whole, std::string_view sentence) {
  std::size_t bytes = 0, characters = 0;
  for (; bytes < sentence.size(); ++bytes)
    if (begins_character(sentence[bytes]) && characters++ == kQuoted) break;
  const std::string_view quoted = trimmed(shortened(sentence, bytes));
  Cut out{std::string(quoted), 0, characters_in(quoted)};
  if (!quoted.empty()) out.offset = characters_in(whole.substr(0, static_cast<std::size_t>(quoted.data() - whole.data())));
  std::ranges::replace_if(
      out.text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return out;
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
  Cut quoted = sentence.empty() ? cut(reference.title, reference.title) : cut(reference.text, sentence);
  Evidence evidence{std::move(quoted.text), counterpart.lang, "offers", "references", reference, quoted.offset, quoted.length};
  evidence.reference_number = static_cast<std::size_t>(&reference - counterpart.references.data());
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
  Cut quoted = cut(text, said.text);
  return Evidence{std::move(quoted.text), counterpart.lang, need ? "seeks" : "offers", std::string(member), {},
                  quoted.offset,          quoted.length};
}

EvidenceFinder::EvidenceFinder(const Corpus& corpus, const Seeker& seeker, const Embedder* embedder)
    : corpus_(corpus), embedder_(embedder), language_(seeker.profile.lang), vectors_(seeker.faces) {
  vectors_.words = {};
  vectors_.reference_words.clear();
  prepared_ = corpus.prepare(vectors_);
  const FaceTexts texts = face_texts(seeker.profile);
  wanted_ = {telling_words(texts.seeks.text, seeker.profile.lang), telling_words(texts.offers.text, seeker.profile.lang)};
  // As face_texts() has them, but no title.
  const Profile& own = seeker.profile;
  const std::pair<const char*, const std::string*> seeks{seeker.anonymous ? "text" : "seeks", &own.seeks},
      offers{seeker.anonymous ? "offering" : "offers", &own.offers}, summary{"summary", &own.summary};
  read({seeks, summary, offers}, need_);
  read({offers, summary, seeks}, offer_);
}

// The first that says something.
void EvidenceFinder::read(std::initializer_list<std::pair<const char*, const std::string*>> texts, Own& own) const {
  const auto said = std::ranges::find_if(texts, [](const auto& text) { return !trimmed(*text.second).empty(); });
  if (said == texts.end()) return;
  own.member = said->first;
  own.text = *said->second;
  for (const std::string_view sentence : sentences_of(own.text, language_)) {
    if (own.sentences.size() == kMostSentences) break;
    if (const std::string_view words = trimmed(sentence); !words.empty())
      own.sentences.push_back({words, telling_words(words, language_)});
  }
}

std::optional<Evidence> EvidenceFinder::of(const Profile& counterpart) {
  BestPart best;
  if (const std::optional<Row> row = corpus_.find(counterpart.id)) {
    const Candidate compared = corpus_.compare(vectors_, *row, prepared_.get());
    best = {!std::isnan(compared.fine_forward), compared.passage, compared.reference};
  }
  std::optional<Evidence> evidence = quote(counterpart, best, wanted_);
  if (evidence) evidence->asked = asked(*evidence);
  return evidence;
}

// The sentence with most of the quotation's words, the first of equals; where none shares a word, by meaning. The only one is
// meant whatever words it has.
std::optional<Evidence::Asked> EvidenceFinder::asked(const Evidence& evidence) {
  Own& own = evidence.face == "offers" ? need_ : offer_;
  if (own.sentences.empty()) return std::nullopt;
  const Own::Sentence* best = nullptr;
  std::size_t most = 0;
  const std::set<std::string> words = telling_words(evidence.text, evidence.lang);
  for (const Own::Sentence& sentence : own.sentences) {
    std::size_t shared = 0;
    for (const std::string& word : words) shared += sentence.words.count(word);
    if (shared > most) most = shared, best = &sentence;
  }
  if (!best) best = own.sentences.size() == 1 ? &own.sentences.front() : by_meaning(own, evidence);
  if (!best) return std::nullopt;
  Cut quoted = cut(own.text, best->text);
  return Evidence::Asked{std::move(quoted.text), language_, own.member, quoted.offset, quoted.length};
}

const EvidenceFinder::Own::Sentence* EvidenceFinder::by_meaning(Own& own, const Evidence& evidence) {
  if (!embedder_ || compared_++ >= kMostVectors) return nullptr;
  const std::vector<float> wanted = embedder_->embed(evidence.text, evidence.lang);
  const Own::Sentence* best = nullptr;
  float nearest = 0;
  for (Own::Sentence& sentence : std::span(own.sentences).first(std::min(own.sentences.size(), kMostVectors))) {
    if (sentence.vector.empty()) sentence.vector = embedder_->embed(sentence.text, language_);
    const float likeness = std::inner_product(wanted.begin(), wanted.end(), sentence.vector.begin(), 0.0F);
    if (likeness > nearest) nearest = likeness, best = &sentence;
  }
  return best;
}

}  // namespace counterpart::index
