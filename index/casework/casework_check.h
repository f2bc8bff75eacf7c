// Cases, their marks and letters against each other, as they are on disk.
#pragma once

#include <cstdint>

#include "engine/base/result.h"
#include "engine/casework/case.h"
#include "index/layer.h"
#include "index/store/database.h"
#include "index/store/verify_report.h"

namespace counterpart::index {

// `report` with what it finds added. At one moment, beside whoever writes: bytes that do not decode, numbers beyond those
// given, an open case without an owner and a due time, marks that do not fit, letters of cases that are gone or written twice.
Result<VerifyReport> check_casework(const Database& database, const Casework& work, std::int64_t now, VerifyReport report = {});

}  // namespace counterpart::index
