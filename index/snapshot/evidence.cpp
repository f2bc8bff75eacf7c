#include "index/snapshot/evidence.h"

#include <algorithm>
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

}  // namespace

std::optional<Evidence> quote(const Profile& counterpart, std::uint16_t passage, const Wanted& wanted) {
  // What it seeks is no evidence of what it offers, though its vectors fall back on that: it is then given as what it is.
  const std::string_view member = !counterpart.offers.empty() ? "offers" : !counterpart.summary.empty() ? "summary" : "seeks";
  const bool need = member == "seeks";
  const std::string& text = need ? counterpart.seeks : member == "offers" ? counterpart.offers : counterpart.summary;
  if (trimmed(text).empty()) return std::nullopt;
  const std::set<std::string>& words = need ? wanted.offer : wanted.need;
  std::string_view best;
  std::size_t most = 0;
  const std::string_view part = searched(text, need ? kNoPassage : passage, counterpart.lang);
  for (const std::string_view sentence : sentences_of(part, counterpart.lang)) {
    if (trimmed(sentence).empty()) continue;
    std::size_t shared = 0;
    if (!words.empty())
      for (const std::string& word : telling_words(sentence, counterpart.lang)) shared += words.count(word);
    if (best.empty() || shared > most) best = sentence, most = shared;
  }
  return Evidence{cut(trimmed(best)), counterpart.lang, need ? "seeks" : "offers", std::string(member)};
}

EvidenceFinder::EvidenceFinder(const Corpus& corpus, const Seeker& seeker) : corpus_(corpus), vectors_(seeker.faces) {
  vectors_.words = {};
  const FaceTexts texts = face_texts(seeker.profile);
  wanted_ = {telling_words(texts.seeks.text, seeker.profile.lang), telling_words(texts.offers.text, seeker.profile.lang)};
}

std::optional<Evidence> EvidenceFinder::of(const Profile& counterpart) const {
  const std::optional<Row> row = corpus_.find(counterpart.id);
  return quote(counterpart, row ? corpus_.compare(vectors_, *row).passage : kNoPassage, wanted_);
}

}  // namespace counterpart::index
