// Why nobody is found: how many fell by each condition or gate, what would open it, and behind which single condition
// somebody stands. Counted over a corpus's indexes, exactly. Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/corpus/corpus.h"
#include "engine/programme/eligibility.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

struct Removed {
  Phrase condition;         // "country is one of LDC, KE"
  Phrase owner;             // whose it is, as in Verdict: an id, "the counterparts", "programme itpo, side partner", "request"
  std::uint64_t count = 0;  // profiles that met all conditions before it and not this one
  Phrase remedy;            // what would open it
};

// Those who meet every condition but one.
struct OneBeyond {
  Removed condition;       // that one; `count`: how many meet all others
  Filter filter;           // what they meet
  std::int32_t today = 0;  // on which `filter` is to be tested
};

struct MatchAbsence {
  std::uint64_t among = 0;  // profiles there are for the asker: within sight and not the asker's own
  // In a fixed order: the request's, the asker's own, the counterparts' own, the programme's on them, validity, and then
  // what keeps the asker out. Each profile is counted once, where it fell first; a condition by which nobody fell is left
  // out, but for those that keep the asker out. The counts and those who qualify add up to `among`.
  std::vector<Removed> removed;
  std::vector<OneBeyond> one_beyond;  // by which somebody qualifies, in that order
};

struct AbsenceQuestion {
  const Corpus& corpus;
  const Taxonomy& taxonomy;
  const Programme& programme;
  Asker seeker;
  Conditions within = {};  // what the asker may see at all; nobody else is counted
  Conditions where = {};
  std::int32_t today = 0;
};
MatchAbsence absence_of(const AbsenceQuestion& question);

// Of a search without a seeker: by each condition of `where`, in its order.
MatchAbsence absence_of(const Corpus& corpus, const Conditions& within, const Conditions& where, std::int32_t today);

}  // namespace counterpart::engine
