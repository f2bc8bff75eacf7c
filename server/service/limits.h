// THE limits of whole numbers that calls are given: what /openapi.json says of each, what its handler takes and tells, and
// what the command line takes all follow the one value here.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "engine/match/matcher.h"
#include "index/run/match_run.h"
#include "server/access/tokens.h"
#include "server/layer.h"

namespace counterpart::server {

struct Limit {
  std::uint64_t least, most;
  std::optional<std::uint64_t> standard = {};  // where none is given; nullopt: what that means is no number
};

inline constexpr std::uint64_t kMaxSequence = std::numeric_limits<std::int64_t>::max();  // as far as JSON readers count
inline constexpr Limit kAfter{0, kMaxSequence, 0};                                       // the number that a list goes on from
inline constexpr Limit kPage{1, 1000, 100};                                              // of a list that is read in pages
inline constexpr Limit kSearchPage{1, 250, 20};
inline constexpr Limit kMatchList{1, kMaxLimit, 10};
inline constexpr Limit kMatchAfter{0, kMaxLimit - 1, 0};  // places passed over
inline constexpr Limit kRunMatchList{1, 1000, 20};
inline constexpr Limit kDigestProfiles{1, 10'000, 100};
inline constexpr Limit kDuplicatePairs{1, 1000, 100};
inline constexpr Limit kCoverageGaps{0, 200, 10};
inline constexpr Limit kGapFillers{0, 50, 3};
inline constexpr Limit kFieldValues{1, 300};  // of one field in a condition

inline constexpr Limit kPanelSeats{1, 1000};
inline constexpr Limit kPanelTopics{0, 20};
inline constexpr Limit kPanelSeed{0, (std::uint64_t{1} << 53) - 1, 0};  // any reader of JSON keeps it exactly

inline constexpr Limit kRunCandidates{1, 4096, RunSettings{}.candidates};
inline constexpr Limit kRunListed{1, 256, RunSettings{}.listed};
inline constexpr Limit kRunSpare{0, 4096, RunSettings{}.spare};
inline constexpr Limit kRunsKept{1, 1000, 7};
inline constexpr Limit kRunMemory{0, 100'000'000, 0};  // MiB
inline constexpr Limit kRunThreads{0, 1024, 0};
inline constexpr Limit kRunWorkers{0, 64, 0};
inline constexpr Limit kRunNice{0, kGivesWay, kGivesWay};

inline constexpr Limit kTokenLife{1, kMaxTokenDays, kTokenDays};  // days
inline constexpr Limit kLinkLife{1, kMaxLinkDays, kLinkDays};     // days
inline constexpr Limit kBackupsKept{0, 100'000, 0};

}  // namespace counterpart::server
