#include "index/store/audit.h"

#include <boost/json.hpp>

#include "engine/base/hex.h"
#include "index/base/codec.h"
#include "index/base/crypto.h"
#include "index/base/kill_point.h"
#include "index/base/time.h"
#include "index/store/audit_head.h"

namespace counterpart::index {
namespace {

namespace json = boost::json;

constexpr std::string_view kHeadKey = "audit";
constexpr std::size_t kHash = 32;

std::string text_of(const AuditEntry& entry) {
  json::object out{{"at", entry.at}, {"who", entry.who}, {"what", entry.what}, {"subject", entry.subject}};
  if (entry.version > 0) out["version"] = entry.version;
  return json::serialize(out);
}

std::string chained(std::string_view before, std::string_view key, std::string_view text) {
  return digest_of(std::string(before).append(key).append(text));
}

// An entry is stored as its hash and its text. False: it does not decode.
bool decode(std::string_view key, std::string_view value, AuditEntry& entry) {
  if (!parse_big_endian(key, entry.number) || value.size() < kHash) return false;
  entry.hash = hex(value.substr(0, kHash));
  const std::string_view text = value.substr(kHash);
  try {
    const json::value parsed = json::parse(json::string_view(text.data(), text.size()));
    entry.at = parsed.at("at").to_number<std::uint64_t>();
    entry.who = parsed.at("who").as_string();
    entry.what = parsed.at("what").as_string();
    entry.subject = parsed.at("subject").as_string();
    const json::value* version = parsed.as_object().if_contains("version");
    entry.version = version ? version->to_number<std::uint64_t>() : 0;
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

Result<AuditHead> audit_head(const Database& database, const Database::View* view) {
  const auto bytes = database.get(Family::kMeta, kHeadKey, view);
  if (!bytes) return tl::unexpected(bytes.error());
  AuditHead head{0, hex(std::string(kHash, '\0'))};
  if (!*bytes) return head;
  if ((*bytes)->size() != 8 + kHash || !parse_big_endian(std::string_view(**bytes).substr(0, 8), head.entries))
    return fail(ErrorCode::kCorrupt, "audit log", "its head does not decode", "restore the last backup");
  head.hash = hex((*bytes)->substr(8));
  return head;
}

Result<AuditLog::Head> AuditLog::read_head(const Database& database, const Database::View* view) {
  return audit_head(database, view).map([](const AuditHead& head) { return Head{head.entries, *from_hex(head.hash)}; });
}

Result<std::unique_ptr<AuditLog>> AuditLog::open(const Database& database) {
  std::unique_ptr<AuditLog> log(new AuditLog(database));
  Result<Head> head = read_head(database, nullptr);
  if (!head) return tl::unexpected(head.error());
  log->head_ = std::move(*head);
  return log;
}

void AuditLog::append(std::vector<AuditEntry> entries, std::vector<Database::Edit>& edits) {
  next_ = head_;
  if (entries.empty()) return;
  for (AuditEntry& entry : entries) {
    if (entry.at == 0) entry.at = now_utc();
    const std::string key = big_endian(++next_.number), text = text_of(entry);
    next_.hash = chained(next_.hash, key, text);
    edits.push_back({Family::kAudit, key, next_.hash + text});
  }
  edits.push_back({Family::kMeta, std::string(kHeadKey), big_endian(next_.number) + next_.hash});
  kill_point("audit: entries in a batch that is not written");
}

void AuditLog::finish_append(bool written) {
  if (written) head_ = next_;
}

Status AuditLog::read_anew() {
  Result<Head> head = read_head(database_, nullptr);
  if (!head) return tl::unexpected(head.error());
  head_ = std::move(*head);
  return {};
}

Result<std::vector<AuditEntry>> AuditLog::list(std::uint64_t after, std::size_t limit, std::string_view subject) const {
  std::vector<AuditEntry> found;
  if (after == ~std::uint64_t{0}) return found;
  Database::Cursor entries(database_, Family::kAudit);
  for (entries.seek(big_endian(after + 1)); entries.valid() && found.size() < limit; entries.next()) {
    AuditEntry entry;
    if (!decode(entries.key(), entries.value(), entry))
      return fail(ErrorCode::kCorrupt, "audit log", "an entry does not decode", "see `counterpart audit verify`");
    if (subject.empty() || entry.subject == subject) found.push_back(std::move(entry));
  }
  if (Status walked = entries.status(); !walked) return tl::unexpected(walked.error());
  return found;
}

Result<AuditVerdict> AuditLog::verify(std::string_view seen) const {
  const Database::View view(database_);
  const Result<Head> head = read_head(database_, &view);
  if (!head) return tl::unexpected(head.error());
  AuditVerdict verdict{.entries = 0, .head = hex(head->hash), .broken_at = 0, .what = {}};
  const auto broken = [&](std::string what) {
    verdict.broken_at = verdict.entries + 1;
    verdict.what = std::move(what);
    return verdict;
  };
  std::string hash(kHash, '\0');
  bool on_chain = seen.empty() || seen == hex(hash);
  Database::Cursor entries(database_, Family::kAudit, &view);
  for (entries.first(); entries.valid(); entries.next()) {
    const std::string_view value = entries.value();
    AuditEntry entry;
    if (!decode(entries.key(), value, entry)) return broken("it does not decode");
    if (entry.number != verdict.entries + 1) return broken("it is missing");
    hash = chained(hash, entries.key(), value.substr(kHash));
    if (value.substr(0, kHash) != hash) return broken("its hash is not that of its text and the entry before it");
    ++verdict.entries;
    on_chain = on_chain || hex(hash) == seen;
  }
  if (Status walked = entries.status(); !walked) return tl::unexpected(walked.error());
  if (verdict.entries < head->number) return broken("the log ends here, but its head counts " + std::to_string(head->number));
  if (hash != head->hash) return broken("the head is not the hash of the last entry");
  if (!on_chain) return broken("the head that was noted earlier is no longer on the chain: entries were rewritten");
  return verdict;
}

}  // namespace counterpart::index
