#include "index/store_records.h"

#include "index/record.h"

namespace counterpart {
namespace {

// Meta: for each erased id its last version and sequence.
constexpr std::string_view kErasedPrefix = "erased:";

}  // namespace

Result<ProfileState> load_state(const Database& database, const Vault& vault, const std::string& id) {
  ProfileState state;
  const auto bytes = database.get(Family::kProfiles, id);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) {
    const auto erased = database.get(Family::kMeta, std::string(kErasedPrefix) + id);
    if (!erased) return tl::unexpected(erased.error());
    if (!*erased) return state;
    std::string_view rest = **erased;
    if (!take_varint(rest, state.head.version) || !take_varint(rest, state.head.sequence))
      return fail(ErrorCode::kCorrupt, "store", "the record of an erased profile does not decode", "restore the last backup");
    state.stored_sequence = state.head.sequence;
    return state;
  }
  const auto record = read_record(**bytes);
  if (!record) return tl::unexpected(record.error());
  const auto sealed = database.get(Family::kContacts, id);
  if (!sealed) return tl::unexpected(sealed.error());
  auto contacts = vault.unseal(id, sealed->value_or(""));
  if (!contacts) return tl::unexpected(contacts.error());
  const auto vectors = database.get(Family::kEmbeddings, id);
  if (!vectors) return tl::unexpected(vectors.error());
  if (*vectors) {
    auto embedding = decode_embedding(**vectors);
    if (!embedding) return tl::unexpected(embedding.error());
    state.model = std::move(embedding->model);
  }
  state.live = true;
  state.head = record->head;
  state.public_json = record->public_json;
  state.private_json = std::move(*contacts);
  state.stored_private = state.private_json;
  state.stored_sequence = record->head.sequence;
  return state;
}

Status add_state(std::vector<Database::Edit>& edits, const std::string& id, const ProfileState& state, const Vault& vault) {
  const std::string erased = std::string(kErasedPrefix) + id;
  if (state.live) {
    edits.push_back({Family::kProfiles, id, encode_record(state.head, state.public_json)});
    edits.push_back({Family::kMeta, erased, {}});
  } else {
    std::string bytes;
    append_varint(bytes, state.head.version);
    append_varint(bytes, state.head.sequence);
    edits.push_back({Family::kMeta, erased, std::move(bytes)});
    edits.push_back({Family::kProfiles, id, {}});
  }
  if (state.private_json != state.stored_private || state.erased)
    if (Status sealed = vault.seal(edits, id, state.private_json, state.erased); !sealed) return sealed;
  if (state.vectors_changed)
    edits.push_back({Family::kEmbeddings, id, state.vectors.empty() ? std::nullopt : std::optional(state.vectors)});
  if (state.stored_sequence != 0) edits.push_back({Family::kChanges, big_endian(state.stored_sequence), {}});
  edits.push_back({Family::kChanges, big_endian(state.head.sequence), (state.live ? kWasPut : kWasErased) + id});
  return {};
}

}  // namespace counterpart
