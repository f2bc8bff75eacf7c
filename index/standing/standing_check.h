// Standing queries, marks and alerts against each other and against the profiles, as they are on disk.
#pragma once

#include "engine/base/result.h"
#include "index/base/verify_report.h"
#include "index/layer.h"
#include "index/store/database.h"

namespace counterpart::index {

// `report` with what it finds added. At one moment, beside whoever writes: bytes that do not decode, numbers beyond those
// given, marks and alerts of queries that are gone, marks of profiles that are gone. Not whether each mark is due: that
// changes with the day and with the programmes, and StandingQueries::match_all() mends it.
Result<VerifyReport> check_standing(const Database& database, VerifyReport report = {});

}  // namespace counterpart::index
