// Versions of profiles, and what is proposed to become the next one: the records of Family::kVersions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/profile/profile.h"
#include "index/layer.h"
#include "index/store/database.h"
#include "index/store/vault.h"

namespace counterpart::index {

// Is it the key of a profile's version, among others of Family::kVersions?
bool is_version_key(std::string_view key);

class Store;

// A published version. Private members have no history: what was taken out of a contact is gone.
struct ProfileVersion {
  std::uint64_t version = 0;
  std::uint64_t at = 0;     // seconds since 1970, UTC
  std::string who;          // as in the audit log; empty: not known
  std::string via;          // id of the case that published it; empty: none
  std::string public_json;  // of the one in force it is not stored here, for it is the profile's
};
// So many are kept before the one in force.
inline constexpr std::uint64_t kVersionsKept = 20;

// What is held back until its case publishes it. It is in no index, search, match or run.
struct Proposal {
  Profile profile;  // private members filled only where asked for
  std::string case_id;
  std::string who;
  std::uint64_t at = 0;    // seconds since 1970, UTC
  std::uint64_t base = 0;  // the version that was in force then; 0: there was none
};

// Under which the vault has its private members: no id of a profile has a blank.
std::string proposal_vault_key(std::string_view id);
std::string version_key(std::string_view id, std::uint64_t version);
std::string encode_version(const ProfileVersion& version);
// kCorrupt.
Result<ProfileVersion> decode_version(std::uint64_t version, std::string_view bytes);

// Those kept of a profile that is there, ascending, the one in force last; with `texts` or without. Of an alias: its own, none
// of them in force. kNotFound: no such profile.
Result<std::vector<ProfileVersion>> versions_of(const Store& store, std::string_view id, bool texts);
// kNotFound: no such profile, or that version of it is not kept.
Result<ProfileVersion> version_of(const Store& store, std::string_view id, std::uint64_t version);

// Nothing: nothing is proposed.
Result<std::optional<Proposal>> read_proposal(const Store& store, std::string_view id, bool with_private);
// As it is published, else as it is proposed. kNotFound: neither.
Result<Profile> published_or_proposed(const Store& store, std::string_view id, bool with_private);
bool is_proposed(const Database& database, std::string_view id);
// Adds what stores it, private members sealed under a key of its own.
Status add_proposal(std::vector<Database::Edit>& edits, const Proposal& proposal, const Vault& vault);
// Adds what removes it, with its key.
Status remove_proposal(std::vector<Database::Edit>& edits, const std::string& id, const Vault& vault);
// Ids of profiles of which something is proposed, ascending after `after`, at most `limit`.
Result<std::vector<std::string>> proposed_ids(const Database& database, std::string_view after, std::size_t limit);

}  // namespace counterpart::index
