// What an erasure's receipt says of the other offices: which of them have confirmed that nothing is left there.
#pragma once

#include "engine/base/result.h"
#include "index/erasure/erasure.h"
#include "index/layer.h"
#include "index/store/store.h"

namespace counterpart::index {

// Adds a place for each office that may have received one of the receipt's profiles. While one of them has not confirmed, the
// receipt is not complete and says so. Where this office has not joined, nothing is added.
Status add_offices(const Store& store, ErasureReceipt& receipt);

}  // namespace counterpart::index
