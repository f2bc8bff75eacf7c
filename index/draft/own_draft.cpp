#include "index/draft/own_draft.h"

#include <algorithm>
#include <utility>

#include "index/base/codec.h"
#include "index/store/store.h"
#include "index/store/store_records.h"

namespace counterpart::index {
namespace {

constexpr char kFormat = 1;

tl::unexpected<Error> damaged(std::string_view id) {
  return fail(ErrorCode::kCorrupt, "draft `" + std::string(id) + "`", "does not decode", "restore the last backup");
}

std::uint64_t unsigned_of(std::int64_t time) { return static_cast<std::uint64_t>(std::max<std::int64_t>(time, 0)); }

bool take_time(std::string_view& bytes, std::int64_t& time) {
  std::uint64_t seconds = 0;
  if (!take_varint(bytes, seconds)) return false;
  time = static_cast<std::int64_t>(seconds);
  return true;
}

std::string encode_head(const KeptDraft& kept) {
  const OwnDraft& draft = kept.draft;
  std::string bytes(1, kFormat);
  append_text(bytes, kept.hash);
  for (const std::uint64_t number : {draft.version, unsigned_of(draft.begun), unsigned_of(draft.saved), draft.handed_in,
                                     std::uint64_t{draft.letters}, unsigned_of(draft.last_letter)})
    append_varint(bytes, number);
  append_text(bytes, draft.language);
  return bytes;
}

bool decode_head(std::string_view bytes, KeptDraft& kept) {
  if (bytes.empty() || bytes.front() != kFormat) return false;
  bytes.remove_prefix(1);
  OwnDraft& draft = kept.draft;
  std::uint64_t letters = 0;
  if (!take_text(bytes, kept.hash) || !take_varint(bytes, draft.version) || !take_time(bytes, draft.begun) ||
      !take_time(bytes, draft.saved) || !take_varint(bytes, draft.handed_in) || !take_varint(bytes, letters) ||
      !take_time(bytes, draft.last_letter) || !take_text(bytes, draft.language) || !bytes.empty())
    return false;
  draft.letters = static_cast<unsigned>(letters);
  return true;
}

std::string encode_words(const OwnDraft& draft) {
  std::string bytes(1, kFormat);
  for (const std::string* text : {&draft.json, &draft.confirmed, &draft.code, &draft.code_for}) append_text(bytes, *text);
  append_varint(bytes, unsigned_of(draft.code_until));
  return bytes;
}

bool decode_words(std::string_view bytes, OwnDraft& draft) {
  if (bytes.empty() || bytes.front() != kFormat) return false;
  bytes.remove_prefix(1);
  for (std::string* text : {&draft.json, &draft.confirmed, &draft.code, &draft.code_for})
    if (!take_text(bytes, *text)) return false;
  return take_time(bytes, draft.code_until) && bytes.empty();
}

Result<std::optional<KeptDraft>> read_head(const Database& database, std::string_view id, const Database::View* view) {
  const auto bytes = database.get(Family::kVersions, own_draft_key(id), view);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  KeptDraft kept;
  kept.draft.id = id;
  if (!decode_head(**bytes, kept)) return damaged(id);
  return kept;
}

}  // namespace

std::string own_draft_vault_key(std::string_view id) { return std::string("own ").append(id); }

Result<std::optional<KeptDraft>> read_draft_head(const Database& database, std::string_view id) {
  return read_head(database, id, nullptr);
}

Result<std::optional<KeptDraft>> read_own_draft(const Store& store, std::string_view id) {
  const Database& database = store.database();
  const Database::View view(database);
  Result<std::optional<KeptDraft>> kept = read_head(database, id, &view);
  if (!kept || !*kept) return kept;
  const std::string key = own_draft_vault_key(id);
  const auto sealed = database.get(Family::kContacts, key, &view);
  if (!sealed) return tl::unexpected(sealed.error());
  const Result<std::string> words = store.vault().unseal(key, sealed->value_or(""), &view);
  if (!words) return tl::unexpected(words.error());
  if (!decode_words(*words, (*kept)->draft)) return damaged(id);
  return kept;
}

Status add_own_draft(std::vector<Database::Edit>& edits, const KeptDraft& kept, const Vault& vault) {
  edits.push_back({Family::kVersions, own_draft_key(kept.draft.id), encode_head(kept)});
  return vault.seal(edits, own_draft_vault_key(kept.draft.id), encode_words(kept.draft), true);
}

Status remove_own_draft(std::vector<Database::Edit>& edits, const std::string& id, const Vault& vault) {
  edits.push_back({Family::kVersions, own_draft_key(id), {}});
  return vault.seal(edits, own_draft_vault_key(id), {}, false);
}

}  // namespace counterpart::index
