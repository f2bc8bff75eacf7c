// Two profiles become one, and two again: worked out from what is stored, before anything is written.
#pragma once

#include <span>
#include <string>

#include "engine/base/result.h"
#include "engine/survey/merge.h"
#include "index/layer.h"
#include "index/store/aliases.h"
#include "index/store/store.h"

namespace counterpart::index {

struct Merging {
  StoredProfile a, b;  // with private members
  Merged merged;
};
// `survivor` as it would be. kNotFound: one of them is no profile; errors of merge_profiles().
Result<Merging> merging_of(const Store& store, const std::string& survivor, const std::string& other,
                           std::span<const Choice> choices);

struct Parting {
  Alias alias;
  Profile own;        // what the alias is again
  StoredProfile now;  // the survivor
  Parted parted;      // what it is then
};
// kConflict: `id` is no alias, or its survivor is one by now.
Result<Parting> parting_of(const Store& store, const std::string& id);

}  // namespace counterpart::index
