#include "index/standing/standing_marks.h"

#include "index/base/codec.h"

namespace counterpart::index {
namespace {

constexpr char kAlert = 'a';
constexpr char kMark = 'm';
constexpr std::size_t kNumber = 8;
constexpr std::string_view kCountersKey = "standing";

std::string marks_from(std::string_view profile) {
  std::string key(1, kMark);
  key.append(profile);
  return key += '\0';
}

}  // namespace

std::string alert_key(std::uint64_t number) { return kAlert + big_endian(number); }

std::string mark_key(std::string_view profile, std::uint64_t query) { return marks_from(profile) + big_endian(query); }

bool parse_alert_key(std::string_view key, std::uint64_t& number) {
  return !key.empty() && key[0] == kAlert && parse_big_endian(key.substr(1), number);
}

bool parse_mark_key(std::string_view key, std::string_view& profile, std::uint64_t& query) {
  if (key.size() < kNumber + 2 || key[0] != kMark || key[key.size() - kNumber - 1] != '\0') return false;
  profile = key.substr(1, key.size() - kNumber - 2);
  return parse_big_endian(key.substr(key.size() - kNumber), query);
}

Database::Edit edit_of(const StandingCounters& counters) {
  std::string bytes;
  append_varint(bytes, counters.query);
  append_varint(bytes, counters.alert);
  return {Family::kMeta, std::string(kCountersKey), std::move(bytes)};
}

Result<StandingCounters> standing_counters(const Database& database, const Database::View* view) {
  StandingCounters counters;
  const auto bytes = database.get(Family::kMeta, kCountersKey, view);
  if (!bytes) return tl::unexpected(bytes.error());
  std::string_view rest = *bytes ? std::string_view(**bytes) : std::string_view();
  if (!*bytes || (take_varint(rest, counters.query) && take_varint(rest, counters.alert))) return counters;
  return fail(ErrorCode::kCorrupt, "standing", "its counters do not decode", "restore the last backup");
}

MarkCursor::MarkCursor(const Database& database, const Database::View* view) : cursor_(database, Family::kAlerts, view) {
  cursor_.seek(std::string_view(&kMark, 1));
}

void MarkCursor::seek(std::string_view profile) { cursor_.seek(marks_from(profile)); }

bool MarkCursor::valid() {
  if (!cursor_.valid() || damaged_) return false;
  damaged_ = !parse_mark_key(cursor_.key(), profile_, query_);
  return !damaged_;
}

Status MarkCursor::status() const {
  if (damaged_) return fail(ErrorCode::kCorrupt, "standing", "a mark does not decode", "restore the last backup");
  return cursor_.status();
}

Result<std::vector<std::uint64_t>> marks_of(const Database& database, std::string_view profile) {
  std::vector<std::uint64_t> queries;
  MarkCursor marks(database);
  for (marks.seek(profile); marks.valid() && marks.profile() == profile; marks.next()) queries.push_back(marks.query());
  if (const Status walked = marks.status(); !walked) return tl::unexpected(walked.error());
  return queries;
}

MarkChanges compare_marks(const std::vector<std::uint64_t>& marks, const std::vector<StandingFit>& fits) {
  MarkChanges changes;
  auto mark = marks.begin();
  for (const StandingFit& fit : fits) {
    for (; mark != marks.end() && *mark < fit.query; ++mark) changes.lost.push_back(*mark);
    if (mark != marks.end() && *mark == fit.query)
      ++mark;
    else
      changes.gained.push_back(fit);
  }
  changes.lost.insert(changes.lost.end(), mark, marks.end());
  return changes;
}

}  // namespace counterpart::index
