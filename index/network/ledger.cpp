#include "index/network/ledger.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/base/hex.h"
#include "index/base/codec.h"
#include "index/base/crypto.h"
#include "index/base/time.h"
#include "index/caseload/shared_cases.h"
#include "index/erasure/erasure_keys.h"
#include "index/network/beside.h"
#include "index/store/origins.h"
#include "index/store/vault.h"
#include "index/store/write_group.h"

namespace counterpart::index {
namespace {

// Under which the vault has the office's secret keys: no id of a profile has a blank.
const std::string kKeysOf = "network keys";

// Of the profiles that this batch erases for good.
std::set<std::string, std::less<>> erased_in(const std::vector<Database::Edit>& edits) {
  std::set<std::string, std::less<>> ids;
  for (const Database::Edit& edit : edits)
    if (edit.family == Family::kMeta && edit.value && edit.key.starts_with(kErasureOf))
      ids.insert(edit.key.substr(kErasureOf.size()));
  return ids;
}

// Did the group change what everybody may read? A change of private members alone is nobody else's business.
bool says_other(const ProfileState& state) {
  if (state.note.version == state.stored_version) return false;
  return state.past.empty() || state.past.front().version != state.stored_version ||
         state.past.front().public_json != state.public_json;
}

// Adds operations behind the head.
class Appending {
 public:
  Appending(Position head, std::vector<Database::Edit>& edits) : head_(std::move(head)), edits_(edits), now_(now_utc()) {}

  std::uint64_t append(OperationKind kind, const std::string& profile, std::string digest = {}) {
    Operation operation{.sequence = head_.sequence + 1,
                        .id = random_bytes(kOperationId),
                        .kind = static_cast<std::uint8_t>(kind),
                        .profile = profile,
                        .at = now_,
                        .digest = std::move(digest),
                        .payload = {}};
    head_ = after(head_, operation);
    edits_.push_back(edit_of(KeptOperation{operation, head_}));
    if (head_.sequence > kMostKept) edits_.push_back(edit_removing_operation(head_.sequence - kMostKept));
    if (kind == OperationKind::kErase) edits_.push_back(edit_of(ErasedOperation{head_.epoch, head_.sequence, now_}, profile));
    any_ = true;
    return head_.sequence;
  }
  void finish() {
    if (any_) edits_.push_back(edit_of_head(head_));
  }

 private:
  Position head_;
  std::vector<Database::Edit>& edits_;
  std::uint64_t now_;
  bool any_ = false;
};

// One profile of the group: what the others must be told.
void append_changes(const std::string& id, const ProfileState& state, bool for_good, Appending& operations) {
  const bool was = state.stored_version != 0 && !state.stored_alias && !state.stored_diligence.excluded();
  const bool is = state.live && !state.diligence.excluded();
  if (for_good && state.stored_sequence != 0)
    operations.append(OperationKind::kErase, id);
  else if (was && (!is || state.erased))
    operations.append(OperationKind::kWithdraw, id);
  if (is && (!was || state.erased || says_other(state)))
    operations.append(OperationKind::kPut, id, digest_of(state.public_json));
}

tl::unexpected<Error> not_joined() {
  return fail(ErrorCode::kNotFound, "network", "this office is not in a network of offices",
              "`counterpart network join --office ID` begins it");
}

}  // namespace

Ledger::Ledger(Store& store) : store_(store) { store_.add_commit_hook(*this); }
Ledger::~Ledger() { store_.remove_commit_hook(*this); }

Status Ledger::before_commit(const WriteGroup& group, std::vector<Database::Edit>& edits) {
  const Database& database = store_.database();
  const Result<std::optional<Position>> head = read_network_head(database);
  if (!head) return tl::unexpected(head.error());
  if (!*head) return {};
  std::set<std::string, std::less<>> erased = erased_in(edits);
  Appending operations(**head, edits);
  for (const auto& [id, state] : group.states()) {
    if (!state.changed) continue;
    const bool for_good = erased.erase(id) > 0;
    if (state.origin.empty() && state.stored_origin.empty()) append_changes(id, state, for_good, operations);
  }
  // What was merely removed before, and is now erased. What others' erasures do here is not told on.
  std::set<std::string, std::less<>> received;
  if (!erased.empty()) {
    const Result<std::vector<NoteOf>> notes = read_notes(database, Note::kErase);
    if (!notes) return tl::unexpected(notes.error());
    for (const NoteOf& note : *notes) received.insert(note.profile);
  }
  for (const std::string& id : erased)
    if (!received.contains(id)) operations.append(OperationKind::kErase, id);
  operations.finish();
  return {};
}

Status tell_cases(Store& store) {
  const Result<std::vector<std::pair<std::string, std::string>>> waiting = untold_cases(store.database());
  if (!waiting) return tl::unexpected(waiting.error());
  if (waiting->empty()) return {};
  return store.run_exclusively([&](Database& database) -> Status {
    const Result<std::optional<Position>> head = read_network_head(database);
    if (!head) return tl::unexpected(head.error());
    const auto untold = untold_cases(database);
    if (!untold) return tl::unexpected(untold.error());
    if (!*head) return {};
    std::vector<Database::Edit> edits;
    Appending operations(**head, edits);
    for (const auto& [office, shared] : *untold) {
      const Result<std::string> known = office_bytes(database, office);
      if (!known) return tl::unexpected(known.error());
      Result<std::optional<SharedCase>> of = read_shared(database, office, shared);
      if (!of) return tl::unexpected(std::move(of.error()));
      edits.push_back(edit_told(office, shared));
      if (!*of || known->empty()) continue;
      (*of)->told_epoch = (*head)->epoch;
      (*of)->told = operations.append(OperationKind::kCase, engine::hex(random_bytes(kOperationId)));
      add_shared(**of, false, edits);
    }
    operations.finish();
    return database.write(edits);
  });
}

Result<OfficeCard> join_network(Store& store, const std::string& office, const std::string& name, const std::string& who) {
  if (Status valid = check_office_id(office); !valid) return tl::unexpected(valid.error());
  OfficeCard card{office, name.empty() ? office : name, {}};
  if (!is_office_name(card.name))
    return fail(ErrorCode::kInvalid, "name", "has no name, or none of one line", "write it on one line");
  const auto joined =
      store.write_together({}, [&](std::vector<Database::Edit>& edits, std::vector<AuditEntry>& entries) -> Status {
        const Result<std::optional<OfficeCard>> self = read_self(store.database());
        if (!self) return tl::unexpected(self.error());
        if (*self && (*self)->office != office)
          return fail(ErrorCode::kConflict, "office", "this directory is the office `" + (*self)->office + "` already",
                      "an office keeps its id; another one has a directory of its own");
        if (*self) {
          card.keys = (*self)->keys;
        } else {
          KeyPairs keys = make_keys();
          card.keys = keys.open;
          std::string secret;
          append_text(secret, keys.secret.sign);
          append_text(secret, keys.secret.seal);
          if (Status sealed = store.vault().seal(edits, kKeysOf, secret, true); !sealed) return sealed;
          for (std::string* bytes : {&keys.secret.sign, &keys.secret.seal, &secret}) forget(*bytes);
          edits.push_back(edit_of_head(first_of(1)));
        }
        edits.push_back(edit_of_self(card));
        entries.push_back({.who = who, .what = "join the network", .subject = office});
        return {};
      });
  if (!joined) return tl::unexpected(joined.error());
  return card;
}

Result<OfficeCard> own_card(const Store& store) {
  Result<std::optional<OfficeCard>> self = read_self(store.database());
  if (!self) return tl::unexpected(std::move(self.error()));
  if (!*self) return not_joined();
  return std::move(**self);
}

Result<SecretKeys> own_keys(const Store& store) {
  const auto sealed = store.database().get(Family::kContacts, kKeysOf);
  if (!sealed) return tl::unexpected(sealed.error());
  if (!*sealed) return not_joined();
  Result<std::string> plain = store.vault().unseal(kKeysOf, **sealed);
  if (!plain) return tl::unexpected(std::move(plain.error()));
  SecretKeys keys;
  std::string_view rest = *plain;
  const bool whole = take_text(rest, keys.sign) && take_text(rest, keys.seal) && rest.empty();
  forget(*plain);
  if (!whole) return fail(ErrorCode::kCorrupt, "network", "the office's keys do not decode", "restore the last backup");
  return keys;
}

Status add_office(Store& store, const OfficeCard& card, const std::string& who) {
  return store
      .write_together({},
                      [&](std::vector<Database::Edit>& edits, std::vector<AuditEntry>& entries) -> Status {
                        const Result<OfficeCard> self = own_card(store);
                        if (!self) return tl::unexpected(self.error());
                        if (self->office == card.office || self->keys == card.keys)
                          return fail(ErrorCode::kConflict, "card", "is this office's own card", "give that of another office");
                        Result<std::optional<OtherOffice>> known = read_office(store.database(), card.office);
                        if (!known) return tl::unexpected(known.error());
                        if (*known && (*known)->card.keys != card.keys)
                          return fail(ErrorCode::kConflict, "card", "the office `" + card.office + "` is known by other keys",
                                      "ask its people whether they have new ones; if so, remove it and add it anew");
                        OtherOffice office = *known ? std::move(**known) : OtherOffice{};
                        office.card = card;
                        edits.push_back(edit_of(office));
                        entries.push_back({.who = who, .what = "add office to the network", .subject = card.office});
                        return {};
                      })
      .map([](const auto&) {});
}

namespace {

// What is known of it, in one batch; what it sent goes after that, for nothing more comes then. False: it is not known.
Result<bool> forget_office(Store& store, const std::string& office, const std::string& who) {
  bool known = false;
  const auto done =
      store.write_together({}, [&](std::vector<Database::Edit>& edits, std::vector<AuditEntry>& entries) -> Status {
        const Result<std::string> bytes = office_bytes(store.database(), office);
        if (!bytes) return tl::unexpected(bytes.error());
        known = !bytes->empty();
        if (!known) return {};
        edits.push_back(edit_removing(office));
        for (const Note kind : {Note::kParked, Note::kAhead, Note::kBeside, Note::kErase}) {
          const Result<std::vector<NoteOf>> notes = read_notes(store.database(), kind, office);
          if (!notes) return tl::unexpected(notes.error());
          for (const NoteOf& note : *notes) edits.push_back(edit_removing(kind, office, note.profile));
        }
        entries.push_back({.who = who, .what = "remove office from the network", .subject = office});
        return {};
      });
  if (!done) return tl::unexpected(done.error());
  return known;
}

}  // namespace

Status remove_office(Store& store, const std::string& office, const std::string& who) {
  constexpr std::size_t kStep = 500;
  const Result<bool> known = forget_office(store, office, who);
  if (!known) return tl::unexpected(known.error());
  bool any = *known;
  for (bool more = true; more;) {
    std::vector<Write> writes;
    Status walked = for_each_origin(store.database(), {}, [&](std::string_view id, std::string_view of) {
      if (of != office) return true;
      Write write;
      write.kind = Write::Kind::kErase;
      write.profile.id = id;
      write.who = network_writer(office);
      writes.push_back(std::move(write));
      return writes.size() < kStep;
    });
    if (!walked) return walked;
    more = writes.size() == kStep;
    any = any || !writes.empty();
    for (const Result<Written>& gone : store.write(writes))
      if (!gone && gone.error().code != ErrorCode::kNotFound) return tl::unexpected(gone.error());
  }
  if (any) return {};
  return fail(ErrorCode::kNotFound, "office", "no office of that id is known", "`counterpart network status` lists them");
}

Status forget_confirmed(const Database& database, const Position& head, const std::vector<OtherOffice>& offices,
                        std::vector<Database::Edit>& edits) {
  std::uint64_t least = head.sequence;
  // Whoever was offered the whole state goes on from there.
  for (const OtherOffice& office : offices) {
    const Position& has = office.confirmed.position.epoch == head.epoch ? office.confirmed.position : office.offered;
    if (has.epoch == head.epoch) least = std::min(least, has.sequence);
  }
  return for_each_operation(database, 0, nullptr, [&](const KeptOperation& kept) {
    if (kept.operation.sequence <= least) edits.push_back(edit_removing_operation(kept.operation.sequence));
    return kept.operation.sequence < least;
  });
}

}  // namespace counterpart::index
