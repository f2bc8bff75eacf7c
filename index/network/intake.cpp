#include "index/network/intake.h"

#include <algorithm>
#include <utility>

#include "engine/base/threads.h"
#include "engine/profile/profile_json.h"
#include "index/base/crypto.h"
#include "index/caseload/shared_cases.h"
#include "index/store/aliases.h"
#include "index/store/origins.h"
#include "index/store/record.h"
#include "index/store/versions.h"
#include "index/vector/embedding.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kMostBeside = 1 << 20;  // of one thing that goes beside the operations

}  // namespace

Result<Intake::Here> Intake::here(const std::string& profile) const {
  const Database& database = store_.database();
  const Result<std::string> origin = read_origin(database, profile);
  if (!origin) return tl::unexpected(origin.error());
  if (*origin == office_) return Here{true, {}};
  if (!origin->empty()) return Here{false, "its id is that of a profile of the office `" + *origin + "`"};
  const auto bytes = database.get(Family::kProfiles, profile);
  if (!bytes) return tl::unexpected(bytes.error());
  const Result<std::optional<Alias>> alias = read_alias(database, profile);
  if (!alias) return tl::unexpected(alias.error());
  if (*bytes || *alias || is_proposed(database, profile) || refused.contains(profile))
    return Here{false, "its id is that of a profile of this office's own"};
  return Here{};
}

Result<bool> Intake::is_here(const std::string& profile) {
  const auto known = after_.find(profile);
  if (known != after_.end()) return known->second;
  return here(profile).map([](const Here& found) { return found.received; });
}

// A whole state says again what is here, for the most part.
Result<bool> Intake::is_as_stored(const Operation& operation) const {
  const auto bytes = store_.database().get(Family::kProfiles, operation.profile);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return false;
  const Result<Record> record = read_record(**bytes);
  return record && digest_of(record->public_json) == operation.digest;
}

void Intake::embed() {
  engine::on_all_cores(writes.size(), [this](std::size_t i) {
    Write& write = writes[i];
    if (write.kind == Write::Kind::kPut && !write.embedding)
      write.embedding = quantise(embed_faces(write.profile, embedder_), embedder_.model());
  });
}

void Intake::park(const Operation& operation, std::string reason) {
  ++parked;
  set_aside_.insert(operation.profile);
  edits.push_back(edit_of(Note::kParked, {office_, operation.profile, epoch_, operation, std::move(reason)}));
}

void Intake::unpark(const std::string& profile) { edits.push_back(edit_removing(Note::kParked, office_, profile)); }

Status Intake::put(const Operation& operation) {
  if (operation.payload.empty()) return {};  // a later one says more
  const auto aside = [&](std::string reason) -> Status {
    park(operation, std::move(reason));
    return {};
  };
  if (operation.schema > kPayloadSchema) return aside("it was written by a newer program");
  if (digest_of(operation.payload) != operation.digest) return aside("its text is not the one that was announced");
  const Result<Here> found = here(operation.profile);
  if (!found) return tl::unexpected(found.error());
  if (!found->obstacle.empty()) return aside(found->obstacle);
  if (found->received && !after_.contains(operation.profile)) {
    const Result<bool> same = is_as_stored(operation);
    if (!same) return tl::unexpected(same.error());
    if (*same) {
      unpark(operation.profile);
      return {};
    }
  }
  Result<Profile> profile = parse_profile(operation.payload, taxonomy_);
  if (!profile) return aside(describe(profile.error()));
  if (profile->id != operation.profile) return aside("it says to be another profile");
  if (!private_json(*profile).empty()) return aside("it has private members, which are not to travel");
  Write write;
  write.who = network_writer(office_);
  write.profile = std::move(*profile);
  unpark(operation.profile);
  after_[operation.profile] = true;
  writes.push_back(std::move(write));
  return {};
}

Status Intake::remove(const Operation& operation, bool for_good) {
  const Result<bool> there = is_here(operation.profile);
  if (!there) return tl::unexpected(there.error());
  const Result<std::uint64_t> life = store_.life(operation.profile);
  if (!life) return tl::unexpected(life.error());
  const auto aside = read_note(store_.database(), Note::kParked, office_, operation.profile);
  if (!aside) return tl::unexpected(aside.error());
  bool noted = aside->has_value() || set_aside_.contains(operation.profile);  // what was set aside is in files, too
  unpark(operation.profile);
  if (*there) {
    Write write;
    write.kind = Write::Kind::kErase;
    write.profile.id = operation.profile;
    write.who = network_writer(office_);
    after_[operation.profile] = false;
    writes.push_back(std::move(write));
    ++removed;
  }
  // What was here and went before may stand in files as well.
  if (for_good) {
    const Result<bool> forgotten = forget_beside(operation.profile);
    if (!forgotten) return tl::unexpected(forgotten.error());
    noted = noted || *forgotten;
  }
  if (!for_good || (!*there && *life == 0 && !noted)) return {};
  Operation bare = operation;
  bare.payload.clear();
  edits.push_back(edit_of(Note::kErase, {office_, operation.profile, epoch_, std::move(bare), {}}));
  return {};
}

// A case that waits still goes with the profile.
Result<bool> Intake::forget_beside(const std::string& profile) {
  if (!waiting_) {
    Result<std::vector<NoteOf>> notes = read_notes(store_.database(), Note::kBeside, office_);
    if (!notes) return tl::unexpected(std::move(notes.error()));
    waiting_.emplace();
    for (const NoteOf& note : *notes) {
      if (!note.operation.is(OperationKind::kCase)) continue;
      const Result<CaseMessage> message = decode_case_message(note.operation.payload);
      if (!message || !message->of) continue;
      for (const Side side : kSides) waiting_->emplace(message->of->party(side).profile, note.profile);
    }
  }
  const auto [first, last] = waiting_->equal_range(profile);
  for (auto one = first; one != last; ++one)
    if (!noted_.contains(one->second)) edits.push_back(edit_removing(Note::kBeside, office_, one->second));
  return first != last;
}

Status Intake::take(const Operation& operation, std::optional<std::uint64_t> base) {
  if (operation.is(OperationKind::kWithdraw)) return remove(operation, false);
  if (operation.is(OperationKind::kErase)) return remove(operation, true);
  if (operation.is(OperationKind::kCase)) return beside(operation, true);
  if (!operation.is(OperationKind::kPut)) {
    park(operation, "it was written by a newer program");
    return {};
  }
  const auto ahead = went_ahead_.find(operation.profile);
  std::uint64_t gone = ahead == went_ahead_.end() ? 0 : ahead->second;
  if (gone == 0) {
    const auto note = read_note(store_.database(), Note::kAhead, office_, operation.profile);
    if (!note) return tl::unexpected(note.error());
    if (*note && (*note)->epoch == epoch_) gone = (*note)->operation.sequence;
  }
  // It is gone, whatever was said of it before.
  if (base.value_or(operation.sequence) < gone) return {};
  return put(operation);
}

Status Intake::beside(const Operation& operation, bool newest) {
  if (operation.payload.empty()) return {};  // it is for another office, or a later one says more
  if (operation.is(OperationKind::kOffice)) {
    const auto known = read_stand_in(store_.database(), stand_in_of(office_));
    if (!known) return tl::unexpected(known.error());
    if (!newest || (*known && (*known)->office == office_ && (*known)->facts == operation.payload)) return {};
  }
  NoteOf note{office_, operation.profile, epoch_, operation, {}};
  if (operation.payload.size() > kMostBeside) note.operation.payload.clear();  // that it does not decode is told of
  edits.push_back(edit_of(Note::kBeside, note));
  noted_.insert(operation.profile);
  return {};
}

Status Intake::go_ahead(const Operation& operation) {
  const bool for_good = operation.is(OperationKind::kErase);
  if (!for_good && !operation.is(OperationKind::kWithdraw)) return {};
  const auto known = read_note(store_.database(), Note::kAhead, office_, operation.profile);
  if (!known) return tl::unexpected(known.error());
  if (*known && (*known)->epoch == epoch_ && (*known)->operation.sequence >= operation.sequence) return {};
  Operation bare = operation;
  bare.payload.clear();
  went_ahead_[operation.profile] = operation.sequence;
  edits.push_back(edit_of(Note::kAhead, {office_, operation.profile, epoch_, std::move(bare), {}}));
  return remove(operation, for_good);
}

Status Intake::remove_absent(const std::string& profile) {
  Operation gone;
  gone.id = random_bytes(kOperationId);
  gone.kind = static_cast<std::uint8_t>(OperationKind::kErase);
  gone.profile = profile;
  return remove(gone, true);
}

Result<bool> Intake::take_parked(const NoteOf& note) {
  const std::size_t before = parked;
  const std::size_t edited = edits.size();
  if (!note.operation.is(OperationKind::kPut)) return false;
  if (Status put_in = put(note.operation); !put_in) return tl::unexpected(put_in.error());
  if (parked == before) return true;
  parked = before;  // it stays as it is
  edits.erase(edits.begin() + static_cast<std::ptrdiff_t>(edited), edits.end());
  return false;
}

Status Intake::forget_ahead(std::uint64_t sequence) {
  const Result<std::vector<NoteOf>> notes = read_notes(store_.database(), Note::kAhead, office_);
  if (!notes) return tl::unexpected(notes.error());
  for (const NoteOf& note : *notes)
    if (!went_ahead_.contains(note.profile) && (note.epoch != epoch_ || note.operation.sequence <= sequence))
      edits.push_back(edit_removing(Note::kAhead, office_, note.profile));
  for (const auto& [profile, at] : went_ahead_)
    if (at <= sequence) edits.push_back(edit_removing(Note::kAhead, office_, profile));
  return {};
}

}  // namespace counterpart::index
