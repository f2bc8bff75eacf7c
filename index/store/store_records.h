// What stands in the database for one profile: read before a group of writes, and what stores it after.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/store/audit.h"
#include "index/store/database.h"
#include "index/store/vault.h"
#include "index/store/write_group.h"

namespace counterpart::index {

// First byte of an entry of Family::kChanges; the id follows.
inline constexpr char kWasPut = 0, kWasErased = 1;

// The last sequence with the number of live profiles.
struct StoreHead {
  std::uint64_t sequence = 0;
  std::uint64_t live = 0;
};
// kCorrupt: it does not decode, or contradicts the change log or `acknowledged`, the highest sequence that was told to anybody.
Result<StoreHead> read_head(const Database& database, std::uint64_t acknowledged);
Database::Edit edit_of(const StoreHead& head);
tl::unexpected<Error> damaged_store(std::string message);

// As Store::changes().
Result<std::vector<Change>> read_changes(const Database& database, std::uint64_t after, std::size_t limit);
// The value at `id` of a cursor that walks the same ids in the same order, or nothing.
std::string_view value_at(Database::Cursor& cursor, std::string_view id);
// As Store::life().
Result<std::uint64_t> read_life(const Database& database, std::string_view id);
// kCorrupt: what is stored does not decode.
Result<ProfileState> load_state(const Database& database, const Vault& vault, const std::string& id);
// What the audit log tells of a write that was made; of vectors nothing.
void add_audit(const PreparedWrite& write, const Written& written, std::vector<AuditEntry>& entries);
Status add_state(std::vector<Database::Edit>& edits, const std::string& id, const ProfileState& state, const Vault& vault);

// Of Family::kVersions: that somebody writes a profile without an account (index/draft), which goes with the profile.
inline std::string own_draft_key(std::string_view id) { return std::string("o").append(id); }

}  // namespace counterpart::index
