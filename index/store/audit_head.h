// How far the audit log goes: its head vouches for all that was done before it.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/store/database.h"

namespace counterpart::index {

struct AuditHead {
  std::uint64_t entries = 0;
  std::string hash;  // of the last one, 64 hexadecimal digits
};

// At the state of `view`; nullptr: as it is now. kCorrupt: it does not decode.
Result<AuditHead> audit_head(const Database& database, const Database::View* view);

}  // namespace counterpart::index
