// What would make profiles better: advice on one, and pairs that may be one and the same.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/profile/advice.h"
#include "engine/profile/profile.h"
#include "engine/survey/duplicates.h"
#include "server/layer.h"

namespace counterpart::server {

struct AdviceAnswer {
  std::string id, language;  // of the sentences
  double completeness = 0;
  std::vector<Advice> advice;
};

struct DuplicatesAnswer {
  std::vector<DuplicatePair> pairs;
  std::uint64_t total = 0;
  std::uint64_t sequence = 0;
};

// In `language`, a BCP 47 tag; empty: the profile's own.
AdviceAnswer advice_on(const Profile& profile, const AdviceTexts& texts, const std::string& language);

// Of `all` pairs, the first `limit` of which a profile was written after the sequence `since`; `sequence`: up to which they
// were sought.
DuplicatesAnswer duplicates_after(const std::vector<DuplicatePair>& all, std::uint64_t since, std::size_t limit,
                                  std::uint64_t sequence);

}  // namespace counterpart::server
