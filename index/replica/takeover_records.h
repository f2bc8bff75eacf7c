// What the store says of its standby and of the last takeover, and what an old owner tells of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/replica/replication.h"

namespace counterpart::index {

inline constexpr std::string_view kTakeoverKey = "replica-takeover";  // of Family::kMeta, as kStandbyKey

// Nothing: there is none. kCorrupt.
Result<std::optional<Standby>> read_standby(const Database& database);
Result<std::optional<Takeover>> read_takeover(const Database& database);

std::string encode(const Standby& standby);
std::string encode(const Takeover& takeover);

// What the audit log tells beyond `entries`, a line each, in DATA/LEFT-BEHIND. How many.
Result<std::uint64_t> tell_left_behind(const Store& store, std::uint64_t entries);

}  // namespace counterpart::index
