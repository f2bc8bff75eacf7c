// What erasures of other offices leave to do here: files are rewritten until nothing of what they erased is in any.
#include <span>
#include <utility>

#include "index/base/kill_point.h"
#include "index/network/receiving.h"
#include "index/store/origins.h"

namespace counterpart::index {
namespace {

// The same files, where what is gone has no record to be erased with.
Status rewrite(const Receiving& receiving) {
  if (receiving.save_index)
    if (Status saved = receiving.save_index(); !saved) return saved;
  return receiving.store.purge();
}

// Somebody here has begun another profile under that id, which stays.
bool is_refused(const Error& error) {
  return error.code == ErrorCode::kConflict || error.code == ErrorCode::kForbidden || error.code == ErrorCode::kNotFound;
}

Status erase_noted(const Receiving& receiving, std::span<const NoteOf> notes) {
  std::vector<Erasures::Asked> asked;
  for (const NoteOf& note : notes) {
    // Of one that is there again, only what it said before is to go.
    const auto there = receiving.store.database().get(Family::kProfiles, note.profile);
    if (!there) return tl::unexpected(there.error());
    if (*there) continue;
    Write write;
    write.kind = Write::Kind::kErase;
    write.profile.id = note.profile;
    write.who = network_writer(note.office);
    asked.push_back({note.profile, std::move(write)});
  }
  if (asked.size() < notes.size())
    if (Status rewritten = rewrite(receiving); !rewritten) return rewritten;
  if (asked.empty()) return {};
  const auto always = [](const ErasedProfile&, const std::string&) { return true; };
  const Result<ErasureReceipt> receipt = receiving.erasures.erase(asked, always, network_writer(notes.front().office));
  if (receipt) return receipt->pending ? tl::unexpected(*receipt->pending) : Status();
  if (!is_refused(receipt.error())) return tl::unexpected(receipt.error());
  if (notes.size() == 1) return rewrite(receiving);
  for (std::size_t i = 0; i < notes.size(); ++i)
    if (Status done = erase_noted(receiving, notes.subspan(i, 1)); !done) return done;
  return {};
}

}  // namespace

Status finish_erasures(const Receiving& receiving) {
  Store& store = receiving.store;
  const Result<std::vector<NoteOf>> notes = read_notes(store.database(), Note::kErase);
  if (!notes) return tl::unexpected(notes.error());
  if (notes->empty()) return {};
  const Status done = erase_noted(receiving, *notes);
  if (!done) return done;
  kill_point("network: erasures through all files, not noted");
  return store.run_exclusively([&](Database& database) -> Status {
    std::vector<Database::Edit> edits;
    for (const NoteOf& note : *notes) {
      const auto still = read_note(database, Note::kErase, note.office, note.profile);
      if (!still) return tl::unexpected(still.error());
      if (*still && (*still)->operation.id == note.operation.id)
        edits.push_back(edit_removing(Note::kErase, note.office, note.profile));
    }
    return edits.empty() ? Status() : database.write(edits);
  });
}

}  // namespace counterpart::index
