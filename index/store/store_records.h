// What stands in the database for one profile: read before a group of writes, and what stores it after.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/store/database.h"
#include "index/store/vault.h"
#include "index/store/write_group.h"

namespace counterpart::index {

// First byte of an entry of Family::kChanges; the id follows.
inline constexpr char kWasPut = 0, kWasErased = 1;

// As Store::life().
Result<std::uint64_t> read_life(const Database& database, std::string_view id);
// kCorrupt: what is stored does not decode.
Result<ProfileState> load_state(const Database& database, const Vault& vault, const std::string& id);
Status add_state(std::vector<Database::Edit>& edits, const std::string& id, const ProfileState& state, const Vault& vault);

}  // namespace counterpart::index
