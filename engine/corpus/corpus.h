// What the engine needs of the outside: something that turns text into vectors, and a read view of all profiles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/profile/profile.h"
#include "engine/profile/traits.h"

namespace counterpart::engine {

// Text -> unit vector. Safe from any thread.
class Embedder {
 public:
  virtual ~Embedder() = default;
  // Name and hash of weights and centring data, e.g. "fast-1:3fa9c2d1"; vectors of different models never meet.
  virtual const std::string& model() const = 0;
  virtual std::size_t dimensions() const = 0;
  // Unit length, or all zeros for a text with nothing in it. `text` is valid UTF-8 of any length. `language` is a hint
  // (BCP 47, may be empty). Same text, same vector, on any number of threads.
  virtual std::vector<float> embed(std::string_view text, std::string_view language) const = 0;
  // BCP 47 of the text's language, "und" when it cannot be told.
  virtual std::string detect(std::string_view text) const = 0;
};

// How often a word (a stem, by the hash of its spelling) stands in each face.
struct WordCount {
  std::uint32_t word = 0;
  std::uint8_t offers = 0;
  std::uint8_t seeks = 0;
};

// The words of a profile, ascending by hash, and how many different ones there are in each face.
struct Words {
  std::vector<WordCount> counts;
  std::uint16_t different_offers = 0;
  std::uint16_t different_seeks = 0;
  std::uint8_t language = 0;  // Traits::text_language; words of two languages are never compared
};

// A word that one types, by the hashes of its stems in the languages that it may be of.
using AlternativeWords = std::vector<std::uint32_t>;

// What a text counts where it stands in for one that the profile does not have.
inline constexpr float kStandIn = 0.7F;

// The two faces of a profile, each a unit vector times its discount (1 where the profile has a text of its own for it,
// otherwise kStandIn).
// The fine ones are of the second text model; they follow in the background and are empty until then. Vectors of the two
// models are compared each with its own kind only.
struct Faces {
  std::vector<float> offers;
  std::vector<float> seeks;
  std::vector<float> fine_offers = {};
  std::vector<float> fine_seeks = {};
  Words words = {};
  // Of the references, which speak for what the profile offers: the fine vector of each, empty until they are made, and its
  // words, as of an offer.
  std::vector<std::vector<float>> fine_references = {};
  std::vector<Words> reference_words = {};
};

// Dense position in one Corpus; means nothing in another.
using Row = std::uint32_t;

// One test on a row's indexed keys (engine/corpus/field.h): it holds when the row has one of `any_of` (none of them if
// `negated`).
struct Condition {
  enum class Owner : std::uint8_t { kSeeker, kCounterpart, kProgramme, kRequest };
  std::string field;
  std::vector<std::string> any_of;
  bool negated = false;
  Owner owner = Owner::kRequest;
};
using Conditions = std::vector<Condition>;

// A row qualifies when all of `all` hold and, unless `either` is empty, all conditions of at least one of its groups.
struct Filter {
  Conditions all;
  std::vector<Conditions> either;
};

// A similarity that cannot be told: no fine vector yet, no word of the same language.
inline constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

// The sectors that a text speaks of, as the texts of those who state theirs let expect. Nobody stated them: they are never
// stored, and no condition reads them.
struct SectorGuess {
  struct One {
    char code[3]{};          // of ISIC Rev.4: "C27", or a section, then ended by a zero
    std::uint8_t share = 0;  // how likely, in 255ths
    std::string_view name() const { return {code, code[1] == 0 ? 1U : 3U}; }
  };
  One likeliest[4]{};  // by share, those of share 0 are none
  std::size_t size() const {
    std::size_t count = 0;
    while (count < std::size(likeliest) && likeliest[count].share != 0) ++count;
    return count;
  }
};

inline constexpr std::uint16_t kNoPassage = 0xffff;
inline constexpr std::uint16_t kNoReference = 0xffff;

// Cosines of the two models' vectors; words: those in common, weighed by rarity, 0-1
// (index/snapshot/word_scores.h). The fine ones and the words have the references of whoever offers in them
// (index/vector/best_references.h).
struct Candidate {
  Row row = 0;
  float forward = 0;   // their offer against the seeker's need
  float backward = 0;  // the seeker's offer against their need
  float fine_forward = kUnknown;
  float fine_backward = kUnknown;
  // The same by the vectors as they are, where those above are seen in the corpus's own space: what is told from chance is told
  // by one measure for all languages. kUnknown: they are the same.
  float plain_fine_forward = kUnknown;
  float plain_fine_backward = kUnknown;
  float words_forward = kUnknown;
  float words_backward = kUnknown;
  std::uint16_t passage = kNoPassage;  // compare() alone: which passage of their offer is the best, by the fine model
  // Which of their references is the best by the fine model, where it fits the seeker's need better than their offer does.
  std::uint16_t reference = kNoReference;
  // By the texts, for whoever states no sector; empty: nothing can be told.
  SectorGuess own_sectors = {};    // the seeker's
  SectorGuess their_sectors = {};  // the row's
};

inline constexpr std::int32_t kEver = std::numeric_limits<std::int32_t>::min();  // a `today` on which nothing has expired

struct Search {
  Faces seeker;
  float forward_weight = 0.5F;   // >= 0
  float backward_weight = 0.5F;  // >= 0
  Filter filter;
  std::int32_t today = 0;    // days since 1970; rows whose valid_until lies before are left out
  std::string exclude_id;    // the seeker itself
  std::size_t wanted = 100;  // at most so many candidates
  // Where every qualifying row was compared: at most so many, if that is more.
  std::size_t wanted_if_all_compared = 0;
  bool exact = false;  // scan every qualifying row
  // SearchResult::prepared of an earlier search of the same corpus by the same seeker under other conditions: what was made of
  // the seeker then, which may take as long as the rest. Null: it is made.
  std::shared_ptr<const void> prepared = nullptr;
};

// What a search found, and how.
struct SearchResult {
  // By forward_weight * forward + backward_weight * backward, best first, ties by profile id; behind them, where not all
  // qualifying rows are among them, what words alone found.
  std::vector<Candidate> candidates;
  std::uint64_t qualifying = 0;                    // rows that met the conditions
  std::uint64_t scanned = 0;                       // of those, rows whose vectors were compared
  std::string method;                              // "exact", "probed"
  double filter_seconds = 0, search_seconds = 0;   // as in StageSeconds
  std::shared_ptr<const void> prepared = nullptr;  // for Search::prepared; the corpus's alone to read
};

// How near texts of a corpus are that have nothing to do with each other.
struct UnrelatedTexts {
  Faces mean = {};         // of the faces of rows that state them, whatever length that comes to; no words
  double fast_spread = 0;  // standard deviation of the fast cosine of two that have nothing to do with each other; > 0
  double spread = 0;       // the same of fast and fine cosine together; 0: the fine ones are not compared
};

// One unchanging view of all profiles at one sequence. Safe from any thread.
class Corpus {
 public:
  virtual ~Corpus() = default;
  virtual std::uint64_t sequence() const = 0;  // of the newest change it holds
  virtual std::size_t size() const = 0;        // live profiles
  virtual std::optional<Row> find(std::string_view id) const = 0;
  virtual std::string_view id(Row row) const = 0;
  virtual std::string_view title(Row row) const = 0;
  virtual std::string_view name(Row row) const = 0;  // name_key() of the title (engine/taxonomy/names.h)
  virtual const Traits& traits(Row row) const = 0;
  // By row: how many of `wanted` stand in either face, in whatever language.
  virtual std::vector<std::uint8_t> words_held(std::span<const AlternativeWords> wanted) const = 0;
  virtual Faces faces(Row row) const = 0;
  virtual SearchResult search(const Search& search) const = 0;
  // Forward and backward of one pair, equal to the last bit to what search() gives. `prepared`: of prepare(), or null.
  virtual Candidate compare(const Faces& seeker, Row row, const void* prepared) const = 0;
  Candidate compare(const Faces& seeker, Row row) const { return compare(seeker, row, nullptr); }
  // What compare() makes of a seeker each time: made once, for whoever compares it with many.
  virtual std::shared_ptr<const void> prepare(const Faces&) const { return nullptr; }
  // Which of `rows`, that are live, pass `filter` and are valid on `today`.
  virtual std::vector<bool> passing(const Filter& filter, std::int32_t today, std::span<const Row> rows) const = 0;
  // nullptr: too few rows to tell, or their texts repeat each other or are all of one matter.
  virtual const UnrelatedTexts* unrelated() const { return nullptr; }
  // Of a row that states no sector; empty: nothing can be told.
  virtual SectorGuess guessed_sectors(Row) const { return {}; }
  // Live rows that have no fine vectors yet; 0 without a second text model.
  virtual std::size_t awaiting_fine() const { return 0; }
  // How many live rows pass `filter`, and how many have each key of `field` among them (facets, exact).
  virtual std::uint64_t count(const Filter& filter, std::int32_t today) const = 0;
  virtual std::vector<std::pair<std::string, std::uint64_t>> facet(const Filter& filter, std::int32_t today,
                                                                   std::string_view field) const = 0;
  // Ids of the live rows that pass `filter`, ascending, after `after` (exclusive), at most `limit`.
  virtual std::vector<std::string> list(const Filter& filter, std::string_view after, std::size_t limit) const = 0;
};

// As Corpus::count, without the profile `self`, which need not be there.
std::uint64_t count_others(const Corpus& corpus, const Filter& filter, std::int32_t today, std::string_view self);

}  // namespace counterpart::engine
