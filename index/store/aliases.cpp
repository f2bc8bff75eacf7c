#include "index/store/aliases.h"

#include <set>
#include <utility>

#include "index/base/codec.h"

namespace counterpart::index {
namespace {

constexpr char kAliasMark = 'a', kMergedMark = 'm';
constexpr char kFormat = 1;
constexpr int kLongest = 10'000;  // links, one merge each: a longer way is a circle

std::string alias_key(std::string_view id) { return std::string(1, kAliasMark).append(id); }
std::string merged_prefix(std::string_view survivor) { return std::string(1, kMergedMark).append(survivor).append(1, '\0'); }
std::string merged_key(std::string_view survivor, std::string_view id) { return merged_prefix(survivor).append(id); }

tl::unexpected<Error> damaged(std::string_view id) {
  return fail(ErrorCode::kCorrupt, "alias `" + std::string(id) + "`", "does not decode", "restore the last backup");
}

Result<Alias> decode(std::string_view id, std::string_view bytes) {
  Alias alias;
  alias.id = id;
  if (bytes.empty() || bytes.front() != kFormat) return damaged(id);
  bytes.remove_prefix(1);
  for (std::string* text : {&alias.survivor, &alias.case_id, &alias.who})
    if (!take_text(bytes, *text)) return damaged(id);
  if (!take_varint(bytes, alias.at)) return damaged(id);
  for (Body* body : {&alias.own, &alias.before, &alias.merged})
    if (!take_text(bytes, body->public_json)) return damaged(id);
  if (!bytes.empty() || alias.survivor.empty()) return damaged(id);
  return alias;
}

std::string private_bytes(const Alias& alias) {
  std::string bytes;
  bool any = false;
  for (const Body* body : {&alias.own, &alias.before, &alias.merged}) {
    append_text(bytes, body->private_json);
    any = any || !body->private_json.empty();
  }
  return any ? bytes : std::string();
}

}  // namespace

std::string alias_vault_key(std::string_view id) { return std::string("alias ").append(id); }

Result<std::optional<Alias>> read_alias(const Database& database, std::string_view id) {
  const auto bytes = database.get(Family::kVersions, alias_key(id));
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  return decode(id, **bytes).map([](Alias alias) { return std::optional(std::move(alias)); });
}

Result<std::optional<Alias>> read_alias(const Database& database, std::string_view id, const Vault& vault) {
  Result<std::optional<Alias>> alias = read_alias(database, id);
  if (!alias || !*alias) return alias;
  const std::string key = alias_vault_key(id);
  const auto sealed = database.get(Family::kContacts, key);
  if (!sealed) return tl::unexpected(sealed.error());
  if (!*sealed) return alias;
  const Result<std::string> opened = vault.unseal(key, **sealed);
  if (!opened) return tl::unexpected(opened.error());
  std::string_view rest = *opened;
  for (Body* body : {&(*alias)->own, &(*alias)->before, &(*alias)->merged})
    if (!take_text(rest, body->private_json)) return damaged(id);
  return alias;
}

Result<std::string> survivor_of(const Database& database, std::string_view id) {
  std::string at(id);
  for (int i = 0; i < kLongest; ++i) {
    Result<std::optional<Alias>> alias = read_alias(database, at);
    if (!alias) return tl::unexpected(std::move(alias.error()));
    if (!*alias) return at;
    at = std::move((*alias)->survivor);
  }
  return fail(ErrorCode::kCorrupt, "alias `" + std::string(id) + "`", "leads to itself", "restore the last backup");
}

Result<std::vector<std::string>> family_of(const Database& database, std::string_view id) {
  Result<std::string> survivor = survivor_of(database, id);
  if (!survivor) return tl::unexpected(std::move(survivor.error()));
  std::vector<std::string> family{std::move(*survivor)};
  for (std::size_t i = 0; i < family.size(); ++i) {
    const std::string prefix = merged_prefix(family[i]);
    Database::Cursor entries(database, Family::kVersions);
    for (entries.seek(prefix); entries.valid() && entries.key().starts_with(prefix); entries.next())
      family.emplace_back(entries.key().substr(prefix.size()));
    if (Status walked = entries.status(); !walked) return tl::unexpected(walked.error());
  }
  return family;
}

Result<std::vector<Alias>> all_aliases(const Database& database) {
  std::vector<Alias> all;
  Database::Cursor entries(database, Family::kVersions);
  for (entries.seek(alias_key({})); entries.valid() && entries.key().front() == kAliasMark; entries.next()) {
    Result<Alias> alias = decode(entries.key().substr(1), entries.value());
    if (!alias) return tl::unexpected(std::move(alias.error()));
    all.push_back(std::move(*alias));
  }
  if (Status walked = entries.status(); !walked) return tl::unexpected(walked.error());
  return all;
}

Result<VerifyReport> check_aliases(const Database& database, VerifyReport report) {
  const Result<std::vector<Alias>> all = all_aliases(database);
  if (!all) {
    report.differs(describe(all.error()));
    return report;
  }
  std::set<std::string> marks;
  for (const Alias& alias : *all) {
    const std::string name = "alias `" + alias.id + "`";
    marks.insert(merged_key(alias.survivor, alias.id));
    const Result<std::string> survivor = survivor_of(database, alias.id);
    if (!survivor) {
      report.differs(describe(survivor.error()));
      continue;
    }
    for (const auto& [id, wanted] : {std::pair{*survivor, true}, {alias.id, false}}) {
      const auto there = database.get(Family::kProfiles, id);
      if (!there) return tl::unexpected(there.error());
      if (there->has_value() != wanted)
        report.differs(wanted ? name + " leads to `" + id + "`, which is no profile" : name + " is a profile, too");
    }
  }
  const std::string prefix(1, kMergedMark);
  Database::Cursor entries(database, Family::kVersions);
  for (entries.seek(prefix); entries.valid() && entries.key().starts_with(prefix); entries.next())
    if (marks.erase(std::string(entries.key())) == 0) report.differs("a mark of a merge is left of one that was undone");
  if (Status walked = entries.status(); !walked) return tl::unexpected(walked.error());
  for (const std::string& mark : marks)
    report.differs("a merge into `" + mark.substr(1, mark.find('\0') - 1) + "` has no mark");
  return report;
}

Status add_alias(std::vector<Database::Edit>& edits, const Alias& alias, const Vault& vault) {
  std::string bytes(1, kFormat);
  for (const std::string* text : {&alias.survivor, &alias.case_id, &alias.who}) append_text(bytes, *text);
  append_varint(bytes, alias.at);
  for (const Body* body : {&alias.own, &alias.before, &alias.merged}) append_text(bytes, body->public_json);
  edits.push_back({Family::kVersions, alias_key(alias.id), std::move(bytes)});
  edits.push_back({Family::kVersions, merged_key(alias.survivor, alias.id), std::string()});
  return vault.seal(edits, alias_vault_key(alias.id), private_bytes(alias), true);
}

Status remove_alias(std::vector<Database::Edit>& edits, const Alias& alias, const Vault& vault) {
  edits.push_back({Family::kVersions, alias_key(alias.id), {}});
  edits.push_back({Family::kVersions, merged_key(alias.survivor, alias.id), {}});
  return vault.seal(edits, alias_vault_key(alias.id), {}, false);
}

}  // namespace counterpart::index
