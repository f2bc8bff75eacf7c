#include "index/store/store_records.h"

#include <utility>

#include "index/base/codec.h"
#include "index/store/aliases.h"
#include "index/store/checks.h"
#include "index/store/origins.h"
#include "index/store/record.h"

namespace counterpart::index {
namespace {

// Meta: the last sequence with the number of live profiles.
constexpr std::string_view kHeadKey = "head";
// Meta: for each erased id its last version and sequence.
constexpr std::string_view kErasedPrefix = "erased:";
// Meta: for each id that was ever erased how often, and for each profile that was made by a request with a key its digest.
constexpr std::string_view kLifePrefix = "life:";
constexpr std::string_view kRequestPrefix = "request:";

std::string key_of(std::string_view prefix, std::string_view id) { return std::string(prefix).append(id); }

tl::unexpected<Error> damaged() { return damaged_store("the record of an erased profile does not decode"); }

// What the group found, before it changes anything.
void remember(ProfileState& state) {
  state.stored_private = state.private_json;
  state.stored_life = state.life;
  state.stored_request = state.request;
  state.stored_alias = state.alias;
  state.stored_diligence = state.diligence;
  state.stored_origin = state.origin;
}

// The text of the version in force is the profile's own, so that it is stored once.
Status add_versions(std::vector<Database::Edit>& edits, const std::string& id, const ProfileState& state, const Vault& vault) {
  const auto remove = [&](std::uint64_t version) { edits.push_back({Family::kVersions, version_key(id, version), {}}); };
  if (state.erased) {
    const std::uint64_t newest = state.stored_version;
    for (std::uint64_t one = newest > kVersionsKept ? newest - kVersionsKept : 1; one <= newest; ++one) remove(one);
    if (Status gone = remove_proposal(edits, id, vault); !gone) return gone;
  }
  for (const ProfileVersion& past : state.past)
    edits.push_back({Family::kVersions, version_key(id, past.version), encode_version(past)});
  if (!state.live || state.note.version == state.stored_version) return {};
  // The last version of what was an alias meanwhile was put aside then.
  if (state.stored_alias && state.note.version > kVersionsKept + 1) remove(state.note.version - kVersionsKept - 1);
  edits.push_back({Family::kVersions, version_key(id, state.note.version), encode_version(state.note)});
  for (const ProfileVersion& past : state.past)
    if (past.version > kVersionsKept) remove(past.version - kVersionsKept);
  return {};
}

// An alias is not there and was not erased: its life is written, lest the mark of its last version be taken for one that ended.
void add_small_records(std::vector<Database::Edit>& edits, const std::string& id, const ProfileState& state) {
  if (state.life != state.stored_life || state.alias_changed) {
    std::string bytes;
    append_varint(bytes, state.life);
    edits.push_back({Family::kMeta, key_of(kLifePrefix, id), std::move(bytes)});
  }
  if (state.request != state.stored_request)
    edits.push_back(
        {Family::kMeta, key_of(kRequestPrefix, id), state.request.empty() ? std::nullopt : std::optional(state.request)});
}

}  // namespace

tl::unexpected<Error> damaged_store(std::string message) {
  return fail(ErrorCode::kCorrupt, "store", std::move(message), "restore the last backup");
}

std::string_view value_at(Database::Cursor& cursor, std::string_view id) {
  while (cursor.valid() && cursor.key() < id) cursor.next();
  return cursor.valid() && cursor.key() == id ? cursor.value() : std::string_view();
}

Result<std::vector<Change>> read_changes(const Database& database, std::uint64_t after, std::size_t limit) {
  std::vector<Change> found;
  if (after == ~std::uint64_t{0}) return found;
  Database::Cursor entries(database, Family::kChanges);
  for (entries.seek(big_endian(after + 1)); entries.valid() && found.size() < limit; entries.next()) {
    Change change;
    const auto value = entries.value();
    if (!parse_big_endian(entries.key(), change.sequence) || value.size() < 2)
      return damaged_store("its change log does not decode");
    change.erased = value.front() == kWasErased;
    change.id = value.substr(1);
    found.push_back(std::move(change));
  }
  if (const auto walked = entries.status(); !walked) return tl::unexpected(walked.error());
  return found;
}

Result<StoreHead> read_head(const Database& database, std::uint64_t acknowledged) {
  StoreHead head;
  const auto bytes = database.get(Family::kMeta, kHeadKey);
  if (!bytes) return tl::unexpected(bytes.error());
  if (*bytes) {
    std::string_view rest = **bytes;
    if (!take_varint(rest, head.sequence) || !take_varint(rest, head.live) || !rest.empty())
      return damaged_store("its head record does not decode");
  }
  Database::Cursor changes(database, Family::kChanges);
  changes.last();
  std::uint64_t newest = 0;
  if (changes.valid() && !parse_big_endian(changes.key(), newest)) return damaged_store("its change log does not decode");
  if (Status walked = changes.status(); !walked) return tl::unexpected(walked.error());
  if (newest != head.sequence)
    return damaged_store("its change log ends at " + std::to_string(newest) + ", its head says " +
                         std::to_string(head.sequence));
  if (head.sequence < acknowledged)
    return damaged_store("it ends at change " + std::to_string(head.sequence) + ", but change " + std::to_string(acknowledged) +
                         " was acknowledged");
  return head;
}

Database::Edit edit_of(const StoreHead& head) {
  std::string bytes;
  append_varint(bytes, head.sequence);
  append_varint(bytes, head.live);
  return {Family::kMeta, std::string(kHeadKey), std::move(bytes)};
}

// Where profiles were erased before lives were counted, only the mark of it is there.
Result<std::uint64_t> read_life(const Database& database, std::string_view id) {
  const auto bytes = database.get(Family::kMeta, key_of(kLifePrefix, id));
  if (!bytes) return tl::unexpected(bytes.error());
  std::uint64_t life = 0;
  if (*bytes) {
    std::string_view rest = **bytes;
    return take_varint(rest, life) ? Result<std::uint64_t>(life) : damaged();
  }
  const auto erased = database.get(Family::kMeta, key_of(kErasedPrefix, id));
  if (!erased) return tl::unexpected(erased.error());
  return *erased ? 1 : 0;
}

Result<ProfileState> load_state(const Database& database, const Vault& vault, const std::string& id) {
  ProfileState state;
  const auto life = read_life(database, id);
  if (!life) return tl::unexpected(life.error());
  state.life = *life;
  const auto bytes = database.get(Family::kProfiles, id);
  if (!bytes) return tl::unexpected(bytes.error());
  const auto request = database.get(Family::kMeta, key_of(kRequestPrefix, id));
  if (!request) return tl::unexpected(request.error());
  state.request = request->value_or("");
  auto diligence = read_diligence(database, id);
  if (!diligence) return tl::unexpected(std::move(diligence.error()));
  state.diligence = std::move(*diligence);
  if (!*bytes) {
    const auto begun = database.get(Family::kVersions, own_draft_key(id));
    if (!begun) return tl::unexpected(begun.error());
    state.proposed = *begun || is_proposed(database, id);
    const auto erased = database.get(Family::kMeta, key_of(kErasedPrefix, id));
    if (!erased) return tl::unexpected(erased.error());
    if (!*erased) return state;
    std::string_view rest = **erased;
    if (!take_varint(rest, state.head.version) || !take_varint(rest, state.head.sequence)) return damaged();
    state.stored_sequence = state.head.sequence;
    auto alias = read_alias(database, id);
    if (!alias) return tl::unexpected(std::move(alias.error()));
    if (!*alias) return state;  // its life counts as not stored, and is written with it
    state.alias = std::move(*alias);
    state.stored_version = state.head.version;
    remember(state);
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
  auto origin = read_origin(database, id);
  if (!origin) return tl::unexpected(std::move(origin.error()));
  state.origin = std::move(*origin);
  state.public_json = record->public_json;
  state.private_json = std::move(*contacts);
  state.stored_sequence = record->head.sequence;
  state.stored_version = record->head.version;
  const auto note = database.get(Family::kVersions, version_key(id, record->head.version));
  if (!note) return tl::unexpected(note.error());
  state.note = {record->head.version, record->head.accepted_at, {}, {}, {}};
  if (*note) {
    auto version = decode_version(record->head.version, **note);
    if (!version) return tl::unexpected(version.error());
    state.note = std::move(*version);
  }
  remember(state);
  return state;
}

Status add_state(std::vector<Database::Edit>& edits, const std::string& id, const ProfileState& state, const Vault& vault) {
  const std::string erased = key_of(kErasedPrefix, id);
  add_small_records(edits, id, state);
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
  if (Status noted = add_versions(edits, id, state, vault); !noted) return noted;
  if (state.origin != state.stored_origin) edits.push_back(edit_of_origin(id, state.origin));
  if (state.diligence != state.stored_diligence) add_diligence(edits, id, state.diligence);
  if (state.alias_changed && state.stored_alias)
    if (Status gone = remove_alias(edits, *state.stored_alias, vault); !gone) return gone;
  if (state.alias_changed && state.alias)
    if (Status added = add_alias(edits, *state.alias, vault); !added) return added;
  if (state.vectors_changed)
    edits.push_back({Family::kEmbeddings, id, state.vectors.empty() ? std::nullopt : std::optional(state.vectors)});
  if (state.stored_sequence != 0) edits.push_back({Family::kChanges, big_endian(state.stored_sequence), {}});
  edits.push_back({Family::kChanges, big_endian(state.head.sequence), (state.live ? kWasPut : kWasErased) + id});
  return {};
}

// Vectors are ours, made from what somebody else wrote.
void add_audit(const PreparedWrite& write, const Written& written, std::vector<AuditEntry>& entries) {
  if (written.unchanged || write.kind == PreparedWrite::Kind::kVectors) return;
  const auto what = [&]() -> std::string {
    switch (write.kind) {
      case PreparedWrite::Kind::kErase: return "erase";
      case PreparedWrite::Kind::kAlias: return "alias of " + write.alias.survivor;
      case PreparedWrite::Kind::kCheck:
        return write.check ? "check " + std::string(name_of(write.check->status)) : "compared with the list of exclusions";
      case PreparedWrite::Kind::kPut:
      case PreparedWrite::Kind::kVectors: break;
    }
    return "put";
  };
  entries.push_back({.who = write.who, .what = what(), .subject = written.id, .version = written.version});
  for (const std::string& id : written.with) entries.push_back({.who = write.who, .what = "erase", .subject = id});
}

}  // namespace counterpart::index
