// From scored candidates to the list that is shown: each organisation once, a programme's exposure floors kept, varied
// where that is asked; and what each cost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/corpus/corpus.h"
#include "engine/match/rerank.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

// How one group fares in a list.
struct Exposure {
  std::string group;             // LDC, LLDC, SIDS, kWomenLed, then those of the programme's floors
  std::uint64_t in_list = 0;     // matches of the list that are of it
  std::uint64_t of_list = 0;     // matches of the list
  std::uint64_t qualifying = 0;  // profiles of it among all that qualify, listed or not
  std::size_t floor = 0;         // places of the list that the programme wants for it; 0: none
  std::string side = {};         // the side that its floor is for; then only those who stand on it are counted here
};

// At least `share` of the places of one side, or of all, goes to `group`, a bit of ExposureGroups.
struct GroupFloor {
  std::uint32_t group = 0;
  double share = 0;                      // 0-1
  std::optional<std::size_t> side = {};  // in Programme::sides
};

// The groups that are watched under one programme. Immutable; safe from any thread.
class ExposureGroups {
 public:
  ExposureGroups(const Taxonomy& taxonomy, const Programme& programme);

  const std::vector<std::string>& names() const { return names_; }  // by bit
  const std::vector<GroupFloor>& floors() const { return floors_; }
  // Led by women: traits' word for it, so owned by women counts as well.
  std::uint64_t of(const Traits& traits) const;
  // Fills in how many of each group qualify, the seeker not counted; `search` found `found`.
  void count_qualifying(const Corpus& corpus, const Programme& programme, const Search& search, const SearchResult& found,
                        std::vector<Exposure>& exposure) const;

 private:
  std::uint64_t count(const Corpus& corpus, const Search& search, const Filter& filter, std::size_t group) const;

  std::vector<std::string> names_;
  std::vector<GroupFloor> floors_;
  std::vector<std::uint64_t> of_country_;  // by index in Taxonomy::countries
};

struct Ranked {
  double total = 0;
  Candidate candidate;
};

// One place of the list that is shown: an organisation, or a project, by its best profile.
struct ListedMatch {
  Ranked best;
  std::vector<Row> also;                     // the same organisation's other profiles met on the way, best first
  std::vector<std::string> brought_in = {};  // groups for whose floors it stands before a better one
};

struct Listing {
  // By score, ties by id, but for those whom a floor brought in; varied: in the order of choice.
  std::vector<ListedMatch> matches;
  std::vector<Exposure> exposure;
  double exposure_cost = 0;   // mean score without the floors less that with them
  double diversity_cost = 0;  // mean score of as many of the best less that of the list varied and without floors
  bool more = false;          // a longer list would have more matches
};

struct ListingRules {
  std::size_t limit = 10;
  bool diversify = false;
};

// The best `rules.limit` matches of `ranked`, which it takes. Profiles of one company or expert (the same identifier, or
// the same folded title and country and no other identifier) are one match, its best profile; each project is its own.
// Keys are computed for entries that come into question alone, from the best downwards; what lies further down is in no
// `also`. Places are given as rank_entries() does, so that a list begins every longer one of the same `ranked`. Varied,
// it is shorter than the limit where a programme's caps leave too few; where the programme has no [diversity], a country
// gets three of ten places (more where there are too few countries), and difference counts 0.3.
Listing list_matches(const Corpus& corpus, const Programme& programme, const ExposureGroups& groups,
                     std::vector<Ranked>& ranked, const ListingRules& rules);

// The best `limit` rows of `ranked`, which it takes, each a match of its own; no exposure is measured.
Listing list_rows(const Corpus& corpus, std::vector<Ranked>& ranked, std::size_t limit);

}  // namespace counterpart::engine
