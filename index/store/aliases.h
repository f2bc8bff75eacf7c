// Ids that are another one's: what a merge of two profiles left, with all that undoing it needs. Records of Family::kVersions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/base/verify_report.h"
#include "index/layer.h"
#include "index/store/database.h"
#include "index/store/vault.h"

namespace counterpart::index {

// Public and private members as a profile's own record has them; private ones filled only where asked for.
struct Body {
  std::string public_json, private_json;
};

// One id that answers for nothing by itself any more. Links are followed: a into b, and b into c.
struct Alias {
  std::string id;
  std::string survivor;  // what it was merged into, which may be an alias itself by now
  std::string case_id;   // of the merge
  std::string who;       // as in the audit log
  std::uint64_t at = 0;  // seconds since 1970, UTC
  Body own;              // of the alias, as it was
  Body before, merged;   // of the survivor, as it was and as the merge made it
};

// Under which the vault has the private members: no id of a profile has a blank.
std::string alias_vault_key(std::string_view id);

// Nothing: it is no alias. kCorrupt.
Result<std::optional<Alias>> read_alias(const Database& database, std::string_view id);
// With private members.
Result<std::optional<Alias>> read_alias(const Database& database, std::string_view id, const Vault& vault);

// Which id answers for `id`: itself, where it is no alias. kCorrupt: its links have no end.
Result<std::string> survivor_of(const Database& database, std::string_view id);
// All that lead to the same one as `id`: the survivor first, then its aliases, of these the nearest first, then by id. Of an id
// that nobody knows: itself.
Result<std::vector<std::string>> family_of(const Database& database, std::string_view id);
// Every alias, by id.
Result<std::vector<Alias>> all_aliases(const Database& database);

// `report` with what is found added: an alias that does not decode, that leads to no profile, or whose mark is missing or left
// over.
Result<VerifyReport> check_aliases(const Database& database, VerifyReport report = {});

// Adds what stores it, private members sealed under a key of its own.
Status add_alias(std::vector<Database::Edit>& edits, const Alias& alias, const Vault& vault);
// Adds what removes it, with its key.
Status remove_alias(std::vector<Database::Edit>& edits, const Alias& alias, const Vault& vault);

}  // namespace counterpart::index
