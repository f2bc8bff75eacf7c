// What a counterpart says itself that speaks most to a seeker: a sentence to quote, and the seeker's own that it answers.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/corpus/corpus.h"
#include "engine/match/matcher.h"
#include "engine/profile/profile.h"
#include "index/layer.h"

namespace counterpart::index {

inline constexpr std::size_t kQuoted = 160;  // characters, at most

// Telling stems of the seeker's two faces.
struct Wanted {
  std::set<std::string> need, offer;
};

// What the fine vectors say of a counterpart's best part.
struct BestPart {
  bool compared = false;                                         // false: they say nothing
  std::uint16_t passage = kNoPassage, reference = kNoReference;  // as in Candidate
};

// The sentence of `counterpart`'s offer (else of its summary) with most words of the seeker's need, looked for in the
// passage of that number where it has one, and else in its beginning; the first one where no words are shared, as between
// two languages. A reference is quoted where it is the best part or, where vectors say nothing, has more of these words in a
// sentence. One that states what it seeks alone is quoted with that, against the seeker's offer. nullopt: it has no such text.
// Private members are never read.
std::optional<Evidence> quote(const Profile& counterpart, const BestPart& best, const Wanted& wanted);

// Holds references; one thread.
class EvidenceFinder {
 public:
  // `embedder`: tells which sentence of the seeker is meant where it shares no word with the quotation, as between two
  // languages; nullptr: then none is told.
  EvidenceFinder(const Corpus& corpus, const Seeker& seeker, const Embedder* embedder = nullptr);
  EvidenceFinder(const EvidenceFinder&) = delete;
  EvidenceFinder& operator=(const EvidenceFinder&) = delete;
  // `counterpart` as stored; its best passage is known where the corpus has its fine vectors.
  std::optional<Evidence> of(const Profile& counterpart);

 private:
  // One face of the seeker, in sentences.
  struct Own {
    struct Sentence {
      std::string_view text;  // of `text` below
      std::set<std::string> words;
      std::vector<float> vector = {};  // made when it is first needed
    };
    std::string member, text;
    std::vector<Sentence> sentences = {};
  };
  void read(std::initializer_list<std::pair<const char*, const std::string*>> texts, Own& own) const;
  std::optional<Evidence::Asked> asked(const Evidence& evidence);
  const Own::Sentence* by_meaning(Own& own, const Evidence& evidence);

  const Corpus& corpus_;
  const Embedder* embedder_;
  std::string language_;
  Faces vectors_;  // without the words, which would be looked up for nothing
  std::shared_ptr<const void> prepared_;
  Wanted wanted_;
  Own need_, offer_;
  std::size_t compared_ = 0;  // quotations that vectors were made of
};

}  // namespace counterpart::index
