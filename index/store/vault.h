// Private members at rest: each profile's are sealed under a key of its own, and that key under the directory's master key.
// When a profile is erased its key goes with it, and what is left of the sealed bytes anywhere can no longer be read.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/store/database.h"

namespace counterpart::index {

// Safe from any thread once it is open.
class Vault {
 public:
  // The master key of `key_file`, made there when the store has none yet. kCorrupt: it is not there, or not this store's.
  // Keeps a reference to `database`.
  static Result<std::unique_ptr<Vault>> open(Database& database, const std::filesystem::path& key_file);
  ~Vault();

  // What is stored under Family::kContacts for `id`; empty for empty. kCorrupt.
  Result<std::string> unseal(std::string_view id, std::string_view stored, const Database::View* view = nullptr) const;
  // Adds what stores `private_json` for `id`; empty: removes the sealed bytes and their key. `anew`: under a new key.
  Status seal(std::vector<Database::Edit>& edits, const std::string& id, std::string_view private_json, bool anew) const;
  // Seals what an older format has stored as it is. Every step is durable; after a crash the next call goes on.
  Status seal_all(Database& database) const;

 private:
  Vault(const Database& database, std::string master) : database_(database), master_(std::move(master)) {}
  Result<std::string> key_of(std::string_view id, const Database::View* view) const;  // empty: there is none

  const Database& database_;
  std::string master_;
};

}  // namespace counterpart::index
