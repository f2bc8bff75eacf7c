#include "index/network/sending.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "engine/base/hex.h"
#include "index/base/codec.h"
#include "index/base/crypto.h"
#include "index/base/time.h"
#include "index/network/beside.h"
#include "index/network/ledger.h"
#include "index/store/checks.h"
#include "index/store/origins.h"
#include "index/store/record.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kMostRemovals = 20'000;  // that go ahead of their turn in one bundle
constexpr std::size_t kMostCursor = 1024;
constexpr std::size_t kMostSeen = 50'000;  // profiles looked at for one piece of a state: others' are not told

// Where a series of bundles goes on.
struct Cursor {
  Bundle::Part part = Bundle::Part::kNothing;  // kNothing: it begins
  Position at;                                 // the last operation that was sent, or what the state is of
  std::string covered;                         // of a state
};

std::string write_cursor(const Cursor& cursor) {
  std::string bytes(1, static_cast<char>(cursor.part));
  append_position(bytes, cursor.at);
  append_text(bytes, cursor.covered);
  return engine::hex(bytes);
}

Result<Cursor> read_cursor(const std::string& text) {
  Cursor cursor;
  if (text.empty()) return cursor;
  const std::optional<std::string> bytes = text.size() <= kMostCursor ? engine::from_hex(text) : std::nullopt;
  std::string_view rest = bytes ? std::string_view(*bytes) : std::string_view();
  const bool known = !rest.empty() && (rest.front() == static_cast<char>(Bundle::Part::kOperations) ||
                                       rest.front() == static_cast<char>(Bundle::Part::kState));
  if (known) {
    cursor.part = static_cast<Bundle::Part>(rest.front());
    rest.remove_prefix(1);
  }
  if (!known || !take_position(rest, cursor.at) || !take_text(rest, cursor.covered) || !rest.empty())
    return fail(ErrorCode::kInvalid, "from", "is not where a bundle ended",
                "leave it out, or give `next` of the bundle before");
  return cursor;
}

// The profile's public members as they are published at that moment; nothing: it is not published, or not our own.
Result<std::optional<std::string>> published(const Database& database, const std::string& id, const Database::View& view) {
  const auto bytes = database.get(Family::kProfiles, id, &view);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  const Result<bool> excluded = is_excluded(database, id);
  if (!excluded) return tl::unexpected(excluded.error());
  const Result<std::string> origin = read_origin(database, id);
  if (!origin) return tl::unexpected(origin.error());
  if (*excluded || !origin->empty()) return std::nullopt;
  const Result<Record> record = read_record(**bytes);
  if (!record) return tl::unexpected(record.error());
  return std::string(record->public_json);
}

// Can the operations after `position` be told, and is it one of this chain?
Result<bool> follows(const Database& database, const Position& position, const Position& head) {
  if (position.epoch != head.epoch || position.sequence > head.sequence) return false;
  if (position == head) return true;
  const auto next = position_at(database, position.sequence + 1);
  if (!next) return tl::unexpected(next.error());
  if (!*next) return false;
  if (position.sequence == 0) return position == first_of(head.epoch);
  const auto own = position_at(database, position.sequence);
  if (!own) return tl::unexpected(own.error());
  return !*own || **own == position;  // one that is let go was confirmed by this very hash
}

// Fills one bundle.
class Filling {
 public:
  Filling(const Store& store, const OtherOffice& reader, const SendingLimits& limits, Bundle& bundle)
      : database_(store.database()), view_(database_), limits_(limits), bundle_(bundle), mail_(store, reader, bundle.from) {}

  Result<Position> head() const {
    const Result<std::optional<Position>> head = read_network_head(database_, &view_);
    if (!head) return tl::unexpected(head.error());
    return head->value_or(Position{});
  }

  // What is gone and not confirmed, whatever comes of the rest.
  Status removals(std::uint64_t after) {
    std::map<std::string, Operation> gone;
    if (Status walked = for_each_operation(database_, after, &view_,
                                           [&](const KeptOperation& kept) {
                                             const Operation& operation = kept.operation;
                                             const bool goes =
                                                 operation.is(OperationKind::kWithdraw) || operation.is(OperationKind::kErase);
                                             if (goes) gone.insert_or_assign(operation.profile, operation);
                                             return gone.size() < kMostRemovals;
                                           });
        !walked)
      return walked;
    for (auto& [profile, operation] : gone) bundle_.gone.push_back(std::move(operation));
    return {};
  }

  // Operations behind bundle.start; where the next bundle goes on, or nothing.
  Result<std::optional<Cursor>> operations() {
    bundle_.part = Bundle::Part::kOperations;
    std::vector<KeptOperation> kept;
    if (Status walked = for_each_operation(database_, bundle_.start.sequence, &view_,
                                           [&](const KeptOperation& one) {
                                             kept.push_back(one);
                                             return kept.size() < limits_.operations;
                                           });
        !walked)
      return tl::unexpected(walked.error());
    std::size_t bytes = 0;
    Position at = bundle_.start;
    for (KeptOperation& one : kept) {
      if (one.operation.is(OperationKind::kPut)) {
        Result<std::optional<std::string>> payload = published(database_, one.operation.profile, view_);
        if (!payload) return tl::unexpected(payload.error());
        // What was changed since goes with the operation that says so.
        if (*payload && digest_of(**payload) == one.operation.digest) one.operation.payload = std::move(**payload);
      }
      if (one.operation.is(OperationKind::kCase)) {
        Result<std::string> told = mail_.payload(bundle_.head.epoch, one.operation.sequence);
        if (!told) return tl::unexpected(told.error());
        one.operation.payload = std::move(*told);
      }
      bytes += one.operation.payload.size();
      if (bytes > limits_.bytes && !bundle_.operations.empty()) break;
      at = one.position;
      bundle_.operations.push_back(std::move(one.operation));
    }
    if (at == bundle_.head) return std::nullopt;
    return Cursor{Bundle::Part::kOperations, at, {}};
  }

  Status facts() { return beside(mail_.facts()); }

  Result<std::optional<Cursor>> state() {
    Result<std::optional<Cursor>> next = profiles();
    if (next)
      if (Status told = beside(mail_.of_state(bundle_.covered, bundle_.covers)); !told) return tl::unexpected(told.error());
    return next;
  }

 private:
  Status beside(Result<std::vector<Operation>> told) {
    if (!told) return tl::unexpected(std::move(told.error()));
    std::ranges::move(*told, std::back_inserter(bundle_.beside));
    return {};
  }

  Result<std::optional<Cursor>> profiles() {
    bundle_.part = Bundle::Part::kState;
    std::size_t bytes = 0, seen = 0;
    std::string last = bundle_.covered;
    Database::Cursor profiles(database_, Family::kProfiles, &view_);
    for (profiles.seek(bundle_.covered); profiles.valid(); profiles.next()) {
      const std::string id(profiles.key());
      if (id <= bundle_.covered) continue;
      if (bundle_.operations.size() >= limits_.operations || seen++ >= kMostSeen || bytes > limits_.bytes) {
        bundle_.covers = last;
        return Cursor{Bundle::Part::kState, bundle_.start, last};
      }
      const Result<std::size_t> cases = mail_.bytes_of_state(last, id);
      if (!cases) return tl::unexpected(cases.error());
      bytes += *cases;
      last = id;
      Result<std::optional<std::string>> payload = published(database_, id, view_);
      if (!payload) return tl::unexpected(payload.error());
      if (!*payload) continue;
      bytes += (*payload)->size();
      Operation put;
      put.id = random_bytes(kOperationId);
      put.kind = static_cast<std::uint8_t>(OperationKind::kPut);
      put.profile = id;
      put.at = bundle_.at;
      put.digest = digest_of(**payload);
      put.payload = std::move(**payload);
      bundle_.operations.push_back(std::move(put));
    }
    if (Status walked = profiles.status(); !walked) return tl::unexpected(walked.error());
    return std::nullopt;
  }

  const Database& database_;
  Database::View view_;
  const SendingLimits& limits_;
  Bundle& bundle_;
  CaseMail mail_;
};

Result<std::optional<Cursor>> fill(const Store& store, const OtherOffice& office, const Cursor& from,
                                   const SendingLimits& limits, Bundle& bundle) {
  Filling filling(store, office, limits, bundle);
  const Result<Position> head = filling.head();
  if (!head) return tl::unexpected(head.error());
  bundle.head = *head;
  const Position& confirmed = office.confirmed.position;
  // A further piece of a state repeats none that went with the first.
  const std::uint64_t told_of = from.part == Bundle::Part::kState ? from.at.sequence : 0;
  if (Status told = filling.removals(std::max(confirmed.epoch == head->epoch ? confirmed.sequence : 0, told_of)); !told)
    return tl::unexpected(told.error());
  if (Status told = filling.facts(); !told) return tl::unexpected(told.error());
  bundle.start = from.part == Bundle::Part::kNothing ? confirmed : from.at;
  bundle.covered = from.covered;
  if (from.part == Bundle::Part::kState) return filling.state();
  const Result<bool> told = follows(store.database(), bundle.start, *head);
  if (!told) return tl::unexpected(told.error());
  if (*told) return filling.operations();
  bundle.start = *head;
  bundle.covered.clear();
  return filling.state();
}

}  // namespace

Result<Confirmation> confirmation_for(const Store& store, const OtherOffice& office) {
  const Database& database = store.database();
  const Result<std::vector<NoteOf>> unclean = read_notes(database, Note::kErase, office.card.office);
  if (!unclean) return tl::unexpected(unclean.error());
  const Result<std::vector<NoteOf>> ahead = read_notes(database, Note::kAhead, office.card.office);
  if (!ahead) return tl::unexpected(ahead.error());
  Confirmation confirmed{.position = office.received, .clean = office.received.sequence, .ahead = {}, .answers = office.heard};
  std::map<std::string, std::uint64_t> left;
  bool before = false;  // of an older epoch, or of no operation: not in a state that came
  for (const NoteOf& note : *unclean) {
    left[note.profile] = note.operation.sequence;
    if (note.epoch != office.received.epoch || note.operation.sequence == 0)
      before = true;
    else
      confirmed.clean = std::min(confirmed.clean, note.operation.sequence - 1);
  }
  if (before) confirmed.clean = kUncleanYet;
  for (const NoteOf& note : *ahead)
    if (note.epoch == office.received.epoch && !left.contains(note.profile)) confirmed.ahead.push_back(note.operation.sequence);
  return confirmed;
}

Result<Sending> next_bundle(Store& store, const std::string& office, const std::string& from, const SendingLimits& limits) {
  const Result<OfficeCard> self = own_card(store);
  if (!self) return tl::unexpected(self.error());
  const Result<Cursor> cursor = read_cursor(from);
  if (!cursor) return tl::unexpected(cursor.error());
  Result<SecretKeys> keys = own_keys(store);
  if (!keys) return tl::unexpected(keys.error());
  if (Status told = tell_cases(store); !told) return tl::unexpected(told.error());
  OtherOffice reader;
  Bundle bundle;
  bundle.from = self->office;
  bundle.to = office;
  bundle.at = now_utc();
  std::optional<Cursor> next;
  // The number is given out once, and what is offered is kept for the office from then on.
  const Status noted = store.run_exclusively([&](Database& database) -> Status {
    Result<std::optional<OtherOffice>> known = read_office(database, office);
    if (!known) return tl::unexpected(known.error());
    if (!*known)
      return fail(ErrorCode::kNotFound, "to", "no office of that id is known",
                  "`counterpart network add CARD` makes one known");
    reader = std::move(**known);
    const Result<Confirmation> confirmed = confirmation_for(store, reader);
    if (!confirmed) return tl::unexpected(confirmed.error());
    bundle.confirmed = *confirmed;
    bundle.number = ++reader.exported;
    const auto filled = fill(store, reader, *cursor, limits, bundle);
    if (!filled) return tl::unexpected(filled.error());
    next = *filled;
    if (bundle.part == Bundle::Part::kState) reader.offered = bundle.start;
    return database.write({edit_of(reader)});
  });
  if (!noted) return tl::unexpected(noted.error());
  Position end = bundle.start;
  if (bundle.part == Bundle::Part::kOperations)
    for (const Operation& operation : bundle.operations) end = after(end, operation);
  Sending sending{.bytes = seal_bundle(bundle, *keys, reader.card.keys),
                  .number = bundle.number,
                  .next = next ? write_cursor(*next) : std::string(),
                  .end = write_cursor({Bundle::Part::kOperations, end, {}}),
                  .operations = bundle.operations.size(),
                  .removals = bundle.gone.size(),
                  .state = bundle.part == Bundle::Part::kState};
  for (std::string* key : {&keys->sign, &keys->seal}) forget(*key);
  return sending;
}

}  // namespace counterpart::index
