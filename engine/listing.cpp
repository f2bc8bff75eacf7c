#include "engine/listing.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

namespace counterpart {
namespace {

constexpr std::string_view kCountryGroups[] = {"LDC", "LLDC", "SIDS"};
constexpr std::uint8_t kLedByWomen = 1;  // Traits::women_led
constexpr std::size_t kSpare = 4, kMostSpare = 200;  // a varied list is chosen from so many times its places more
// With 0.3 a near copy gives way to one of two thirds of its score, yet nobody half as good as the best goes before one
// who is as good as the best, however alike that one is to others: variety among good finds, and no more. Three of ten:
// a list shows four countries at least.
constexpr double kDefaultLambda = 0.3, kDefaultCountryShare = 0.3;

// Entries best first, sorted no further than is looked at.
class Walk {
 public:
  Walk(const Corpus& corpus, std::vector<Ranked>& ranked) : corpus_(corpus), ranked_(ranked) {}

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
  const Ranked& unsorted(std::size_t place) const { return ranked_[place]; }  // each once, in any order
  bool better(const Ranked& a, const Ranked& b) const {
    return a.total != b.total ? a.total > b.total : corpus_.id(a.candidate.row) < corpus_.id(b.candidate.row);
  }

 private:
  std::vector<Ranked>::iterator begin(std::size_t place) {
    return ranked_.begin() + static_cast<std::ptrdiff_t>(place);
  }
  const Corpus& corpus_;
  std::vector<Ranked>& ranked_;
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

// The finds that come into question, and the list made of them.
class Finder {
 public:
  Finder(const Corpus& corpus, const Taxonomy& taxonomy, const ExposureGroups& groups, std::vector<Ranked>& ranked,
         const ListingRules& rules)
      : corpus_(corpus), taxonomy_(taxonomy), groups_(groups), walk_(corpus, ranked), limit_(rules.limit) {}

  void by_score() {
    walk_down(limit_);
    for (std::size_t at = 0; at < finds_.size(); ++at) list_.push_back(at);
  }

  void varied(const Diversity& rules, double& cost) {
    caps_ = rules;
    walk_down(limit_ + std::min(kSpare * limit_, kMostSpare));
    std::vector<Faces> faces;
    for (const Find& find : finds_) {
      faces.push_back(corpus_.faces(find.best.candidate.row));
      normalise(faces.back().offers);
      normalise(faces.back().seeks);
    }
    list_ = diversify(entries_, limit_, rules,
                      [&](std::size_t a, std::size_t b) { return likeness(faces[a], faces[b]); });
    std::vector<std::size_t> best;
    for (std::size_t at = 0; at < list_.size(); ++at) best.push_back(at);
    cost = mean_score(entries_, best) - mean_score(entries_, list_);
  }

  // Swaps made.
  std::size_t keep_floors(double& cost) {
    for (const GroupFloor& floor : groups_.floors())
      if (listed_of(floor.group) < places_of(floor, list_.size())) add_insiders(floor.group);
    const double before = mean_score(entries_, list_);
    const std::size_t swapped = counterpart::keep_floors(entries_, groups_.floors(), caps_, list_);
    cost = before - mean_score(entries_, list_);
    return swapped;
  }

  bool misses_a_floor() const {
    return std::ranges::any_of(groups_.floors(), [&](const GroupFloor& floor) {
      return listed_of(floor.group) < places_of(floor, list_.size());
    });
  }

  std::size_t listed_of(std::size_t group) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(list_, [&](std::size_t at) { return entries_[at].groups >> group & 1U; }));
  }

  void sort_by_score() {
    std::ranges::sort(list_,
                      [&](std::size_t a, std::size_t b) { return walk_.better(finds_[a].best, finds_[b].best); });
  }

  std::vector<Find> take() {
    std::vector<Find> taken;
    for (const std::size_t at : list_) taken.push_back(std::move(finds_[at]));
    return taken;
  }
  std::size_t listed() const { return list_.size(); }

 private:
  void walk_down(std::size_t wanted) {
    std::map<std::uint32_t, std::size_t> of_country;
    std::size_t fitting = 0;  // finds that the caps leave room for
    for (; next_ < walk_.size() && (finds_.size() < wanted || fitting < limit_); ++next_) {
      const Ranked& entry = walk_.at(next_);
      std::size_t& known = of_country[corpus_.traits(entry.candidate.row).country];
      // Enough of its country is there to choose from.
      if (caps_.per_country_at_most > 0 && known >= (1 + kSpare) * caps_.per_country_at_most) continue;
      if (!add(entry)) continue;
      if (caps_.per_country_at_most == 0 || known < caps_.per_country_at_most) ++fitting;
      ++known;
    }
  }

  // The best of a group below those looked at: as many as the list has places, since some may not fit.
  void add_insiders(std::size_t group) {
    std::vector<Ranked> insiders;
    for (std::size_t at = 0; at < walk_.size(); ++at) {
      const Ranked& entry = walk_.unsorted(at);
      const Row row = entry.candidate.row;
      if (groups_.of(corpus_.traits(row)) >> group & 1U && !seen_.contains(row)) insiders.push_back(entry);
    }
    Walk down(corpus_, insiders);
    for (std::size_t at = 0, added = 0; at < insiders.size() && added < limit_; ++at) added += add(down.at(at));
  }

  // False: its organisation is there already.
  bool add(const Ranked& entry) {
    const Row row = entry.candidate.row;
    seen_.insert(row);
    const Traits& traits = corpus_.traits(row);
    if (const std::optional<std::size_t> known = find_of(row, traits)) {
      finds_[*known].also.push_back(row);
      return false;
    }
    finds_.push_back({entry, {}});
    entries_.push_back({entry.total, corpus_.id(row), traits.country, std::to_string(entries_.size()), groups_.of(traits)});
    return true;
  }

  // The find that `row` is another profile of: it has the same identifier, or the same name and country and not another
  // identifier. Remembers the row where there is none. A project is its own, whoever is behind it.
  std::optional<std::size_t> find_of(Row row, const Traits& traits) {
    if (static_cast<Kind>(traits.kind) == Kind::kProject) {
      identifiers_.push_back(0);
      return std::nullopt;
    }
    const auto identified = identified_.find(traits.identifier);
    if (traits.identifier != 0 && identified != identified_.end()) return identified->second;
    const std::string_view name = corpus_.name(row);
    std::vector<std::size_t> nobody;
    std::vector<std::size_t>& namesakes = name.empty() ? nobody : named_[{traits.country, std::string(name)}];
    for (const std::size_t at : namesakes) {
      std::uint64_t& theirs = identifiers_[at];
      if (theirs != 0 && traits.identifier != 0) continue;
      if (theirs == 0 && traits.identifier != 0) identified_.emplace(theirs = traits.identifier, at);
      return at;
    }
    namesakes.push_back(finds_.size());
    identifiers_.push_back(traits.identifier);
    if (traits.identifier != 0) identified_.emplace(traits.identifier, finds_.size());
    return std::nullopt;
  }

  const Corpus& corpus_;
  const Taxonomy& taxonomy_;
  const ExposureGroups& groups_;
  Walk walk_;
  std::size_t limit_;
  std::size_t next_ = 0;  // of the walk
  Diversity caps_;
  std::vector<Find> finds_;
  std::vector<RankedEntry> entries_;  // the same, as rerank.h sees them
  std::vector<std::uint64_t> identifiers_;    // of finds_; 0: none of its profiles states one
  std::map<std::uint64_t, std::size_t> identified_;                                  // finds_ by identifier
  std::map<std::pair<std::uint16_t, std::string>, std::vector<std::size_t>> named_;  // finds_ by country and name
  std::set<Row> seen_;                        // finds_ and what each has in `also`
  RankedList list_;
};

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
    floors_.push_back({bit, floor.share});
  }
  for (std::size_t bit = 0; bit < names_.size(); ++bit)
    for (const std::size_t country : taxonomy.members_of(names_[bit])) of_country_[country] |= std::uint64_t{1} << bit;
}

std::uint64_t ExposureGroups::of(const Traits& traits) const {
  const std::uint64_t place = traits.country < of_country_.size() ? of_country_[traits.country] : 0;
  return place | std::uint64_t{traits.women_led == kLedByWomen} << std::size(kCountryGroups);
}

std::uint64_t ExposureGroups::count(const Corpus& corpus, const Search& search, std::size_t group) const {
  using Owner = Condition::Owner;
  const auto with = [&](const Conditions& more) {
    Filter filter = search.filter;  // the group first: what is left to narrow is small
    filter.all.insert(filter.all.begin(), more.begin(), more.end());
    return corpus.count(filter, search.today);
  };
  if (names_[group] != kWomenLed) return with({{"country", {names_[group]}, false, Owner::kRequest}});
  return with({{"women_led", {"true"}, false, Owner::kRequest}}) +
         with({{"women_owned", {"true"}, false, Owner::kRequest}, {"women_led", {"true"}, true, Owner::kRequest}});
}

std::vector<std::uint64_t> ExposureGroups::qualifying(const Corpus& corpus, const Search& search,
                                                      const Found& found) const {
  std::vector<std::uint64_t> counts(names_.size());
  if (found.candidates.size() == found.qualifying) {
    for (const Candidate& candidate : found.candidates)
      for (std::uint64_t groups = of(corpus.traits(candidate.row)), bit = 0; groups >> bit != 0; ++bit)
        counts[bit] += groups >> bit & 1U;
    return counts;
  }
  for (std::size_t group = 0; group < names_.size(); ++group) counts[group] = count(corpus, search, group);
  // The one who asks was left out of the search, and not of the counts.
  const std::optional<Row> self = search.exclude_id.empty() ? std::nullopt : corpus.find(search.exclude_id);
  const std::uint64_t own = self ? of(corpus.traits(*self)) : 0;
  if (own != 0 && corpus.count(search.filter, search.today) > found.qualifying)
    for (std::size_t group = 0; group < names_.size(); ++group) counts[group] -= own >> group & 1U;
  return counts;
}

Diversity default_diversity(std::size_t limit, std::size_t countries) {
  const auto share = static_cast<std::size_t>(std::ceil(kDefaultCountryShare * static_cast<double>(limit) - 1e-9));
  const std::size_t even = countries == 0 ? limit : (limit + countries - 1) / countries;
  return {.lambda = kDefaultLambda, .per_country_at_most = std::max(share, even), .per_organisation_at_most = 1};
}

Listing list_finds(const Corpus& corpus, const Taxonomy& taxonomy, const Programme& programme,
                   const ExposureGroups& groups, std::vector<Ranked>& ranked, const ListingRules& rules) {
  Listing listing;
  Finder finder(corpus, taxonomy, groups, ranked, rules);
  if (rules.diversify) {
    const Diversity own = programme.diversity.value_or(default_diversity(rules.limit, countries_of(corpus, ranked)));
    finder.varied(own, listing.diversity_cost);
  } else {
    finder.by_score();
  }
  const std::size_t swapped = finder.keep_floors(listing.exposure_cost);
  if (swapped > 0 && !rules.diversify) finder.sort_by_score();
  listing.by_score = !rules.diversify && swapped == 0 && !finder.misses_a_floor();
  for (std::size_t group = 0; group < groups.names().size(); ++group) {
    Exposure one{.group = groups.names()[group],
                 .in_list = finder.listed_of(group),
                 .of_list = finder.listed(),
                 .qualifying = 0,
                 .floor = 0};
    for (const GroupFloor& floor : groups.floors())
      if (floor.group == group) one.floor = places_of(floor, finder.listed());
    listing.exposure.push_back(std::move(one));
  }
  listing.finds = finder.take();
  return listing;
}

Listing list_rows(const Corpus& corpus, std::vector<Ranked>& ranked, std::size_t limit) {
  Listing listing;
  Walk walk(corpus, ranked);
  for (std::size_t at = 0; at < std::min(limit, walk.size()); ++at) listing.finds.push_back({walk.at(at), {}});
  return listing;
}

}  // namespace counterpart
