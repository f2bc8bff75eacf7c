// The nightly product: for everybody who takes part in a programme the best counterparts, resumable and incremental.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/programme/programme.h"
#include "engine/score/score.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/layer.h"
#include "index/pairs/all_pairs.h"
#include "index/run/run_control.h"
#include "index/run/run_log.h"
#include "index/run/run_settings.h"
#include "index/snapshot/snapshot.h"

namespace counterpart::index {

class SharedGroups;

// What a run is of.
struct RunTask {
  const Snapshot& snapshot;
  const Taxonomy& taxonomy;
  const Programme& programme;
  std::string rules;                // hash of the programme files and weights
  std::int32_t today = 0;           // days since 1970-01-01, UTC
  std::filesystem::path directory;  // of the programme's runs; exists
  RunSettings settings;
  SharedGroups* shared = nullptr;  // copies that work too; a night that starts from an earlier one's lists is not shared
};

// By rank: place in `header.ids`.
struct RunMatches {
  RunHeader header;
  std::vector<std::uint64_t> ends;  // one more than ids; the first is 0
  std::vector<RunEntry> entries;    // of rank r from ends[r] on, best first: by value, ties by id
  std::vector<RunBand> bands;       // by entry; empty once the flags of a RunResult have them
  PairWork work;
  std::uint64_t changed = 0;     // rows that an earlier night did not have, or had otherwise
  std::uint64_t taken_over = 0;  // rows whose candidates an earlier night had found
  bool resumed = false;
  std::vector<std::uint32_t> rows;  // by rank: Row of the snapshot
};

// Does the work that is still to be done, into DIRECTORY/work. The answer is the same for equal snapshot, rules and day,
// whatever was resumed or taken over and on any number of threads. kUnavailable: stopped; kTooLarge: over the bound of
// memory; what was done is kept.
Result<RunMatches> match_everybody(const RunTask& task, RunControl& control);
// The run is published: its lists are what the next night starts from.
Status keep_as_base(const std::filesystem::path& directory);

}  // namespace counterpart::index
