#include "engine/survey/duplicates.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>
#include <unordered_map>

#include "engine/base/hash.h"
#include "engine/profile/advice.h"
#include "engine/profile/organisation.h"
#include "engine/survey/sketch.h"
#include "engine/taxonomy/names.h"

namespace counterpart::engine {
namespace {

constexpr std::size_t kBlock = 20;      // profiles that all meet each other
constexpr std::size_t kNeighbours = 8;  // met by each in a larger group
constexpr std::size_t kRareWords = 3;
constexpr std::size_t kTextKeys = 4;
constexpr double kNameFrom = 0.85;  // less alike is no evidence
constexpr double kTextFrom = 0.3;
constexpr double kElsewhere = 0.6;  // a name is worth so much less in two countries: homonyms, subsidiaries
constexpr double kCommonName = 3;   // from so many bearers on, a name is worth less
constexpr double kOtherIdentifier = 0.4;
constexpr double kOtherNumbers = 0.5;
constexpr double kOtherWords = 0.7;
constexpr double kSeries = 0.5;      // names so alike, but for a word, are members of a series
constexpr double kOtherPlace = 0.5;  // a project is where it is; the same words elsewhere are a programme's

enum class Key : std::uint8_t { kIdentifier, kName, kSkeleton, kWord, kText };

std::uint64_t hash_of(Key kind, std::string_view text) {
  const char first = static_cast<char>(kind);
  return fnv1a(text, fnv1a({&first, 1}));
}

// What of a profile is compared.
struct Entry {
  std::string id, title, country;
  std::uint64_t sequence = 0;
  Kind kind = Kind::kCompany;
  double complete = 0;
  EntityName name;
  std::uint64_t whole_name = 0;          // hash of its words, in whatever order; 0: no words
  std::vector<std::string> identifiers;  // sorted
  Sketch text;
};

Sketch text_of(const Profile& profile, const EntityName& name, const LegalForms& forms) {
  std::string text;
  for (const std::string* part : {&profile.summary, &profile.offers, &profile.seeks})
    if (!part->empty() && text.find(*part) == text.npos) text.append(text.empty() ? "" : "\n").append(*part);
  // A title said again is no second piece of evidence.
  if (text.size() < 2 * profile.title.size() && entity_name(text, forms).words == name.words) return {};
  return sketch_of(text);
}

struct Block {
  std::uint64_t key;
  std::uint32_t place;  // of the country, then the id
  bool word;
};

class Evidence {
 public:
  void add(double weight, Phrase reason) {
    doubt_ *= 1 - weight;
    reasons_.push_back(std::move(reason));
  }
  void against(double factor, Phrase reason) {
    factor_ *= factor;
    against_.push_back({"duplicate.against", {{"reason", nested(std::move(reason))}}});
  }
  double score() const { return (1 - doubt_) * factor_; }
  std::vector<Phrase> reasons() && {
    std::ranges::move(against_, std::back_inserter(reasons_));
    return std::move(reasons_);
  }

 private:
  double doubt_ = 1, factor_ = 1;
  std::vector<Phrase> reasons_, against_;
};

std::string_view scheme_of(std::string_view key) { return key.substr(0, key.find(' ')); }

}  // namespace

struct DuplicateFinder::Impl {
  const Taxonomy& taxonomy;
  std::vector<Entry> entries;

  using Places = std::vector<const Entry*>;  // by country, then id: neighbours of large groups are compatriots
  using Pair = std::pair<std::uint32_t, std::uint32_t>;

  static std::vector<Block> blocks(const Places& places);
  static std::vector<Pair> candidates(const Places& places, std::uint64_t since);
  static void add_identifiers(const Entry& a, const Entry& b, Evidence& evidence);
  static void add_name(const Entry& a, const Entry& b, const NameComparison& names, std::size_t bearers, Evidence& evidence);
  static DuplicatePair judged(const Entry& a, const Entry& b, std::size_t bearers);
};

DuplicateFinder::DuplicateFinder(const Taxonomy& taxonomy) : impl_(new Impl{taxonomy, {}}) {}
DuplicateFinder::~DuplicateFinder() = default;

void DuplicateFinder::add(const Profile& profile, std::uint64_t sequence) {
  const LegalForms& forms = impl_->taxonomy.legal_forms;
  Entry entry{profile.id,
              profile.title,
              profile.country,
              sequence,
              profile.kind,
              completeness(profile),
              entity_name(profile.title, forms),
              0,
              {},
              {}};
  if (!entry.name.words.empty()) {
    std::vector<std::string> words = entry.name.words;
    std::ranges::sort(words);
    std::string all;
    for (const std::string& word : words) all += word + ' ';
    entry.whole_name = hash_of(Key::kName, std::string(name_of(profile.kind)) + ' ' + all);
  }
  for (const Identifier& identifier : profile.organisation.identifiers)
    if (std::string key = identifier_key(identifier); !key.empty()) entry.identifiers.push_back(std::move(key));
  std::ranges::sort(entry.identifiers);
  entry.text = text_of(profile, entry.name, forms);
  impl_->entries.push_back(std::move(entry));
}

std::vector<Block> DuplicateFinder::Impl::blocks(const Places& places) {
  std::unordered_map<std::uint64_t, std::uint32_t> bearers;  // names that have a word
  const auto words_of = [](const Entry& entry) {
    std::vector<std::uint64_t> words;
    for (const std::string& word : entry.name.words) words.push_back(hash_of(Key::kWord, word));
    std::ranges::sort(words);
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
  };
  for (const Entry* entry : places)
    for (const std::uint64_t word : words_of(*entry)) ++bearers[word];

  std::vector<Block> blocks;
  for (std::uint32_t place = 0; place < places.size(); ++place) {
    const Entry& entry = *places[place];
    const std::uint64_t kind = (static_cast<std::uint64_t>(entry.kind) + 1) * 0x9e3779b97f4a7c15ULL;
    const auto add = [&](std::uint64_t key, bool word = false) { blocks.push_back({key ^ kind, place, word}); };
    for (const std::string& identifier : entry.identifiers) add(hash_of(Key::kIdentifier, identifier));
    if (entry.whole_name != 0) add(entry.whole_name);
    if (entry.name.skeleton.size() >= 3) add(hash_of(Key::kSkeleton, entry.name.skeleton));
    for (std::size_t i = 0; i < std::min(kTextKeys, entry.text.size()); ++i) add(entry.text[i]);
    std::vector<std::pair<std::uint32_t, std::uint64_t>> rare;
    for (const std::uint64_t word : words_of(entry))
      if (const std::uint32_t count = bearers[word]; count > 1 && count <= kBlock) rare.emplace_back(count, word);
    std::ranges::sort(rare);
    for (std::size_t i = 0; i < std::min(kRareWords, rare.size()); ++i) add(rare[i].second, true);
  }
  return blocks;
}

std::vector<DuplicateFinder::Impl::Pair> DuplicateFinder::Impl::candidates(const Places& places, std::uint64_t since) {
  std::vector<Block> all = blocks(places);
  std::ranges::sort(all, {}, [](const Block& block) { return std::tuple(block.key, block.place); });
  std::vector<Pair> pairs;
  for (std::size_t from = 0, to = 0; from < all.size(); from = to) {
    while (to < all.size() && all[to].key == all[from].key) ++to;
    const std::size_t reach = to - from <= kBlock ? kBlock : kNeighbours;
    for (std::size_t i = from; i < to; ++i)
      for (std::size_t j = i + 1; j < std::min(to, i + 1 + reach); ++j)
        if (all[i].place != all[j].place && std::max(places[all[i].place]->sequence, places[all[j].place]->sequence) > since)
          pairs.emplace_back(all[i].place, all[j].place);
  }
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

void DuplicateFinder::Impl::add_identifiers(const Entry& a, const Entry& b, Evidence& evidence) {
  std::vector<std::string> both;
  std::ranges::set_intersection(a.identifiers, b.identifiers, std::back_inserter(both));
  if (!both.empty()) {
    evidence.add(a.kind == Kind::kProject ? 0.4 : 0.98, {"duplicate.identifier", {{"identifier", both.front()}}});
    return;
  }
  for (const std::string& one : a.identifiers)
    for (const std::string& other : b.identifiers)
      if (scheme_of(one) == scheme_of(other)) return evidence.against(kOtherIdentifier, {"duplicate.other_identifier"});
}

void DuplicateFinder::Impl::add_name(const Entry& a, const Entry& b, const NameComparison& names, std::size_t bearers,
                                     Evidence& evidence) {
  if (names.similarity < kNameFrom) return;
  double weight = 0.65 + 0.2 * (names.similarity - kNameFrom) / (1 - kNameFrom);
  weight *= std::min(1.0, kCommonName / static_cast<double>(bearers));
  const bool same_place = a.country == b.country;
  if (!same_place) weight *= kElsewhere;
  std::vector<PhraseWord> titles{a.title};
  if (a.title != b.title) titles.emplace_back(b.title);
  const auto choice = [](bool holds) { return std::string(holds ? "yes" : "no"); };
  evidence.add(weight, {"duplicate.name",
                        {{"same", choice(names.similarity == 1)},
                         {"scripts", choice(a.name.latin != b.name.latin)},
                         {"one_country", choice(same_place)},
                         {"countries", Values{{a.country, b.country}}},
                         {"titles", Values{std::move(titles)}}}});
}

DuplicatePair DuplicateFinder::Impl::judged(const Entry& a, const Entry& b, std::size_t bearers) {
  const NameComparison names = compare_names(a.name, b.name);
  Evidence evidence;
  add_identifiers(a, b, evidence);
  add_name(a, b, names, bearers, evidence);
  if (const double alike = resemblance(a.text, b.text); alike > kTextFrom)
    evidence.add(0.9 * (alike - kTextFrom) / (1 - kTextFrom),
                 alike == 1 ? Phrase{"duplicate.text"}
                            : Phrase{"duplicate.texts_alike", {{"percent", Decimal{std::round(alike * 100)}}}});
  if (names.other_numbers) evidence.against(kOtherNumbers, {"duplicate.other_numbers"});
  if (names.other_words && names.similarity >= kSeries) evidence.against(kOtherWords, {"duplicate.other_words"});
  if (a.kind == Kind::kProject && a.country != b.country)
    evidence.against(kOtherPlace, {"duplicate.two_countries", {{"countries", Values{{a.country, b.country}}}}});
  const double score = evidence.score();

  const bool first = a.complete != b.complete ? a.complete > b.complete : a.id < b.id;
  const Entry& keep = first ? a : b;
  const Entry& erase = first ? b : a;
  return {keep.id, erase.id, keep.title, erase.title, score, std::move(evidence).reasons(), std::max(a.sequence, b.sequence)};
}

std::vector<DuplicatePair> DuplicateFinder::pairs(std::uint64_t since, double threshold) const {
  Impl::Places places;
  for (const Entry& entry : impl_->entries) places.push_back(&entry);
  std::ranges::sort(places, {}, [](const Entry* entry) { return std::tie(entry->country, entry->id); });
  std::unordered_map<std::uint64_t, std::size_t> bearers;
  for (const Entry* entry : places) ++bearers[entry->whole_name];

  std::vector<DuplicatePair> found;
  for (const auto& [a, b] : Impl::candidates(places, since)) {
    const std::size_t common = std::max(bearers[places[a]->whole_name], bearers[places[b]->whole_name]);
    DuplicatePair pair = Impl::judged(*places[a], *places[b], common);
    if (pair.score >= threshold) found.push_back(std::move(pair));
  }
  std::ranges::sort(found, [](const DuplicatePair& a, const DuplicatePair& b) {
    return std::tuple(-a.score, std::string_view(a.keep), std::string_view(a.erase)) <
           std::tuple(-b.score, std::string_view(b.keep), std::string_view(b.erase));
  });
  return found;
}

}  // namespace counterpart::engine
