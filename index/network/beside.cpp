#include "index/network/beside.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/casework/office_json.h"
#include "engine/profile/profile_json_tree.h"
#include "index/base/crypto.h"
#include "index/base/time.h"
#include "index/caseload/office_book.h"
#include "index/caseload/shared_cases.h"
#include "index/casework/case_message.h"
#include "index/network/ledger.h"
#include "index/store/origins.h"

namespace counterpart::index {
namespace {

const std::string kOfOffice = "office";  // of the operation that tells when it works

Operation bare(OperationKind kind, std::string name, std::string payload) {
  Operation operation;
  operation.id = random_bytes(kOperationId);
  operation.kind = static_cast<std::uint8_t>(kind);
  operation.schema = kCaseSchema;
  operation.profile = std::move(name);
  operation.at = now_utc();
  operation.payload = std::move(payload);
  return operation;
}

}  // namespace

Status CaseMail::load() {
  if (std::exchange(loaded_, true)) return {};
  Result<std::vector<SharedCase>> shared = shared_with(store_.database(), reader_.card.office);
  if (!shared) return tl::unexpected(std::move(shared.error()));
  cases_ = std::move(*shared);
  std::ranges::stable_sort(cases_, {}, &SharedCase::profile);
  for (const SharedCase& of : cases_)
    if (of.told != 0) told_[{of.told_epoch, of.told}] = of;
  return {};
}

Result<std::string> CaseMail::message(const SharedCase& of) const {
  Result<CaseMessage> message = message_of(store_, of, self_);
  if (!message) return tl::unexpected(std::move(message.error()));
  if (!message->contact.empty()) {
    std::string sealed = seal_for(message->contact, reader_.card.keys);
    forget(message->contact);
    message->contact = std::move(sealed);
  }
  return encode(*message);
}

Result<std::string> CaseMail::payload(std::uint64_t epoch, std::uint64_t sequence) {
  if (Status loaded = load(); !loaded) return tl::unexpected(loaded.error());
  const auto found = told_.find({epoch, sequence});
  return found == told_.end() ? std::string() : message(found->second);
}

Result<std::vector<Operation>> CaseMail::of_state(const std::string& covered, const std::string& covers) {
  if (Status loaded = load(); !loaded) return tl::unexpected(loaded.error());
  std::vector<Operation> operations;
  const auto [first, last] = piece(covered, covers);
  for (std::size_t i = first; i < last; ++i) {
    auto made = payloads_.extract(cases_[i].shared);
    Result<std::string> payload = made ? Result<std::string>(std::move(made.mapped())) : message(cases_[i]);
    if (!payload) return tl::unexpected(std::move(payload.error()));
    operations.push_back(bare(OperationKind::kCase, cases_[i].shared, std::move(*payload)));
  }
  return operations;
}

Result<std::size_t> CaseMail::bytes_of_state(const std::string& covered, const std::string& covers) {
  if (Status loaded = load(); !loaded) return tl::unexpected(loaded.error());
  std::size_t bytes = 0;
  const auto [first, last] = piece(covered, covers);
  for (std::size_t i = first; i < last; ++i) {
    Result<std::string> payload = message(cases_[i]);
    if (!payload) return tl::unexpected(std::move(payload.error()));
    bytes += payload->size();
    payloads_[cases_[i].shared] = std::move(*payload);
  }
  return bytes;
}

std::pair<std::size_t, std::size_t> CaseMail::piece(const std::string& covered, const std::string& covers) const {
  const auto beyond = [&](const std::string& profile) {
    return static_cast<std::size_t>(std::ranges::upper_bound(cases_, profile, {}, &SharedCase::profile) - cases_.begin());
  };
  return {covered.empty() ? 0 : beyond(covered), covers.empty() ? cases_.size() : beyond(covers)};
}

Result<std::vector<Operation>> CaseMail::facts() const {
  const Result<std::optional<Office>> duty = read_duty_office(store_.database());
  if (!duty) return tl::unexpected(duty.error());
  if (!*duty) return std::vector<Operation>();
  const Result<OfficeCard> card = own_card(store_);
  if (!card) return tl::unexpected(card.error());
  Office told;
  told.id = told.head = stand_in_of(self_);
  told.name = card->name;
  told.languages = (*duty)->languages;
  told.working_time = (*duty)->working_time;
  return std::vector<Operation>{bare(OperationKind::kOffice, kOfOffice, to_json(told))};
}

namespace {

// One thing that a bundle left to do.
class Beside {
 public:
  Beside(const Receiving& receiving, const NoteOf& note) : receiving_(receiving), note_(note), id_(stand_in_of(note.office)) {}

  // Why it must wait; empty: it is done.
  Result<std::string> run() {
    if (note_.operation.schema > kCaseSchema) return std::string("it was written by a newer program");
    if (note_.operation.is(OperationKind::kOffice)) return put_office();
    if (note_.operation.is(OperationKind::kCase)) return take_case();
    return std::string("it was written by a newer program");
  }

 private:
  Database::Edit done() const { return edit_removing(Note::kBeside, note_.office, note_.profile); }

  Result<std::string> take_case() {
    const Result<CaseMessage> message = decode_case_message(note_.operation.payload);
    if (!message) return describe(message.error());
    std::string contact;
    if (!message->contact.empty()) {
      const Result<OfficeCard> self = own_card(receiving_.store);
      if (!self) return tl::unexpected(self.error());
      Result<SecretKeys> keys = own_keys(receiving_.store);
      if (!keys) return tl::unexpected(keys.error());
      std::optional<std::string> opened = unseal_as(message->contact, self->keys, *keys);
      for (std::string* key : {&keys->sign, &keys->seal}) forget(*key);
      if (!opened) return std::string("what it releases is sealed for other keys than this office's");
      contact = std::move(*opened);
    }
    // The note goes by itself then: another bundle may have put a newer one in its place, which is not done with this one.
    Result<std::string> waits =
        receiving_.cases->take_shared({*message, note_.office, note_.epoch, contact}, receiving_.now(), {});
    forget(contact);
    if (waits && waits->empty()) return finish();
    if (!waits && waits.error().code != ErrorCode::kStorage) return describe(waits.error());
    return waits;
  }

  // In the place of the note, as long as it is there; false: it is not, for its office was removed or a newer one is.
  Result<bool> write_for_note(const Database::Edit& edit) const {
    bool there = false;
    const Status written = receiving_.store.run_exclusively([&](Database& database) -> Status {
      const auto still = read_note(database, Note::kBeside, note_.office, note_.profile);
      if (!still) return tl::unexpected(still.error());
      there = *still && (*still)->operation.id == note_.operation.id;
      return there ? database.write({edit}) : Status();
    });
    if (!written) return tl::unexpected(written.error());
    return there;
  }

  Result<std::string> finish() {
    return write_for_note(done()).map([](bool) { return std::string(); });
  }

  Result<std::string> put_office() {
    JsonTree tree;
    if (Status parsed = tree.parse(note_.operation.payload); !parsed) return describe(parsed.error());
    Result<Office> told = read_office(tree.root(), receiving_.taxonomy);
    if (!told) return describe(told.error());
    const std::shared_ptr<const Offices> offices = receiving_.cases->offices();
    const Directory& directory = offices->directory;
    if (directory.offices().empty()) return std::string("there is no office here yet that could work with it");
    const Result<std::optional<StandIn>> known = read_stand_in(receiving_.store.database(), id_);
    if (!known) return tl::unexpected(known.error());
    if (*known && (*known)->office != note_.office)
      return "the id `" + id_ + "` stands for the office `" + (*known)->office + "` here";
    const Result<OfficeCard> self = own_card(receiving_.store);
    if (!self) return tl::unexpected(self.error());
    const Desk* desk = directory.desk(id_);
    if (id_ == stand_in_of(self->office) || (!*known && (directory.office(id_) || desk)) || (desk && desk->office != id_))
      return "the id `" + id_ + "` is that of an office or a desk of this directory's own";
    Office office;
    office.id = office.head = id_;
    office.name = told->name.empty() ? note_.office : told->name;
    office.languages = told->languages;
    office.working_time = told->working_time;
    Desk only;
    only.id = only.office = id_;
    only.name = office.name;
    only.language = office.languages.empty() ? "en" : office.languages.front();
    // Known to stand in for it before it is there: it is never taken for one of this directory's own.
    const Result<bool> marked = mark({});
    if (!marked) return tl::unexpected(marked.error());
    if (!*marked) return std::string();
    const Office* before = directory.office(id_);
    if (!before || *before != office) {
      DirectoryChange change;
      change.offices.push_back({id_, office});
      change.desks.push_back({id_, only});
      const auto changed = receiving_.cases->change_offices(change, network_writer(note_.office), receiving_.now());
      if (!changed)
        return changed.error().code == ErrorCode::kStorage ? tl::unexpected(changed.error())
                                                           : Result<std::string>(describe(changed.error()));
    }
    const Result<bool> still = mark(note_.operation.payload);
    if (!still) return tl::unexpected(still.error());
    return *still ? finish() : take_back();
  }

  Result<bool> mark(const std::string& facts) const {
    return write_for_note(edit_of_stand_in(id_, StandIn{note_.office, facts}));
  }

  // Somebody removed the office while it was put.
  Result<std::string> take_back() {
    const Result<std::optional<OtherOffice>> known = read_office(receiving_.store.database(), note_.office);
    if (!known) return tl::unexpected(known.error());
    if (*known || !receiving_.cases->offices()->directory.office(id_)) return std::string();
    DirectoryChange change;
    change.offices.push_back({id_, {}});
    change.desks.push_back({id_, {}});
    const auto changed = receiving_.cases->change_offices(change, network_writer(note_.office), receiving_.now());
    if (!changed) return tl::unexpected(changed.error());
    return std::string();
  }

  const Receiving& receiving_;
  const NoteOf& note_;
  std::string id_;
};

}  // namespace

Status take_beside(const Receiving& receiving) {
  if (!receiving.cases) return {};
  Store& store = receiving.store;
  Result<std::vector<NoteOf>> notes = read_notes(store.database(), Note::kBeside);
  if (!notes) return tl::unexpected(std::move(notes.error()));
  if (notes->empty()) return {};
  // Of each office in its order, but first when it works, and what came of a case (`SHARED+KIND`) after that case.
  std::ranges::stable_sort(*notes, {}, [](const NoteOf& note) {
    const bool follows = note.profile.find('+') != std::string::npos;
    return std::tuple(note.office, !note.operation.is(OperationKind::kOffice), follows, note.epoch, note.operation.sequence);
  });
  for (const NoteOf& note : *notes) {
    const Result<std::string> waits = Beside(receiving, note).run();
    if (!waits) return tl::unexpected(waits.error());
    if (waits->empty() || *waits == note.reason) continue;
    NoteOf said = note;
    said.reason = *waits;
    const Status noted = store.run_exclusively([&](Database& database) -> Status {
      const auto still = read_note(database, Note::kBeside, note.office, note.profile);
      if (!still) return tl::unexpected(still.error());
      if (!*still || (*still)->operation.id != note.operation.id) return {};
      return database.write({edit_of(Note::kBeside, said)});
    });
    if (!noted) return noted;
  }
  return {};
}

Result<bool> has_cases_with(const Store& store, const std::string& office) {
  const Result<std::optional<StandIn>> known = read_stand_in(store.database(), stand_in_of(office));
  if (!known) return tl::unexpected(known.error());
  if (*known && (*known)->office == office) return true;
  return shared_with(store.database(), office).map([](const std::vector<SharedCase>& shared) { return !shared.empty(); });
}

Status forget_cases_with(Store& store, CaseStore& cases, const std::string& office, std::int64_t now) {
  const std::string id = stand_in_of(office);
  const Result<std::optional<StandIn>> known = read_stand_in(store.database(), id);
  if (!known) return tl::unexpected(known.error());
  if (*known && (*known)->office == office && cases.offices()->directory.office(id)) {
    DirectoryChange change;
    change.offices.push_back({id, {}});
    change.desks.push_back({id, {}});
    if (const auto changed = cases.change_offices(change, network_writer(office), now); !changed)
      return tl::unexpected(changed.error());
  }
  return store.run_exclusively([&](Database& database) -> Status {
    const Result<std::vector<SharedCase>> shared = shared_with(database, office);
    if (!shared) return tl::unexpected(shared.error());
    std::vector<Database::Edit> edits;
    for (const SharedCase& of : *shared) remove_shared(of, edits);
    if (*known && (*known)->office == office) edits.push_back(edit_of_stand_in(id, {}));
    return edits.empty() ? Status() : database.write(edits);
  });
}

}  // namespace counterpart::index
