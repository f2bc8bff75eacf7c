// Erasing a profile for good: what would betray it afterwards, and the search of every file for it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/store/store.h"

namespace counterpart::index {

// What stands in the files of a directory because of one profile, collected before it is erased.
struct Traces {
  std::string id;
  std::vector<std::string> bytes;  // pieces of its texts, its private members, and both as they are sealed
};
// Of `stored`, read with its private members (nullptr: nothing is published), of its versions, and of what is proposed.
Result<Traces> traces_of(const Store& store, const std::string& id, const StoredProfile* stored);

inline constexpr const char* kTracesFound = "traces were found in the files";

// One place where an erased profile was, or could have been.
struct ErasurePlace {
  std::string place;
  std::string verdict;  // "removed", "kept", "not reached"
  std::string detail;
};

struct ErasureReceipt {
  std::vector<std::string> profiles;
  std::string at;                      // ISO 8601 UTC
  std::uint64_t sequence = 0;          // of the store afterwards
  bool complete = true;                // false: a place that ought to be clean is not, or not known to be
  std::uint64_t files = 0, bytes = 0;  // that were searched
  std::vector<ErasurePlace> places = {};
  std::optional<Error> pending = {};  // why it is not complete; the profiles are erased all the same
};

// Reads every file under the store's directory and tells what is left. To be called when the store was purged and the index
// saved. `indexed`: whether the saved index holds an id. Whole ids are compared, by the keys of each place; texts by their
// bytes. What a remaining record says as well is no trace.
Result<ErasureReceipt> search_for_traces(const Store& store, std::vector<Traces> traces,
                                         const std::function<bool(const std::string& id)>& indexed);

}  // namespace counterpart::index
