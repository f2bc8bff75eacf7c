#include "index/store/checks.h"

#include <utility>

#include "index/base/codec.h"

namespace counterpart::index {
namespace {

constexpr char kCheckMark = 's', kListedMark = 'x';
constexpr char kFormat = 1;

std::string key_of(char mark, std::string_view id) { return std::string(1, mark).append(id); }

tl::unexpected<Error> damaged(std::string_view id) {
  return fail(ErrorCode::kCorrupt, "due diligence of `" + std::string(id) + "`", "does not decode", "restore the last backup");
}

template <class Word>
bool take_word(std::string_view& bytes, Word& word) {
  if (bytes.empty() || static_cast<std::size_t>(bytes.front()) >= Vocabulary<Word>::kNames.size()) return false;
  word = static_cast<Word>(bytes.front());
  bytes.remove_prefix(1);
  return true;
}

bool take_format(std::string_view& bytes) {
  if (bytes.empty() || bytes.front() != kFormat) return false;
  bytes.remove_prefix(1);
  return true;
}

std::string encode(const Check& check) {
  std::string bytes{kFormat, static_cast<char>(check.status)};
  for (const std::string* text : {&check.reason, &check.office, &check.desk, &check.until}) append_text(bytes, *text);
  append_varint(bytes, check.at);
  append_varint(bytes, check.number);
  return bytes;
}

Result<Check> decode_check(std::string_view id, std::string_view bytes) {
  Check check;
  bool whole = take_format(bytes) && take_word(bytes, check.status);
  for (std::string* text : {&check.reason, &check.office, &check.desk, &check.until}) whole = whole && take_text(bytes, *text);
  whole = whole && take_varint(bytes, check.at) && take_varint(bytes, check.number) && bytes.empty();
  return whole ? Result<Check>(std::move(check)) : damaged(id);
}

std::string encode(const ListedAs& listed) {
  std::string bytes{kFormat, static_cast<char>(listed.likeness)};
  for (const std::string* text : {&listed.name, &listed.source, &listed.date}) append_text(bytes, *text);
  append_varint(bytes, listed.line);
  return bytes;
}

Result<ListedAs> decode_listed(std::string_view id, std::string_view bytes) {
  ListedAs listed;
  bool whole = take_format(bytes) && take_word(bytes, listed.likeness);
  for (std::string* text : {&listed.name, &listed.source, &listed.date}) whole = whole && take_text(bytes, *text);
  whole = whole && take_varint(bytes, listed.line) && bytes.empty();
  return whole ? Result<ListedAs>(std::move(listed)) : damaged(id);
}

}  // namespace

bool Diligence::excluded() const {
  if (listed && listed->likeness == Likeness::kIdentifier) return true;
  if (check && check->status == CheckStatus::kExcluded) return true;
  return listed && listed->likeness == Likeness::kName && !(check && check->status == CheckStatus::kChecked);
}

CheckStatus status_on(const Diligence& diligence, std::string_view today) {
  if (diligence.excluded()) return CheckStatus::kExcluded;
  if (!diligence.check || diligence.check->status != CheckStatus::kChecked) return CheckStatus::kNotChecked;
  const std::string& until = diligence.check->until;
  return until.empty() || until >= today ? CheckStatus::kChecked : CheckStatus::kNotChecked;
}

Result<Diligence> read_diligence(const Database& database, std::string_view id) {
  Diligence diligence;
  const auto check = database.get(Family::kVersions, key_of(kCheckMark, id));
  if (!check) return tl::unexpected(check.error());
  if (*check) {
    Result<Check> decoded = decode_check(id, **check);
    if (!decoded) return tl::unexpected(std::move(decoded.error()));
    diligence.check = std::move(*decoded);
  }
  const auto listed = database.get(Family::kVersions, key_of(kListedMark, id));
  if (!listed) return tl::unexpected(listed.error());
  if (*listed) {
    Result<ListedAs> decoded = decode_listed(id, **listed);
    if (!decoded) return tl::unexpected(std::move(decoded.error()));
    diligence.listed = std::move(*decoded);
  }
  return diligence;
}

Result<bool> is_excluded(const Database& database, std::string_view id) {
  return read_diligence(database, id).map([](const Diligence& diligence) { return diligence.excluded(); });
}

Status check_not_excluded(const Database& database, std::string_view id, std::string_view place) {
  const Result<bool> excluded = is_excluded(database, id);
  if (!excluded) return tl::unexpected(excluded.error());
  if (!*excluded) return {};
  return fail(ErrorCode::kConflict, std::string(place), std::string(kIsExcluded), "its due diligence tells by whom");
}

Result<std::set<std::string, std::less<>>> excluded_ids(const Database& database) {
  std::set<std::string, std::less<>> excluded;
  for (const char mark : {kCheckMark, kListedMark}) {
    Database::Cursor entries(database, Family::kVersions);
    for (entries.seek(std::string(1, mark)); entries.valid() && entries.key().front() == mark; entries.next()) {
      const std::string_view id = entries.key().substr(1);
      const Result<bool> is = is_excluded(database, id);
      if (!is) return tl::unexpected(is.error());
      if (*is) excluded.emplace(id);
    }
    if (Status walked = entries.status(); !walked) return tl::unexpected(walked.error());
  }
  return excluded;
}

void add_diligence(std::vector<Database::Edit>& edits, const std::string& id, const Diligence& diligence) {
  edits.push_back(
      {Family::kVersions, key_of(kCheckMark, id), diligence.check ? std::optional(encode(*diligence.check)) : std::nullopt});
  edits.push_back(
      {Family::kVersions, key_of(kListedMark, id), diligence.listed ? std::optional(encode(*diligence.listed)) : std::nullopt});
}

}  // namespace counterpart::index
