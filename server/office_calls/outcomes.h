// What came of interests, as a file of known pairs.
#pragma once

#include "server/handlers/call.h"
#include "server/layer.h"

namespace counterpart::server {

// JSON Lines as server/evaluate/pair_file.h reads them: everybody who was asked and accepted, or declined because the two do
// not fit, as candidates; whoever asked as a query, with those who accepted as `relevant`. Beside that each query tells who
// `declined`, and with whom it `concluded`. Public texts of profiles that are there now; refusals that tell of the moment alone
// (no capacity, already served) are left out, and so is whoever was never accepted by anybody.
Response outcomes(const Call& call);

}  // namespace counterpart::server
