// The use case behind GET /v1/profiles: pages of profiles by conditions and words, with facets. With words, those come first
// whom they name (engine/taxonomy/name_query.h), then those whose texts hold most of the words, then the others; within each by
// likeness of meaning, then by id. Of 100,000 profiles,
// names take some 30 ms and vectors as long.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/corpus/corpus.h"
#include "engine/match/absence.h"
#include "engine/taxonomy/taxonomy.h"
#include "server/layer.h"
#include "server/service/limits.h"

namespace counterpart::server {

struct SearchCall {
  std::string q;  // empty: all, in id order
  Conditions where;
  std::size_t in_sight = 0;         // the last so many of `where` say what the caller may see at all
  std::vector<std::string> facets;  // field names
  std::string cursor;               // as given by the page before; empty: first page
  std::size_t limit = kSearchPage.standard.value();
};

struct SearchHit {
  std::string id, title, country, kind;
  std::optional<double> score;     // with q: the mean of both faces' likeness
  std::string_view found_by = {};  // with q: "name", "words" or "meaning"
};

struct SearchAnswer {
  std::vector<SearchHit> hits;
  std::uint64_t total = 0;       // exact
  std::vector<Removed> removed;  // where nothing is found: by which condition of the request how many fell
  std::map<std::string, FacetCounts> facets;
  std::string next_cursor;  // empty: this was the last page
  std::uint64_t sequence = 0;
};

// `embedder`: of the corpus's first vectors. kInvalid: a limit, cursor or facet that is none.
Result<SearchAnswer> search_profiles(const Corpus& corpus, const Taxonomy& taxonomy, const Embedder& embedder,
                                     const SearchCall& call, std::int32_t today);

}  // namespace counterpart::server
