// Letters about drafts, for which there is no case yet.
#include <algorithm>
#include <utility>

#include "index/casework/case_store_impl.h"

namespace counterpart::index {

Status CaseStore::write_letter(Letter letter, std::int64_t now, const Beside& beside) {
  Impl& own = *impl_;
  return own.store.run_exclusively([&](Database& database) -> Status {
    CaseCounters given = own.counters;
    StoredLetter stored;
    stored.number = ++given.letters;
    stored.letter = letter;
    stored.at = stored.state_since = stored.next_try = now;
    std::vector<Database::Edit> edits;
    if (Status added = beside(edits); !added) return added;
    add_letter(stored, true, edits);
    edits.push_back(edit_of(given));
    if (Status written = database.write(edits); !written) return written;
    const MutexLock lock(own.mutex);
    own.counters = given;
    own.note(stored, true);
    return {};
  });
}

Status CaseStore::remove_letters(std::string_view draft, const Beside& beside) {
  Impl& own = *impl_;
  return own.store.run_exclusively([&](Database& database) -> Status {
    std::vector<Database::Edit> edits;
    if (Status added = beside(edits); !added) return added;
    const Result<std::vector<std::uint64_t>> numbers = letters_of(database, draft);
    if (!numbers) return tl::unexpected(numbers.error());
    std::vector<StoredLetter> letters;
    for (const std::uint64_t number : *numbers) {
      Result<StoredLetter> letter = read_letter(database, number);
      if (!letter) return tl::unexpected(std::move(letter.error()));
      remove_letter(*letter, edits);
      letters.push_back(std::move(*letter));
    }
    if (edits.empty()) return {};
    if (Status written = database.write(edits); !written) return written;
    if (!letters.empty()) own.spool_stale = true;
    const MutexLock lock(own.mutex);
    for (const StoredLetter& letter : letters) own.note(letter, false);
    return {};
  });
}

}  // namespace counterpart::index
