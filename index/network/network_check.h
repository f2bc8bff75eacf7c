// Whether what is kept for other offices, and of them, agrees with itself and with the profiles.
#pragma once

#include "engine/base/result.h"
#include "index/base/verify_report.h"
#include "index/layer.h"
#include "index/store/database.h"

namespace counterpart::index {

// `report` with what is found added: a gap in the operations that are kept, one that does not follow from those before it by
// its hash, a mark of a received profile that is not there or of an office that nobody knows, a shared case that is not there.
Result<VerifyReport> check_network(const Database& database, VerifyReport report = {});

}  // namespace counterpart::index
