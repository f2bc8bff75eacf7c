#include "index/caseload/shared_cases.h"

#include <algorithm>

#include "engine/casework/case_json.h"
#include "index/base/codec.h"
#include "index/caseload/case_records.h"

namespace counterpart::index {
namespace {

constexpr char kFormat = 1;
// Of what another office tells of one case: an act of a few bytes is a kilobyte in memory.
constexpr std::size_t kMostActs = 4096, kMostMessage = 1 << 20;
constexpr std::string_view kShared = "case-shared:", kHere = "case-shared-here:", kUntold = "case-untold:",
                           kStandIn = "case-office:";

// No id of an office has a NUL.
std::string key_of(std::string_view prefix, std::string_view office, std::string_view shared) {
  return std::string(prefix).append(office).append(1, '\0').append(shared);
}

tl::unexpected<Error> damaged() {
  return fail(ErrorCode::kCorrupt, "cases", "a record of a case that is shared with another office does not decode",
              "restore the last backup");
}

// An act in the bytes of a case that has no other.
std::string encode_act(Act act) {
  if (act.verb.empty()) return {};
  act.number = 1;
  Case of;
  of.id = of.kind = of.asking.profile = of.asking.office = of.answering.profile = of.answering.office = "x";
  of.log.push_back(std::move(act));
  return encode_case(of);
}

bool decode_act(const std::string& bytes, Act& act) {
  if (bytes.empty()) return true;
  Result<Case> of = decode_case(bytes);
  if (!of || of->log.size() != 1) return false;
  act = std::move(of->log.front());
  return true;
}

void append_flag(std::string& bytes, bool flag) { bytes.push_back(flag ? 1 : 0); }
bool take_flag(std::string_view& bytes, bool& flag) {
  if (bytes.empty() || static_cast<unsigned char>(bytes.front()) > 1) return false;
  flag = bytes.front() == 1;
  bytes.remove_prefix(1);
  return true;
}
bool take_count(std::string_view& bytes, unsigned& number) {
  std::uint64_t value = 0;
  if (!take_varint(bytes, value) || value > std::uint32_t(-1)) return false;
  number = static_cast<unsigned>(value);
  return true;
}

void append_asked(std::string& bytes, const std::vector<AskedAct>& asked) {
  append_varint(bytes, asked.size());
  for (const AskedAct& one : asked) {
    append_text(bytes, one.id);
    append_varint(bytes, one.seen);
    append_text(bytes, encode_act(one.act));
    append_varint(bytes, one.number);
    append_text(bytes, one.refused);
  }
}

bool take_asked(std::string_view& bytes, std::vector<AskedAct>& asked, std::size_t most) {
  std::uint64_t count = 0;
  if (!take_varint(bytes, count) || count > std::min(bytes.size(), most)) return false;
  for (; count > 0; --count) {
    AskedAct& one = asked.emplace_back();
    std::string act;
    if (!take_text(bytes, one.id) || !take_count(bytes, one.seen) || !take_text(bytes, act) || !decode_act(act, one.act) ||
        !take_count(bytes, one.number) || !take_text(bytes, one.refused))
      return false;
  }
  return true;
}

std::string encode(const SharedCase& of) {
  std::string bytes(1, kFormat);
  for (const std::string* text : {&of.kind, &of.origin, &of.case_id, &of.profile}) append_text(bytes, *text);
  for (const bool flag : {of.home, of.gone, of.over, of.releases}) append_flag(bytes, flag);
  for (const std::uint64_t number : {of.version, of.told_epoch, of.told, of.heard_epoch, of.heard, std::uint64_t{of.confirmed}})
    append_varint(bytes, number);
  append_asked(bytes, of.asked);
  return bytes;
}

// `rest`: the key behind its prefix.
Result<SharedCase> decode(std::string_view rest, std::string_view bytes) {
  SharedCase of;
  const std::size_t cut = rest.find('\0');
  if (cut == rest.npos || bytes.empty() || bytes.front() != kFormat) return damaged();
  bytes.remove_prefix(1);
  of.office = rest.substr(0, cut);
  of.shared = rest.substr(cut + 1);
  const bool whole = take_text(bytes, of.kind) && take_text(bytes, of.origin) && take_text(bytes, of.case_id) &&
                     take_text(bytes, of.profile) && take_flag(bytes, of.home) && take_flag(bytes, of.gone) &&
                     take_flag(bytes, of.over) && take_flag(bytes, of.releases) && take_varint(bytes, of.version) &&
                     take_varint(bytes, of.told_epoch) && take_varint(bytes, of.told) && take_varint(bytes, of.heard_epoch) &&
                     take_varint(bytes, of.heard) && take_count(bytes, of.confirmed) &&
                     take_asked(bytes, of.asked, bytes.size()) && bytes.empty();
  return whole ? Result<SharedCase>(std::move(of)) : damaged();
}

}  // namespace

std::vector<AskedAct>::iterator SharedCase::find(std::string_view id) { return std::ranges::find(asked, id, &AskedAct::id); }

std::size_t SharedCase::waiting() const {
  return static_cast<std::size_t>(std::ranges::count_if(asked, [](const AskedAct& one) { return !one.answered(); }));
}

std::string encode(const CaseMessage& message) {
  std::string bytes;
  append_varint(bytes, kCaseSchema);
  for (const std::string* text : {&message.shared, &message.kind, &message.origin}) append_text(bytes, *text);
  for (const bool flag : {message.home, message.gone}) append_flag(bytes, flag);
  append_varint(bytes, message.version);
  append_text(bytes, message.of ? encode_case(*message.of) : std::string());
  append_asked(bytes, message.asked);
  append_text(bytes, message.contact);
  return bytes;
}

Result<CaseMessage> decode_case_message(std::string_view bytes) {
  if (bytes.size() > kMostMessage) return fail(ErrorCode::kCorrupt, "case", "is too large", "tell the office that sent it");
  CaseMessage message;
  std::uint64_t schema = 0;
  std::string of;
  if (take_varint(bytes, schema) && schema > kCaseSchema)
    return fail(ErrorCode::kUnsupported, "case", "was written by a newer program", "use the newer program");
  const bool whole = schema == kCaseSchema && take_text(bytes, message.shared) && take_text(bytes, message.kind) &&
                     take_text(bytes, message.origin) && take_flag(bytes, message.home) && take_flag(bytes, message.gone) &&
                     take_varint(bytes, message.version) && take_text(bytes, of) &&
                     take_asked(bytes, message.asked, kMostActs) && take_text(bytes, message.contact) && bytes.empty() &&
                     !message.shared.empty();
  if (!whole) return fail(ErrorCode::kCorrupt, "case", "does not decode", "tell the office that sent it");
  if (of.empty()) return message;
  Result<Case> given = decode_case(of);
  if (!given) return tl::unexpected(std::move(given.error()));
  if (given->log.size() > kMostActs)
    return fail(ErrorCode::kCorrupt, "case", "has too many acts", "tell the office that sent it");
  message.of = std::move(*given);
  return message;
}

Case neutral(Case of, const std::string& asking, const std::string& answering) {
  of.asking.office = asking;
  of.answering.office = answering;
  for (std::string* desk : {&of.asking.desk, &of.answering.desk}) desk->clear();
  for (Act& act : of.log) {
    const std::string& own = act.side == Side::kAsking ? asking : answering;
    if (!act.office.empty()) act.office = act.desk = own;
    if (!act.said.facts.desk.empty()) act.said.facts.desk = own;
  }
  return of;
}

std::string stand_in_of(std::string_view office) {
  std::string id(office);
  std::ranges::replace(id, '.', '-');
  if (id.starts_with('-') || id.starts_with('_')) id.front() = 'o';  // no slug begins so
  return id;
}

Result<std::optional<StandIn>> read_stand_in(const Database& database, std::string_view id) {
  const auto bytes = database.get(Family::kMeta, std::string(kStandIn).append(id));
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  StandIn found;
  std::string_view rest = **bytes;
  if (!take_text(rest, found.office) || !take_text(rest, found.facts) || !rest.empty()) return damaged();
  return found;
}

Database::Edit edit_of_stand_in(std::string_view id, const std::optional<StandIn>& stand_in) {
  const std::string key = std::string(kStandIn).append(id);
  if (!stand_in) return {Family::kMeta, key, {}};
  std::string bytes;
  append_text(bytes, stand_in->office);
  append_text(bytes, stand_in->facts);
  return {Family::kMeta, key, std::move(bytes)};
}

std::string released_key(std::string_view case_id) { return std::string("case ").append(case_id); }

Result<std::optional<SharedCase>> read_shared(const Database& database, std::string_view office, std::string_view shared) {
  const std::string key = key_of(kShared, office, shared);
  const auto bytes = database.get(Family::kMeta, key);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  return decode(std::string_view(key).substr(kShared.size()), **bytes).map([](SharedCase of) {
    return std::optional(std::move(of));
  });
}

Result<std::optional<SharedCase>> shared_of(const Database& database, std::string_view case_id) {
  const auto there = database.get(Family::kMeta, std::string(kHere).append(case_id));
  if (!there) return tl::unexpected(there.error());
  if (!*there) return std::nullopt;
  const std::string_view name = **there;
  const std::size_t cut = name.find('\0');
  if (cut == name.npos) return damaged();
  return read_shared(database, name.substr(0, cut), name.substr(cut + 1));
}

Result<std::vector<SharedCase>> shared_with(const Database& database, std::string_view office, const Database::View* view) {
  std::vector<SharedCase> found;
  const std::string own(key_of({}, office, {}));
  const Status walked = walk(
      database, Family::kMeta, std::string(kShared) + own, {},
      [&](std::string_view rest, std::string_view bytes) -> Result<bool> {
        Result<SharedCase> of = decode(own + std::string(rest), bytes);
        if (!of) return tl::unexpected(std::move(of.error()));
        found.push_back(std::move(*of));
        return true;
      },
      view);
  if (!walked) return tl::unexpected(walked.error());
  return found;
}

void add_shared(const SharedCase& shared, bool untold, std::vector<Database::Edit>& edits) {
  edits.push_back({Family::kMeta, key_of(kShared, shared.office, shared.shared), encode(shared)});
  if (!shared.case_id.empty())
    edits.push_back({Family::kMeta, std::string(kHere) + shared.case_id, key_of({}, shared.office, shared.shared)});
  if (untold) edits.push_back({Family::kMeta, key_of(kUntold, shared.office, shared.shared), std::string()});
}

void remove_shared(const SharedCase& shared, std::vector<Database::Edit>& edits) {
  edits.push_back({Family::kMeta, key_of(kShared, shared.office, shared.shared), {}});
  if (!shared.case_id.empty()) edits.push_back({Family::kMeta, std::string(kHere) + shared.case_id, {}});
  edits.push_back(edit_told(shared.office, shared.shared));
}

Result<std::vector<std::pair<std::string, std::string>>> untold_cases(const Database& database) {
  std::vector<std::pair<std::string, std::string>> found;
  const Status walked =
      walk(database, Family::kMeta, kUntold, {}, [&](std::string_view rest, std::string_view) -> Result<bool> {
        const std::size_t cut = rest.find('\0');
        if (cut == rest.npos) return damaged();
        found.emplace_back(rest.substr(0, cut), rest.substr(cut + 1));
        return true;
      });
  if (!walked) return tl::unexpected(walked.error());
  return found;
}

Database::Edit edit_told(std::string_view office, std::string_view shared) {
  return {Family::kMeta, key_of(kUntold, office, shared), {}};
}

}  // namespace counterpart::index
