// Coverage map of a programme: who its members are, by country group, region, sector, theme, kind; who is missing
// against a reference population; and who could fill each gap.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/phrase.h"
#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "engine/match/absence.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

struct CoverageCall {
  // The share (0-1) that a key ought to have, as in {"LDC", 0.3}; others keep their reference population's.
  std::map<std::string, double, std::less<>> shares = {};
  std::size_t gaps = 10;  // at most
  std::size_t fillers_per_gap = 3;
  std::int32_t today = 0;  // days since 1970-01-01, UTC
};

// One key of a dimension. A member may have several keys, or none, so that members of keys do not add up.
struct CoverageKey {
  std::string key;
  PhraseWord title;
  std::uint64_t members = 0;
  double share = 0;     // of the members that state anything in this dimension
  double expected = 0;  // the share in the reference population, or the one asked for
  bool asked = false;   // `expected` is the call's own
  // share / expected: below 1 is under-represented. nullopt: there is none of it in the reference population, or no
  // member to count.
  std::optional<double> ratio;
  // How many members of this key would have to join until its share is `expected`; they count among all. Where all
  // ought to be of this key, how many are not. 0 while less than one whole member is lacking at the present size.
  std::uint64_t missing = 0;
};

struct CoverageDimension {
  std::string name;               // "country_group", "region", "sector", "theme", "kind", "gender", "women_led"
  std::string reference;          // "countries": of all countries; "eligible": of live profiles on a side that state it
  std::uint64_t stated = 0;       // members that have any of its keys
  std::vector<CoverageKey> keys;  // in the code list's order
};

struct CoverageFiller {
  std::string id, title, country;
  double nearness = 0;  // to the members' mean texts: cosine, both faces
};

struct CoverageGap {
  std::string dimension;
  CoverageKey key;
  std::uint64_t could_join = 0;         // eligible profiles of this key that are no members
  std::vector<CoverageFiller> fillers;  // the nearest of them, ties by id
};

struct Coverage {
  std::uint64_t members = 0;
  // No profile names the programme in `programmes`: the members are all that name none and are eligible.
  bool assumed = false;
  std::uint64_t not_eligible = 0;  // members that stand on none of its sides
  std::vector<CoverageDimension> dimensions;
  // Keys with `missing` above 0, most missing first, then by ratio, the lowest first. Of two groups with the same
  // countries the first listed stands for both.
  std::vector<CoverageGap> gaps;
  std::vector<Removed> removed;  // of a programme without members: by which condition how many fell
  std::uint64_t sequence = 0;
};

// kInvalid: a share of a key that no dimension has, or out of range.
Result<Coverage> coverage_of(const Corpus& corpus, const Programme& programme, const CoverageCall& call,
                             const Taxonomy& taxonomy);

}  // namespace counterpart::engine
