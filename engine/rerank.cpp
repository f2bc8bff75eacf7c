#include "engine/rerank.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace counterpart {
namespace {

bool better(const RankedEntry& a, const RankedEntry& b) { return a.score != b.score ? a.score > b.score : a.id < b.id; }

// How many of a list are of each country and organisation, against what is allowed.
class Caps {
 public:
  explicit Caps(const Diversity& rules) : rules_(rules) {}

  bool admit(const RankedEntry& entry) const {
    return below(rules_.per_country_at_most, countries_, entry.country) &&
           below(rules_.per_organisation_at_most, organisations_, std::string_view(entry.organisation));
  }
  void add(const RankedEntry& entry) {
    ++countries_[entry.country];
    ++organisations_[entry.organisation];
  }
  void remove(const RankedEntry& entry) {
    --countries_[entry.country];
    --organisations_[entry.organisation];
  }

 private:
  template <class Counts, class Key>
  static bool below(std::size_t at_most, const Counts& counts, const Key& key) {
    const auto found = counts.find(key);
    return at_most == 0 || found == counts.end() || found->second < at_most;
  }

  const Diversity& rules_;
  std::map<std::uint32_t, std::size_t> countries_;
  std::map<std::string_view, std::size_t> organisations_;
};

// One list on its way to its floors.
class Floors {
 public:
  Floors(std::span<const RankedEntry> entries, std::span<const GroupFloor> floors, const Diversity& caps,
         RankedList& list)
      : entries_(entries), floors_(floors), caps_(caps), list_(list), listed_(entries.size()), counts_(floors.size()) {
    for (const std::size_t at : list_) {
      listed_[at] = true;
      caps_.add(entries_[at]);
      count(entries_[at], 1);
    }
    for (std::size_t at = 0; at < entries_.size(); ++at) by_worth_.push_back(at);
    std::ranges::sort(by_worth_, [&](std::size_t a, std::size_t b) { return better(entries_[a], entries_[b]); });
  }

  std::size_t keep() {
    std::size_t swapped = 0;
    for (std::size_t floor = 0; floor < floors_.size(); ++floor)
      for (const std::size_t insider : by_worth_) {
        if (counts_[floor] >= places_of(floors_[floor], list_.size())) break;
        if (!listed_[insider] && in(entries_[insider], floor) && give_place(insider, floor)) ++swapped;
      }
    return swapped;
  }

 private:
  bool in(const RankedEntry& entry, std::size_t floor) const { return entry.groups >> floors_[floor].group & 1U; }

  void count(const RankedEntry& entry, int by) {
    for (std::size_t floor = 0; floor < floors_.size(); ++floor)
      if (in(entry, floor)) counts_[floor] += static_cast<std::size_t>(by);
  }

  bool may_go(const RankedEntry& out, const RankedEntry& insider) {
    for (std::size_t floor = 0; floor < floors_.size(); ++floor)
      if (in(out, floor) && !in(insider, floor) && counts_[floor] <= places_of(floors_[floor], list_.size()))
        return false;
    caps_.remove(out);
    const bool admitted = caps_.admit(insider);
    caps_.add(out);
    return admitted;
  }

  bool give_place(std::size_t insider, std::size_t floor) {
    auto worst = list_.end();
    for (auto place = list_.begin(); place != list_.end(); ++place) {
      const RankedEntry& out = entries_[*place];
      if (in(out, floor) || (worst != list_.end() && better(out, entries_[*worst]))) continue;
      if (may_go(out, entries_[insider])) worst = place;
    }
    if (worst == list_.end()) return false;
    const RankedEntry& out = entries_[*worst];
    caps_.remove(out);
    count(out, -1);
    listed_[*worst] = false;
    *worst = insider;
    listed_[insider] = true;
    caps_.add(entries_[insider]);
    count(entries_[insider], 1);
    return true;
  }

  std::span<const RankedEntry> entries_;
  std::span<const GroupFloor> floors_;
  Caps caps_;
  RankedList& list_;
  std::vector<bool> listed_;
  std::vector<std::size_t> counts_;  // in the list, by floor
  RankedList by_worth_;              // all entries, best first
};

}  // namespace

RankedList diversify(std::span<const RankedEntry> entries, std::size_t limit, const Diversity& rules,
                     const EntrySimilarity& similarity) {
  double best = 0;
  for (const RankedEntry& entry : entries) best = std::max(best, entry.score);
  RankedList list;
  std::vector<bool> taken(entries.size());
  std::vector<double> nearest(entries.size(), 0.0);
  Caps caps(rules);
  const auto worth = [&](std::size_t at) {
    return (1 - rules.lambda) * (best > 0 ? entries[at].score / best : 0) - rules.lambda * nearest[at];
  };
  while (list.size() < limit) {
    std::optional<std::size_t> next;
    for (std::size_t at = 0; at < entries.size(); ++at) {
      if (taken[at] || !caps.admit(entries[at])) continue;
      if (!next || worth(at) > worth(*next) || (worth(at) == worth(*next) && better(entries[at], entries[*next])))
        next = at;
    }
    if (!next) break;
    taken[*next] = true;
    caps.add(entries[*next]);
    list.push_back(*next);
    if (rules.lambda > 0)
      for (std::size_t at = 0; at < entries.size(); ++at)
        if (!taken[at]) nearest[at] = std::max(nearest[at], similarity(*next, at));
  }
  return list;
}

std::size_t places_of(const GroupFloor& floor, std::size_t of) {
  // 0.1 of 10 is one place, though the product of the two doubles may lie a hair above it.
  return static_cast<std::size_t>(std::ceil(floor.share * static_cast<double>(of) - 1e-9));
}

std::size_t keep_floors(std::span<const RankedEntry> entries, std::span<const GroupFloor> floors, const Diversity& caps,
                        RankedList& list) {
  return Floors(entries, floors, caps, list).keep();
}

double mean_score(std::span<const RankedEntry> entries, std::span<const std::size_t> list) {
  double sum = 0;
  for (const std::size_t at : list) sum += entries[at].score;
  return list.empty() ? 0 : sum / static_cast<double>(list.size());
}

}  // namespace counterpart
