#include "index/evidence.h"

#include <algorithm>
#include <vector>

#include "index/embedding.h"
#include "index/passages.h"
#include "index/words.h"

namespace counterpart {
namespace {

constexpr std::size_t kMostRead = 4'000;   // bytes of a text without a known passage
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

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

// Its first kQuoted characters, cut between words; the bytes that they take differ by script.
std::string cut(std::string_view sentence) {
  std::size_t bytes = 0, characters = 0;
  for (; bytes < sentence.size(); ++bytes)
    if (begins_character(sentence[bytes]) && characters++ == kQuoted) break;
  std::string text(trimmed(shortened(sentence, bytes)));
  std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return text;
}

std::string_view searched(const std::string& text, std::uint16_t passage, std::string_view language) {
  if (passage != kNoPassage)
    if (const auto passages = passages_of(text, language); passage < passages.size()) return passages[passage];
  return shortened(text, kMostRead);
}

}  // namespace

std::optional<Evidence> quote(const Profile& counterpart, std::uint16_t passage, const std::set<std::string>& wanted) {
  // What it seeks or is called is no evidence of what it offers, though the vectors fall back on them.
  const bool own = !counterpart.offers.empty();
  const std::string& text = own ? counterpart.offers : counterpart.summary;
  if (trimmed(text).empty()) return std::nullopt;
  std::string_view best;
  std::size_t most = 0;
  for (const std::string_view sentence : sentences_of(searched(text, passage, counterpart.lang), counterpart.lang)) {
    if (trimmed(sentence).empty()) continue;
    std::size_t shared = 0;
    if (!wanted.empty())
      for (const std::string& word : telling_words(sentence, counterpart.lang)) shared += wanted.count(word);
    if (best.empty() || shared > most) best = sentence, most = shared;
  }
  return Evidence{cut(trimmed(best)), counterpart.lang, "offers", own ? "offers" : "summary"};
}

EvidenceFinder::EvidenceFinder(const Corpus& corpus, const Seeker& seeker) : corpus_(corpus), vectors_(seeker.faces) {
  vectors_.words = {};
  wanted_ = telling_words(face_texts(seeker.profile).seeks.text, seeker.profile.lang);
}

std::optional<Evidence> EvidenceFinder::of(const Profile& counterpart) const {
  const std::optional<Row> row = corpus_.find(counterpart.id);
  return quote(counterpart, row ? corpus_.compare(vectors_, *row).passage : kNoPassage, wanted_);
}

}  // namespace counterpart
