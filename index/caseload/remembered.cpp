#include "index/caseload/remembered.h"

#include <utility>

#include "index/base/codec.h"
#include "index/caseload/case_records.h"

namespace counterpart::index {
namespace {

constexpr char kFormat = 1;
constexpr std::size_t kMostAtOnce = 100;  // are dropped with one call, so that none takes long

// Keys of Family::kCases.
std::string repeat_key(std::string_view key) { return std::string(1, kRepeatMark).append(key); }
std::string repeat_time_key(std::int64_t at, std::string_view key) {
  return std::string(1, kRepeatTimeMark).append(big_endian(static_cast<std::uint64_t>(at))).append(key);
}
std::string bulk_key(std::string_view id) { return std::string(1, kBulkMark).append(id); }

tl::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorCode::kCorrupt, std::string(what), "does not decode", "restore the last backup");
}

bool take_count(std::string_view& bytes, std::int64_t& number) {
  std::uint64_t value = 0;
  if (!take_varint(bytes, value)) return false;
  number = static_cast<std::int64_t>(value);
  return true;
}

std::string encode(const Bulk& bulk) {
  std::string bytes(1, kFormat);
  for (const std::string* text : {&bulk.verb, &bulk.desk, &bulk.office}) append_text(bytes, *text);
  for (const std::int64_t time : {bulk.at, bulk.undone}) append_varint(bytes, static_cast<std::uint64_t>(time));
  append_varint(bytes, bulk.rows.size());
  for (const BulkRow& row : bulk.rows) {
    append_text(bytes, row.case_id);
    append_varint(bytes, row.act);
    if (!row.refused) continue;
    append_varint(bytes, static_cast<std::uint64_t>(row.refused->code));
    for (const std::string* text : {&row.refused->place, &row.refused->message, &row.refused->remedy})
      append_text(bytes, *text);
  }
  return bytes;
}

bool take_row(std::string_view& bytes, BulkRow& row) {
  std::int64_t act = 0, code = 0;
  if (!take_text(bytes, row.case_id) || !take_count(bytes, act)) return false;
  row.act = static_cast<unsigned>(act);
  if (row.act > 0) return true;
  Error& refused = row.refused.emplace();
  if (!take_count(bytes, code)) return false;
  refused.code = static_cast<ErrorCode>(code);
  return take_text(bytes, refused.place) && take_text(bytes, refused.message) && take_text(bytes, refused.remedy);
}

std::optional<Bulk> decode_bulk(std::string_view id, std::string_view bytes) {
  Bulk bulk;
  bulk.id = id;
  if (bytes.empty() || bytes.front() != kFormat) return std::nullopt;
  bytes.remove_prefix(1);
  for (std::string* text : {&bulk.verb, &bulk.desk, &bulk.office})
    if (!take_text(bytes, *text)) return std::nullopt;
  std::int64_t count = 0;
  for (std::int64_t* number : {&bulk.at, &bulk.undone, &count})
    if (!take_count(bytes, *number)) return std::nullopt;
  for (; count > 0; --count)
    if (!take_row(bytes, bulk.rows.emplace_back())) return std::nullopt;
  return bulk;
}

}  // namespace

Result<std::optional<Repeat>> find_repeat(const Database& database, const RepeatKey& key) {
  const auto found = database.get(Family::kCases, repeat_key(key.key));
  if (!found) return tl::unexpected(found.error());
  if (!*found) return std::nullopt;
  std::string_view bytes = **found;
  Repeat repeat;
  if (bytes.empty() || bytes.front() != kFormat) return damaged("a key of a call");
  bytes.remove_prefix(1);
  if (!take_text(bytes, repeat.request) || !take_text(bytes, repeat.made) || !take_count(bytes, repeat.at))
    return damaged("a key of a call");
  if (repeat.request != key.request)
    return fail(ErrorCode::kConflict, "Idempotency-Key", "this key has been used for another request",
                "use a new key for a new request");
  return repeat;
}

void add_repeat(const RepeatKey& key, const std::string& made, std::int64_t now, std::vector<Database::Edit>& edits) {
  std::string bytes(1, kFormat);
  append_text(bytes, key.request);
  append_text(bytes, made);
  append_varint(bytes, static_cast<std::uint64_t>(now));
  edits.push_back({Family::kCases, repeat_key(key.key), std::move(bytes)});
  edits.push_back({Family::kCases, repeat_time_key(now, key.key), std::string()});
}

Result<std::size_t> count_repeats(const Database& database) {
  std::size_t count = 0;
  const Status walked = walk(database, Family::kCases, std::string(1, kRepeatTimeMark), {},
                             [&](std::string_view, std::string_view) -> Result<bool> { return ++count > 0; });
  if (!walked) return tl::unexpected(walked.error());
  return count;
}

Result<std::size_t> drop_old_repeats(const Database& database, std::size_t count, std::int64_t now,
                                     std::vector<Database::Edit>& edits) {
  std::size_t dropped = 0;
  const std::string oldest_kept = repeat_time_key(now - kRepeatsKept, {}).substr(1);
  const Status walked = walk(database, Family::kCases, std::string(1, kRepeatTimeMark), {},
                             [&](std::string_view rest, std::string_view) -> Result<bool> {
                               const bool too_many = count - dropped > kMostRepeats;
                               if ((rest >= oldest_kept && !too_many) || dropped == kMostAtOnce) return false;
                               edits.push_back({Family::kCases, std::string(1, kRepeatTimeMark).append(rest), {}});
                               edits.push_back({Family::kCases, repeat_key(rest.substr(oldest_kept.size())), {}});
                               ++dropped;
                               return true;
                             });
  if (!walked) return tl::unexpected(walked.error());
  return dropped;
}

Result<Bulk> read_bulk(const Database& database, std::string_view id) {
  const auto bytes = database.get(Family::kCases, bulk_key(id));
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes)
    return fail(ErrorCode::kNotFound, "id", "there is no such operation", "it is kept for 30 days: the answer has its id");
  std::optional<Bulk> bulk = decode_bulk(id, **bytes);
  if (!bulk) return damaged("operation " + std::string(id));
  return std::move(*bulk);
}

void add_bulk(const Bulk& bulk, std::vector<Database::Edit>& edits) {
  edits.push_back({Family::kCases, bulk_key(bulk.id), encode(bulk)});
}

Status drop_old_bulks(const Database& database, std::int64_t now, std::vector<Database::Edit>& edits) {
  std::size_t dropped = 0;
  return walk(database, Family::kCases, std::string(1, kBulkMark), {},
              [&](std::string_view id, std::string_view bytes) -> Result<bool> {
                const std::optional<Bulk> bulk = decode_bulk(id, bytes);
                if (!bulk) return damaged("operation " + std::string(id));
                if (bulk->at >= now - kBulksKept || dropped == kMostAtOnce) return false;
                edits.push_back({Family::kCases, bulk_key(id), {}});
                ++dropped;
                return true;
              });
}

}  // namespace counterpart::index
