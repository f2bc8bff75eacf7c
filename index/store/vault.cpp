#include "index/store/vault.h"

#include "index/base/crypto.h"
#include "index/base/files.h"

namespace counterpart::index {
namespace {

constexpr std::string_view kCheckKey = "vault";  // in kMeta: a known text under the master key
constexpr std::string_view kCheckText = "counterpart";
constexpr char kSealed = 1;  // first byte of what is sealed; what is not begins with the { of its JSON
constexpr std::size_t kStep = 500;

tl::unexpected<Error> damaged(std::string_view id) {
  return fail(ErrorCode::kCorrupt, "private members of `" + std::string(id) + "`", "cannot be read", "restore the last backup");
}

Result<std::string> read_key(const std::filesystem::path& file, bool needed) {
  Result<std::string> bytes = read_file(file);
  if (bytes && bytes->size() == kKeyBytes) return bytes;
  if (bytes) return fail(ErrorCode::kCorrupt, file.string(), "is not a master key", "put the file back from where it was kept");
  if (bytes.error().code != ErrorCode::kNotFound) return bytes;
  if (needed)
    return fail(ErrorCode::kCorrupt, file.string(), "the key that private members are sealed with is not there",
                "put the file back from a backup, or name it by --key-file");
  std::string key = random_bytes(kKeyBytes);
  AtomicFile out(file);  // readable by its owner alone
  out.write(key);
  if (Status written = out.finish(); !written) return tl::unexpected(written.error());
  return key;
}

}  // namespace

Result<std::unique_ptr<Vault>> Vault::open(Database& database, const std::filesystem::path& key_file) {
  const auto check = database.get(Family::kMeta, kCheckKey);
  if (!check) return tl::unexpected(check.error());
  Result<std::string> master = read_key(key_file, check->has_value());
  if (!master) return tl::unexpected(master.error());
  if (!*check) {
    const Status kept = database.write({{Family::kMeta, std::string(kCheckKey), index::seal(kCheckText, kCheckKey, *master)}});
    if (!kept) return tl::unexpected(kept.error());
  } else if (index::unseal(**check, kCheckKey, *master) != kCheckText) {
    return fail(ErrorCode::kCorrupt, key_file.string(), "is the master key of another store",
                "put the right file back from a backup, or name it by --key-file");
  }
  return std::unique_ptr<Vault>(new Vault(database, std::move(*master)));
}

Vault::~Vault() { forget(master_); }

Result<std::string> Vault::key_of(std::string_view id, const Database::View* view) const {
  const auto stored = database_.get(Family::kKeys, id, view);
  if (!stored) return tl::unexpected(stored.error());
  if (!*stored) return std::string();
  auto key = index::unseal(**stored, id, master_);
  if (!key) return damaged(id);
  return std::move(*key);
}

Result<std::string> Vault::unseal(std::string_view id, std::string_view stored, const Database::View* view) const {
  if (stored.empty() || stored.front() != kSealed) return std::string(stored);
  Result<std::string> key = key_of(id, view);
  if (!key) return key;
  if (key->empty()) return damaged(id);
  auto plain = index::unseal(stored.substr(1), id, *key);
  forget(*key);
  if (!plain) return damaged(id);
  return std::move(*plain);
}

Status Vault::seal(std::vector<Database::Edit>& edits, const std::string& id, std::string_view private_json, bool anew) const {
  if (private_json.empty()) {
    edits.push_back({Family::kContacts, id, {}});
    edits.push_back({Family::kKeys, id, {}});
    return {};
  }
  Result<std::string> key = anew ? std::string() : key_of(id, nullptr);
  if (!key) return tl::unexpected(key.error());
  if (key->empty()) {
    *key = random_bytes(kKeyBytes);
    edits.push_back({Family::kKeys, id, index::seal(*key, id, master_)});
  }
  edits.push_back({Family::kContacts, id, kSealed + index::seal(private_json, id, *key)});
  forget(*key);
  return {};
}

Status Vault::seal_all(Database& database) const {
  std::vector<Database::Edit> edits;
  const auto write = [&]() -> Status {
    if (edits.empty()) return {};
    const Status written = database.write(edits);
    edits.clear();
    return written;
  };
  const Database::View view(database);
  Database::Cursor contacts(database, Family::kContacts, &view);
  for (contacts.first(); contacts.valid(); contacts.next()) {
    if (contacts.value().empty() || contacts.value().front() == kSealed) continue;
    if (Status sealed = seal(edits, std::string(contacts.key()), contacts.value(), false); !sealed) return sealed;
    if (edits.size() < kStep) continue;
    if (Status written = write(); !written) return written;
  }
  if (Status walked = contacts.status(); !walked) return walked;
  return write();
}

}  // namespace counterpart::index
