// What an erasure's receipt says of the other offices: which of them have confirmed that nothing is left there.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "engine/base/result.h"
#include "index/erasure/erasure.h"
#include "index/layer.h"
#include "index/store/store.h"

namespace counterpart::index {

// Adds a place for each office that may have received one of the receipt's profiles. While one of them has not confirmed, the
// receipt is not complete and says so. Where this office has not joined, nothing is added.
Status add_offices(const Store& store, ErasureReceipt& receipt);

// Own profiles that were erased for good and whose receipts still miss an office; of each office that is missed, how many.
struct OpenErasures {
  std::uint64_t profiles = 0;
  std::map<std::string, std::uint64_t, std::less<>> missed;
};
Result<OpenErasures> open_erasures(const Store& store);

}  // namespace counterpart::index
