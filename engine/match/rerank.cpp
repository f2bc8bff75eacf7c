#include "engine/match/rerank.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <optional>

namespace counterpart::engine {
namespace {

// How far ahead floors are prepared for, in places a floor: more fall due together only where they leave room for little
// else.
constexpr std::size_t kAheadPerFloor = 4, kMostAhead = 32;

bool better(const RankedEntry& a, const RankedEntry& b) { return a.score != b.score ? a.score > b.score : a.id < b.id; }

template <class Do>
void each_bit(std::uint64_t bits, Do what) {
  for (; bits != 0; bits &= bits - 1) what(static_cast<std::size_t>(std::countr_zero(bits)));
}

// What the floors ask of the places to come.
class FloorPlan {
 public:
  explicit FloorPlan(const std::vector<double>& shares) : shares_(shares), places_(shares.size()), kept_(shares.size()) {
    ahead_ = std::min(kAheadPerFloor * shares.size(), kMostAhead);
    known_ = shares.size() < 64 ? (std::uint64_t{1} << shares.size()) - 1 : ~std::uint64_t{0};
  }

  // By place ahead, the next one first: how many places too few there are for the floors that have a share of it if
  // `best` takes it, when one of `kind` does. Empty: all can be kept.
  std::vector<std::size_t> missing(EntryKind kind, EntryKind best, std::span<const EntryKind> kinds,
                                   const std::vector<std::size_t>& left) const {
    const std::vector<std::size_t> stock = stock_of(kinds, left);
    std::vector<std::size_t> missing(ahead_);
    bool any = false;
    for (std::size_t ahead = 0; ahead < ahead_; ++ahead) {
      std::vector<std::size_t> wanted = wanted_at(ahead, kind, best, stock);
      if (std::ranges::all_of(wanted, [](std::size_t places) { return places == 0; })) continue;
      const std::size_t needed = places_needed(std::move(wanted), kind, kinds, left);
      if (needed > ahead) missing[ahead] = needed - ahead, any = true;
    }
    return any ? missing : std::vector<std::size_t>{};
  }

  // The floors that want places within so many ahead, if one of `best` takes the next one.
  std::uint64_t due(std::size_t ahead, EntryKind best, std::span<const EntryKind> kinds,
                    const std::vector<std::size_t>& left) const {
    const std::vector<std::size_t> wanted = wanted_at(ahead, best, best, stock_of(kinds, left));
    std::uint64_t bits = 0;
    for (std::size_t f = 0; f < wanted.size(); ++f) bits |= std::uint64_t{wanted[f] > 0} << f;
    return bits;
  }

  void take(EntryKind kind) {
    each_bit(kind.scope & known_, [&](std::size_t f) { ++places_[f]; });
    each_bit(kind.in & known_, [&](std::size_t f) { ++kept_[f]; });
  }

 private:
  // By floor: entries that could still be listed for it.
  std::vector<std::size_t> stock_of(std::span<const EntryKind> kinds, const std::vector<std::size_t>& left) const {
    std::vector<std::size_t> stock(shares_.size());
    for (std::size_t k = 0; k < kinds.size(); ++k) each_bit(kinds[k].in & known_, [&](std::size_t f) { stock[f] += left[k]; });
    return stock;
  }

  // By floor: what is still lacking `ahead` places after the next one, which one of `kind` takes.
  std::vector<std::size_t> wanted_at(std::size_t ahead, EntryKind kind, EntryKind best,
                                     const std::vector<std::size_t>& stock) const {
    std::vector<std::size_t> wanted(shares_.size());
    each_bit(best.scope & known_, [&](std::size_t f) {
      const std::size_t due = std::min(places_of(shares_[f], places_[f] + 1 + ahead), kept_[f] + stock[f]);
      const std::size_t have = kept_[f] + (kind.in >> f & 1U);
      wanted[f] = due > have ? due - have : 0;
    });
    return wanted;
  }

  // How many entries it takes to give each floor what it wants, once one of `taken` is gone: each time one of the kind
  // that most of the floors want (greedy set cover, so perhaps a place more than the fewest).
  static std::size_t places_needed(std::vector<std::size_t> wanted, EntryKind taken, std::span<const EntryKind> kinds,
                                   std::vector<std::size_t> left) {
    if (const auto own = std::ranges::find(kinds, taken); own != kinds.end()) {
      std::size_t& stock = left[static_cast<std::size_t>(own - kinds.begin())];
      if (stock > 0) --stock;
    }
    for (std::size_t needed = 0;; ++needed) {
      std::uint64_t open = 0;
      for (std::size_t f = 0; f < wanted.size(); ++f) open |= std::uint64_t{wanted[f] > 0} << f;
      std::size_t chosen = kinds.size();
      for (std::size_t k = 0; k < kinds.size(); ++k) {
        const int gives = std::popcount(kinds[k].in & open);
        if (left[k] > 0 && gives > (chosen < kinds.size() ? std::popcount(kinds[chosen].in & open) : 0)) chosen = k;
      }
      if (chosen == kinds.size()) return needed;
      --left[chosen];
      each_bit(kinds[chosen].in & open, [&](std::size_t f) { --wanted[f]; });
    }
  }

  const std::vector<double>& shares_;
  std::vector<std::size_t> places_, kept_;  // by floor, so far: places that count for it; of those, its group's
  std::size_t ahead_ = 0;
  std::uint64_t known_ = 0;  // bits that are floors: entries may count for more than are asked for
};

// Who is listed already, by identifier and by name.
class ListedOrganisations {
 public:
  // The place of the organisation that `entry` is of. One that is listed without an identifier has that of the first of
  // its name that states one.
  std::optional<std::size_t> place_of(const RankedEntry& entry) {
    if (const auto found = identified_.find(entry.identifier); entry.identifier != 0 && found != identified_.end())
      return found->second;
    const auto namesakes = named_.find(entry.organisation);
    if (namesakes == named_.end()) return std::nullopt;
    for (const std::size_t place : namesakes->second) {
      if (entry.identifier != 0 && identifiers_[place] != 0) continue;  // two of one name
      if (entry.identifier != 0) identify(place, entry.identifier);
      return place;
    }
    return std::nullopt;
  }

  // Takes the next place.
  void add(const RankedEntry& entry) {
    const std::size_t place = identifiers_.size();
    identifiers_.push_back(0);
    named_[entry.organisation].push_back(place);
    if (entry.identifier != 0) identify(place, entry.identifier);
  }

 private:
  void identify(std::size_t place, std::uint64_t identifier) {
    identifiers_[place] = identifier;
    identified_.emplace(identifier, place);
  }

  std::vector<std::uint64_t> identifiers_;  // by place; 0: not known
  std::map<std::uint64_t, std::size_t> identified_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> named_;
};

class Lister {
 public:
  Lister(RankedEntries& entries, const ListRules& rules, const EntrySimilarity& similarity)
      : entries_(entries), rules_(rules), similarity_(similarity), plan_(rules.floors), shelves_(entries.kinds().size()) {
    for (std::size_t kind = 0; kind < shelves_.size(); ++kind) {
      left_.push_back(entries_.size(kind));
      if (left_.back() > 0) best_score_ = std::max(best_score_, entries_.at(kind, 0).score);
    }
  }

  std::vector<ListedEntry> list() {
    while (list_.size() < rules_.limit) {
      std::optional<Choice> next = best_of_all();
      if (!next) break;
      std::uint64_t brought_in = 0;
      if (!list_.empty()) keep_floors(*next, brought_in);
      take(*next, brought_in);
    }
    return std::move(list_);
  }

 private:
  struct Pooled {
    std::size_t rank;
    double nearest = 0;  // similarity to the most similar one of the first `compared` listed
    std::size_t compared = 0;
  };
  struct Shelf {
    std::vector<Pooled> pool;  // looked at and neither listed nor of an organisation that is; best first
    std::size_t next = 0;      // the first one not looked at
  };
  struct Choice {
    EntryAt at;
    double worth;
  };

  const RankedEntry& entry(EntryAt at) { return entries_.at(at.kind, at.rank); }
  EntryKind kind_of(const Choice& found) const { return entries_.kinds()[found.at.kind]; }
  double worth(double score, double nearest) const {
    return (1 - rules_.lambda) * (best_score_ > 0 ? score / best_score_ : 0) - rules_.lambda * nearest;
  }
  bool goes_before(const Choice& a, const Choice& b) {
    return a.worth != b.worth ? a.worth > b.worth : better(entry(a.at), entry(b.at));
  }

  bool admits(const RankedEntry& one, bool soft) const {
    const std::size_t most = rules_.country.of(list_.size() + 1);
    if (most == 0 || (soft && rules_.country.of_ten)) return true;
    const auto found = countries_.find(one.country);
    return found == countries_.end() || found->second < most;
  }

  // Looks at one more of a kind that has more.
  void look(std::size_t kind) {
    const EntryAt at{kind, shelves_[kind].next++};
    const std::optional<std::size_t> listed = organisations_.place_of(entry(at));
    if (!listed) return shelves_[kind].pool.push_back({at.rank});
    list_[*listed].also.push_back(at);
    --left_[kind];
  }

  // A kind's best if it goes before `than`, else `than`. No more is looked at, or compared, than might.
  std::optional<Choice> best_of(std::size_t kind, bool soft, std::optional<Choice> than) {
    Shelf& shelf = shelves_[kind];
    for (std::size_t i = 0;; ++i) {
      while (i == shelf.pool.size()) {
        if (shelf.next == entries_.size(kind)) return than;
        const Choice most{{kind, shelf.next}, worth(entry({kind, shelf.next}).score, 0)};
        if (than && !goes_before(most, *than)) return than;
        look(kind);
      }
      Pooled& one = shelf.pool[i];
      Choice found{{kind, one.rank}, 0};
      const RankedEntry& candidate = entry(found.at);
      if (!admits(candidate, soft)) continue;
      for (;; ++one.compared) {  // worth falls with each one compared
        found.worth = worth(candidate.score, one.nearest);
        if (than && !goes_before(found, *than)) break;
        if (rules_.lambda <= 0 || one.compared == list_.size()) {
          than = found;
          break;
        }
        one.nearest = std::max(one.nearest, similarity_(list_[one.compared].entry, found.at));
      }
    }
  }

  std::optional<Choice> best_of_all() {
    std::optional<Choice> best;
    for (const bool soft : {false, true}) {
      for (std::size_t kind = 0; kind < shelves_.size(); ++kind) best = best_of(kind, soft, best);
      if (best || !rules_.country.of_ten) break;
    }
    return best;
  }

  // Puts another one in the place of `next` where floors need it.
  void keep_floors(Choice& next, std::uint64_t& brought_in) {
    const EntryKind own = kind_of(next);
    if (own.scope == 0) return;
    std::vector<std::size_t> left = left_;
    if (plan_.missing(own, own, entries_.kinds(), left).empty()) return;
    std::vector<std::optional<Choice>> bests(shelves_.size());
    for (std::size_t kind = 0; kind < shelves_.size(); ++kind) {
      if ((entries_.kinds()[kind].in & own.scope) == 0) continue;
      bests[kind] = best_of(kind, false, {});
      if (!bests[kind]) left[kind] = 0;  // none that the caps let in: nothing to count on
    }
    std::vector<std::size_t> fewest = plan_.missing(own, own, entries_.kinds(), left);
    if (fewest.empty()) return;
    const auto ahead = std::ranges::find_if(fewest, [](std::size_t places) { return places > 0; }) - fewest.begin();
    const std::uint64_t due = plan_.due(static_cast<std::size_t>(ahead), own, entries_.kinds(), left);
    const Choice best = next;
    for (const std::optional<Choice>& one : bests) {
      if (!one || one->at == best.at) continue;
      std::vector<std::size_t> missing = plan_.missing(kind_of(*one), own, entries_.kinds(), left);
      const bool as_good = missing == fewest && next.at != best.at && goes_before(*one, next);
      if (!as_good && !precedes(missing, fewest)) continue;
      next = *one;
      fewest = std::move(missing);
    }
    if (next.at != best.at) brought_in = kind_of(next).in & due;
  }

  // Fewer are missing, at the nearest place at which the two differ.
  static bool precedes(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b) {
    if (a.empty() || b.empty()) return a.empty() && !b.empty();
    return a < b;
  }

  void take(const Choice& found, std::uint64_t brought_in) {
    const RankedEntry& taken = entry(found.at);
    plan_.take(kind_of(found));
    ++countries_[taken.country];
    organisations_.add(taken);
    list_.push_back({found.at, brought_in});
    for (std::size_t kind = 0; kind < shelves_.size(); ++kind)
      left_[kind] -= std::erase_if(shelves_[kind].pool, [&](const Pooled& one) {
        const EntryAt at{kind, one.rank};
        if (at == found.at) return true;
        if (organisations_.place_of(entry(at)) != list_.size() - 1) return false;
        list_.back().also.push_back(at);
        return true;
      });
    std::ranges::sort(list_.back().also, [&](EntryAt a, EntryAt b) { return better(entry(a), entry(b)); });
  }

  RankedEntries& entries_;
  const ListRules& rules_;
  const EntrySimilarity& similarity_;
  FloorPlan plan_;
  std::vector<Shelf> shelves_;     // by kind
  std::vector<std::size_t> left_;  // by kind: entries not listed
  double best_score_ = 0;
  std::vector<ListedEntry> list_;
  std::map<std::uint32_t, std::size_t> countries_;  // places, by country
  ListedOrganisations organisations_;
};

}  // namespace

std::size_t CountryCap::of(std::size_t places) const {
  if (!of_ten || at_most == 0) return at_most;
  const std::size_t even = countries == 0 ? places : (places + countries - 1) / countries;
  return std::max({at_most, (at_most * places + 9) / 10, even});
}

std::vector<ListedEntry> rank_entries(RankedEntries& entries, const ListRules& rules, const EntrySimilarity& similarity) {
  return Lister(entries, rules, similarity).list();
}

std::size_t places_of(double share, std::size_t of) {
  // 0.29 of 100 are 29 places, though the product of the two doubles lies a hair below.
  return static_cast<std::size_t>(std::floor(share * static_cast<double>(of) + 1e-9));
}

}  // namespace counterpart::engine
