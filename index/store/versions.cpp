#include "index/store/versions.h"

#include <utility>

#include "engine/profile/profile_json.h"
#include "index/base/codec.h"
#include "index/store/aliases.h"
#include "index/store/record.h"
#include "index/store/store.h"

namespace counterpart::index {
namespace {

constexpr char kVersionMark = 'v', kProposalMark = 'd';
constexpr char kFormat = 1;

std::string proposal_key(std::string_view id) { return std::string(1, kProposalMark).append(id); }
std::string versions_prefix(std::string_view id) { return std::string(1, kVersionMark).append(id).append(1, '\0'); }

tl::unexpected<Error> damaged(std::string_view what, std::string_view id) {
  return fail(ErrorCode::kCorrupt, std::string(what) + " of `" + std::string(id) + "`", "does not decode",
              "restore the last backup");
}

bool take_format(std::string_view& bytes) {
  if (bytes.empty() || bytes.front() != kFormat) return false;
  bytes.remove_prefix(1);
  return true;
}

Result<Proposal> decode_proposal(std::string_view id, std::string_view bytes, std::string_view private_members) {
  Proposal proposal;
  std::string public_json;
  const bool whole = take_format(bytes) && take_text(bytes, proposal.case_id) && take_text(bytes, proposal.who) &&
                     take_varint(bytes, proposal.at) && take_varint(bytes, proposal.base) && take_text(bytes, public_json) &&
                     bytes.empty();
  if (!whole) return damaged("what is proposed", id);
  Result<Profile> profile = decode_profile(public_json, private_members);
  if (!profile) return damaged("what is proposed", id);
  proposal.profile = std::move(*profile);
  return proposal;
}

// The version in force as its profile has it, should nothing else be known of it.
ProfileVersion in_force(const Record& record) {
  return {record.head.version, record.head.accepted_at, {}, {}, std::string(record.public_json)};
}

}  // namespace

std::string proposal_vault_key(std::string_view id) { return std::string("draft ").append(id); }

bool is_version_key(std::string_view key) { return !key.empty() && key.front() == kVersionMark; }

std::string version_key(std::string_view id, std::uint64_t version) { return versions_prefix(id) + big_endian(version); }

std::string encode_version(const ProfileVersion& version) {
  std::string bytes(1, kFormat);
  append_varint(bytes, version.at);
  append_text(bytes, version.who);
  append_text(bytes, version.via);
  return bytes.append(version.public_json);
}

Result<ProfileVersion> decode_version(std::uint64_t number, std::string_view bytes) {
  ProfileVersion version;
  version.version = number;
  if (!take_format(bytes) || !take_varint(bytes, version.at) || !take_text(bytes, version.who) ||
      !take_text(bytes, version.via))
    return damaged("version", std::to_string(number));
  version.public_json = bytes;
  return version;
}

Result<std::vector<ProfileVersion>> versions_of(const Store& store, std::string_view id, bool texts) {
  const Database& database = store.database();
  const Database::View view(database);
  const auto bytes = database.get(Family::kProfiles, id, &view);
  if (!bytes) return tl::unexpected(bytes.error());
  std::optional<Record> record;
  if (*bytes) {
    Result<Record> read = read_record(**bytes);
    if (!read) return tl::unexpected(std::move(read.error()));
    record = *read;
  } else {
    const Result<std::optional<Alias>> alias = read_alias(database, id);
    if (!alias) return tl::unexpected(alias.error());
    if (!*alias) return fail(ErrorCode::kNotFound, "id", "there is no such profile");
  }
  std::vector<ProfileVersion> found;
  const std::string prefix = versions_prefix(id);
  Database::Cursor entries(database, Family::kVersions, &view);
  for (entries.seek(prefix); entries.valid() && entries.key().starts_with(prefix); entries.next()) {
    std::uint64_t number = 0;
    if (!parse_big_endian(entries.key().substr(prefix.size()), number)) return damaged("a version", id);
    Result<ProfileVersion> version = decode_version(number, entries.value());
    if (!version) return tl::unexpected(std::move(version.error()));
    found.push_back(std::move(*version));
  }
  if (Status walked = entries.status(); !walked) return tl::unexpected(walked.error());
  if (record) {
    if (found.empty() || found.back().version != record->head.version) found.push_back(in_force(*record));
    found.back().public_json = record->public_json;
  }
  if (!texts)
    for (ProfileVersion& version : found) version.public_json.clear();
  return found;
}

Result<ProfileVersion> version_of(const Store& store, std::string_view id, std::uint64_t number) {
  Result<std::vector<ProfileVersion>> all = versions_of(store, id, true);
  if (!all) return tl::unexpected(std::move(all.error()));
  for (ProfileVersion& one : *all)
    if (one.version == number) return std::move(one);
  return fail(ErrorCode::kNotFound, "version", "version " + std::to_string(number) + " is not kept",
              "the " + std::to_string(kVersionsKept) + " before the one in force are");
}

Result<std::optional<Proposal>> read_proposal(const Store& store, std::string_view id, bool with_private) {
  const Database& database = store.database();
  const Database::View view(database);
  const auto bytes = database.get(Family::kVersions, proposal_key(id), &view);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  std::string hidden;
  if (with_private) {
    const std::string key = proposal_vault_key(id);
    const auto sealed = database.get(Family::kContacts, key, &view);
    if (!sealed) return tl::unexpected(sealed.error());
    Result<std::string> opened = store.vault().unseal(key, sealed->value_or(""), &view);
    if (!opened) return tl::unexpected(std::move(opened.error()));
    hidden = std::move(*opened);
  }
  return decode_proposal(id, **bytes, hidden).map([](Proposal proposal) { return std::optional(std::move(proposal)); });
}

Result<Profile> published_or_proposed(const Store& store, std::string_view id, bool with_private) {
  Result<StoredProfile> stored = store.get(id, with_private);
  if (stored) return std::move(stored->profile);
  if (stored.error().code != ErrorCode::kNotFound) return tl::unexpected(std::move(stored.error()));
  Result<std::optional<Proposal>> proposal = read_proposal(store, id, with_private);
  if (!proposal) return tl::unexpected(std::move(proposal.error()));
  if (*proposal) return std::move((*proposal)->profile);
  return tl::unexpected(std::move(stored.error()));
}

bool is_proposed(const Database& database, std::string_view id) {
  const auto bytes = database.get(Family::kVersions, proposal_key(id));
  return bytes && *bytes;
}

Status add_proposal(std::vector<Database::Edit>& edits, const Proposal& proposal, const Vault& vault) {
  std::string bytes(1, kFormat);
  append_text(bytes, proposal.case_id);
  append_text(bytes, proposal.who);
  append_varint(bytes, proposal.at);
  append_varint(bytes, proposal.base);
  append_text(bytes, to_json(proposal.profile, Visibility::kPublic));
  edits.push_back({Family::kVersions, proposal_key(proposal.profile.id), std::move(bytes)});
  return vault.seal(edits, proposal_vault_key(proposal.profile.id), private_json(proposal.profile), true);
}

Status remove_proposal(std::vector<Database::Edit>& edits, const std::string& id, const Vault& vault) {
  edits.push_back({Family::kVersions, proposal_key(id), {}});
  return vault.seal(edits, proposal_vault_key(id), {}, false);
}

Result<std::vector<std::string>> proposed_ids(const Database& database, std::string_view after, std::size_t limit) {
  std::vector<std::string> ids;
  Database::Cursor entries(database, Family::kVersions);
  for (entries.seek(proposal_key(after)); entries.valid() && ids.size() < limit; entries.next()) {
    if (entries.key().empty() || entries.key().front() != kProposalMark) break;
    const std::string_view id = entries.key().substr(1);
    if (id != after) ids.emplace_back(id);
  }
  if (Status walked = entries.status(); !walked) return tl::unexpected(walked.error());
  return ids;
}

}  // namespace counterpart::index
