// Erasing a profile for good: what would betray it afterwards, and the search of every file for it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/result.h"
#include "index/store.h"

namespace counterpart {

// What stands in the files of a directory because of one profile, collected before it is erased.
struct Traces {
  std::string id;
  std::vector<std::string> bytes;  // pieces of its texts, its private members, and both as they are sealed
};
// kNotFound.
Result<Traces> traces_of(const Store& store, const std::string& id);

// One place where an erased profile was, or could have been.
struct ErasurePlace {
  std::string place;
  std::string verdict;  // "removed", "kept", "not reached"
  std::string detail;
};

struct ErasureReceipt {
  std::vector<std::string> profiles;
  std::string at;              // ISO 8601 UTC
  std::uint64_t sequence = 0;  // of the store afterwards
  bool complete = true;        // false: a place that ought to be clean is not
  std::uint64_t files = 0, bytes = 0;  // that were searched
  std::vector<ErasurePlace> places;
};

// Reads every file under `directory` and tells what is left. To be called when the store was purged and the index saved.
// What a remaining profile says as well is no trace.
Result<ErasureReceipt> search_for_traces(const Store& store, std::vector<Traces> traces);

}  // namespace counterpart
