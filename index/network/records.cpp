#include "index/network/records.h"

#include <utility>

#include "index/base/codec.h"
#include "index/store/origins.h"

namespace counterpart::index {
namespace {

constexpr char kFormat = 1;
constexpr std::string_view kSelf = "network:self", kHead = "network:head",
                           kOffice = "network:office:", kOperation = "network:op:", kErased = "network:erased:";

std::string_view prefix_of(Note kind) {
  switch (kind) {
    case Note::kParked: return "network:parked:";
    case Note::kAhead: return "network:ahead:";
    case Note::kBeside: return "network:beside:";
    case Note::kErase: break;
  }
  return "network:erase:";
}

std::string key_of(std::string_view prefix, std::string_view rest) { return std::string(prefix).append(rest); }
// No id of an office has a NUL.
std::string note_key(Note kind, std::string_view office, std::string_view profile) {
  return key_of(prefix_of(kind), office).append(1, '\0').append(profile);
}

tl::unexpected<Error> damaged() {
  return fail(ErrorCode::kCorrupt, "network", "a record of the network of offices does not decode", "restore the last backup");
}

bool take_format(std::string_view& bytes) {
  if (bytes.empty() || bytes.front() != kFormat) return false;
  bytes.remove_prefix(1);
  return true;
}

void append_card(std::string& bytes, const OfficeCard& card) {
  for (const std::string* text : {&card.office, &card.name, &card.keys.sign, &card.keys.seal}) append_text(bytes, *text);
}

bool take_card(std::string_view& bytes, OfficeCard& card) {
  return take_text(bytes, card.office) && take_text(bytes, card.name) && take_text(bytes, card.keys.sign) &&
         take_text(bytes, card.keys.seal) && are_keys(card.keys);
}

std::string encode(const OtherOffice& office) {
  std::string bytes(1, kFormat);
  append_card(bytes, office.card);
  append_varint(bytes, office.exported);
  append_confirmation(bytes, office.confirmed);
  append_varint(bytes, office.confirmed.at);
  append_position(bytes, office.offered);
  append_position(bytes, office.received);
  for (const std::uint64_t number : {office.as_of, office.heard, office.heard_at}) append_varint(bytes, number);
  append_position(bytes, office.base);
  append_text(bytes, office.covered);
  return bytes;
}

Result<OtherOffice> decode_office(std::string_view bytes) {
  OtherOffice office;
  const bool whole = take_format(bytes) && take_card(bytes, office.card) && take_varint(bytes, office.exported) &&
                     take_confirmation(bytes, office.confirmed) && take_varint(bytes, office.confirmed.at) &&
                     take_position(bytes, office.offered) && take_position(bytes, office.received) &&
                     take_varint(bytes, office.as_of) && take_varint(bytes, office.heard) &&
                     take_varint(bytes, office.heard_at) && take_position(bytes, office.base) &&
                     take_text(bytes, office.covered) && bytes.empty();
  return whole ? Result<OtherOffice>(std::move(office)) : damaged();
}

Result<KeptOperation> decode_kept(std::string_view bytes) {
  KeptOperation kept;
  const bool whole =
      take_format(bytes) && take_head(bytes, kept.operation) && take_position(bytes, kept.position) && bytes.empty();
  return whole ? Result<KeptOperation>(std::move(kept)) : damaged();
}

Result<NoteOf> decode_note(std::string_view key, std::string_view bytes) {
  NoteOf note;
  const std::size_t cut = key.find('\0');
  if (cut == key.npos) return damaged();
  note.office = key.substr(0, cut);
  note.profile = key.substr(cut + 1);
  const bool whole = take_format(bytes) && take_varint(bytes, note.epoch) && take_operation(bytes, note.operation) &&
                     take_text(bytes, note.reason) && bytes.empty();
  return whole ? Result<NoteOf>(std::move(note)) : damaged();
}

}  // namespace

void append_confirmation(std::string& bytes, const Confirmation& confirmed) {
  append_position(bytes, confirmed.position);
  append_varint(bytes, confirmed.clean);
  append_varint(bytes, confirmed.ahead.size());
  for (const std::uint64_t sequence : confirmed.ahead) append_varint(bytes, sequence);
  append_varint(bytes, confirmed.answers);
}

bool take_confirmation(std::string_view& bytes, Confirmation& confirmed) {
  std::uint64_t count = 0;
  if (!take_position(bytes, confirmed.position) || !take_varint(bytes, confirmed.clean) || !take_varint(bytes, count) ||
      count > bytes.size())
    return false;
  for (; count > 0; --count)
    if (!take_varint(bytes, confirmed.ahead.emplace_back())) return false;
  return take_varint(bytes, confirmed.answers);
}

Result<std::optional<OfficeCard>> read_self(const Database& database) {
  const auto bytes = database.get(Family::kMeta, kSelf);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  std::string_view rest = **bytes;
  OfficeCard card;
  if (!take_format(rest) || !take_card(rest, card) || !rest.empty()) return damaged();
  return card;
}

Result<std::optional<Position>> read_network_head(const Database& database, const Database::View* view) {
  const auto bytes = database.get(Family::kMeta, kHead, view);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  std::string_view rest = **bytes;
  Position position;
  if (!take_format(rest) || !take_position(rest, position) || !rest.empty()) return damaged();
  return position;
}

Result<std::string> office_bytes(const Database& database, std::string_view office) {
  return database.get(Family::kMeta, key_of(kOffice, office)).map([](std::optional<std::string> bytes) {
    return bytes.value_or("");
  });
}

Result<std::optional<OtherOffice>> read_office(const Database& database, std::string_view office) {
  const Result<std::string> bytes = office_bytes(database, office);
  if (!bytes) return tl::unexpected(bytes.error());
  if (bytes->empty()) return std::nullopt;
  return decode_office(*bytes).map([](OtherOffice found) { return std::optional(std::move(found)); });
}

Result<std::vector<OtherOffice>> read_offices(const Database& database) {
  std::vector<OtherOffice> offices;
  Database::Cursor records(database, Family::kMeta);
  for (records.seek(kOffice); records.valid() && records.key().starts_with(kOffice); records.next()) {
    Result<OtherOffice> office = decode_office(records.value());
    if (!office) return tl::unexpected(std::move(office.error()));
    offices.push_back(std::move(*office));
  }
  if (Status walked = records.status(); !walked) return tl::unexpected(std::move(walked.error()));
  return offices;
}

Database::Edit edit_of_self(const OfficeCard& card) {
  std::string bytes(1, kFormat);
  append_card(bytes, card);
  return {Family::kMeta, std::string(kSelf), std::move(bytes)};
}

Database::Edit edit_of_head(const Position& position) {
  std::string bytes(1, kFormat);
  append_position(bytes, position);
  return {Family::kMeta, std::string(kHead), std::move(bytes)};
}

Database::Edit edit_of(const OtherOffice& office) {
  return {Family::kMeta, key_of(kOffice, office.card.office), encode(office)};
}

Database::Edit edit_removing(std::string_view office) { return {Family::kMeta, key_of(kOffice, office), {}}; }

Database::Edit edit_of(const KeptOperation& kept) {
  std::string bytes(1, kFormat);
  bytes += encode_head(kept.operation);
  append_position(bytes, kept.position);
  return {Family::kMeta, key_of(kOperation, big_endian(kept.operation.sequence)), std::move(bytes)};
}

Database::Edit edit_removing_operation(std::uint64_t sequence) {
  return {Family::kMeta, key_of(kOperation, big_endian(sequence)), {}};
}

Status for_each_operation(const Database& database, std::uint64_t sequence, const Database::View* view,
                          const std::function<bool(const KeptOperation& kept)>& visit) {
  Database::Cursor records(database, Family::kMeta, view);
  for (records.seek(key_of(kOperation, big_endian(sequence + 1))); records.valid() && records.key().starts_with(kOperation);
       records.next()) {
    const Result<KeptOperation> kept = decode_kept(records.value());
    if (!kept) return tl::unexpected(kept.error());
    if (!visit(*kept)) return {};
  }
  return records.status();
}

Result<std::optional<Position>> position_at(const Database& database, std::uint64_t sequence) {
  const auto bytes = database.get(Family::kMeta, key_of(kOperation, big_endian(sequence)));
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  return decode_kept(**bytes).map([](KeptOperation kept) { return std::optional(std::move(kept.position)); });
}

Database::Edit edit_of(const ErasedOperation& erased, std::string_view profile) {
  std::string bytes(1, kFormat);
  for (const std::uint64_t number : {erased.epoch, erased.sequence, erased.at}) append_varint(bytes, number);
  return {Family::kMeta, key_of(kErased, profile), std::move(bytes)};
}

namespace {

Result<ErasedOperation> decode_erased(std::string_view rest) {
  ErasedOperation erased;
  if (!take_format(rest) || !take_varint(rest, erased.epoch) || !take_varint(rest, erased.sequence) ||
      !take_varint(rest, erased.at) || !rest.empty())
    return damaged();
  return erased;
}

}  // namespace

Result<std::optional<ErasedOperation>> read_erased(const Database& database, std::string_view profile) {
  const auto bytes = database.get(Family::kMeta, key_of(kErased, profile));
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  return decode_erased(**bytes).map([](const ErasedOperation& erased) { return std::optional(erased); });
}

Status for_each_erased(const Database& database, const std::function<void(const ErasedOperation& erased)>& visit) {
  Database::Cursor records(database, Family::kMeta);
  for (records.seek(std::string(kErased)); records.valid() && records.key().starts_with(kErased); records.next()) {
    const Result<ErasedOperation> erased = decode_erased(records.value());
    if (!erased) return tl::unexpected(erased.error());
    visit(*erased);
  }
  return records.status();
}

Result<std::optional<Origin>> origin_of(const Database& database, std::string_view profile) {
  Result<std::string> id = read_origin(database, profile);
  if (!id) return tl::unexpected(std::move(id.error()));
  if (id->empty()) return std::nullopt;
  const Result<std::optional<OtherOffice>> office = read_office(database, *id);
  if (!office) return tl::unexpected(office.error());
  if (!*office) return Origin{*id, *id, 0};
  return Origin{*id, (*office)->card.name, (*office)->as_of};
}

Database::Edit edit_of(Note kind, const NoteOf& note) {
  std::string bytes(1, kFormat);
  append_varint(bytes, note.epoch);
  append_operation(bytes, note.operation);
  append_text(bytes, note.reason);
  return {Family::kMeta, note_key(kind, note.office, note.profile), std::move(bytes)};
}

Database::Edit edit_removing(Note kind, std::string_view office, std::string_view profile) {
  return {Family::kMeta, note_key(kind, office, profile), {}};
}

Result<std::optional<NoteOf>> read_note(const Database& database, Note kind, std::string_view office,
                                        std::string_view profile) {
  const std::string key = note_key(kind, office, profile);
  const auto bytes = database.get(Family::kMeta, key);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  return decode_note(std::string_view(key).substr(prefix_of(kind).size()), **bytes).map([](NoteOf note) {
    return std::optional(std::move(note));
  });
}

Result<std::vector<NoteOf>> read_notes(const Database& database, Note kind, std::string_view office) {
  std::vector<NoteOf> notes;
  const std::string prefix = office.empty() ? std::string(prefix_of(kind)) : note_key(kind, office, {});
  Database::Cursor records(database, Family::kMeta);
  for (records.seek(prefix); records.valid() && records.key().starts_with(prefix); records.next()) {
    Result<NoteOf> note = decode_note(records.key().substr(prefix_of(kind).size()), records.value());
    if (!note) return tl::unexpected(std::move(note.error()));
    notes.push_back(std::move(*note));
  }
  if (Status walked = records.status(); !walked) return tl::unexpected(std::move(walked.error()));
  return notes;
}

}  // namespace counterpart::index
