#include "engine/match/listing.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "engine/match/repeats.h"

namespace counterpart::engine {
namespace {

constexpr std::string_view kCountryGroups[] = {"LDC", "LLDC", "SIDS"};
constexpr std::uint8_t kLedByWomen = 1;  // Traits::women_led
// With 0.3 a near copy gives way to one of two thirds of its score, yet nobody half as good as the best goes before one
// who is as good as the best, however alike that one is to others: variety among good matches, and no more. Three of ten:
// a list shows four countries at least.
constexpr double kDefaultLambda = 0.3;
constexpr std::size_t kDefaultOfTen = 3;

// Entries best first, sorted no further than is looked at.
class Walk {
 public:
  Walk(const Corpus& corpus, std::vector<Ranked> ranked) : corpus_(corpus), ranked_(std::move(ranked)) {}

  std::size_t size() const { return ranked_.size(); }
  const Ranked& at(std::size_t place) {
    while (place >= sorted_) {
      const std::size_t more = std::min(std::max<std::size_t>({2 * sorted_, place + 1, 32}), ranked_.size());
      std::partial_sort(begin(sorted_), begin(more), ranked_.end(),
                        [&](const Ranked& a, const Ranked& b) { return better(a, b); });
      sorted_ = more;
    }
    return ranked_[place];
  }

 private:
  bool better(const Ranked& a, const Ranked& b) const {
    return a.total != b.total ? a.total > b.total : corpus_.id(a.candidate.row) < corpus_.id(b.candidate.row);
  }
  std::vector<Ranked>::iterator begin(std::size_t place) { return ranked_.begin() + static_cast<std::ptrdiff_t>(place); }
  const Corpus& corpus_;
  std::vector<Ranked> ranked_;
  std::size_t sorted_ = 0;
};

// To unit length; of no length: empty.
void normalise(std::vector<float>& vector) {
  double square = 0;
  for (const float x : vector) square += static_cast<double>(x) * static_cast<double>(x);
  if (square <= 0) return vector.clear();
  for (float& x : vector) x /= static_cast<float>(std::sqrt(square));
}

// Of vectors of unit length.
double cosine(const std::vector<float>& a, const std::vector<float>& b) {
  float dot = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) dot += a[i] * b[i];
  return std::clamp(static_cast<double>(dot), 0.0, 1.0);
}

// The mean over the faces that both have; normalised ones.
double likeness(const Faces& a, const Faces& b) {
  const bool offers = !a.offers.empty() && !b.offers.empty(), seeks = !a.seeks.empty() && !b.seeks.empty();
  if (!offers && !seeks) return 0;
  const double sum = (offers ? cosine(a.offers, b.offers) : 0) + (seeks ? cosine(a.seeks, b.seeks) : 0);
  return sum / (int{offers} + int{seeks});
}

// The floors that have a share of a list: of each candidate, which of them it counts for.
class FloorsOfList {
 public:
  FloorsOfList(const Corpus& corpus, const Programme& programme, const ExposureGroups& groups,
               const std::vector<Ranked>& ranked)
      : floors_(groups.floors()) {
    std::vector<Row> rows;
    if (std::ranges::any_of(floors_, [](const GroupFloor& floor) { return floor.side.has_value(); }))
      for (const Ranked& entry : ranked) rows.push_back(entry.candidate.row);
    kinds_.resize(floors_.empty() ? 0 : ranked.size());
    for (std::size_t f = 0; f < floors_.size(); ++f) {
      std::vector<bool> stands(kinds_.size(), true);  // on the side that the floor is for
      if (floors_[f].side)
        stands = corpus.passing({.all = programme.sides[*floors_[f].side].eligible, .either = {}}, kEver, rows);
      for (std::size_t i = 0; i < kinds_.size(); ++i) {
        kinds_[i].scope |= std::uint64_t{stands[i]} << f;
        const bool of_group = groups.of(corpus.traits(ranked[i].candidate.row)) >> floors_[f].group & 1U;
        kinds_[i].in |= std::uint64_t{stands[i] && of_group} << f;
      }
    }
  }

  // Of the candidate at a position of `ranked` as it was given.
  EntryKind of(std::size_t position) const { return kinds_.empty() ? EntryKind{} : kinds_[position]; }
  std::vector<double> shares() const {
    std::vector<double> shares;
    for (const GroupFloor& floor : floors_) shares.push_back(floor.share);
    return shares;
  }

 private:
  const std::vector<GroupFloor>& floors_;
  std::vector<EntryKind> kinds_;
};

// Candidates as rerank.h wants them; what is costly to know of one is found out when it is asked for.
class Candidates final : public RankedEntries {
 public:
  Candidates(const Corpus& corpus, const FloorsOfList& floors, std::vector<Ranked>& ranked) : corpus_(corpus) {
    std::map<EntryKind, std::vector<Ranked>> by_kind;
    if (floors.shares().empty()) by_kind[{}] = std::move(ranked);
    for (std::size_t i = 0; i < ranked.size(); ++i) by_kind[floors.of(i)].push_back(ranked[i]);
    ranked.clear();
    for (auto& [kind, entries] : by_kind) {
      kinds_.push_back(kind);
      walks_.emplace_back(corpus, std::move(entries));
      known_.emplace_back();
      faces_.emplace_back();
    }
  }

  std::span<const EntryKind> kinds() const override { return kinds_; }
  std::size_t size(std::size_t kind) const override { return walks_[kind].size(); }
  const RankedEntry& at(std::size_t kind, std::size_t rank) override {
    while (known_[kind].size() <= rank) known_[kind].push_back(entry_of(ranked({kind, known_[kind].size()})));
    return known_[kind][rank];
  }
  const Ranked& ranked(EntryAt at) { return walks_[at.kind].at(at.rank); }
  const Faces& faces(EntryAt at) {
    const auto [found, fresh] = faces_[at.kind].try_emplace(at.rank);
    if (fresh) {
      found->second = corpus_.faces(ranked(at).candidate.row);
      normalise(found->second.offers);
      normalise(found->second.seeks);
    }
    return found->second;
  }

 private:
  RankedEntry entry_of(const Ranked& entry) const {
    const Row row = entry.candidate.row;
    const Traits& traits = corpus_.traits(row);
    std::string organisation = organisation_of(corpus_, row);
    const std::uint64_t identifier = organisation.starts_with(' ') ? 0 : traits.identifier;
    return {entry.total, corpus_.id(row), traits.country, std::move(organisation), identifier};
  }

  const Corpus& corpus_;
  std::vector<EntryKind> kinds_;
  std::vector<Walk> walks_;                          // by kind
  std::vector<std::deque<RankedEntry>> known_;       // by kind, those looked at
  std::vector<std::map<std::size_t, Faces>> faces_;  // by kind and rank
};

double mean_score(Candidates& candidates, const std::vector<ListedEntry>& listed) {
  double sum = 0;
  for (const ListedEntry& one : listed) sum += candidates.at(one.entry.kind, one.entry.rank).score;
  return listed.empty() ? 0 : sum / static_cast<double>(listed.size());
}

std::size_t countries_of(const Corpus& corpus, const std::vector<Ranked>& ranked) {
  std::set<std::uint16_t> countries;
  for (const Ranked& entry : ranked) countries.insert(corpus.traits(entry.candidate.row).country);
  return countries.size();
}

}  // namespace

ExposureGroups::ExposureGroups(const Taxonomy& taxonomy, const Programme& programme)
    : names_(std::begin(kCountryGroups), std::end(kCountryGroups)), of_country_(taxonomy.countries.entries().size()) {
  names_.emplace_back(kWomenLed);
  for (const ExposureFloor& floor : programme.exposure) {
    const auto known = std::ranges::find(names_, floor.group);
    const auto bit = static_cast<std::uint32_t>(known - names_.begin());
    if (bit >= 64) break;  // more groups than there are
    if (known == names_.end()) names_.push_back(floor.group);
    const auto side = std::ranges::find(programme.sides, floor.side, &ProgrammeSide::name);
    floors_.push_back({bit, floor.share, {}});
    if (side != programme.sides.end()) floors_.back().side = static_cast<std::size_t>(side - programme.sides.begin());
  }
  for (std::size_t bit = 0; bit < names_.size(); ++bit)
    for (const std::size_t country : taxonomy.members_of(names_[bit])) of_country_[country] |= std::uint64_t{1} << bit;
}

std::uint64_t ExposureGroups::of(const Traits& traits) const {
  const std::uint64_t of_country = traits.country < of_country_.size() ? of_country_[traits.country] : 0;
  return of_country | std::uint64_t{traits.women_led == kLedByWomen} << std::size(kCountryGroups);
}

std::uint64_t ExposureGroups::count(const Corpus& corpus, const Search& search, const Filter& among, std::size_t group) const {
  using Owner = Condition::Owner;
  const auto with = [&](const Conditions& more) {
    Filter filter = among;  // the group first: what is left to narrow is small
    filter.all.insert(filter.all.begin(), more.begin(), more.end());
    return count_others(corpus, filter, search.today, search.exclude_id);
  };
  if (names_[group] != kWomenLed) return with({{"country", {names_[group]}, false, Owner::kRequest}});
  return with({{"women_led", {"true"}, false, Owner::kRequest}}) +
         with({{"women_owned", {"true"}, false, Owner::kRequest}, {"women_led", {"true"}, true, Owner::kRequest}});
}

void ExposureGroups::count_qualifying(const Corpus& corpus, const Programme& programme, const Search& search,
                                      const SearchResult& found, std::vector<Exposure>& exposure) const {
  const bool all_known = found.candidates.size() == found.qualifying;
  if (all_known)
    for (const Candidate& candidate : found.candidates)
      for (std::uint64_t groups = of(corpus.traits(candidate.row)), bit = 0; groups >> bit != 0; ++bit)
        exposure[bit].qualifying += groups >> bit & 1U;
  for (std::size_t group = 0; group < names_.size(); ++group) {
    Filter among = search.filter;
    if (!exposure[group].side.empty()) {
      const auto side = std::ranges::find(programme.sides, exposure[group].side, &ProgrammeSide::name);
      among.all.insert(among.all.end(), side->eligible.begin(), side->eligible.end());
    } else if (all_known) {
      continue;
    }
    exposure[group].qualifying = count(corpus, search, among, group);
  }
}

namespace {

ListRules rules_of(const Corpus& corpus, const Programme& programme, const std::vector<Ranked>& ranked,
                   const ListingRules& asked) {
  ListRules rules{.limit = asked.limit};
  if (!asked.diversify) return rules;
  if (const std::optional<Diversity>& own = programme.diversity) {
    rules.lambda = own->lambda;
    rules.country = {.at_most = own->per_country_at_most};
  } else {
    rules.lambda = kDefaultLambda;
    rules.country = {.at_most = kDefaultOfTen, .of_ten = true, .countries = countries_of(corpus, ranked)};
  }
  return rules;
}

// How the groups fare in `listed`, those of a floor on the side that it is for, where anybody of the list stands there.
std::vector<Exposure> exposure_of(const Corpus& corpus, const Programme& programme, const ExposureGroups& groups,
                                  Candidates& candidates, const std::vector<ListedEntry>& listed) {
  std::vector<Exposure> exposure;
  for (const std::string& name : groups.names()) exposure.push_back({.group = name, .of_list = listed.size()});
  for (const ListedEntry& one : listed)
    for (std::uint64_t of = groups.of(corpus.traits(candidates.ranked(one.entry).candidate.row)), bit = 0; of >> bit != 0;
         ++bit)
      exposure[bit].in_list += of >> bit & 1U;
  for (std::size_t f = 0; f < groups.floors().size(); ++f) {
    std::uint64_t in = 0, scope = 0;
    for (const ListedEntry& one : listed) {
      in += candidates.kinds()[one.entry.kind].in >> f & 1U;
      scope += candidates.kinds()[one.entry.kind].scope >> f & 1U;
    }
    if (scope == 0) continue;
    const GroupFloor& floor = groups.floors()[f];
    Exposure& group = exposure[floor.group];
    if (floor.side) group.in_list = in, group.of_list = scope, group.side = programme.sides[*floor.side].name;
    group.floor = places_of(floor.share, scope);
  }
  return exposure;
}

}  // namespace

Listing list_matches(const Corpus& corpus, const Programme& programme, const ExposureGroups& groups,
                     std::vector<Ranked>& ranked, const ListingRules& asked) {
  const FloorsOfList floors(corpus, programme, groups, ranked);
  ListRules rules = rules_of(corpus, programme, ranked, asked);
  rules.floors = floors.shares();
  Candidates candidates(corpus, floors, ranked);
  const EntrySimilarity similarity = [&](EntryAt a, EntryAt b) { return likeness(candidates.faces(a), candidates.faces(b)); };
  // One place more tells whether there is more; what stands before it is the same without it.
  ++rules.limit;
  std::vector<ListedEntry> listed = rank_entries(candidates, rules, similarity);
  --rules.limit;
  const bool more = listed.size() > rules.limit;
  if (more) listed.pop_back();
  const bool floored = std::ranges::any_of(listed, [](const ListedEntry& one) { return one.brought_in != 0; });

  Listing listing;
  listing.more = more;
  listing.exposure = exposure_of(corpus, programme, groups, candidates, listed);
  // What each rule cost, by the list without it.
  double before = mean_score(candidates, listed);
  if (floored) {
    rules.floors.clear();
    const double without = mean_score(candidates, rank_entries(candidates, rules, similarity));
    listing.exposure_cost = std::max(0.0, without - std::exchange(before, without));
  }
  if (asked.diversify)
    listing.diversity_cost =
        std::max(0.0, mean_score(candidates, rank_entries(candidates, {.limit = listed.size()}, similarity)) - before);
  for (const ListedEntry& one : listed) {
    ListedMatch match{.best = candidates.ranked(one.entry), .also = {}};
    for (const EntryAt other : one.also) match.also.push_back(candidates.ranked(other).candidate.row);
    for (std::size_t f = 0; f < groups.floors().size(); ++f)
      if (one.brought_in >> f & 1U) match.brought_in.push_back(groups.names()[groups.floors()[f].group]);
    listing.matches.push_back(std::move(match));
  }
  return listing;
}

Listing list_rows(const Corpus& corpus, std::vector<Ranked>& ranked, std::size_t limit) {
  Listing listing;
  Walk walk(corpus, std::move(ranked));
  for (std::size_t at = 0; at < std::min(limit, walk.size()); ++at) listing.matches.push_back({walk.at(at), {}});
  listing.more = walk.size() > limit;
  return listing;
}

}  // namespace counterpart::engine
