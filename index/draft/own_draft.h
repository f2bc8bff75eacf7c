// A draft of an owner who has no account: a profile that is still being written, and who may open it.
//
// Family::kVersions has under own_draft_key() what is needed to let its owner in and to count it; all that the owner wrote is
// sealed by the vault under a key of its own, anew with each save, so that what was taken out of it can be read nowhere any
// more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/store/database.h"
#include "index/store/vault.h"

namespace counterpart::index {

class Store;

// Times: seconds since 1970, UTC.
struct OwnDraft {
  std::string id;             // the profile's too, once it is handed in
  std::uint64_t version = 0;  // counts the saves from 1
  std::int64_t begun = 0, saved = 0;
  std::string language = {};    // one of the six: in which its owner is written to
  std::uint64_t handed_in = 0;  // the version that was handed in last; 0: none was
  unsigned letters = 0;         // that asked for a confirmation
  std::int64_t last_letter = 0;

  // Sealed.
  std::string json = {};       // the profile as far as it is written, private members too
  std::string confirmed = {};  // the mail address that its owner has confirmed; empty: none
  // What the last letter asked for. The code is kept as it is, and not hashed, for the letter is written from here, however
  // often its sending is tried; it opens nothing but the confirmation, and goes when it is used.
  std::string code = {}, code_for = {};  // and for which address
  std::int64_t code_until = 0;
  bool operator==(const OwnDraft&) const = default;
};

struct KeptDraft {
  OwnDraft draft;
  std::string hash;  // of its secret
};

// Under which the vault has what is sealed: no id of a profile has a blank.
std::string own_draft_vault_key(std::string_view id);

// Nothing: there is none. kCorrupt.
Result<std::optional<KeptDraft>> read_own_draft(const Store& store, std::string_view id);
// The same without what is sealed.
Result<std::optional<KeptDraft>> read_draft_head(const Database& database, std::string_view id);
Status add_own_draft(std::vector<Database::Edit>& edits, const KeptDraft& kept, const Vault& vault);
Status remove_own_draft(std::vector<Database::Edit>& edits, const std::string& id, const Vault& vault);

}  // namespace counterpart::index
