// What would make profiles better: advice on one, and pairs that may be one and the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/engagements.h"
#include "engine/corpus/corpus.h"
#include "engine/profile/advice.h"
#include "engine/profile/profile.h"
#include "engine/survey/duplicates.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/store/store.h"
#include "server/layer.h"

namespace counterpart::server {

// A sector that a profile's texts speak of, and how likely it is (index/space/sector_model.h); nobody stated it.
struct InferredSector {
  std::string code, title;  // ISIC
  double probability = 0;
};

struct AdviceAnswer {
  std::string id, language;  // of the sentences
  double completeness = 0;
  std::vector<Advice> advice;
  std::optional<PlacesOf> places = {};        // where open cases are told of
  std::vector<InferredSector> inferred = {};  // for its owner to state where true; empty where it states its sectors
};

struct DuplicatesAnswer {
  std::vector<DuplicatePair> pairs;
  std::uint64_t total = 0;
  std::uint64_t sequence = 0;
};

// In `language`, a BCP 47 tag; empty: the profile's own. `guess`: of the profile, as the corpus has it.
AdviceAnswer advice_on(const Profile& profile, const AdviceTexts& texts, const std::string& language, const SectorGuess& guess,
                       const Taxonomy& taxonomy);
// `taken`: places of its capacity that open cases take. Where none is free, that comes first.
void add_places(AdviceAnswer& answer, const Profile& profile, unsigned taken, const AdviceTexts& texts);

// Reads the whole store. Pairs of which one was written after `since`.
Result<std::vector<DuplicatePair>> duplicates_in(const Store& store, const Taxonomy& taxonomy, std::uint64_t since);

// Of `all` pairs, the first `limit` of which a profile was written after the sequence `since`; `sequence`: up to which they
// were sought.
DuplicatesAnswer duplicates_after(const std::vector<DuplicatePair>& all, std::uint64_t since, std::size_t limit,
                                  std::uint64_t sequence);

}  // namespace counterpart::server
