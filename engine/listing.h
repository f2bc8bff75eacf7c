// From scored candidates to the list that is shown: each organisation once, a programme's exposure floors kept, varied
// where that is asked; and what each cost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/corpus.h"
#include "engine/programme.h"
#include "engine/rerank.h"
#include "engine/taxonomy.h"

namespace counterpart {

// How one group fares in a list.
struct Exposure {
  std::string group;            // LDC, LLDC, SIDS, kWomenLed, then those of the programme's floors
  std::uint64_t in_list = 0;    // finds of the list that are of it
  std::uint64_t of_list = 0;    // finds of the list
  std::uint64_t qualifying = 0;  // profiles of it among all that qualify, listed or not
  std::size_t floor = 0;        // places that the programme wants for it; 0: none
};

// The groups that are watched under one programme. Immutable; safe from any thread.
class ExposureGroups {
 public:
  ExposureGroups(const Taxonomy& taxonomy, const Programme& programme);

  const std::vector<std::string>& names() const { return names_; }  // by bit
  const std::vector<GroupFloor>& floors() const { return floors_; }
  // Led by women: traits' word for it, so owned by women counts as well.
  std::uint64_t of(const Traits& traits) const;
  // How many qualify, by bit; `search` found `found`.
  std::vector<std::uint64_t> qualifying(const Corpus& corpus, const Search& search, const Found& found) const;

 private:
  std::uint64_t count(const Corpus& corpus, const Search& search, std::size_t group) const;

  std::vector<std::string> names_;
  std::vector<GroupFloor> floors_;
  std::vector<std::uint64_t> of_country_;  // by index in Taxonomy::countries
};

struct Ranked {
  double total = 0;
  Candidate candidate;
};

struct Find {
  Ranked best;
  std::vector<Row> also;  // the same organisation's other profiles met on the way, best first
};

struct Listing {
  std::vector<Find> finds;  // by score, ties by id; varied: in the order of choice
  std::vector<Exposure> exposure;
  double exposure_cost = 0;   // mean score before the floors less that after
  double diversity_cost = 0;  // mean score of as many of the best less that of the varied list
  bool by_score = true;       // no more than the best, each organisation once: nobody gave way, no floor is missed
};

struct ListingRules {
  std::size_t limit = 10;
  bool diversify = false;  // by the programme's [diversity]; where it has none, by default_diversity
};

// What varies a list where the programme does not say: of ten places at most three for one country (more where there
// are too few countries to fill the list), one for an organisation, 0.3 for difference.
Diversity default_diversity(std::size_t limit, std::size_t countries);

// The best `rules.limit` finds of `ranked`, which it reorders. Profiles of one company or expert (the same identifier, or
// the same folded title and country and no other identifier) are one find, its best profile; each project is its own.
// Keys are computed for entries that come into question alone, from the best downwards; what lies further down is in no
// `also`. A varied list is chosen from the best finds, some more than the list has places, and is shorter than the
// limit where a programme's caps leave too few; floors draw on all of `ranked`.
Listing list_finds(const Corpus& corpus, const Taxonomy& taxonomy, const Programme& programme,
                   const ExposureGroups& groups, std::vector<Ranked>& ranked, const ListingRules& rules);

// The best `limit` rows of `ranked`, which it reorders, each a find of its own; no exposure is measured.
Listing list_rows(const Corpus& corpus, std::vector<Ranked>& ranked, std::size_t limit);

}  // namespace counterpart
